import Documents
import Foundation
import TestSupport
import Testing

/// Folders as they come out of archives: `Tests/reference/dicom_folders.py` makes them from one export.
@Suite("DICOM folders in disorder")
struct DICOMFolderTests {
  private struct Case: Decodable {
    let name: String
    let expected: String
    let words: String
  }

  private func means(_ folder: String, _ mask: String) throws -> (JSONValue?, Tools.Outcome) {
    let outcome = try Tools.run(Tools.pdff, ["measure", folder, "--roi", mask, "--json"])
    guard outcome.status == 0 else { return (nil, outcome) }
    return (try JSONValue(parsing: outcome.output.utf8)["rois"], outcome)
  }

  @Test("Each is right to the last digit, or refused with its reason")
  func folders() throws {
    let exports = try DICOMExports.shared.get()
    let root = try Tools.scratchFolder()
    defer { try? FileManager.default.removeItem(at: root) }
    let source = exports.folder("siemens")
    _ = try Tools.reference("dicom_folders", [source, root.path])
    let data = try Data(contentsOf: root.appendingPathComponent("cases.json"))
    let cases = try JSONDecoder().decode([Case].self, from: data)
    #expect(cases.count == 13)
    let (plain, outcome) = try means(source, exports.mask)
    #expect(plain != nil, "\(outcome.errors)")
    for one in cases {
      let folder = root.appendingPathComponent(one.name).path
      if one.expected.isEmpty {
        let (found, outcome) = try means(folder, exports.mask)
        #expect(found == plain, "\(one.name): \(outcome.errors)")
        #expect(one.words.isEmpty || outcome.errors.contains(one.words), "\(one.name)")
      } else {
        let refused = try Tools.run(Tools.pdff, ["info", folder])
        #expect(refused.status == (one.expected == "dicom-missing" ? 66 : 65), "\(one.name)")
        #expect(refused.errors.contains("[\(one.expected)]"), "\(one.name): \(refused.errors)")
        #expect(
          one.words.isEmpty || refused.errors.contains(one.words), "\(one.name): \(refused.errors)")
      }
    }
  }

  /// An imported tree of several scans, and a DICOM folder of them, ask for one and take it alike.
  @Test("One of several scans is chosen by what the list says to type")
  func chosen() throws {
    let exports = try DICOMExports.shared.get()
    let folder = try exports.together(["ge", "siemens-map-permille"])
    defer { try? FileManager.default.removeItem(at: folder) }
    let tree = folder.path + "-tree"
    defer { try? FileManager.default.removeItem(atPath: tree) }
    #expect(try Tools.run(Tools.pdff, ["import", folder.path, "-o", tree]).status == 0)
    for (input, code) in [(folder.path, "dicom-several-scans"), (tree, "several-series")] {
      let asked = try Tools.run(Tools.pdff, ["measure", input, "--roi", exports.mask])
      #expect(asked.status == 65 && asked.errors.contains("[\(code)]"), "\(asked.errors)")
      for (choice, kind) in [("7", "complex"), ("9", "pdff")] {
        #expect(asked.errors.contains("--series \(choice) ("), "\(asked.errors)")
        let info = try Tools.run(Tools.pdff, ["info", input, "--series", choice, "--json"])
        #expect(try JSONValue(parsing: info.output.utf8)["scan"]?["kind"] == .string(kind))
      }
      let unknown = try Tools.run(
        Tools.pdff, ["measure", input, "--roi", exports.mask, "--series", "8"])
      #expect(unknown.status == 65 && unknown.errors.contains("series-unknown]"))
      #expect(unknown.errors.contains("--series 7 ("))
      // The doctor takes what a measurement takes, which points to it.
      let doctor = try Tools.run(
        Tools.pdff, ["doctor", input, "--roi", exports.mask, "--series", "7"])
      #expect(doctor.status == 0 && doctor.output.contains("no fault"), "\(doctor.errors)")
    }
  }
}
