import Documents
import Foundation
import TestSupport
import Testing

/// Scans of real people, where the environment names a folder of them.
@Suite struct RealScanTests {
  /// Each is recognised and separated, and its maps and document are written.
  @Test func everyScanIsSeparated() throws {
    guard let place = Tools.realScans else {
      print("real scans: all skipped, PDFF_REAL_SCANS is not set")
      return
    }
    let folder = URL(fileURLWithPath: place)
    let scans = try FileManager.default.contentsOfDirectory(atPath: place)
      .filter { $0.hasPrefix("sub-") }.sorted()
    let result = try Tools.scratchFolder()
    defer { try? FileManager.default.removeItem(at: result) }
    for scan in scans {
      let out = result.appendingPathComponent(scan)
      let outcome = try Tools.run(
        Tools.pdff, ["map", folder.appendingPathComponent("\(scan)/anat").path, "-o", out.path])
      #expect(outcome.status == 0, "\(scan): \(outcome.errors)")
      let document = out.appendingPathComponent("\(scan)_measurement.json")
      let seal = try JSONValue(parsing: Data(contentsOf: document)).sealHolds
      #expect(seal, "\(scan)")
    }
    print("real scans: \(scans.count) separated, 0 skipped")
  }
}
