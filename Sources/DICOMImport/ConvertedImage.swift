import Documents
import Faults
import Foundation
import Volumes

/// A NIfTI-1 file as dcm2niix wrote it: its header is cleared of free text, its scaling set.
struct ConvertedImage {
  let path: String
  /// What stands before the voxels.
  private var header: Data
  /// The whole file, mapped.
  private let data: Data

  /// - Throws: `dicom-conversion-failed` where it is no such file.
  init(_ path: String) throws(DICOMImportError) {
    guard let data = try? Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped),
      data.count > 352, data.prefix(4) == Data([0x5C, 1, 0, 0]), data[344..<347] == Data("n+1".utf8)
    else { throw DICOMImportError(.conversionFailed, "it wrote no NIfTI-1 file") }
    let offset = data.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: 108, as: Float.self) }
    guard let start = Int(exactly: offset), (352...data.count).contains(start) else {
      throw DICOMImportError(.conversionFailed, "it wrote no NIfTI-1 file")
    }
    self.path = path
    self.data = data
    header = Data(data.prefix(start))
  }

  private func number<Value: BitwiseCopyable>(_ place: Int, _ type: Value.Type) -> Value {
    header.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: place, as: type) }
  }

  private mutating func set(_ value: Float, at place: Int) {
    header.withUnsafeMutableBytes { $0.storeBytes(of: value, toByteOffset: place, as: Float.self) }
  }

  var frames: Int { max(1, Int(number(48, Int16.self))) }

  private var slope: Double {
    let stored = Double(number(112, Float.self))
    return stored == 0 || !stored.isFinite ? 1 : stored
  }

  private var intercept: Double { Double(number(116, Float.self)) }

  /// Voxels along x, y and z.
  var sizes: [Int] { (0..<3).map { max(1, Int(number(42 + 2 * $0, Int16.self))) } }

  /// From voxel indices to RAS+ mm: the sform, which dcm2niix writes always.
  var affine: Affine {
    let rows = (0..<3).map { row in
      (0..<4).map { Double(number(280 + 16 * row + 4 * $0, Float.self)) }
    }
    let columns = (0..<4).map { SIMD3(rows[0][$0], rows[1][$0], rows[2][$0]) }
    return Affine(columns[0], columns[1], columns[2], origin: columns[3])
  }

  /// Sums of each slice's values, scaled; nil where the type is none that dcm2niix writes for MR.
  var slices: [StoredValues]? {
    switch number(70, Int16.self) {
    case 2: sums { StoredValues($0.bindMemory(to: UInt8.self)) }
    case 4: sums { StoredValues($0.bindMemory(to: Int16.self)) }
    case 8: sums { StoredValues($0.bindMemory(to: Int32.self)) }
    case 512: sums { StoredValues($0.bindMemory(to: UInt16.self)) }
    case 16: sums { StoredValues($0.bindMemory(to: Float.self)) }
    default: nil
    }
  }

  /// nil where the file is not as long as it says.
  private func sums(_ one: (UnsafeRawBufferPointer) -> StoredValues) -> [StoredValues]? {
    let sizes = sizes
    let length = sizes[0] * sizes[1] * Int(number(72, Int16.self)) / 8
    guard header.count + length * sizes[2] <= data.count else { return nil }
    return data.withUnsafeBytes { raw in
      (0..<sizes[2]).map { slice in
        let start = header.count + slice * length
        return one(UnsafeRawBufferPointer(rebasing: raw[start..<start + length]))
          .scaled(slope, intercept)
      }
    }
  }

  /// Takes every free text out of the header: dcm2niix writes the patient's comments and the time of
  /// day there, whatever it was asked; then what stands between header and voxels.
  mutating func clear() {
    let texts = [4..<32, 148..<228, 228..<252, 328..<344]
    for range in texts + [348..<header.count] { header.resetBytes(in: range) }
    let name = Data("\(Software.name) \(Software.version)".utf8.prefix(79))
    header.replaceSubrange(148..<148 + name.count, with: name)
  }

  /// Other values in the place of the converter's, unscaled: shape (x, y, z).
  mutating func replace(_ values: [Float]) throws {
    header.withUnsafeMutableBytes {
      $0.storeBytes(of: Int16(16), toByteOffset: 70, as: Int16.self)
      $0.storeBytes(of: Int16(32), toByteOffset: 72, as: Int16.self)
    }
    set(1, at: 112)
    set(0, at: 116)
    let body = values.withUnsafeBytes { Data($0) }
    // Beside, then renamed: the old file is mapped.
    try AtomicFile.write(path, [UInt8](header + body))
    self = try ConvertedImage(path)
  }

  /// value -> factor x value + offset.
  mutating func scale(_ factor: Double, _ offset: Double) {
    guard factor != 1 || offset != 0 else { return }
    let (slope, intercept) = (slope, intercept)
    set(Float(slope * factor), at: 112)
    set(Float(intercept * factor + offset), at: 116)
  }

  /// Writes the header over the file's own.
  func save() throws(OutputError) {
    do {
      let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
      defer { try? file.close() }
      try file.write(contentsOf: header)
    } catch {
      throw OutputError(.cannotWrite, file: path)
    }
  }
}
