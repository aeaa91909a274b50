import Faults

/// Turns planar Float into stored voxels, in this machine's byte order.
struct VoxelEncoder {
  let datatype: NIfTIDatatype
  let scaling: NIfTIScaling?

  func encode(real: [Float], imaginary: [Float]?) throws(VolumesError) -> [UInt8] {
    switch datatype {
    case .uint8: try integers(UInt8.self, real)
    case .int8: try integers(Int8.self, real)
    case .uint16: try integers(UInt16.self, real)
    case .int16: try integers(Int16.self, real)
    case .uint32: try integers(UInt32.self, real)
    case .int32: try integers(Int32.self, real)
    case .uint64: try integers(UInt64.self, real)
    case .int64: try integers(Int64.self, real)
    case .float32: pack(real, nil) { Float(stored($0)) }
    case .float64: pack(real, nil) { stored($0) }
    case .complex64: pack(real, imaginary) { Float(stored($0)) }
    case .complex128: pack(real, imaginary) { stored($0) }
    }
  }

  private func stored(_ value: Float) -> Double {
    guard let scaling else { return Double(value) }
    return (Double(value) - scaling.intercept) / scaling.slope
  }

  private func integers<T: FixedWidthInteger & BitwiseCopyable>(
    _: T.Type, _ values: [Float]
  ) throws(VolumesError) -> [UInt8] {
    var misfit: Float?
    let bytes = pack(values, nil) { value -> T in
      if let whole = Self.nearest(stored(value), T.self) { return whole }
      misfit = value
      return 0
    }
    guard let misfit else { return bytes }
    throw VolumesError(.unstorable, "\(misfit) as \(datatype.name)")
  }

  /// The nearest integer, halves away from zero; nil where it does not fit.
  @inline(__always)
  private static func nearest<T: FixedWidthInteger>(_ value: Double, _: T.Type) -> T? {
    guard T.bitWidth <= 32, abs(value) < 0x1p40 else { return T(exactly: value.rounded()) }
    // Below 2^40 half a unit is added without loss and Int64 cuts toward zero: no call to libm,
    // which rounding is on a processor of x86-64's baseline.
    let whole = Int64(value + (value < 0 ? -0.5 : 0.5))
    return whole >= Int64(T.min) && whole <= Int64(T.max) ? T(truncatingIfNeeded: whole) : nil
  }

  /// Values side by side, the parts of a complex value next to each other.
  private func pack<T: BitwiseCopyable>(
    _ real: [Float], _ imaginary: [Float]?, _ convert: (Float) -> T
  ) -> [UInt8] {
    let width = MemoryLayout<T>.size
    let parts = imaginary == nil ? 1 : 2
    return [UInt8](count: real.count * parts * width) { raw in
      let bytes = UnsafeMutableRawBufferPointer(raw)
      for (part, plane) in [real, imaginary ?? []].enumerated() {
        for (index, value) in plane.enumerated() {
          let offset = (index * parts + part) * width
          bytes.storeBytes(of: convert(value), toByteOffset: offset, as: T.self)
        }
      }
    }
  }
}
