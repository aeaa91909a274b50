import Documents
import Foundation
import TestSupport
import Testing

/// DICOM in the manner of several vendors, through dcm2niix, to a number.
@Suite("pdff import, and DICOM folders as input")
struct ImportTests {
  private let exports: DICOMExports

  init() throws { exports = try DICOMExports.shared.get() }

  private func pdff(_ arguments: [String], _ environment: [String: String] = [:]) throws
    -> Tools.Outcome
  {
    try Tools.run(Tools.pdff, arguments, environment: environment)
  }

  private func evidence(_ document: JSONValue, _ about: String) -> String? {
    guard case .array(let rows)? = document["evidence"] else { return nil }
    for row in rows where row["about"] == .string(about) {
      if case .string(let finding)? = row["finding"] { return finding }
    }
    return nil
  }

  private func missing(_ document: JSONValue) -> [JSONValue] {
    guard case .array(let faults)? = document["missing"] else { return [] }
    return faults.compactMap { $0["code"] }
  }

  /// What the phase evidence of an export must begin with.
  private static let phaseWords = [
    "siemens": "Siemens", "mrad": "milliradians", "deg": "degrees", "rad": "radians",
  ]

  /// The scale and the phase unit are right, or refused, never wrong; and what is read as a number is
  /// the phantom's truth within 0.3 points.
  @Test("Every manner of export is read right or refused")
  func manners() throws {
    #expect(exports.manners.count >= (Tools.isLong ? 93 : 20))
    for manner in exports.manners {
      let folder = exports.folder(manner.name)
      let info = try pdff(["info", folder, "--json"])
      if let code = manner.mayRefuse, info.status == 65 {
        #expect(info.errors.contains("[\(code)]"), "\(manner.name)")
        continue
      }
      if let refused = manner.refused, refused.hasPrefix("dicom-") {
        #expect(info.status == 65 && info.errors.contains("[\(refused)]"), "\(manner.name)")
        continue
      }
      guard info.status == 0 else {
        Issue.record("\(manner.name): \(info.errors)")
        continue
      }
      let document = try JSONValue(parsing: info.output.utf8)
      if let refused = manner.refused {
        #expect(missing(document) == [.string(refused)], "\(manner.name)")
        guard Tools.isLong || manner.name.contains("unsloped") else { continue }
        let measured = try pdff(["measure", folder, "--roi", exports.mask])
        #expect(measured.status == 65 && measured.errors.contains(refused), "\(manner.name)")
        continue
      }
      #expect(missing(document).isEmpty, "\(manner.name)")
      #expect(document["scan"]?["kind"] == manner.kind.map { .string($0) }, "\(manner.name)")
      if let phase = manner.phase {
        let words = Self.phaseWords[phase] ?? "?"
        #expect(
          evidence(document, "phase units")?.hasPrefix(words) == true, "\(manner.name)")
      }
      if let scale = manner.scale {
        #expect(evidence(document, "PDFF scale") == scale, "\(manner.name)")
      }
      try measure(manner, folder)
    }
  }

  private func measure(_ manner: DICOMExports.Manner, _ folder: String) throws {
    // The water and fat of the phantom's truth are not weighted as its echoes are.
    let outcome = try pdff(["measure", folder, "--roi", exports.mask, "--json"])
    guard outcome.status == 0 else {
      Issue.record("\(manner.name): \(outcome.errors)")
      return
    }
    let document = try JSONValue(parsing: outcome.output.utf8)
    guard case .array(let regions)? = document["rois"] else { return }
    for region in regions {
      guard case .number(let label)? = region["label"], DICOMExports.regions.contains(Int(label)),
        case .number(let mean)? = region["pdff_percent"]?["mean"],
        let truth = exports.truth[Int(label)]
      else { continue }
      #expect(abs(mean - truth) <= 0.3, "\(manner.name), region \(label): \(mean), true \(truth)")
    }
    #expect(document["acquired_on"] != nil)
  }

  @Test("The patient's name, numbers and hospital go nowhere")
  func identifiersGoNowhere() throws {
    let words = try Tools.reference("dicom_series", ["--identifiers"]).split(separator: "\n")
      .map { $0.lowercased() }
    #expect(words.count > 25)
    let root = try Tools.scratchFolder()
    defer { try? FileManager.default.removeItem(at: root) }
    let tree = root.appendingPathComponent("tree").path
    let folder = exports.folder("siemens-contrast-named")
    let imported = try pdff(["import", folder, "-o", tree])
    #expect(imported.status == 0, "\(imported.errors)")
    let result = root.appendingPathComponent("result").path
    // As a radiologist does: the folder and the drawing to the number and the report.
    let drawn = try exports.segmentation(in: exports.root)
    let measured = try pdff([
      "measure", folder, "--roi", drawn, "--lesion-label", "Tumour", "--background-label", "Liver",
      "-o", result,
    ])
    #expect(measured.status == 0, "\(measured.errors)")
    try isWhole(result)
    let info = try pdff(["info", folder])
    let document = try pdff(["import", folder, "-o", root.path + "/again", "--json"])
    var texts = [imported, measured, info, document].map { $0.output + $0.errors }
    var looked = 0
    for path in try FileManager.default.subpathsOfDirectory(atPath: root.path) {
      texts.append(path)
      guard let bytes = FileManager.default.contents(atPath: root.path + "/" + path) else {
        continue
      }
      let plain = path.hasSuffix(".gz") ? try inflated(root.path + "/" + path) : bytes
      // As Latin-1 every byte is a letter.
      texts.append(String(data: plain, encoding: .isoLatin1) ?? "")
      looked += 1
    }
    #expect(looked > 30)
    for text in texts.map({ $0.lowercased() }) {
      for word in words where text.contains(word) { Issue.record("\(word) is in an output") }
    }
    // The DICOM files themselves hold them, or the test would find nothing.
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    let source = try Data(contentsOf: URL(fileURLWithPath: folder + "/" + (names.first ?? "")))
    let raw = (String(data: source, encoding: .isoLatin1) ?? "").lowercased()
    #expect(words.allSatisfy { raw.contains($0) })
  }

  /// Maps, document and report of two named segments with the phantom's truth.
  private func isWhole(_ result: String) throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: result)
    func text(_ ending: String) throws -> String {
      let name = try #require(names.first { $0.hasSuffix(ending) }, "\(ending)")
      return try String(contentsOfFile: "\(result)/\(name)", encoding: .utf8)
    }
    #expect(names.filter { $0.hasSuffix(".nii.gz") }.count == 7)
    let document = try JSONValue(parsing: text("measurement.json").utf8)
    guard case .array(let regions)? = document["rois"], regions.count == 2 else {
      Issue.record("two regions are expected")
      return
    }
    let page = try text("report.html")
    for (region, (name, label)) in zip(regions, [("Tumour", 4), ("Liver", 3)]) {
      #expect(region["name"] == .string(name) && page.contains(name))
      guard case .number(let mean)? = region["pdff_percent"]?["mean"],
        let truth = exports.truth[label]
      else { continue }
      #expect(abs(mean - truth) <= 0.3, "\(name): \(mean), true \(truth)")
    }
  }

  private func inflated(_ path: String) throws -> Data {
    let outcome = try Tools.run(
      Tools.python,
      [
        "-c", "import gzip,sys; open(sys.argv[2],'wb').write(gzip.open(sys.argv[1]).read())", path,
        path + ".plain",
      ])
    #expect(outcome.status == 0)
    defer { try? FileManager.default.removeItem(atPath: path + ".plain") }
    return try Data(contentsOf: URL(fileURLWithPath: path + ".plain"))
  }

  @Test("Dates move together, and everything says that they did")
  func shiftedDates() throws {
    let root = try Tools.scratchFolder()
    defer { try? FileManager.default.removeItem(at: root) }
    let tree = root.appendingPathComponent("tree").path
    let outcome = try pdff([
      "import", exports.folder("ge"), "-o", tree, "--shift-days", "-400", "--json",
    ])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try JSONValue(parsing: outcome.output.utf8)["dates_shifted"] == true)
    let anatomy = tree + "/sub-01/anat"
    for name in try FileManager.default.contentsOfDirectory(atPath: anatomy)
    where name.hasSuffix(".json") {
      let data = try Data(contentsOf: URL(fileURLWithPath: anatomy + "/" + name))
      let sidecar = try JSONValue(parsing: String(decoding: data, as: UTF8.self).utf8)
      // 2026-11-03, 400 days before.
      #expect(sidecar["AcquisitionDateTime"] == "2025-09-29T10:22:30.5")
      #expect(sidecar["DatesShifted"] == true)
    }
    let measured = try pdff(["measure", tree, "--roi", exports.mask, "--json"])
    let document = try JSONValue(parsing: measured.output.utf8)
    #expect(document["dates_shifted"] == true)
    #expect(document["acquired_on"] == "2025-09-29")
  }

  @Test("What bias, ledger and dates are checked with is in the sidecars")
  func acquisition() throws {
    let root = try Tools.scratchFolder()
    defer { try? FileManager.default.removeItem(at: root) }
    let tree = root.appendingPathComponent("tree").path
    #expect(try pdff(["import", exports.folder("siemens-contrast-named"), "-o", tree]).status == 0)
    let name = "/sub-01/anat/sub-01_acq-s5_echo-2_part-phase_MEGRE.json"
    let data = try Data(contentsOf: URL(fileURLWithPath: tree + name))
    let sidecar = try JSONValue(parsing: String(decoding: data, as: UTF8.self).utf8)
    let expected: [String: JSONValue] = [
      "AcquisitionDateTime": "2026-11-03T10:22:30.5", "EchoTime": 0.0023, "FlipAngle": 3,
      "RepetitionTime": 0.009, "MagneticFieldStrength": 3, "ContrastBolusIngredient": "gadoxetate",
      // Given at 10:02:30.
      "SecondsSinceContrast": 1200.5, "Manufacturer": "Siemens", "ManufacturersModelName": "Skyra",
      "SoftwareVersions": "syngo MR E11", "ProtocolName": "t1_vibe_q-dixon", "SeriesNumber": 6,
    ]
    for (key, value) in expected { #expect(sidecar[key] == value, "\(key)") }
    // The description of this one names the patient.
    #expect(sidecar["SeriesDescription"] == nil && sidecar["DatesShifted"] == nil)
  }

  @Test("Several scans are listed and one is asked for")
  func severalScans() throws {
    let folder = try exports.together(["ge", "siemens-map-permille", "water-fat"])
    defer { try? FileManager.default.removeItem(at: folder) }
    let refused = try pdff(["measure", folder.path, "--roi", exports.mask])
    #expect(refused.status == 65 && refused.errors.contains("[dicom-several-scans]"))
    #expect(refused.errors.contains("series 7") && refused.errors.contains("series 9"))
    let chosen = try pdff(["info", folder.path, "--series", "9", "--json"])
    #expect(try JSONValue(parsing: chosen.output.utf8)["scan"]?["kind"] == "pdff")
    let unknown = try pdff(["info", folder.path, "--series", "77"])
    #expect(unknown.status == 65 && unknown.errors.contains("[dicom-series-unknown]"))
    let tree = folder.path + "-tree"
    defer { try? FileManager.default.removeItem(atPath: tree) }
    let all = try pdff(["import", folder.path, "-o", tree])
    #expect(all.output.components(separatedBy: "imported: ").count == 4)
    #expect(all.output.contains("series 8 (t2_haste)") && all.output.contains("a localizer"))
    #expect(all.output.contains("series 11 (t2_mapping): no gradient echo"))
    let again = try pdff(["import", folder.path, "-o", tree])
    #expect(again.status == 73 && again.errors.contains("[import-folder-not-empty]"))
  }

  @Test("Refusals say what to do, and leave nothing behind")
  func refusals() throws {
    let folder = exports.folder("ge")
    for environment in [
      ["PDFF_DCM2NIIX": "/nowhere/dcm2niix"], ["PATH": "/nowhere", "PDFF_DCM2NIIX": ""],
    ] {
      let outcome = try pdff(["info", folder], environment)
      #expect(outcome.status == 69 && outcome.errors.contains("apt-get install dcm2niix"))
    }
    let patients = try exports.together(["siemens", "siemens-other-patient"])
    defer { try? FileManager.default.removeItem(at: patients) }
    let mixed = try pdff(["info", patients.path])
    #expect(mixed.status == 65 && mixed.errors.contains("[dicom-several-patients]"))

    let temporary = try Tools.scratchFolder()
    defer { try? FileManager.default.removeItem(at: temporary) }
    let place = ["TMPDIR": temporary.path]
    #expect(try pdff(["measure", folder, "--roi", exports.mask], place).status == 0)
    #expect(
      try pdff(["measure", exports.folder("ge-map-unsloped"), "--roi", exports.mask], place).status
        == 65)
    let failing = try pdff(
      ["info", folder], ["TMPDIR": temporary.path, "PDFF_DCM2NIIX": "/bin/false"])
    #expect(failing.status == 65 && failing.errors.contains("[dicom-conversion-failed]"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: temporary.path).isEmpty)
  }

  @Test("Damaged files end in a refusal, never in a crash", arguments: 1...4)
  func damaged(_ seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let manner = seed % 2 == 0 ? "philips" : "ge-map-percent"
    let folder = try exports.together([manner])
    defer { try? FileManager.default.removeItem(at: folder) }
    let place = folder.appendingPathComponent(manner)
    for name in try FileManager.default.contentsOfDirectory(atPath: place.path).sorted() {
      let file = place.appendingPathComponent(name)
      var data = try Data(contentsOf: file)
      let head = min(data.count, 60_000)
      for _ in 0..<40 {
        data[Int.random(in: 132..<head, using: &random)] = .random(in: 0...255, using: &random)
      }
      if seed > 2 { data = data.prefix(Int.random(in: 200..<head, using: &random)) }
      try data.write(to: file)
    }
    let outcome = try pdff(["info", folder.path])
    #expect([0, 65, 66].contains(outcome.status), "\(outcome.status): \(outcome.errors)")
  }

  @Test("An anonymised export measures, and says what it can no longer check")
  func anonymised() throws {
    let folder = exports.folder("siemens-anonymous-no-rescale")
    let outcome = try pdff(["measure", folder, "--roi", exports.mask, "--json"])
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains("[export-anonymised]"))
    let document = try JSONValue(parsing: outcome.output.utf8)
    #expect(document["acquired_on"] == .null)
    guard case .array(let warnings)? = document["warnings"] else { return }
    let words = warnings.filter { $0["code"] == "export-anonymised" }.compactMap { $0["message"] }
    guard case .string(let text)? = words.first else {
      Issue.record("no warning")
      return
    }
    #expect(text.contains("no date") && text.contains("no manufacturer"))
    // A day that the user gives is not lacking any more.
    let dated = try pdff(["info", folder, "--acquired-on", "2026-11-03"])
    #expect(!dated.output.contains("no date") && dated.output.contains("no manufacturer"))
  }
}
