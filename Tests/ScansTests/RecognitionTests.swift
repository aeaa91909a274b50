import Foundation
import Scans
import Testing
import Volumes

@Suite("Recognition of folders and files")
struct RecognitionTests {
  private static let siemens = NIfTIScaling(slope: 2, intercept: -4096)

  @Test("BIDS magnitude and phase become real and imaginary parts, echo by echo")
  func bids() throws {
    let folder = try ScanFolder()
    try folder.bids(prefix: "anat/sub-01_ses-2")
    let scan = try folder.load()
    #expect(scan.kind == .complex)
    #expect(scan.echoTimes.map(\.value) == ScanFolder.times)
    #expect(scan.imagingFrequency?.value == 127.7e6)
    #expect(scan.outputPrefix == "sub-01_ses-2_")
    #expect(scan.files.filter { $0.role == .sidecar }.count == 8)
    for echo in 0..<4 {
      let (real, imaginary) = try #require(scan.echo(echo))
      let (re, im) = ScanFolder.parts(echo + 1)
      // Float phase times pi/2 and back: within 1e-6 of a magnitude of up to 2000.
      #expect(greatestDifference(real, re) < 2e-3)
      #expect(greatestDifference(imaginary, im) < 2e-3)
    }
  }

  @Test("dcm2niix magnitude and phase in two exported series, Siemens' steps")
  func dcm2niix() throws {
    let folder = try ScanFolder()
    for echo in 1...3 {
      let time = #""EchoTime": \#(0.001 * Double(echo)), "MagneticFieldStrength": 1.5"#
      try folder.image(
        "gre_5_e\(echo).nii.gz", ScanFolder.magnitude(echo), as: .int16,
        #"{\#(time), "ImageType": ["ORIGINAL", "PRIMARY", "M"], "SeriesNumber": 5}"#)
      try folder.image(
        "gre_6_e\(echo)_ph.nii.gz", ScanFolder.steps(echo), as: .int16, scaling: Self.siemens,
        #"{\#(time), "ImageType": ["ORIGINAL", "PRIMARY", "P"], "SeriesNumber": 6}"#)
    }
    let scan = try folder.load()
    #expect(scan.echoTimes.count == 3)
    #expect(scan.finding("series")?.finding == "2 exported series taken together")
    #expect(scan.finding("phase units")?.finding.hasPrefix("Siemens") == true)
    #expect(scan.imagingFrequency == nil)
    #expect(scan.fieldStrength?.value == 1.5)
    let (real, _) = try #require(scan.echo(2))
    #expect(greatestDifference(real, ScanFolder.parts(3).real) < 2e-3)
  }

  @Test("dcm2niix real and imaginary", arguments: [("_real", "_imaginary"), ("", "_imaginary")])
  func realImaginary(_ names: (String, String)) throws {
    let folder = try ScanFolder()
    for echo in 1...3 {
      let (real, imaginary) = ScanFolder.parts(echo)
      let time = #""EchoTime": \#(0.001 * Double(echo)), "MagneticFieldStrength": 1.5"#
      try folder.image("s_e\(echo)\(names.0).nii", real, #"{\#(time), "ImageType": ["REAL"]}"#)
      try folder.image("s_e\(echo)\(names.1).nii", imaginary, "{\(time)}")
    }
    let scan = try folder.load()
    let echo = try #require(scan.echo(1))
    #expect(echo.real == ScanFolder.parts(2).real)
    #expect(echo.imaginary == ScanFolder.parts(2).imaginary)
  }

  @Test("One complex 4D file with a list of echo times")
  func complex() throws {
    let folder = try ScanFolder()
    let parts = (1...3).map { ScanFolder.parts($0) }
    try folder.image(
      "sub-01_MEGRE.nii.gz", parts.flatMap(\.real), imaginary: parts.flatMap(\.imaginary),
      frames: 3, as: .complex64, #"{"EchoTime": [0.003, 0.001, 0.002], "ImagingFrequency": 63.9}"#)
    let scan = try folder.load()
    #expect(scan.kind == .complex)
    #expect(scan.echoTimes.map(\.value) == [0.001, 0.002, 0.003])
    // Frames follow their echo times.
    #expect(scan.echo(0)?.real == parts[1].real)
    #expect(scan.echo(2)?.imaginary == parts[0].imaginary)
  }

  @Test("4D magnitude and phase")
  func fourDimensional() throws {
    let folder = try ScanFolder()
    let times = #"{"EchoTime": [0.001, 0.002, 0.003], "MagneticFieldStrength": 3, "Units": "rad"}"#
    try folder.image(
      "sub-01_part-mag_MEGRE.nii", (1...3).flatMap { ScanFolder.magnitude($0) }, frames: 3, times)
    try folder.image(
      "sub-01_part-phase_MEGRE.nii", (1...3).flatMap { ScanFolder.radians($0) }, frames: 3, times)
    let scan = try folder.load()
    let (real, _) = try #require(scan.echo(1))
    #expect(greatestDifference(real, ScanFolder.parts(2).real) < 2e-3)
  }

  @Test("Magnitudes alone are a scan of their own kind")
  func magnitudeOnly() throws {
    let folder = try ScanFolder()
    try folder.bids(withPhase: false)
    let scan = try folder.load()
    guard case .magnitude(let series) = scan.signal else {
      Issue.record("not magnitude")
      return
    }
    #expect(Array(series.magnitude.suffix(scan.grid.count)) == ScanFolder.magnitude(4))
  }

  @Test("Echoes are ordered by echo time, not by name")
  func order() throws {
    let folder = try ScanFolder()
    try folder.bids(times: [0.0048, 0.0012, 0.0036, 0.0024])
    let scan = try folder.load()
    #expect(scan.echoTimes.map(\.value) == ScanFolder.times)
    let (real, _) = try #require(scan.echo(0))
    #expect(greatestDifference(real, ScanFolder.parts(2).real) < 2e-3)
  }

  @Test("A sidecar above applies to all echoes, the nearer one wins")
  func inheritance() throws {
    let folder = try ScanFolder()
    for echo in 1...3 {
      try folder.image("sub-01/anat/sub-01_echo-\(echo)_MEGRE.nii.gz", ScanFolder.magnitude(echo))
    }
    try folder.text("MEGRE.json", #"{"MagneticFieldStrength": 1.5, "Manufacturer": "X"}"#)
    try folder.text(
      "sub-01/anat/sub-01_MEGRE.json",
      #"{"EchoTime": [0.001, 0.002, 0.003], "MagneticFieldStrength": 3}"#)
    let scan = try DixonScan.load(ScanRequest(inputs: [folder.path("sub-01")]))
    #expect(scan.echoTimes.map(\.value) == [0.001, 0.002, 0.003])
    #expect(scan.fieldStrength?.value == 3)
    #expect(scan.manufacturer == "X")
  }

  @Test("Phase without echo times takes those of the magnitudes of the same number")
  func adoptedTimes() throws {
    let folder = try ScanFolder()
    try folder.bids()
    for echo in 1...4 {
      try folder.text("sub-01_echo-\(echo)_part-phase_MEGRE.json", #"{"Units": "rad"}"#)
    }
    #expect(try folder.load().echoTimes.count == 4)
  }

  @Test(
    "Vendor images by name or ImageType",
    arguments: [
      (["v_W.nii", "v_F.nii"], InputKind.waterFat),
      (["v_in.nii", "v_opp.nii"], .twoPoint), (["v_pdff.nii"], .pdff),
      (["sub-01_PDFFmap.nii.gz"], .pdff), (["water.nii", "fat.nii"], .waterFat),
      (["v_W.nii", "v_F.nii", "v_in.nii", "v_opp.nii"], .waterFat),
      (["v_3_W.nii", "v_4_F.nii", "v_1_in.nii", "v_2_opp.nii"], .waterFat),
      (["v_W.nii", "v_F.nii", "v_ff.nii"], .pdff),
      (["v_W.nii", "v_in.nii", "v_opp.nii"], .twoPoint),
    ])
  func vendor(_ names: [String], _ kind: InputKind) throws {
    let folder = try ScanFolder()
    for name in names {
      try folder.image(name, ScanFolder.magnitude(1).map { $0 / 20 })
    }
    #expect(try folder.load { $0.pdffScale = .percent }.kind == kind)
  }

  @Test("Two magnitudes at opposed- and in-phase times are a two-point scan")
  func twoPointByTimes() throws {
    let folder = try ScanFolder()
    for (echo, time) in [(1, 0.0046), (2, 0.0023)] {
      try folder.image(
        "d_e\(echo).nii", ScanFolder.magnitude(echo),
        #"{"EchoTime": \#(time), "MagneticFieldStrength": 1.5}"#)
    }
    guard case .twoPoint(let inPhase, let opposed) = try folder.load().signal else {
      Issue.record("not two-point")
      return
    }
    #expect(inPhase.values == ScanFolder.magnitude(1))
    #expect(opposed.values == ScanFolder.magnitude(2))
  }

  @Test("Masks, other contrasts and lone images beside a scan are set aside")
  func besides() throws {
    let folder = try ScanFolder()
    try folder.bids()
    try folder.image("sub-01_label-liver_mask.nii.gz", ScanFolder.magnitude(1))
    try folder.image("sub-01_T1w.nii.gz", ScanFolder.magnitude(1))
    try folder.image("localizer_1.nii.gz", ScanFolder.magnitude(1), #"{"ImageType": ["M"]}"#)
    guard case .scan(let plan) = try ScanRecognition.of(ScanRequest(inputs: [folder.path])) else {
      Issue.record("several series")
      return
    }
    #expect(plan.images.count == 8)
    #expect(
      plan.setAside.map(\.name).sorted() == [
        "localizer_1.nii.gz", "sub-01_T1w.nii.gz", "sub-01_label-liver_mask.nii.gz",
      ])
  }

  @Test("A folder above the scan is searched; results, masks and truth are not scans")
  func foldersAbove() throws {
    let folder = try ScanFolder()
    try folder.bids(prefix: "sub-01/anat/sub-01")
    for other in ["derivatives", "masks", "truth"] {
      try folder.image("\(other)/PDFFmap.nii.gz", ScanFolder.magnitude(1))
    }
    #expect(try folder.load().kind == .complex)
  }

  @Test("A file that promises more voxels than it holds is refused before memory is set aside")
  func promises() throws {
    let folder = try ScanFolder()
    try folder.bids()
    let path = folder.path("sub-01_echo-2_part-mag_MEGRE.nii")
    try FileManager.default.removeItem(atPath: path + ".gz")
    var bytes = try NIfTIWriter.encode(
      grid: ScanFolder.grid, real: ScanFolder.magnitude(2), as: .int16)
    bytes.removeLast(100)
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    #expect(throws: VolumesError.self) { try folder.load() }
  }

  @Test("The scanner's own maps beside the echoes are named in a warning")
  func derivedBeside() throws {
    let folder = try ScanFolder()
    try folder.bids()
    try folder.image("sub-01_PDFFmap.nii.gz", ScanFolder.magnitude(1))
    let scan = try folder.load()
    #expect(scan.kind == .complex)
    #expect(scan.notices.map(\.code) == ["derived-images-not-used"])
  }

  @Test("Details of the acquisition")
  func details() throws {
    let folder = try ScanFolder()
    try folder.bids()
    try folder.text(
      "sub-01_MEGRE.json",
      #"{"AcquisitionDate": "20240229", "FlipAngle": 5, "RepetitionTime": 0.01}"#)
    var scan = try folder.load()
    #expect(scan.acquiredOn == "2024-02-29")
    #expect(!scan.datesShifted)
    #expect(scan.repetitionTime?.value == 0.01)
    try folder.text("sub-01_MEGRE.json", #"{"AcquisitionDateTime": "1899-03-01T10:00:00"}"#)
    #expect(try folder.load().datesShifted)
    try folder.text("sub-01_MEGRE.json", #"{"AcquisitionDate": "20230229"}"#)
    scan = try folder.load { $0.acquiredOn = nil }
    #expect(scan.acquiredOn == nil)
    #expect(scan.notices.map(\.code) == ["acquisition-date-unreadable"])
  }
}
