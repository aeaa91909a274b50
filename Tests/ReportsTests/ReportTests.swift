import Calibration
import Documents
import Faults
import Foundation
import Regions
import Reports
import Scans
import Separation
import TestSupport
import Testing
import Volumes

@Suite struct ReportTests {
  private func regions(_ voxels: [Int], name: String = "tumour") -> RegionSet {
    RegionSet(
      grid: Fixture.grid,
      regions: [Region(label: 1, name: name, grid: Fixture.grid, voxels: voxels)])
  }

  private func page(
    _ voxels: [Int], maps: SeparatedMaps = Fixture.maps(), name: String = "tumour",
    file: String = "tumour.nii.gz", showsNames: Bool = false, afterTACE: Bool = false,
    prefix: String = "", call: LesionCall? = nil,
    change: (inout Reports.Measurement) -> Void = { _ in }
  ) throws -> String {
    let set = regions(voxels, name: name)
    let result = try measure(
      set, fatFraction: maps.fatFraction, r2star: maps.r2star, quality: maps.quality)
    var scan = ScanRecord(Fixture.scan())
    scan.outputPrefix = prefix
    var measurement = Reports.Measurement(
      scan: scan, regionFiles: [SourceFile(path: "/home/x/\(file)", sha256: "cd34", role: .mask)],
      method: maps.method, regions: result.regions, notices: result.notices,
      afterTACE: afterTACE)
    change(&measurement)
    let drawings = Drawing.allCases.map { drawing -> DrawingResult in
      guard
        let region = drawing.region(from: set.regions[0], fatFraction: maps.fatFraction),
        let measured = try? measure(
          RegionSet(grid: Fixture.grid, regions: [region]), fatFraction: maps.fatFraction,
          r2star: maps.r2star, quality: maps.quality)
      else { return DrawingResult(drawing, call: call) }
      return DrawingResult(drawing, statistics: measured.regions.first, call: call)
    }
    return Report(
      measurement, maps: maps,
      material: ReportMaterial(
        regions: set, lesionLabel: 1, backgroundLabel: nil, echoes: nil, drawings: drawings,
        model: nil, showsNames: showsNames), seal: "ab12cd"
    ).html()
  }

