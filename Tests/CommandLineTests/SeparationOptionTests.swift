import Documents
import Foundation
import Separation
import TestSupport
import Testing

/// The options of separation, through the program: what they change, and that it is recorded.
@Suite struct SeparationOptionTests {
  struct Missing: Error {}

  private func measured(
    _ patient: Phantom, _ flags: [String]
  ) throws -> (mean: Double, document: JSONValue) {
    let outcome = try Tools.run(
      Tools.pdff, ["measure", patient.scan, "--roi", patient.mask, "--json"] + flags)
    try #require(outcome.status == 0, "\(outcome.errors)")
    let document = try JSONValue(parsing: outcome.output.utf8)
    guard case .array(let rois) = document["rois"],
      case .number(let mean) = rois.first?["pdff_percent"]?["mean"]
    else { throw Missing() }
    return (mean, document)
  }

  @Test(arguments: ["map", "measure"])
  func helpNamesEverySpectrumAndOption(_ command: String) throws {
    let help = try Tools.run(Tools.pdff, [command, "--help"]).output
    // Lines are wrapped, at hyphens too.
    let text = help.split(whereSeparator: \.isWhitespace).joined()
    for spectrum in FatSpectrum.catalogue { #expect(text.contains(spectrum.name)) }
    for option in [
      "--precession", "--fat-spectrum", "--temperature-c", "--r2star-min-per-s",
      "--r2star-max-per-s", "--within", "--flip-angle-deg", "--repetition-time-ms",
      "--water-t1-ms", "--fat-t1-ms",
    ] { #expect(text.contains(option)) }
  }

  @Test func optionsAreRecorded() throws {
    let patient = try Phantom("t1-weighted")
    defer { patient.remove() }
    let plain = try measured(patient, [])
    #expect(plain.document["method"]?["t1_correction"] == .null)
    #expect(plain.document["method"]?["within_voxels"] == .null)
    #expect(plain.document["method"]?["r2star_max_per_s"] == 1500)
    #expect(plain.document["method"]?["r2star_min_per_s"] == -50)
    // The tumour: 4 %, T1 of water 1200 ms by the recipe. Percent; 0.5 as in the main job.
    let corrected = try measured(
      patient,
      [
        "--flip-angle-deg", "10", "--repetition-time-ms", "9", "--water-t1-ms", "1200",
        "--fat-t1-ms", "380", "--r2star-max-per-s", "900", "--r2star-min-per-s", "-20",
        "--within", patient.mask, "--precession", "+",
      ])
    #expect(plain.mean > 6)
    #expect(abs(corrected.mean - 4) < 0.5, "\(corrected.mean)")
    let method = corrected.document["method"]
    let expected: JSONValue = [
      "flip_angle_deg": 10, "repetition_time_ms": 9, "water_t1_ms": 1200, "fat_t1_ms": 380,
    ]
    #expect(method?["t1_correction"] == expected)
    #expect(method?["r2star_max_per_s"] == 900)
    #expect(method?["r2star_min_per_s"] == -20)
    #expect(method?["precession"] == "+")
    guard case .array(let rois) = corrected.document["rois"] else { throw Missing() }
    #expect(method?["within_voxels"] == rois.first?["voxels"])
    #expect(rois.first?["voxels_used"] == rois.first?["voxels"])
  }

  /// A file that holds the default's table gives what the default gives; others are refused.
  @Test func spectraFromFiles() throws {
    let patient = try Phantom("liver-3t")
    defer { patient.remove() }
    let file = patient.folder.appendingPathComponent("own.txt")
    let table = "# ppm amplitude\n0.60 0.048\n-0.39,0.039\n-1.94\t0.004\n-2.60 0.128\n"
    try Data((table + "-3.40 0.693\n-3.80 0.087\n").utf8).write(to: file)
    let named = try measured(patient, ["--within", patient.mask])
    let own = try measured(patient, ["--within", patient.mask, "--fat-spectrum", file.path])
    #expect(own.mean == named.mean)
    #expect(own.document["method"]?["fat_spectrum"] == "own.txt")
    let peaks = named.document["method"]?["fat_spectrum_peaks"]
    #expect(own.document["method"]?["fat_spectrum_peaks"] == peaks && peaks != .null)
    guard case .array(let files) = own.document["input"]?["files"] else { throw Missing() }
    #expect(files.contains { $0["name"] == "own.txt" })
    // Water of a phantom at 20 degrees: every peak 0.131 ppm higher.
    let cold = try measured(patient, ["--within", patient.mask, "--temperature-c", "20"])
    #expect(cold.document["method"]?["temperature_c"] == 20)
    #expect(cold.mean != named.mean)
    let long = String(repeating: "# nothing\n", count: 7000)
    for bad in ["1.3 0.7\n", "-3.4\n", "-3.4 0.7 1\n", "", long + "-3.4 1\n"] {
      try Data(bad.utf8).write(to: file)
      let outcome = try Tools.run(
        Tools.pdff,
        ["measure", patient.scan, "--roi", patient.mask, "--fat-spectrum", file.path])
      #expect(outcome.status == 65)
      #expect(outcome.errors.contains("[spectrum-file-bad]"), "\(outcome.errors)")
    }
  }

  /// Options that an input has no use for are said, not passed over.
  @Test func idleOptionsAreSaid() throws {
    let patient = try Phantom("vendor-maps")
    defer { patient.remove() }
    let images = try FileManager.default.contentsOfDirectory(atPath: patient.scan)
      .filter { $0.hasSuffix(".nii.gz") }
    let map = try #require(images.first { $0.lowercased().contains("pdff") })
    let outcome = try Tools.run(
      Tools.pdff,
      [
        "measure", "--pdff", patient.scan + "/" + map, "--roi", patient.mask, "--fat-spectrum",
        "ren-2008", "--r2star-max-per-s", "300",
      ])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("[options-without-effect]"), "\(outcome.errors)")
    #expect(outcome.errors.contains("--fat-spectrum, --r2star-max-per-s"))
  }
}
