import Dispatch

/// What was met while voxels were decoded.
struct Tally {
  /// Least and greatest finite stored value; infinite and inverted where there was none.
  var lowest = Double.infinity
  var highest = -Double.infinity
  /// Values that are NaN or infinite after scaling, as Float.
  var nonFinite = 0

  mutating func merge(_ other: Tally) {
    lowest = min(lowest, other.lowest)
    highest = max(highest, other.highest)
    nonFinite += other.nonFinite
  }
}

/// Turns stored voxels into planar Float.
struct VoxelDecoder {
  let datatype: NIfTIDatatype
  let isSwapped: Bool
  let scaling: NIfTIScaling?

  /// Decodes as many voxels as `source` holds whole into `real` and, for complex types,
  /// `imaginary`. Scaling is done in double precision, as the standard's formula reads.
  func decode(
    _ source: UnsafeRawBufferPointer, real: UnsafeMutablePointer<Float>,
    imaginary: UnsafeMutablePointer<Float>?
  ) -> Tally {
    let count = source.count / datatype.bytesPerVoxel
    guard count > 0, let base = source.baseAddress else { return Tally() }
    if let imaginary {
      let half = datatype.bytesPerVoxel / 2
      var tally = part(base, count, step: 2 * half, real)
      tally.merge(part(base + half, count, step: 2 * half, imaginary))
      return tally
    }
    return part(base, count, step: datatype.bytesPerVoxel, real)
  }

  /// The same over all cores, for voxels that lie in memory already.
  func decodeInParallel(
    _ source: UnsafeRawBufferPointer, real: UnsafeMutablePointer<Float>,
    imaginary: UnsafeMutablePointer<Float>?
  ) -> Tally {
    let block = 1 << 18
    let count = source.count / datatype.bytesPerVoxel
    guard count > 2 * block else { return decode(source, real: real, imaginary: imaginary) }
    let blocks = (count + block - 1) / block
    nonisolated(unsafe) let (voxels, re, im) = (source, real, imaginary)
    let tallies = [Tally](unsafeUninitializedCapacity: blocks) { slots, filled in
      nonisolated(unsafe) let slots = slots
      DispatchQueue.concurrentPerform(iterations: blocks) { index in
        let first = index * block
        let last = min(first + block, count)
        let width = datatype.bytesPerVoxel
        let piece = UnsafeRawBufferPointer(rebasing: voxels[(first * width)..<(last * width)])
        let tally = decode(piece, real: re + first, imaginary: im.map { $0 + first })
        slots.initializeElement(at: index, to: tally)
      }
      filled = blocks
    }
    return tallies.reduce(into: Tally()) { $0.merge($1) }
  }

  /// One part of `count` voxels that lie `step` bytes apart.
  private func part(
    _ base: UnsafeRawPointer, _ count: Int, step: Int, _ out: UnsafeMutablePointer<Float>
  ) -> Tally {
    switch datatype {
    case .uint8: run(UInt8.self, base, count, step, out)
    case .int8: run(Int8.self, base, count, step, out)
    case .uint16: run(UInt16.self, base, count, step, out)
    case .int16: run(Int16.self, base, count, step, out)
    case .uint32: run(UInt32.self, base, count, step, out)
    case .int32: run(Int32.self, base, count, step, out)
    case .uint64: run(UInt64.self, base, count, step, out)
    case .int64: run(Int64.self, base, count, step, out)
    case .float32, .complex64: run(Float.self, base, count, step, out)
    case .float64, .complex128: run(Double.self, base, count, step, out)
    }
  }

  /// Chooses the loop, so that each has its byte order, step and scaling as constants.
  @inline(__always)
  private func run<T: StoredScalar>(
    _ type: T.Type, _ base: UnsafeRawPointer, _ count: Int, _ step: Int,
    _ out: UnsafeMutablePointer<Float>
  ) -> Tally {
    let width = MemoryLayout<T.Bits>.size
    switch (isSwapped, step == width) {
    case (false, true): return convert(type, base, count, width, false, out)
    case (true, true): return convert(type, base, count, width, true, out)
    case (false, false): return convert(type, base, count, 2 * width, false, out)
    case (true, false): return convert(type, base, count, 2 * width, true, out)
    }
  }

  @inline(__always)
  private func convert<T: StoredScalar>(
    _ type: T.Type, _ base: UnsafeRawPointer, _ count: Int, _ step: Int, _ swap: Bool,
    _ out: UnsafeMutablePointer<Float>
  ) -> Tally {
    var lowest = T.Order.max
    var highest = T.Order.min
    var nonFinite: UInt32 = 0
    for index in 0..<count {
      let stored = base.loadUnaligned(fromByteOffset: index &* step, as: T.Bits.self)
      let bits = swap ? stored.byteSwapped : stored
      let order = T.order(bits)
      let finite = T.isFinite(bits)
      lowest = min(lowest, finite ? order : T.Order.max)
      highest = max(highest, finite ? order : T.Order.min)
      out[index] = T.float(bits)
    }
    if let scaling {
      for index in 0..<count {
        let stored = base.loadUnaligned(fromByteOffset: index &* step, as: T.Bits.self)
        let value = T.double(swap ? stored.byteSwapped : stored)
        out[index] = Float(value * scaling.slope + scaling.intercept)
      }
    }
    for index in 0..<count {
      nonFinite &+= out[index].bitPattern & 0x7F80_0000 == 0x7F80_0000 ? 1 : 0
    }
    var tally = Tally()
    tally.nonFinite = Int(nonFinite)
    if lowest <= highest {
      tally.lowest = T.value(lowest)
      tally.highest = T.value(highest)
    }
    return tally
  }
}
