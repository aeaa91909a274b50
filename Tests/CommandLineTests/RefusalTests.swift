import Foundation
import TestSupport
import Testing
import Volumes

/// Bad input: one message with its code, the exit status, nothing written.
@Suite struct RefusalTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let code: String
    var exit: Int32 = 65
    /// Spoils a scan, and gives the arguments behind `pdff`; `OUT` becomes the output folder.
    let arguments: @Sendable (SmallScan) throws -> [String]
    var testDescription: String { name }
  }

  /// `pdff measure FOLDER --roi MASK -o OUT` on a scan that `spoil` has changed.
  private static func measuring(
    _ name: String, _ code: String, exit: Int32 = 65, flags: [String] = [],
    _ spoil: @escaping @Sendable (SmallScan) throws -> Void
  ) -> Case {
    Case(name: name, code: code, exit: exit) { scan in
      try spoil(scan)
      try scan.write()
      return ["measure", scan.folder.path, "--roi", try scan.mask(), "-o", "OUT"] + flags
    }
  }

  static let scans: [Case] = [
    Case(name: "phase missing for a complex request", code: "phase-missing") { scan in
      try scan.write()
      for part in ["nii.gz", "json"] {
        try FileManager.default.removeItem(atPath: scan.path("\(scan.name(1, "phase")).\(part)"))
      }
      return ["measure", scan.folder.path, "--roi", try scan.mask(), "-o", "OUT"]
    },
    measuring("no echo times", "echo-times-missing") { scan in
      for name in scan.sidecars.keys { scan.sidecars[name]?["EchoTime"] = nil }
    },
    measuring("no field strength", "field-strength-missing") { scan in
      for name in scan.sidecars.keys { scan.sidecars[name]?["MagneticFieldStrength"] = nil }
    },
    measuring("unequal grids among echoes", "grids-differ") { scan in
      let (x, y, z) = SmallScan.grid.affine.columns
      scan.grids[2] = VoxelGrid(
        nx: 12, ny: 10, nz: 4, affine: Affine(x, y, z, origin: [26, -10, 5]))
    },
    measuring("duplicate echoes", "echoes-duplicate") { scan in
      for part in ["mag", "phase"] { scan.sidecars[scan.name(2, part)]?["EchoTime"] = 0.0023 }
    },
    measuring("phase in unknown units", "phase-units-unknown") { scan in
      for echo in 0..<3 { scan.sidecars[scan.name(echo, "phase")]?["Units"] = nil }
      scan.phaseValue = { voxel, _ in Float(voxel % 37) - 18 }
    },
    measuring("echo times in ms", "echo-times-in-ms") { scan in
      for echo in 0..<3 {
        for part in ["mag", "phase"] {
          scan.sidecars[scan.name(echo, part)]?["EchoTime"] = 2.3 * Double(echo + 1)
        }
      }
    },
    measuring("non-finite voxels throughout", "too-many-non-finite") { scan in
      scan.magnitudeValue = { _, _ in .nan }
      let phase = scan.phaseValue
      scan.phaseValue = { voxel, echo in voxel < 240 ? .nan : phase(voxel, echo) }
    },
    Case(name: "PDFF map out of scale", code: "pdff-out-of-scale") { scan in
      try scan.write("map", SmallScan.grid, in: scan.root) { Float($0) }
      let map = scan.root.appendingPathComponent("map.nii.gz").path
      return [
        "measure", "--pdff", map, "--pdff-scale", "fraction", "--roi", try scan.mask(), "-o", "OUT",
      ]
    },
    measuring("a sidecar that is no JSON", "sidecar-not-json") { scan in
      try FileManager.default.createDirectory(
        at: scan.folder, withIntermediateDirectories: true)
      scan.sidecars[scan.name(0, "mag")] = nil
      try Data("{\"EchoTime\": 0.0023".utf8).write(
        to: URL(fileURLWithPath: scan.path("\(scan.name(0, "mag")).json")))
    },
    measuring("an unknown spectrum", "spectrum-unknown", exit: 64, flags: ["--fat-spectrum", "x"]) {
      _ in
    },
  ]

  static let masks: [Case] = [
    Case(name: "a mask in another frame", code: "mask-other-frame") { scan in
      try scan.write()
      let mask = try scan.mask(moved: [500, 0, 0])
      return ["measure", scan.folder.path, "--roi", mask, "-o", "OUT"]
    },
    Case(name: "an empty mask", code: "mask-empty") { scan in
      try scan.write()
      return ["measure", scan.folder.path, "--roi", try scan.mask(value: 0), "-o", "OUT"]
    },
    Case(name: "a probability map as mask", code: "mask-probability") { scan in
      try scan.write()
      return ["measure", scan.folder.path, "--roi", try scan.mask(value: 0.5), "-o", "OUT"]
    },
    Case(name: "a label that is not there", code: "label-absent") { scan in
      try scan.write()
      return [
        "measure", scan.folder.path, "--roi", try scan.mask(), "--lesion-label", "7", "-o", "OUT",
      ]
    },
    Case(name: "no such mask", code: "image-missing", exit: 66) { scan in
      try scan.write()
      return ["measure", scan.folder.path, "--roi", scan.path("no.nii.gz"), "-o", "OUT"]
    },
    Case(name: "no such input", code: "input-not-found", exit: 66) { scan in
      ["measure", scan.path("nothing"), "--roi", try scan.mask(), "-o", "OUT"]
    },
    Case(name: "an output that would replace an input", code: "output-overwrites-input", exit: 64) {
      scan in
      try FileManager.default.createDirectory(
        at: scan.folder, withIntermediateDirectories: true)
      try scan.write("water", SmallScan.grid) { _ in 90 }
      try scan.write("fat", SmallScan.grid) { _ in 10 }
      return [
        "map", "--water", scan.path("water.nii.gz"), "--fat", scan.path("fat.nii.gz"), "-o",
        scan.folder.path,
      ]
    },
    Case(name: "an output folder that is a file", code: "cannot-write", exit: 73) { scan in
      try scan.write()
      return ["map", scan.folder.path, "-o", scan.path("\(scan.name(0, "mag")).json")]
    },
    Case(name: "an output folder where none can be made", code: "cannot-write", exit: 73) { scan in
      try scan.write()
      return ["map", scan.folder.path, "-o", "/proc/nowhere"]
    },
  ]

  @Test(arguments: scans + masks) func isRefused(bad: Case) throws {
    let scan = try SmallScan()
    let out = scan.root.appendingPathComponent("out")
    let arguments = try bad.arguments(scan).map { $0 == "OUT" ? out.path : $0 }
    let before = try everything(under: scan.root)
    let outcome = try Tools.run(Tools.pdff, arguments)
    #expect(outcome.status == bad.exit, "\(outcome.errors)")
    #expect(outcome.errors.contains("[\(bad.code)]"), "\(outcome.errors)")
    #expect(outcome.errors.hasPrefix("pdff: error: ") && outcome.errors.contains("what to do: "))
    #expect(outcome.errors.components(separatedBy: "pdff: error").count == 2)
    #expect(outcome.errors.split(separator: "\n").count <= 3)
    #expect(!outcome.errors.contains(SmallScan.participant), "a folder's name is shown")
    #expect(outcome.output.isEmpty)
    #expect(try everything(under: scan.root) == before, "something was written")
  }

  private func everything(under folder: URL) throws -> Set<String> {
    Set(try FileManager.default.subpathsOfDirectory(atPath: folder.path))
  }

  @Test(arguments: [
    [], ["measure"], ["measure", "x"], ["measure", "x", "--roi"], ["map", "x"], ["bogus"],
    ["measure", "x", "--roi", "m", "--bogus"], ["measure", "x", "--roi", "m", "--erode-mm", "-1"],
    ["measure", "x", "--roi", "m", "--echo-times-ms", "a,b"],
    ["measure", "x", "--roi", "m", "--field-strength-t", "0"],
    ["measure", "x", "--roi", "m", "--acquired-on", "2026-02-30"],
    ["measure", "x", "--roi", "m", "--precession", "sideways"],
    ["measure", "x", "--roi", "m", "--flip-angle-deg", "3"],
  ])
  func wrongUsage(arguments: [String]) throws {
    let outcome = try Tools.run(Tools.pdff, arguments)
    if arguments.isEmpty {
      // Without a command the help is printed.
      #expect(outcome.status == 0 && outcome.output.contains("USAGE"))
      return
    }
    #expect(outcome.status == 64, "\(arguments)")
    #expect(outcome.errors.hasPrefix("pdff: error: "), "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
  }

  @Test func aFullDeviceIsSaid() throws {
    let scan = try SmallScan()
    try scan.write()
    let command =
      "\"$0\" measure \"$1\" --roi \"$2\" --json >/dev/full"
    let outcome = try Tools.run(
      "/bin/sh", ["-c", command, Tools.pdff, scan.folder.path, try scan.mask()])
    #expect(outcome.status == 73, "\(outcome.errors)")
  }

  /// The broken files of the battery, given as masks: each code and exit as in the reader,
  /// no crash (a signal would end with another status), nothing written.
  @Test func theBrokenFilesThroughTheCommandLine() throws {
    let folder = try Tools.scratchFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let out = folder.appendingPathComponent("out").path
    let scan = try SmallScan()
    try scan.write()
    // As masks these two are read by what they are.
    let others = [
      "not NIfTI: DICOM": "dicom-not-segmentation", "not NIfTI: NRRD": "nrrd-damaged",
    ]
    for (number, broken) in try BrokenNIfTI.all().enumerated() {
      let code = others[broken.name] ?? broken.code
      let place = folder.appendingPathComponent("\(number)")
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      let path = try broken.write(to: place)
      let outcome = try Tools.run(
        Tools.pdff, ["measure", scan.folder.path, "--roi", path, "-o", out])
      #expect([65, 66].contains(outcome.status), "\(broken.name): \(outcome.errors)")
      #expect(outcome.errors.contains("[\(code)]"), "\(broken.name): \(outcome.errors)")
      #expect(!FileManager.default.fileExists(atPath: out))
    }
  }
}
