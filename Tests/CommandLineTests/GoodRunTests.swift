import Documents
import Foundation
import TestSupport
import Testing

@Suite struct GoodRunTests {
  struct Missing: Error {}

  private func number(_ value: JSONValue?) throws -> Double {
    guard case .number(let number) = value else { throw Missing() }
    return number
  }

  private func first(_ value: JSONValue?) throws -> JSONValue {
    guard case .array(let elements) = value, let first = elements.first else { throw Missing() }
    return first
  }

  private func reference(_ image: String, _ mask: String) throws -> (mean: Double, count: Double) {
    let words = try Tools.reference("region_mean", [image, mask]).split(separator: " ")
    let numbers = words.compactMap { Double($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    guard numbers.count == 2 else { throw Missing() }
    return (numbers[0], numbers[1])
  }

  private func names(_ folder: URL) throws -> Set<String> {
    Set(try FileManager.default.contentsOfDirectory(atPath: folder.path))
  }

  /// The main job: phantom -> measure -> files, document, numbers.
  ///
  /// The document's mean is NumPy's over the written map (1e-4 relative, as float32 allows), and
  /// within 0.5 percentage points of the truth: SNR 40 and about 400 voxels.
  @Test func theMainJob() throws {
    let patient = try Phantom("liver-3t")
    defer { patient.remove() }
    let out = patient.folder.appendingPathComponent("result")
    let outcome = try Tools.run(
      Tools.pdff,
      ["measure", patient.scan, "--roi", patient.mask, "-o", out.path, "--json", "--per-slice"])
    try #require(outcome.status == 0, "\(outcome.errors)")
    let prefix = "sub-phantom_"
    let files = [
      "B0map.nii.gz", "PDFFmap.nii.gz", "PDFFsd.nii.gz", "R2starmap.nii.gz", "fat.nii.gz",
      "measurement.json", "quality.nii.gz", "report.html", "water.nii.gz",
    ]
    #expect(try names(out) == Set(files.map { prefix + $0 } + [".bidsignore"]))

    let document = try JSONValue(parsing: outcome.output.utf8)
    let written = out.appendingPathComponent(prefix + "measurement.json")
    #expect(try JSONValue(parsing: Data(contentsOf: written)) == document)
    #expect(try Tools.reference("verify_seal", [written.path]) == "sealed\n")

    let tumour = try first(document["rois"])
    let t1 = try number(tumour["standard_uncertainty"]?["mean"]?["t1"])
    let page = try String(contentsOfFile: out.path + "/\(prefix)report.html", encoding: .utf8)
    #expect(page.contains("T1 \(String(format: "%.2f", t1))"))
    let mean = try number(tumour["pdff_percent"]?["mean"])
    let map = out.appendingPathComponent(prefix + "PDFFmap.nii.gz").path
    let own = try reference(map, patient.mask)
    #expect(abs(mean - own.mean) <= 1e-4 * abs(own.mean))
    #expect(try number(tumour["voxels_used"]) == own.count)
    let truth = try reference(patient.truth + "/PDFFmap.nii.gz", patient.mask)
    #expect(abs(mean - truth.mean) < 0.5)
    guard case .array(let slices) = tumour["slices"] else { throw Missing() }
    let inSlices = try slices.reduce(0) { try $0 + number($1["voxels"]) }
    #expect(try inSlices == number(tumour["voxels"]))
  }

  /// Standard output holds the table, or the document and nothing else; nothing is written unasked.
  @Test func standardOutputAndErrors() throws {
    let scan = try SmallScan()
    try scan.write()
    let mask = try scan.mask()
    let before = try FileManager.default.subpathsOfDirectory(atPath: scan.root.path)
    let table = try Tools.run(Tools.pdff, ["measure", scan.folder.path, "--roi", mask])
    #expect(table.status == 0, "\(table.errors)")
    #expect(table.output.contains("1 tumour  40 of 40"))
    #expect(table.output.hasSuffix("Research use only: not a diagnostic device.\n"))
    #expect(!table.output.contains(SmallScan.participant))
    let json = try Tools.run(Tools.pdff, ["measure", scan.folder.path, "--roi", mask, "--json"])
    #expect(json.output.hasPrefix("{") && json.output.hasSuffix("}\n"))
    let document = try JSONValue(parsing: json.output.utf8)
    #expect(document.sealHolds && !json.output.contains(SmallScan.participant))
    // Each warning of the document is also a line on standard error, and there is nothing else.
    guard case .array(let warnings) = document["warnings"] else { throw Missing() }
    #expect(json.errors.split(separator: "\n").count == warnings.count, "\(json.errors)")
    #expect(json.errors.split(separator: "\n").allSatisfy { $0.hasPrefix("pdff: warning: ") })
    #expect(try FileManager.default.subpathsOfDirectory(atPath: scan.root.path) == before)
  }

  /// What the user says about the examination is recorded.
  @Test func dateAndTACEAreRecorded() throws {
    let scan = try SmallScan()
    try scan.write()
    let outcome = try Tools.run(
      Tools.pdff,
      [
        "measure", scan.folder.path, "--roi", try scan.mask(), "--json", "--acquired-on",
        "2026-11-20", "--after-tace",
      ])
    let document = try JSONValue(parsing: outcome.output.utf8)
    #expect(document["acquired_on"] == "2026-11-20")
    #expect(document["after_tace"] == true)
    #expect(outcome.errors.contains("[after-tace]"))
  }

  /// A mask half outside, and a few missing voxels, are warnings.
  @Test func partialOverlapAndMissingVoxelsWarn() throws {
    let scan = try SmallScan()
    let magnitude = scan.magnitudeValue
    scan.magnitudeValue = { voxel, echo in voxel < 3 ? .nan : magnitude(voxel, echo) }
    try scan.write()
    let outcome = try Tools.run(
      Tools.pdff,
      ["measure", scan.folder.path, "--roi", try scan.mask(moved: [8, 0, 0]), "--json"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("[mask-partly-outside]"))
    #expect(outcome.errors.components(separatedBy: "[non-finite").count == 2, "said once")
  }

  /// Explicit flags give what recognition gives.
  @Test func flagsEqualRecognition() throws {
    let scan = try SmallScan()
    try scan.write()
    let mask = try scan.mask()
    let recognised = try Tools.run(
      Tools.pdff, ["measure", scan.folder.path, "--roi", mask, "--json"])
    for sidecar in scan.sidecars.keys {
      try FileManager.default.removeItem(atPath: scan.path(sidecar + ".json"))
    }
    func images(_ part: String) -> [String] {
      (0..<3).map { scan.path(scan.name($0, part) + ".nii.gz") }
    }
    let said = try Tools.run(
      Tools.pdff,
      ["measure", "--magnitude"] + images("mag") + ["--phase"] + images("phase") + [
        "--echo-times-ms", "2.3,4.6,6.9", "--field-strength-t", "1.5", "--phase-units", "rad",
        "--roi", mask, "--json",
      ])
    #expect(said.status == 0, "\(said.errors)")
    let (one, other) = (
      try JSONValue(parsing: recognised.output.utf8), try JSONValue(parsing: said.output.utf8)
    )
    #expect(one["rois"] == other["rois"])
  }

  /// Every kind of input through the whole line. Tolerances against the truth, percentage points:
  /// magnitudes and vendor images carry the noise bias, two-point R2* and the spectrum too.
  @Test(arguments: [
    ("magnitude-only", "magnitude", 3.0), ("two-point", "two-point", 6.0),
    ("liver-1.5t", "complex", 0.5), ("reversed", "complex", 0.5), ("uneven", "complex", 0.5),
  ])
  func everyKind(recipe: String, kind: String, points: Double) throws {
    let patient = try Phantom(recipe)
    defer { patient.remove() }
    let outcome = try Tools.run(
      Tools.pdff, ["measure", patient.scan, "--roi", patient.mask, "--json"])
    try #require(outcome.status == 0, "\(outcome.errors)")
    let document = try JSONValue(parsing: outcome.output.utf8)
    #expect(document["input"]?["kind"] == .string(kind))
    let mean = try number(first(document["rois"])["pdff_percent"]?["mean"])
    let truth = try reference(patient.truth + "/PDFFmap.nii.gz", patient.mask)
    #expect(abs(mean - truth.mean) < points, "\(mean) against \(truth.mean)")
  }

  /// Labels with names, as `pdff phantom` writes them.
  @Test func labelsWithNames() throws {
    let patient = try Phantom("liver-3t")
    defer { patient.remove() }
    let outcome = try Tools.run(
      Tools.pdff,
      [
        "measure", patient.scan, "--roi", patient.labels, "--roi-names", patient.names,
        "--lesion-label", "4", "--background-label", "3",
      ])
    #expect(outcome.status == 0, "\(outcome.errors)")
    for name in ["3 liver", "4 tumour", "1 subcutaneous fat"] {
      #expect(outcome.output.contains(name))
    }
  }

  @Test func helpAndVersion() throws {
    let help = try Tools.run(Tools.pdff, ["measure", "--help"])
    #expect(help.status == 0 && help.errors.isEmpty)
    for flag in ["--roi", "--echo-times-ms", "--after-tace", "--acquired-on", "--json", "-o"] {
      #expect(help.output.contains(flag))
    }
    let version = try Tools.run(Tools.pdff, ["--version"])
    #expect(version.output == Software.version + "\n")
  }
}
