import Foundation
import Scans
import TestSupport
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

  // MARK: PDFF maps

  /// A body's width of water tissue around some fat, seeded noise of two points; or an organ of it.
  private static let wide = ScanFolder.grid(nx: 40, ny: 30, nz: 4, spacing: 10)

  /// - Parameter organ: only the middle of the body, a liver of 9 % fat and vessels without any.
  private func body(organ: Bool = false) -> [Float] {
    var generator = SeededGenerator(seed: 5)
    return (0..<Self.wide.count).map { index in
      let x = Double(index % 40) - 19.5
      let y = Double(index / 40 % 30) - 14.5
      let radius = ((x / 16) * (x / 16) + (y / 11) * (y / 11)).squareRoot()
      let noise = Float.random(in: -0.02...0.02, using: &generator)
      switch (organ, radius) {
      case (true, ..<0.2): return abs(noise)
      case (true, ..<0.6): return 0.09 + noise
      case (true, _), (_, 1...): return 0
      case (_, 0.8..<1): return 0.93 + noise
      default: return 0.04 + noise
      }
    }
  }

  private func load(
    _ values: [Float], _ sidecar: String? = nil, said: PDFFScale? = nil
  ) throws -> DixonScan {
    let folder = try ScanFolder()
    try folder.image("ff.nii", values, grid: Self.wide, sidecar)
    return try folder.load { $0.pdffScale = said }
  }

  private func fractions(_ scan: DixonScan) -> [Float] {
    guard case .pdff(let map) = scan.signal else { return [] }
    return map.values
  }

  @Test(
    "PDFF maps by subcutaneous fat, Units or flag",
    arguments: [
      (PDFFScale.percent, "", nil), (.fraction, "", nil), (.permille, "", nil),
      (.percent, #"{"Units": "percent"}"#, nil), (.permille, "", PDFFScale.permille),
    ])
  func maps(_ scale: PDFFScale, _ sidecar: String, _ said: PDFFScale?) throws {
    let truth = body()
    let scan = try load(
      truth.map { $0 * Float(scale.full) }, sidecar.isEmpty ? nil : sidecar, said: said)
    #expect(greatestDifference(fractions(scan), truth) < 1e-6)
    #expect(
      scan.notices.map(\.code) == (sidecar.isEmpty && said == nil ? ["pdff-scale-by-range"] : []))
    #expect(scan.finding("PDFF scale")?.source.contains("mode at 9") == true)
  }

  @Test("An organ alone decides nothing, however its range looks")
  func organs() throws {
    let truth = body(organ: true)
    for scale in PDFFScale.allCases {
      let values = truth.map { $0 * Float(scale.full) }
      expectFault(.pdffScaleUnknown, naming: "no body with subcutaneous fat") { try load(values) }
      let stated = try load(values, #"{"Units": "\#(scale.rawValue)"}"#)
      #expect(stated.notices.map(\.code) == ["pdff-scale-unconfirmed"])
      #expect(greatestDifference(fractions(stated), truth) < 1e-6)
    }
    // A fraction called a percentage: nobody's liver has 0.1 %.
    expectFault(.pdffScaleUnknown, naming: "Units say percent") {
      try load(truth, #"{"Units": "percent"}"#)
    }
  }

  @Test("What is stated is held against the fat that is seen")
  func contradictions() throws {
    let permille = body().map { $0 * 1000 }
    expectFault(.pdffOutOfScale, naming: "ff.nii") {
      try load(permille, #"{"Units": "percent"}"#)
    }
    expectFault(.pdffScaleUnknown, naming: "that of fraction") {
      try load(body(), #"{"Units": "percent"}"#)
    }
    // The flag wins, and the contradiction is said.
    let flagged = try load(body(), said: .percent)
    #expect(flagged.notices.map(\.code) == ["pdff-scale-contradicted"])
  }

  @Test("Philips' precise values are turned back to displayed ones", arguments: [0.1, 1.13, 10])
  func precise(_ factor: Double) throws {
    let truth = body()
    let keys =
      #"{"Manufacturer": "Philips", "UsePhilipsFloatNotDisplayScaling": 1, "#
      + #""PhilipsRescaleSlope": 0.025, "PhilipsScaleSlope": \#(factor / 0.025)}"#
    let values = truth.map { Float(Double($0) * 100 / factor) }
    for said in [nil, PDFFScale.percent] {
      let scan = try load(values, keys, said: said)
      #expect(greatestDifference(fractions(scan), truth) < 1e-5)
    }
  }

  @Test("Undecided and wrong scales are refused")
  func wrongScales() throws {
    expectFault(.pdffScaleUnknown, naming: "without a rescale slope") {
      try load(body().map { ($0 / 0.95 * 4095).rounded() })
    }
    expectFault(.pdffOutOfScale, naming: "ff.nii") {
      try load(body().map { $0 * 900 }, said: .fraction)
    }
    expectFault(.pdffScaleUnknown, naming: "0...") {
      try load(body().map { $0 * 450 }, #"{"Units": "arbitrary"}"#)
    }
    // NaN outside the body is how maps say that there is nothing.
    #expect(try load(body().map { $0 == 0 ? .nan : $0 * 100 }).kind == .pdff)
  }
}
