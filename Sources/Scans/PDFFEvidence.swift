import Volumes

/// Decides the scale of a vendor's PDFF map; what is not decided is refused.
enum PDFFEvidence {
  /// - Parameters:
  ///   - values: the map, shape (x, y, z), as stored with slope and intercept applied.
  ///   - said: `--pdff-scale`, which wins.
  /// - Returns: the factor that makes a fraction of a value.
  /// - Throws: `pdff-scale-unknown`, `pdff-out-of-scale`.
  static func decide(
    _ values: [Float], sidecar: Sidecar?, said: PDFFScale?, file: String
  ) throws(ScansError) -> (factor: Double, evidence: Evidence, byRangeAlone: Bool) {
    let seen = Spread(values)
    guard let seen else { throw ScansError(.tooManyNonFinite, "no value is finite", file: file) }
    var stated = said
    if stated == nil { stated = try statedScale(sidecar, file: file) }
    // Philips' precise values: displayed = precise x RS x SS.
    let display = said == nil ? sidecar?.philipsDisplayFactor ?? 1 : 1
    if let scale = stated {
      let factor = display / scale.full
      try check(seen, factor, scale, file: file)
      return (
        factor, evidence(scale, said == nil ? "sidecar key Units" : "--pdff-scale", display), false
      )
    }
    let fitting = PDFFScale.allCases.filter { scale in
      let high = seen.high * display / scale.full
      return (0.4...1.6).contains(high) && seen.low * display / scale.full > -0.6
    }
    guard fitting.count == 1, let scale = fitting.first else {
      throw ScansError(.pdffScaleUnknown, "values \(seen.text)", file: file)
    }
    return (
      display / scale.full, evidence(scale, "range of the values, \(seen.text)", display), true
    )
  }

  private static func evidence(
    _ scale: PDFFScale, _ source: String, _ display: Double
  ) -> Evidence {
    let philips = display == 1 ? "" : ", times Philips' rescale and scale slopes"
    return Evidence(about: "PDFF scale", finding: scale.rawValue + philips, source: source)
  }

  private static func statedScale(
    _ sidecar: Sidecar?, file: String
  ) throws(ScansError) -> PDFFScale? {
    switch sidecar?.units?.lowercased() {
    case nil, "arbitrary", "a.u.", "au", "": return nil
    case "percent", "%": return .percent
    case "fraction", "1", "ratio": return .fraction
    case "permille", "per mille", "‰": return .permille
    case let word?:
      throw ScansError(.pdffScaleUnknown, "the sidecar's Units are \(word)", file: file)
    }
  }

  /// Noise passes both ends of the scale; what lies beyond twice the scale is of another scale.
  private static func check(
    _ seen: Spread, _ factor: Double, _ scale: PDFFScale, file: String
  ) throws(ScansError) {
    guard seen.high * factor <= 2, seen.low * factor >= -1 else {
      throw ScansError(
        .pdffOutOfScale, "values \(seen.text), full scale is \(FieldEvidence.short(scale.full))",
        file: file)
    }
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