  /// Regions that break pictures: one voxel, a corner, the whole grid, only voxels without a value, none.
  @Test(arguments: [[5], [0], [11], [23], Array(0..<24), [0, 23], []])
  func anyRegionGivesAPage(voxels: [Int]) throws {
    let page = try page(voxels)
    #expect(page.hasSuffix("</html>\n") && page.contains("Research use only"))
    #expect(!page.contains("nan") && !page.contains("NaN") && !page.contains("inf<"))
    if voxels.isEmpty { #expect(page.contains("no voxel on the scan")) }
    if voxels == [23] {
      #expect(page.contains("no value") && page.contains("too few"))
      #expect(page.contains("no voxel of the region was looked at"))
    }
  }

  /// An arm that no drawing decides is not praised for staying as it is; without a value there is none.
  @Test func onlyADecidedArmStaysTheSame() throws {
    let model = try SubtypeModel(
      file: Tools.root.appendingPathComponent("models/demonstration/model.json").path)
    let blocked = LesionCall(
      model: model, lesion: nil, background: nil, scanner: .withoutLedger,
      allowUncalibrated: false, afterTACE: false)
    let page = try page(Array(0..<23), call: blocked)
    #expect(page.contains("However it is drawn, the arm stays undetermined"))
    let empty = try self.page([23], call: blocked)
    for words in ["does not change", "stays the same"] {
      #expect(!page.contains(words) && !empty.contains(words))
    }
  }

  /// What an input does not hold is said, not left out in silence.
  @Test func whatCannotBeShownIsSaid() throws {
    var maps = Fixture.maps(r2star: false)
    (maps.water, maps.fat, maps.fieldMap, maps.fatFractionSD) = (nil, nil, nil, nil)
    let page = try page([4, 5, 8, 9], maps: maps) {
      $0.scan.kind = .pdff
      $0.scan.echoTimes = []
    }
    for words in [
      "no water and fat images", "no R2* map", "the input has no echoes", "There is no field map",
      "how it was made can&#39;t be checked", "No subtype model was given",
      "No background liver was named",
    ] { #expect(page.contains(words), "\(words)") }
  }

  /// A participant's name in file names, in the mask's stem that names the region, in warnings and in the
  /// BIDS entities stays out, and is there when asked for.
  @Test func namesFromPathsStayOut() throws {
    func made(_ shows: Bool) throws -> String {
      try page(
        [4, 5, 8, 9], name: "doe_jane", file: "doe_jane.nii.gz", showsNames: shows,
        prefix: "sub-jd77_"
      ) {
        $0.scan.files = [
          SourceFile(path: "/d/sub-jd77_echo-1_MEGRE.nii.gz", sha256: "ab", role: .magnitude)
        ]
        $0.notices = [
          Notice(RegionsNotice.withoutOrientation, "doe_jane.nii.gz"),
          Notice(RegionsNotice.regionUnusable, "doe_jane: 3 background"),
          Notice(RegionsNotice.labelUnnamed, "/mnt/sub-jd77/anat"),
        ]
      }
    }
    let hidden = try made(false)
    #expect(!hidden.contains("jane") && !hidden.contains("jd77"))
    #expect(hidden.contains("tumour") && hidden.contains("file 1"))
    let shown = try made(true)
    #expect(shown.contains("doe_jane") && shown.contains("sub-jd77"))
  }

  /// Plain words in a mask's name name nobody and stay.
  @Test func plainNamesStay() throws {
    let page = try page([4, 5, 8, 9], name: "tumour", file: "tumour.nii.gz")
    #expect(page.contains("mean of tumour"))
  }

  /// Whatever a name holds, it opens no tag.
  @Test(arguments: ["<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "a&b"])
  func namesAreEscaped(name: String) throws {
    let page = try page([4, 5, 8, 9], name: name, file: name, showsNames: true)
    #expect(!page.contains("<script") && !page.contains("<img") && !page.contains("a&b"))
  }

  @Test func afterTACEIsBad() throws {
    let page = try page(Array(0..<20), afterTACE: true)
    #expect(page.contains("✕ </span>Do not use this number"))
    #expect(page.contains("lipiodol"))
  }

  @Test func theLightIsTheWorstCheck() throws {
    // 20 voxels, none swapped, complex data without calibration: a caution.
    var maps = Fixture.maps()
    maps.quality.values = Array(repeating: 0, count: 24)
    #expect(try page(Array(0..<20), maps: maps).contains("! </span>Use with care"))
    for place in 0..<3 { maps.quality.values[place] = Quality.swapSuspected.rawValue }
    let swapped = try page(Array(0..<20), maps: maps)
    #expect(swapped.contains("Do not use this number"))
    #expect(swapped.contains("suspected in 3, undecided in 0 of 20 voxels"))
  }

  /// The file stands beside the maps, and not in the list of outputs; a run without one takes away the
  /// report of the run before, and nobody else's.
  @Test func theReportGoesWithItsMaps() throws {
    let folder = try Tools.scratchFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let report = folder.appendingPathComponent("report.html")
    let maps = Fixture.maps()
    try Data("mine".utf8).write(to: report)
    var first = try Fixture.measurement()
    try first.write(maps, to: StagedFolder(folder.path))
    #expect(try Data(contentsOf: report) == Data("mine".utf8))
    let material = ReportMaterial(
      regions: regions([2, 3, 4, 14]), lesionLabel: 1, backgroundLabel: nil, echoes: nil,
      drawings: [], model: nil, showsNames: false)
    var second = try Fixture.measurement()
    try second.write(maps, to: StagedFolder(folder.path), report: material)
    let page = try String(contentsOf: report, encoding: .utf8)
    let document = try JSONValue(
      parsing: Data(contentsOf: folder.appendingPathComponent("measurement.json")))
    guard case .string(let seal) = document["sha256"] else { throw Missing() }
    #expect(page.contains(seal))
    #expect(!second.outputs.contains { $0.name.hasPrefix("report") })
    var third = try Fixture.measurement()
    try third.write(maps, to: StagedFolder(folder.path))
    #expect(!FileManager.default.fileExists(atPath: report.path))
  }

  struct Missing: Error {}

  /// Without a program the refusal comes at once, with how to install one.
  @Test func printingNeedsAProgram() throws {
    let empty = try Tools.scratchFolder()
    defer { try? FileManager.default.removeItem(at: empty) }
    let fault = #expect(throws: PrintError.self) {
      try PDFPrinter(searchPath: empty.path)
    }
    #expect(fault?.exit.rawValue == 69)
    #expect(fault?.description.contains("apt-get install chromium") == true)
  }

  /// A program that fails, that makes nothing or no PDF leaves an error; one that makes a PDF is right.
  @Test(arguments: [
    ("exit 3", false), ("exit 0", false), ("echo no > \"$3\"", false),
    ("printf '%%PDF-1.7' > \"$3\"", true),
  ])
  func printingIsChecked(script: String, works: Bool) throws {
    let folder = try Tools.scratchFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let program = folder.appendingPathComponent("weasyprint")
    try Data("#!/bin/sh\n\(script)\n".utf8).write(to: program)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program.path)
    let printer = try PDFPrinter(searchPath: folder.path)
    let html = folder.appendingPathComponent("a.html").path
    let pdf = folder.appendingPathComponent("a.pdf").path
    if works {
      try printer.print(html, to: pdf)
    } else {
      #expect(throws: PrintError.self) { try printer.print(html, to: pdf) }
    }
  }
}
