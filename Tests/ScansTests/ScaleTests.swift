import Foundation
import Scans
import Testing
import Volumes

@Suite("Phase units and the scale of PDFF maps")
struct ScaleTests {
  /// A dcm2niix-like scan whose phase is `factor * (radians + offset)`.
  private func scan(
    factor: Double, offset: Double = 0, sidecar: String = "", units: PhaseUnits? = nil,
    shrink: Double = 1
  ) throws -> DixonScan {
    let folder = try ScanFolder()
    for echo in 1...3 {
      let time = #""EchoTime": \#(0.001 * Double(echo)), "MagneticFieldStrength": 3"#
      try folder.image("s_e\(echo).nii", ScanFolder.magnitude(echo), "{\(time)}")
      let values = ScanFolder.steps(echo).map {
        Float((Double($0) * .pi / 4096 * shrink + offset) * factor)
      }
      try folder.image("s_e\(echo)_ph.nii", values, "{\(time)\(sidecar)}")
    }
    return try folder.load { $0.phaseUnits = units }
  }

  @Test(
    "Ranges that noise fills decide by themselves",
    arguments: [
      (1, 0, "radians, -pi...pi"), (1, Double.pi, "radians, 0...2 pi"),
      (4096 / Double.pi, 0, "Siemens, -4096...4094 for -pi...pi"),
      (2048 / Double.pi, Double.pi, "Siemens, 0...4095 for a full turn"),
      (1000, 0, "milliradians, -3142...3142"), (180 / Double.pi, 0, "degrees, -180...180"),
    ])
  func ranges(_ factor: Double, _ offset: Double, _ finding: String) throws {
    let scan = try scan(factor: factor, offset: offset)
    #expect(scan.finding("phase units")?.finding == finding)
    let (real, imaginary) = try #require(scan.echo(1))
    let (re, im) = ScanFolder.parts(2)
    // Phase from 0 up has half a turn more everywhere: both signs change.
    let sign: Float = offset == 0 ? 1 : -1
    #expect(greatestDifference(real, re.map { $0 * sign }) < 4e-3)
    #expect(greatestDifference(imaginary, im.map { $0 * sign }) < 4e-3)
  }

  @Test(
    "Half-filled ranges need Units or a manufacturer",
    arguments: [
      (1, #", "Units": "rad""#), (4096 / Double.pi, #", "Manufacturer": "SIEMENS""#),
      (1000, #", "Manufacturer": "Philips Medical Systems""#),
      (1000, #", "Manufacturer": "GE MEDICAL SYSTEMS""#),
    ])
  func halfFilled(_ factor: Double, _ sidecar: String) throws {
    #expect(try scan(factor: factor, sidecar: sidecar, shrink: 0.7).kind == .complex)
    expectFault(.phaseUnitsUnknown, naming: "values") {
      try scan(factor: factor, shrink: 0.7)
    }
  }

  @Test("Philips' precise values are displayed values after their slopes")
  func philips() throws {
    let keys = #", "Manufacturer": "Philips", "UsePhilipsFloatNotDisplayScaling": 1"#
    // Display = precise x RS x SS: 1000 rad in mrad is 20 x 50.
    let slopes = #", "PhilipsRescaleSlope": 1.5, "PhilipsScaleSlope": 0.02"#
    let scan = try scan(factor: 1000 / 0.03, sidecar: keys + slopes)
    #expect(scan.finding("phase units")?.source == "range of the displayed values")
    let (real, _) = try #require(scan.echo(1))
    #expect(greatestDifference(real, ScanFolder.parts(2).real) < 4e-3)
  }

  @Test("Contradictory or undecided evidence is refused with what was seen")
  func refused() throws {
    for (factor, sidecar, words) in [
      (4096 / Double.pi, #", "Units": "rad""#, "Units rad"),
      (1, #", "Units": "deg""#, "Units deg"),
      (1, #", "Units": "furlong""#, "furlong"),
      (77, #", "Units": "arbitrary""#, "no manufacturer"),
      (1e9, "", "fit no way"),
    ] {
      expectFault(.phaseUnitsUnknown, naming: words) { try scan(factor: factor, sidecar: sidecar) }
    }
    expectFault(.phaseUnitsUnknown, naming: "no angles in rad") {
      try scan(factor: 1e9, units: .rad)
    }
  }

  @Test("All echoes are judged together: one in other units is refused")
  func mixedUnits() throws {
    let folder = try ScanFolder()
    try folder.bids(units: nil)
    try folder.image("sub-01_echo-2_part-phase_MEGRE.nii.gz", ScanFolder.steps(2))
    expectFault(.phaseUnitsUnknown, naming: "echo-") { try folder.load() }
  }

  @Test(
    "PDFF maps by range, Units or flag",
    arguments: [
      (PDFFScale.percent, "", nil), (.fraction, "", nil), (.permille, "", nil),
      (.percent, #"{"Units": "percent"}"#, nil), (.permille, "", PDFFScale.permille),
    ])
  func maps(_ scale: PDFFScale, _ sidecar: String, _ said: PDFFScale?) throws {
    let folder = try ScanFolder()
    let truth = ScanFolder.magnitude(1).map { $0 / 2000 }
    try folder.image(
      "ff.nii", truth.map { $0 * Float(scale.full) }, sidecar.isEmpty ? nil : sidecar)
    let scan = try folder.load { $0.pdffScale = said }
    guard case .pdff(let map) = scan.signal else {
      Issue.record("no map")
      return
    }
    #expect(greatestDifference(map.values, truth) < 1e-6)
    #expect(
      scan.notices.map(\.code) == (sidecar.isEmpty && said == nil ? ["pdff-scale-by-range"] : []))
  }

  @Test("Undecided and wrong scales are refused")
  func wrongScales() throws {
    let folder = try ScanFolder()
    try folder.image("ff.nii", ScanFolder.magnitude(1).map { $0 / 2000 * 9 })
    expectFault(.pdffScaleUnknown, naming: "ff.nii") { try folder.load() }
    expectFault(.pdffOutOfScale, naming: "ff.nii") { try folder.load { $0.pdffScale = .fraction } }
    try folder.text("ff.json", #"{"Units": "arbitrary"}"#)
    expectFault(.pdffScaleUnknown, naming: "0...") { try folder.load() }
    // NaN outside the body is how maps say that there is nothing.
    try folder.image(
      "ff.nii", ScanFolder.magnitude(1).enumerated().map { $0 % 4 == 0 ? $1 / 20 : .nan })
    #expect(try folder.load().kind == .pdff)
  }
}
