import Volumes

/// What is seen of one phase image before its units are known.
struct PhaseImage: Sendable {
  /// Base name.
  let file: String
  /// Least and greatest finite value, slope and intercept applied; nil where there is none.
  let range: ClosedRange<Double>?
  let sidecar: Sidecar?
}

/// How phase values become angles: angle = (value * display + offset) * radiansPerUnit.
struct PhaseScale: Sendable, Equatable {
  let units: PhaseUnits
  /// Radians for one unit of the value, Philips' display factor of each image left out.
  let radiansPerUnit: Double
  /// Philips' precise values become displayed ones by the factor of their sidecar first.
  let usesDisplayFactor: Bool
}

/// Decides how phase is to be read, from all echoes together; what is not decided is refused.
enum PhaseEvidence {
  /// A way to write phase: what -pi and pi (or 0 and 2 pi) become.
  private struct Convention {
    let units: PhaseUnits
    let name: String
    let range: ClosedRange<Double>
    let radiansPerUnit: Double
  }

  private static let conventions: [Convention] = [
    Convention(
      units: .rad, name: "radians, -pi...pi", range: -Double.pi...Double.pi, radiansPerUnit: 1),
    Convention(
      units: .rad, name: "radians, 0...2 pi", range: 0...(2 * Double.pi), radiansPerUnit: 1),
    Convention(
      units: .siemens, name: "Siemens, -4096...4094 for -pi...pi", range: -4096...4096,
      radiansPerUnit: .pi / 4096),
    Convention(
      units: .siemens, name: "Siemens, 0...4095 for a full turn", range: 0...4096,
      radiansPerUnit: .pi / 2048),
    Convention(
      units: .mrad, name: "milliradians, -3142...3142", range: -3142...3142, radiansPerUnit: 1e-3),
    Convention(
      units: .mrad, name: "milliradians, 0...6283", range: 0...6284, radiansPerUnit: 1e-3),
    Convention(
      units: .deg, name: "degrees, -180...180", range: -180...180, radiansPerUnit: .pi / 180),
    Convention(units: .deg, name: "degrees, 0...360", range: 0...360, radiansPerUnit: .pi / 180),
  ]

  /// Values may pass a convention's ends by this share of its span (rounding, interpolation).
  private static let slack = 0.005
  /// Noise in air takes every angle: values that reach this near both ends, as a share of the
  /// span, decide for a convention by themselves.
  private static let filled = 0.01
  /// With other evidence (Units, manufacturer) this share of the span is enough.
  private static let supported = 0.5
  /// No echo may fill less than this share of the span: it would be in other units than the rest.
  private static let leastFilled = 0.05

  /// - Parameter said: `--phase-units`, which wins.
  /// - Throws: `phase-units-unknown` with what was seen.
  static func decide(
    _ images: [PhaseImage], said: PhaseUnits?
  ) throws(ScansError) -> (scale: PhaseScale, evidence: Evidence) {
    guard let seen = span(images, display: false) else {
      throw ScansError(.phaseUnitsUnknown, "the phase images hold no finite value")
    }
    if let said { return (try scale(said, seen), evidence(said.rawValue, "--phase-units")) }

    let units = try statedUnits(images)
    var candidates = fitting(seen, units: units, images: images, display: false)
    if let displayed = span(images, display: true), displayed != seen {
      candidates += fitting(displayed, units: units, images: images, display: true)
    }
    guard let best = candidates.first, candidates.count == 1 else {
      throw ScansError(
        .phaseUnitsUnknown, words(seen, units, images, candidates.map(\.convention.name)))
    }
    try checkEveryEcho(images, best.convention, display: best.display)
    return (
      PhaseScale(
        units: best.convention.units, radiansPerUnit: best.convention.radiansPerUnit,
        usesDisplayFactor: best.display),
      evidence(best.convention.name, best.source)
    )
  }

  private static func evidence(_ finding: String, _ source: String) -> Evidence {
    Evidence(about: "phase units", finding: finding, source: source)
  }

  /// The scale of units that a flag says. Unwrapped phase may pass the ends; values that no angle
  /// can be told from (more than 1000 turns) are refused.
  private static func scale(
    _ units: PhaseUnits, _ seen: ClosedRange<Double>
  ) throws(ScansError) -> PhaseScale {
    let radians: Double
    switch units {
    case .rad: radians = 1
    case .mrad: radians = 1e-3
    case .deg: radians = .pi / 180
    case .siemens: radians = seen.lowerBound < 0 ? .pi / 4096 : .pi / 2048
    }
    let turns = max(abs(seen.lowerBound), abs(seen.upperBound)) * radians / (2 * .pi)
    guard turns <= 1000 else {
      throw ScansError(
        .phaseUnitsUnknown, "values \(text(seen)) are no angles in \(units.rawValue)")
    }
    return PhaseScale(units: units, radiansPerUnit: radians, usesDisplayFactor: false)
  }

