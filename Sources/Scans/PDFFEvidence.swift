import Faults
import Volumes

/// Decides the scale of a vendor's PDFF map; what is not decided is refused.
///
/// A wrong scale is wrong by ten or a hundred. What is stated (a flag, `Units`) is held against the
/// values; where nothing is stated, only a body with subcutaneous fat decides, since that is known to
/// read 80...100 %. A range alone does not: 0...90 is a body in percent, or a liver in permille.
struct PDFFEvidence {
  /// What makes a fraction of a value.
  let factor: Double
  let evidence: Evidence
  let notices: [Notice]

  /// - Parameters:
  ///   - values: the map, shape (x, y, z), as stored with slope and intercept applied.
  ///   - said: `--pdff-scale`, which wins.
  /// - Throws: `pdff-scale-unknown`, `pdff-out-of-scale`, `too-many-non-finite`.
  static func decide(
    _ values: [Float], grid: VoxelGrid, sidecar: Sidecar?, said: PDFFScale?, file: String
  ) throws(ScansError) -> PDFFEvidence {
    guard let seen = Spread(values) else {
      throw ScansError(.tooManyNonFinite, "no value is finite", file: file)
    }
    let judge = PDFFScaleJudge(
      seen: seen, body: BodyFat(values, grid: grid), sidecar: sidecar, file: file)
    if let said { return try judge.flagged(said) }
    if let stated = try judge.statedScale() { return try judge.stated(stated) }
    return try judge.fromFat()
  }

  /// The 0.1 % and 99.9 % points of the finite values: single wild voxels decide nothing.
  struct Spread {
    let low: Double
    let high: Double

    init?(_ values: [Float]) {
      // A regular sample is enough to tell 1 from 100 from 1000.
      let step = max(1, values.count / 200_000)
      var sample = stride(from: 0, to: values.count, by: step).map { values[$0] }
        .filter(\.isFinite)
      guard !sample.isEmpty else { return nil }
      sample.sort()
      let last = sample.count - 1
      low = Double(sample[last / 1000])
      high = Double(sample[last - last / 1000])
    }

    var text: String { "\(FieldEvidence.short(low))...\(FieldEvidence.short(high))" }
  }
}

/// Weighs what is stated against what is seen.
private struct PDFFScaleJudge {
  let seen: PDFFEvidence.Spread
  let body: BodyFat?
  let sidecar: Sidecar?
  let file: String

  /// Philips' precise values: displayed = precise x RS x SS.
  private var display: Double { sidecar?.philipsDisplayFactor ?? 1 }

  /// A map that nowhere passes this share of its scale is in another one: noise alone does.
  private static let least = 0.015

  func flagged(_ scale: PDFFScale) throws(ScansError) -> PDFFEvidence {
    // The flag names the scale of the displayed map, unless fat says that values are stored in it.
    let isStored = mode(1 / scale.full) != nil && mode(display / scale.full) == nil
    let factor = isStored ? 1 / scale.full : display / scale.full
    try check(factor, scale)
    var notices: [Notice] = []
    if mode(factor) == nil, let other = fitting().first, fitting().count == 1 {
      let words =
        "--pdff-scale \(scale.rawValue), but \(fatWords(other)) is that of \(other.rawValue)"
      notices.append(Notice(ScansNotice.pdffScaleContradicted, words))
    }
    return result(scale, factor, "--pdff-scale, \(valueWords(factor))", notices)
  }

  func stated(_ scale: PDFFScale) throws(ScansError) -> PDFFEvidence {
    let factor = display / scale.full
    try check(factor, scale)
    if mode(factor) != nil {
      return result(scale, factor, "sidecar key Units, \(valueWords(factor))", [])
    }
    if let other = fitting().first, fitting().count == 1 {
      throw ScansError(
        .pdffScaleUnknown,
        "Units say \(scale.rawValue), but \(fatWords(other)) is that of \(other.rawValue)",
        file: file)
    }
    guard seen.high * factor >= Self.least else {
      throw ScansError(
        .pdffScaleUnknown, "Units say \(scale.rawValue), but the values are \(seen.text)",
        file: file)
    }
    return result(
      scale, factor, "sidecar key Units, values \(seen.text)",
      [Notice(ScansNotice.pdffScaleUnconfirmed, "\(scale.rawValue), values \(seen.text)")])
  }

  func fromFat() throws(ScansError) -> PDFFEvidence {
    let fitting = fitting()
    guard fitting.count == 1, let scale = fitting.first else {
      throw ScansError(.pdffScaleUnknown, unknownWords, file: file)
    }
    let factor = display / scale.full
    let source = valueWords(factor)
    return result(
      scale, factor, source,
      [Notice(ScansNotice.pdffScaleByRange, "\(scale.rawValue), \(source)")])
  }

  /// The sidecar's Units; "arbitrary" says nothing.
  func statedScale() throws(ScansError) -> PDFFScale? {
    switch sidecar?.units?.lowercased() {
    case nil, "arbitrary", "a.u.", "au", "": return nil
    case "percent", "%": return .percent
    case "fraction", "1", "ratio": return .fraction
    case "permille", "per mille", "‰": return .permille
    case let word?:
      throw ScansError(.pdffScaleUnknown, "the sidecar's Units are \(word)", file: file)
    }
  }

  // MARK: What is seen

  private func mode(_ factor: Double) -> Double? { body?.mode(factor: factor) }

  /// Scales in which the body's fat reads as fat does.
  private func fitting() -> [PDFFScale] {
    PDFFScale.allCases.filter { mode(display / $0.full) != nil }
  }

  private func fatWords(_ scale: PDFFScale) -> String {
    let stored = (mode(display / scale.full) ?? 0) * scale.full / display
    return "the subcutaneous fat's mode, \(FieldEvidence.short(stored)),"
  }

  private func valueWords(_ factor: Double) -> String {
    let fat = mode(factor).map {
      ", subcutaneous fat's mode at \(FieldEvidence.short(($0 * 1000).rounded() / 10)) %"
    }
    return "values \(seen.text)\(fat ?? ", no subcutaneous fat seen")"
  }

  private var unknownWords: String {
    let unsloped =
      seen.low >= 0 && (3500...4096).contains(seen.high)
      ? ", as stored by a scanner without a rescale slope" : ""
    let fat =
      body == nil
      ? "no body with subcutaneous fat is seen" : "subcutaneous fat reads 80...100 % in no scale"
    return "no Units, values \(seen.text)\(unsloped); \(fat)"
  }

  /// Noise passes both ends of the scale; what lies beyond twice the scale is of another scale.
  private func check(_ factor: Double, _ scale: PDFFScale) throws(ScansError) {
    guard seen.high * factor <= 2, seen.low * factor >= -1 else {
      throw ScansError(
        .pdffOutOfScale, "values \(seen.text), full scale is \(FieldEvidence.short(scale.full))",
        file: file)
    }
  }

  private func result(
    _ scale: PDFFScale, _ factor: Double, _ source: String, _ notices: [Notice]
  ) -> PDFFEvidence {
    let philips = factor * scale.full == 1 ? "" : ", times Philips' rescale and scale slopes"
    return PDFFEvidence(
      factor: factor,
      evidence: Evidence(about: "PDFF scale", finding: scale.rawValue + philips, source: source),
      notices: notices)
  }
}
