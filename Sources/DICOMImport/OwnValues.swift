import Volumes

/// A volume's values from its DICOM files, in the order of a converted image's voxels: for volumes that a
/// converter places rightly and scales wrongly, as both known ones do with classic Philips files whose
/// slopes vary from slice to slice.
struct OwnValues {
  let frames: [DICOMFrame]
  let files: [DICOMFile]

  /// Shape (x, y, z), x fastest: displayed values, or, of echoes, Philips' precise ones, which are on
  /// one scale; nil where pixels are compressed.
  func values(isMap: Bool, along affine: Affine) -> [Float]? {
    guard let first = frames.first, first.orientation.count == 6 else { return nil }
    let (o, turn) = (first.orientation, SIMD3<Double>(-1, -1, 1))
    let (x, y, _) = affine.columns
    // Converters turn rows or columns over; the affine says so.
    let isReversed = (
      x: (x * SIMD3(o[0], o[1], o[2]) * turn).sum() < 0,
      y: (y * SIMD3(o[3], o[4], o[5]) * turn).sum() < 0
    )
    var result: [Float] = []
    result.reserveCapacity(frames.count * first.rows * first.columns)
    for frame in frames {
      guard let stored = files[frame.file].pixelValues(frame) else { return nil }
      let divisor = isMap ? 1 : frame.displayFactor
      let (slope, intercept) = ((frame.slope ?? 1) / divisor, frame.intercept / divisor)
      for row in 0..<frame.rows {
        let line = (isReversed.y ? frame.rows - 1 - row : row) * frame.columns
        for column in 0..<frame.columns {
          let at = line + (isReversed.x ? frame.columns - 1 - column : column)
          result.append(Float(slope * stored[at] + intercept))
        }
      }
    }
    return result
  }
}

extension DICOMFile {
  /// A frame's stored values, shape (column, row), columns fastest; nil where they are compressed, or of
  /// 32 bits.
  fileprivate func pixelValues(_ frame: DICOMFrame) -> [Double]? {
    guard let start = frame.pixelStart else { return nil }
    let count = frame.rows * frame.columns
    let isSigned = number(0x0028, 0x0103) == 1
    return bytes.data.withUnsafeBytes { raw -> [Double]? in
      func values<Value: FixedWidthInteger>(_ type: Value.Type) -> [Double] {
        (0..<count).map {
          let place = start + $0 * MemoryLayout<Value>.size
          return Double(Value(littleEndian: raw.loadUnaligned(fromByteOffset: place, as: type)))
        }
      }
      switch ((number(0x0028, 0x0100) ?? 0).whole, isSigned) {
      case (16, true): return values(Int16.self)
      case (16, false): return values(UInt16.self)
      case (8, false): return values(UInt8.self)
      default: return nil
      }
    }
  }
}
