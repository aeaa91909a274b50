import Documents
import Foundation
import Synchronization
import TestSupport

/// DICOM series of one phantom, written by Tests/reference/dicom_series.py, for all tests together.
final class DICOMExports: Sendable {
  /// A manner of export and what is to come of it.
  struct Manner: Sendable {
    let name: String
    let kind: String?
    let phase: String?
    let scale: String?
    let refused: String?
    /// What some versions of dcm2niix make impossible: right, or refused so.
    let mayRefuse: String?
  }

  private static let leftover = Mutex<String?>(nil)

  static let shared = Result { try DICOMExports() }

  let root: URL
  let manners: [Manner]
  /// Regions' true means in percent, by label.
  let truth: [Int: Double]

  /// Regions that a scan of this size measures well: the liver, the tumour, the spleen.
  static let regions = [3, 4, 6]

  /// A short selection, or, under PDFF_LONG, all of them.
  private static let selection: Set<String> = [
    "siemens", "siemens-anonymous-no-rescale", "siemens-contrast-named", "siemens-other-patient",
    "ge",
    "ge-stacked",
    "ge-four", "philips", "philips-classic", "phase-odd", "water-fat", "siemens-map-permille",
    "ge-map-percent", "none-map-fraction", "siemens-organ-permille",
    "ge-map-unsloped", "philips-map-slopes-vary", "philips-classic-precise-odd",
    "philips-enhanced-precise-tenth-vary", "philips-classic-organ-precise-ten-stated",
  ]

  private init() throws {
    root = try Tools.scratchFolder()
    // All tests share it: it goes when they end.
    Self.leftover.withLock { [path = root.path] in $0 = path }
    atexit {
      DICOMExports.leftover.withLock {
        if let path = $0 { _ = try? FileManager.default.removeItem(atPath: path) }
      }
    }
    let phantom = root.appendingPathComponent("phantom").path
    let made = try Tools.run(
      Tools.pdff,
      [
        "phantom", "make", "snr-300", "-o", phantom, "--shape",
        Tools.isLong ? "64x64x10" : "40x40x6",
      ])
    guard made.status == 0 else { throw Phantom.Failure(words: made.errors) }
    let all = try Tools.reference("dicom_series", ["--list"]).split(separator: "\n")
      .map { try Self.manner(String($0)) }
    manners = all.filter { Tools.isLong || Self.selection.contains($0.name) }
    _ = try Tools.reference(
      "dicom_series", [phantom, manners.map(\.name).joined(separator: ","), root.path + "/dicom"])
    let means = try Tools.reference("dicom_series", ["--truth", phantom])
    truth = Dictionary(
      uniqueKeysWithValues: means.split(separator: "\n").compactMap { line -> (Int, Double)? in
        let words = line.split(separator: " ")
        guard words.count == 2, let label = Int(words[0]), let mean = Double(words[1]) else {
          return nil
        }
        return (label, mean)
      })
  }

  private static func manner(_ line: String) throws -> Manner {
    let parts = line.split(separator: "\t")
    let expected = try JSONValue(parsing: String(parts[1]).utf8)
    func text(_ key: String) -> String? {
      if case .string(let text)? = expected[key] { return text }
      return nil
    }
    return Manner(
      name: String(parts[0]), kind: text("kind"), phase: text("phase"), scale: text("scale"),
      refused: text("refused"), mayRefuse: text("may_refuse"))
  }

  func folder(_ manner: String) -> String { root.path + "/dicom/" + manner }
  var mask: String { root.path + "/phantom/masks/regions.nii.gz" }

  /// Tumour and liver as 3D Slicer saves them, in `folder`.
  func segmentation(in folder: URL) throws -> String {
    let path = folder.appendingPathComponent("drawn.seg.nrrd").path
    _ = try Tools.reference("drawn_segmentation", [mask, path, "Tumour=4", "Liver=3"])
    return path
  }

  /// Several exports in one folder.
  func together(_ names: [String]) throws -> URL {
    let folder = try Tools.scratchFolder()
    for name in names {
      try FileManager.default.copyItem(
        atPath: self.folder(name), toPath: folder.path + "/" + name)
    }
    return folder
  }
}
