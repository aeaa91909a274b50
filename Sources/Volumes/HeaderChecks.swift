import Faults

/// The checks that a header passes before libnifti sees it: libnifti repairs bad dimensions without
/// a word, and takes an offset of 1e30 and a slope of NaN as they are.
struct HeaderChecks {
  let raw: RawHeader

  /// Values beyond this are not read: 8 GiB of Float for one part.
  static let greatestCount = 1 << 31
  /// Edges of a voxel, mm, beyond which a header is damaged or states the wrong unit.
  static let edges = 1e-3...1e3

  /// Whether the voxels lie in the header's own file.
  func isSingleFile() throws(VolumesError) -> Bool {
    let single: [UInt8]
    let pair: [UInt8]
    if raw.version == 1 {
      (single, pair) = (Array("n+1\0".utf8), Array("ni1\0".utf8))
    } else {
      let tail: [UInt8] = [0x0D, 0x0A, 0x1A, 0x0A]
      (single, pair) = (Array("n+2\0".utf8) + tail, Array("ni2\0".utf8) + tail)
    }
    if raw.magic == single { return true }
    if raw.magic == pair { return false }
    if raw.version == 1, raw.magic.first != UInt8(ascii: "n") { throw VolumesError(.analyze) }
    throw VolumesError(.notNIfTI, "its signature is wrong")
  }

  /// Shape: x, y, z, and the product of the dimensions 4...7.
  func shape() throws(VolumesError) -> (nx: Int, ny: Int, nz: Int, frames: Int) {
    let rank = raw.dimensions[0]
    guard (1...7).contains(rank) else {
      throw VolumesError(.dimensions, "it has \(rank) of them, not 1 to 7")
    }
    var lengths = Array(repeating: 1, count: 7)
    var product = 1
    for axis in 1...rank {
      let length = raw.dimensions[axis]
      guard length >= 1 else {
        throw VolumesError(.dimensions, "dimension \(axis) is \(length)")
      }
      lengths[axis - 1] = length
      let (value, overflow) = product.multipliedReportingOverflow(by: length)
      guard !overflow, value <= Self.greatestCount else {
        throw VolumesError(.tooLarge, "it has more than \(Self.greatestCount) values")
      }
      product = value
    }
    return (lengths[0], lengths[1], lengths[2], lengths[3...].reduce(1, *))
  }

  func datatype() throws(VolumesError) -> NIfTIDatatype {
    guard let datatype = NIfTIDatatype(rawValue: raw.datatype) else {
      let name = NIfTIDatatype.unsupportedName(raw.datatype)
      throw VolumesError(.datatype, "code \(raw.datatype), \(name)")
    }
    guard raw.bitsPerVoxel == 8 * datatype.bytesPerVoxel else {
      throw VolumesError(
        .bitsPerVoxel,
        "\(raw.bitsPerVoxel) bits, where \(datatype.name) has "
          + "\(8 * datatype.bytesPerVoxel)")
    }
    return datatype
  }

  /// Offset of the first voxel, bytes, in the file that holds the voxels.
  func dataOffset(isSingleFile: Bool) throws(VolumesError) -> Int {
    // A header is followed by four bytes that say whether extensions come.
    let least = isSingleFile ? raw.bytes.count + 4 : 0
    let offset = raw.dataOffset
    guard offset.isFinite, offset == offset.rounded(), offset >= Double(least),
      offset <= 0x1p40
    else {
      throw VolumesError(.offset, "it is \(offset), the least is \(least)")
    }
    return Int(offset)
  }

  /// Slope and intercept; a slope of 0 means that there is no scaling.
  func scaling() throws(VolumesError) -> NIfTIScaling? {
    guard raw.slope.isFinite else {
      throw VolumesError(.scaling, "the slope is \(raw.slope)")
    }
    if raw.slope == 0 { return nil }
    guard raw.intercept.isFinite else {
      throw VolumesError(.scaling, "the intercept is \(raw.intercept)")
    }
    if raw.slope == 1 && raw.intercept == 0 { return nil }
    return NIfTIScaling(slope: raw.slope, intercept: raw.intercept)
  }

  /// Voxel sizes and both orientations, as far as they are used.
  func orientation() throws(VolumesError) {
    for (name, code) in [("qform", raw.qformCode), ("sform", raw.sformCode)] {
      guard (0...5).contains(code) else {
        throw VolumesError(.orientation, "its \(name) code is \(code), not 0 to 5")
      }
    }
    for axis in 1...3 {
      let size = raw.pixdim[axis]
      // A dimension that does not exist needs no size where the sform gives the affine.
      if axis > raw.dimensions[0], raw.sformCode > 0, size == 0 { continue }
      guard size.isFinite, size > 0 else {
        throw VolumesError(.voxelSize, "voxel size \(axis) is \(size)")
      }
    }
    if raw.qformCode > 0 { try checkQform() }
    if raw.sformCode > 0, !raw.sform.allSatisfy(\.isFinite) {
      throw VolumesError(.orientation, "its sform has a value that is no number")
    }
  }

  private func checkQform() throws(VolumesError) {
    guard raw.quaternion.allSatisfy(\.isFinite) else {
      throw VolumesError(.orientation, "its qform has a value that is no number")
    }
    let square = raw.quaternion[..<3].reduce(0) { $0 + $1 * $1 }
    // A unit quaternion; single precision leaves it beyond 1 by some 1e-7.
    guard square <= 1 + 1e-5 else {
      throw VolumesError(.orientation, "its quaternion is longer than 1")
    }
    guard [-1, 0, 1].contains(raw.pixdim[0]) else {
      throw VolumesError(.orientation, "its handedness (pixdim[0]) is \(raw.pixdim[0])")
    }
  }
}