  private struct Candidate {
    let convention: Convention
    let display: Bool
    let source: String
  }

  /// Conventions that the values fill, or half fill where Units or the manufacturer speak for them.
  private static func fitting(
    _ seen: ClosedRange<Double>, units: PhaseUnits?, images: [PhaseImage], display: Bool
  ) -> [Candidate] {
    let how = display ? "range of the displayed values" : "range of the values"
    let usual = usualUnits(images)
    var strong: [Candidate] = []
    var weak: [Candidate] = []
    for convention in conventions where units == nil || units == convention.units {
      let span = convention.range.upperBound - convention.range.lowerBound
      let below = convention.range.lowerBound - seen.lowerBound
      let above = seen.upperBound - convention.range.upperBound
      guard below <= slack * span, above <= slack * span else { continue }
      let share = (seen.upperBound - seen.lowerBound) / span
      if below >= -filled * span, above >= -filled * span {
        let source = units == nil ? how : "sidecar key Units and \(how)"
        strong.append(Candidate(convention: convention, display: display, source: source))
      } else if share >= supported, units != nil || usual == convention.units {
        let source = units == nil ? "manufacturer and \(how)" : "sidecar key Units and \(how)"
        weak.append(Candidate(convention: convention, display: display, source: source))
      }
    }
    if !strong.isEmpty { return strong }
    // -pi...pi and 0...2 pi of one unit are read alike.
    var distinct: [Candidate] = []
    for candidate in weak
    where !distinct.contains(where: {
      $0.convention.radiansPerUnit == candidate.convention.radiansPerUnit
    }) {
      distinct.append(candidate)
    }
    return distinct
  }

  /// The units that a manufacturer exports phase in.
  private static func usualUnits(_ images: [PhaseImage]) -> PhaseUnits? {
    let makers = Set(images.compactMap { $0.sidecar?.manufacturer?.lowercased() })
    guard makers.count == 1, let maker = makers.first else { return nil }
    if maker.contains("siemens") { return .siemens }
    if maker.contains("philips") || maker.hasPrefix("ge") { return .mrad }
    return nil
  }

  /// The sidecars' Units; "arbitrary" says nothing.
  private static func statedUnits(_ images: [PhaseImage]) throws(ScansError) -> PhaseUnits? {
    var stated: [PhaseUnits: String] = [:]
    for image in images {
      guard let word = image.sidecar?.units?.lowercased() else { continue }
      switch word {
      case "rad", "radian", "radians": stated[.rad] = word
      case "mrad", "millirad", "milliradian", "milliradians": stated[.mrad] = word
      case "deg", "degree", "degrees": stated[.deg] = word
      case "arbitrary", "a.u.", "au", "": break
      default:
        throw ScansError(.phaseUnitsUnknown, "the sidecar's Units are \(word)", file: image.file)
      }
    }
    guard stated.count <= 1 else {
      throw ScansError(
        .phaseUnitsUnknown,
        "the sidecars' Units are \(stated.values.sorted().joined(separator: " and "))")
    }
    return stated.keys.first
  }

  private static func checkEveryEcho(
    _ images: [PhaseImage], _ convention: Convention, display: Bool
  ) throws(ScansError) {
    let span = convention.range.upperBound - convention.range.lowerBound
    for image in images {
      guard let seen = self.span([image], display: display) else { continue }
      guard seen.upperBound - seen.lowerBound >= leastFilled * span else {
        throw ScansError(
          .phaseUnitsUnknown,
          "this image's values are \(text(seen)), the others' reach over \(convention.name)",
          file: image.file)
      }
    }
  }

  private static func span(_ images: [PhaseImage], display: Bool) -> ClosedRange<Double>? {
    var whole: ClosedRange<Double>?
    for image in images {
      guard let range = image.range else { continue }
      let factor = display ? image.sidecar?.philipsDisplayFactor ?? 1 : 1
      let low = min(range.lowerBound * factor, whole?.lowerBound ?? .infinity)
      let high = max(range.upperBound * factor, whole?.upperBound ?? -.infinity)
      whole = low...high
    }
    return whole
  }

  private static func words(
    _ seen: ClosedRange<Double>, _ units: PhaseUnits?, _ images: [PhaseImage], _ names: [String]
  ) -> String {
    let makers = Set(images.compactMap { $0.sidecar?.manufacturer }).sorted()
    var said = ["values \(text(seen))"]
    said.append(units.map { "Units \($0.rawValue)" } ?? "no Units")
    said.append(
      makers.isEmpty ? "no manufacturer" : "manufacturer \(makers.joined(separator: " and "))")
    said.append(
      names.isEmpty
        ? "which fit no way to write phase"
        : "which fit \(names.joined(separator: " and "))")
    return said.joined(separator: ", ")
  }

  private static func text(_ range: ClosedRange<Double>) -> String {
    "\(FieldEvidence.short(range.lowerBound))...\(FieldEvidence.short(range.upperBound))"
  }
}
