import Scans
import Testing
import Volumes

@Suite("Flags win over recognition")
struct FlagTests {
  @Test("Magnitude and phase by flags, whatever the names say, in the order given")
  func flags() throws {
    let folder = try ScanFolder()
    var request = ScanRequest()
    for echo in 1...3 {
      request.magnitude.append(
        try folder.image("a\(4 - echo)_mask.nii", ScanFolder.magnitude(echo), as: .int16))
      request.phase.append(try folder.image("b\(4 - echo)_T1w.nii", ScanFolder.radians(echo)))
    }
    request.echoTimes = [Seconds(0.001), Seconds(0.002), Seconds(0.003)]
    request.fieldStrength = Tesla(3)
    request.phaseUnits = .rad
    let scan = try DixonScan.load(request)
    #expect(scan.kind == .complex)
    #expect(scan.finding("magnitude")?.source == "--magnitude")
    #expect(scan.finding("phase units")?.source == "--phase-units")
    let (real, _) = try #require(scan.echo(0))
    #expect(greatestDifference(real, ScanFolder.parts(1).real) < 2e-3)
  }

  @Test("Echo times by flag win over sidecars, whose order they follow")
  func echoTimes() throws {
    let folder = try ScanFolder()
    try folder.bids(times: [0.0048, 0.0036, 0.0024, 0.0012])
    let scan = try folder.load {
      $0.echoTimes = [1, 2, 3, 4].map { Seconds(milliseconds: $0) }
    }
    #expect(scan.echoTimes.map(\.milliseconds) == [1, 2, 3, 4])
    let (real, _) = try #require(scan.echo(0))
    #expect(greatestDifference(real, ScanFolder.parts(4).real) < 2e-3)
  }

  @Test("Field strength and imaging frequency by flag win over sidecars")
  func field() throws {
    let folder = try ScanFolder()
    try folder.bids()
    var scan = try folder.load { $0.fieldStrength = Tesla(1.5) }
    #expect(scan.fieldStrength?.value == 1.5)
    #expect(scan.imagingFrequency == nil)
    scan = try folder.load { $0.imagingFrequency = Hertz(megahertz: 63.9) }
    #expect(scan.imagingFrequency?.megahertz == 63.9)
  }

  @Test("Phase units by flag win over a sidecar's Units")
  func phaseUnits() throws {
    let folder = try ScanFolder()
    try folder.bids()
    let scan = try folder.load { $0.phaseUnits = .mrad }
    let (real, _) = try #require(scan.echo(0))
    // A thousandth of the angle: the real part is nearly the magnitude.
    #expect(greatestDifference(real, ScanFolder.magnitude(1)) < 0.02)
  }

  @Test("A flagged image joins the folder's")
  func together() throws {
    let folder = try ScanFolder()
    try folder.bids(withPhase: false)
    let phase = try ScanFolder()
    var paths: [String] = []
    for echo in 1...4 { paths.append(try phase.image("p\(echo).nii", ScanFolder.radians(echo))) }
    let scan = try folder.load {
      $0.phase = paths
      $0.phaseUnits = .rad
      $0.echoTimes = ScanFolder.times.map { Seconds($0) }
    }
    #expect(scan.kind == .complex)
  }

  @Test(
    "Vendor images by flags",
    arguments: [InputKind.waterFat, .twoPoint, .pdff])
  func vendor(_ kind: InputKind) throws {
    let folder = try ScanFolder()
    let one = try folder.image("x1.nii", ScanFolder.magnitude(1).map { $0 / 2000 })
    let two = try folder.image("x2.nii", ScanFolder.magnitude(2))
    var request = ScanRequest()
    switch kind {
    case .waterFat: (request.water, request.fat) = (one, two)
    case .twoPoint: (request.inPhase, request.opposedPhase) = (one, two)
    default: (request.pdff, request.pdffScale) = (one, .fraction)
    }
    let scan = try DixonScan.load(request)
    #expect(scan.kind == kind)
    #expect(scan.files.count == (kind == .pdff ? 1 : 2))
  }

  @Test("Flags of two kinds contradict each other")
  func contradiction() throws {
    let folder = try ScanFolder()
    let image = try folder.image("x.nii", ScanFolder.magnitude(1))
    var request = ScanRequest()
    (request.water, request.magnitude) = (image, [image])
    expectFault(.imageFlagsContradict, exit: 64, naming: "--magnitude, --water") {
      try DixonScan.load(request)
    }
  }
}
