/// How far a scanner may be off and still be corrected; in percent and percentage points.
///
/// Published phantoms: slopes 0.96-1.02, intercepts -0.56...1.13, R2 over 0.995 over seven sites
/// (Hernando 2017, 10.1002/mrm.26228); vendors' maps off by up to -2.7 points. The limits lie about twice
/// as far out: a scanner that is further off has another problem than calibration.
public enum LedgerLimits {
  public static let slope = 0.9...1.1
  public static let intercept = -5.0...5.0
  /// R2 of 0.995 over vials spread evenly from 0 to 100 % is a residual of 2 points.
  public static let residualSD = 2.0
  /// A line is refused where the test rejects it at this level and the departure is over
  /// `departure`: tests of precise phantoms see departures that are none for a tumour.
  public static let significance = 0.05
  /// Between sites the mean bias was 0.07-0.38 points.
  public static let departure = 0.5

  /// Throws with every reason for which a scanner's line is not taken.
  static func check(_ line: ScannerLine) throws(LedgerError) {
    let test = line.linearity
    if test.pValue < significance, test.departurePercent > departure {
      throw LedgerError(
        .notLinear,
        "\(test.words), off the line by up to \(shown(test.departurePercent)) points (limits:"
          + " p \(shown(significance)) with \(shown(departure)) points)")
    }
    var reasons: [String] = []
    func take(_ name: String, _ value: Double, _ limits: ClosedRange<Double>) {
      guard !limits.contains(value) else { return }
      let ends = "\(shown(limits.lowerBound)) to \(shown(limits.upperBound))"
      reasons.append("\(name) \(shown(value)), limits \(ends)")
    }
    take("slope", line.slope.value, slope)
    take("intercept", line.intercept.value, intercept)
    take("residual SD", line.residualSD, 0...residualSD)
    guard reasons.isEmpty else {
      throw LedgerError(.tooFarOff, reasons.joined(separator: "; "))
    }
  }
}

extension LinearityTest {
  /// "lack of fit F(3, 5) = 12.1, p = 0.01".
  public var words: String {
    let name = kind == .lackOfFit ? "lack of fit" : "quadratic term"
    let p = pValue < 0.001 ? "p < 0.001" : "p = \(shown(pValue))"
    return "\(name) F(\(numeratorDegrees), \(denominatorDegrees)) = \(shown(statistic)), \(p)"
  }
}

/// Up to three decimals, for messages.
func shown(_ value: Double) -> String {
  guard abs(value) < 1e9 else { return value > 0 ? "over 1000000000" : "below -1000000000" }
  let rounded = (value * 1000).rounded() / 1000
  return rounded == rounded.rounded() ? String(Int(rounded)) : String(rounded)
}
