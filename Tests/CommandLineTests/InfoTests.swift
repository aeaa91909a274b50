import Documents
import Foundation
import TestSupport
import Testing
import Volumes

@Suite("pdff info")
struct InfoTests {
  /// A folder of three echoes; `keys` go into every sidecar.
  private func folder(_ keys: String, phase: Float = 1, series: [String] = ["s"]) throws -> URL {
    let folder = try Tools.scratchFolder()
    let grid = VoxelGrid(
      nx: 8, ny: 8, nz: 2,
      affine: Affine(SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 2), origin: SIMD3(1, 2, 3)))
    var generator = SeededGenerator(seed: 1)
    for name in series {
      for echo in 1...3 {
        for part in ["", "_ph"] {
          let stem = folder.appendingPathComponent("\(name)_e\(echo)\(part)").path
          var values = (0..<grid.count).map { _ in Float.random(in: 0...3, using: &generator) }
          if part == "_ph" {
            values = values.map { ($0 - 1.5) * phase }
            (values[0], values[1]) = (-.pi * phase, .pi * phase)
          }
          try NIfTIWriter.write(Volume(grid: grid, values: values), to: stem + ".nii.gz")
          try #"{"EchoTime": 0.00\#(echo)\#(keys)}"#
            .write(toFile: stem + ".json", atomically: true, encoding: .utf8)
        }
      }
    }
    return folder
  }

  private func info(_ arguments: [String]) throws -> Tools.Outcome {
    try Tools.run(Tools.pdff, ["info"] + arguments)
  }

  private func codes(_ outcome: Tools.Outcome) throws -> [JSONValue?] {
    let document = try JSONValue(parsing: outcome.output.utf8)
    #expect(document["schema"] == "pdff.info/1")
    guard case .array(let missing)? = document["missing"] else { return [] }
    return missing.map { $0["code"] }
  }

  @Test("A complete scan: nothing is missing")
  func complete() throws {
    let folder = try folder(#", "MagneticFieldStrength": 3"#)
    defer { try? FileManager.default.removeItem(at: folder) }
    let table = try info([folder.path])
    #expect(table.status == 0)
    #expect(table.output.contains("complex, 3 echoes"))
    #expect(table.output.contains("nothing is missing"))
    #expect(!table.output.contains(folder.path))
    let document = try info([folder.path, "--json"])
    #expect(try codes(document).isEmpty)
    #expect(document.errors.isEmpty)
    let scan = try JSONValue(parsing: document.output.utf8)["scan"]
    #expect(scan?["kind"] == "complex")
    #expect(scan?["echo_times_s"] == [0.001, 0.002, 0.003])
  }

  @Test("What is missing is listed, not refused")
  func missing() throws {
    let folder = try folder("", phase: 7)
    defer { try? FileManager.default.removeItem(at: folder) }
    let document = try info([folder.path, "--json"])
    #expect(document.status == 0)
    #expect(try codes(document) == ["field-strength-missing", "phase-units-unknown"])
    let said = try info([
      folder.path, "--json", "--field-strength-t", "1.5", "--phase-units", "rad",
    ])
    #expect(try codes(said).isEmpty)
  }

  @Test("Several series are listed")
  func several() throws {
    let folder = try folder("", series: ["knee", "liver"])
    defer { try? FileManager.default.removeItem(at: folder) }
    let document = try info([folder.path, "--json"])
    #expect(document.status == 0)
    #expect(try codes(document) == ["several-series"])
    #expect(try info([folder.path]).output.contains("liver  3 magnitude, 3 phase"))
  }

  @Test(
    "Wrong usage and missing files end with their status",
    arguments: [
      ([], 64), (["absent.nii.gz"], 66), (["x", "--phase-units", "feet"], 64),
      (["x", "--echo-times-ms", "1,,2"], 64), (["x", "--field-strength-t", "0"], 64),
      (["x", "--acquired-on", "2026-13-01"], 64),
    ] as [([String], Int32)])
  func statuses(_ arguments: [String], _ status: Int32) throws {
    let outcome = try info(arguments)
    #expect(outcome.status == status)
    #expect(outcome.output.isEmpty)
    #expect(!outcome.errors.isEmpty)
  }

  @Test("Bad data ends with 65 and one message")
  func badData() throws {
    let folder = try folder(#", "MagneticFieldStrength": 3"#)
    defer { try? FileManager.default.removeItem(at: folder) }
    try #"{"EchoTime": 2.4}"#.write(
      toFile: folder.appendingPathComponent("s_e2.json").path, atomically: true, encoding: .utf8)
    let outcome = try info([folder.path, "--json"])
    #expect(outcome.status == 65)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.contains("s_e2.nii.gz"))
    #expect(outcome.errors.contains("[echo-times-in-ms]"))
  }
}
