import Documents
import Foundation
import TestSupport
import Testing

/// `pdff doctor` and `pdff measure` on the pairs that `Tests/reference/geometry_faults.py` makes.
@Suite struct DoctorTests {
  struct Case: Decodable {
    let name: String
    let scan: [String]
    let mask: String
    let fault: String
    let right: String
  }

  /// A layout of the script, and every how many-th of its cases.
  private func withCases(
    _ layout: String = "axial", _ kind: String = "images", step: Int = 1,
    _ body: ([Case], URL) throws -> Void
  ) throws {
    let shapes = ["sagittal": "40x96x96", "coronal": "96x40x96"]
    let phantom = try Phantom("liver-3t", shape: shapes[layout] ?? Phantom.shape)
    defer { phantom.remove() }
    let folder = try Tools.scratchFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try Tools.reference(
      "geometry_faults", [phantom.folder.path, folder.path, layout, kind, "\(step)"])
    let data = try Data(contentsOf: folder.appendingPathComponent("cases.json"))
    try body(try JSONDecoder().decode([Case].self, from: data), folder)
  }

  private struct Missing: Error {}

  private func document(_ text: String) throws -> JSONValue {
    try JSONValue(parsing: Array(text.utf8))
  }

  private func means(_ scan: [String], _ mask: String) throws -> [Double] {
    let outcome = try Tools.run(Tools.pdff, ["measure"] + scan + ["--roi", mask, "--json"])
    guard outcome.status == 0, case .array(let rois) = try document(outcome.output)["rois"] else {
      Issue.record("\(outcome.errors)")
      throw Missing()
    }
    return rois.compactMap {
      if case .number(let mean) = $0["pdff_percent"]?["mean"] { mean } else { nil }
    }
  }

  /// One phantom for all of it.
  @Test func pairsAreJudgedRightly() throws {
    try withCases { cases, folder in
      try everyFaultIsNamedAndMended(cases, folder, expected: 30)
      try soundPairsAreLeftAlone(cases, expected: 51)
      try aFaultIsShownAndTrustedOnlyWhenAsked(cases, folder)
      try nothingIsWrittenWhereNothingIsWrong(cases, folder)
    }
  }

  /// Other directions of slices, thick ones, and other kinds of images: of one a share, of all under
  /// PDFF_LONG.
  @Test(arguments: [
    ("sagittal", "images"), ("coronal", "images"), ("sagittal", "polar"), ("coronal", "cartesian"),
    ("axial", "magnitude"), ("axial", "map"),
  ])
  func otherScansAreJudgedRightly(_ layout: String, _ kind: String) throws {
    guard Tools.isLong || (layout, kind) == ("sagittal", "polar") else { return }
    try withCases(layout, kind, step: Tools.isLong ? 1 : 9) { cases, folder in
      try everyFaultIsNamedAndMended(cases, folder, expected: Tools.isLong ? 30 : 4)
      try soundPairsAreLeftAlone(cases, expected: Tools.isLong ? 51 : 5)
    }
  }

  /// Thirty faults, each by its name; the mended mask gives the right one's mean to 1e-6; and measuring
  /// the mask as given is refused.
  private func everyFaultIsNamedAndMended(
    _ cases: [Case], _ folder: URL, expected: Int
  ) throws {
    let faults = cases.filter { !$0.fault.isEmpty }
    #expect(faults.count == expected)
    for (number, one) in faults.enumerated() {
      let mended = folder.appendingPathComponent("mended\(number).nii.gz").path
      let outcome = try Tools.run(
        Tools.pdff,
        ["doctor"] + one.scan + ["--roi", one.mask, "--json", "--fix", "-o", mended])
      #expect(outcome.status == 0, "\(one.name): \(outcome.errors)")
      let found = try document(outcome.output)
      #expect(found["fault"] == .string(one.fault), "\(one.name)")
      guard found["mended"] == true else { continue }
      // The same numbers in both regions' masks: nothing but their places may differ.
      let (a, b) = (try means(one.scan, mended), try means(one.scan, one.right))
      #expect(a.count == b.count && !a.isEmpty, "\(one.name)")
      for (mean, right) in zip(a, b) {
        #expect(abs(mean - right) < 1e-6, "\(one.name)")
      }
      guard Tools.isLong || number % 5 == 0 else { continue }
      let refused = try Tools.run(Tools.pdff, ["measure"] + one.scan + ["--roi", one.mask])
      #expect(refused.status == 65 && refused.errors.contains("[\(one.fault)]"), "\(one.name)")
      #expect(refused.errors.contains("pdff doctor"))
    }
  }

  /// No false alarm on sound pairs: oblique, anisotropic, other resolution, cropped rightly, small,
  /// along no edge.
  private func soundPairsAreLeftAlone(_ cases: [Case], expected: Int) throws {
    let sound = cases.filter(\.fault.isEmpty)
    #expect(sound.count == expected)
    for one in sound {
      let outcome = try Tools.run(
        Tools.pdff, ["doctor"] + one.scan + ["--roi", one.mask, "--json"])
      #expect(outcome.status == 0, "\(one.name): \(outcome.output)")
      #expect(try document(outcome.output)["verdict"] == "sound", "\(one.name)")
    }
  }

  /// A fault ends with 65, unless it is mended; a picture shows both.
  private func aFaultIsShownAndTrustedOnlyWhenAsked(_ cases: [Case], _ folder: URL) throws {
    let one = try #require(cases.first { $0.fault == "mask-flipped" })
    let picture = folder.appendingPathComponent("picture.png").path
    let outcome = try Tools.run(
      Tools.pdff, ["doctor"] + one.scan + ["--roi", one.mask, "--picture", picture])
    #expect(outcome.status == 65 && outcome.output.contains("[mask-flipped]"))
    #expect(outcome.errors.isEmpty)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: picture))
    #expect(bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]))
    let trusted = try Tools.run(
      Tools.pdff,
      ["measure"] + one.scan + ["--roi", one.mask, "--json", "--trust-mask-geometry"])
    #expect(trusted.status == 0 && trusted.output.contains("mask-geometry-trusted"))
  }

  /// A sound pair is never rewritten.
  private func nothingIsWrittenWhereNothingIsWrong(_ cases: [Case], _ folder: URL) throws {
    let one = try #require(cases.first { $0.fault.isEmpty })
    let mended = folder.appendingPathComponent("mended.nii.gz").path
    let outcome = try Tools.run(
      Tools.pdff, ["doctor"] + one.scan + ["--roi", one.mask, "--fix", "-o", mended])
    #expect(outcome.status == 0)
    #expect(!FileManager.default.fileExists(atPath: mended))
  }
}
