import Statistics

/// The line that a scanner's measurements of a phantom follow, in percent:
///
///     measured = a + b x reference + deviation
///
/// by least squares over all measurements. The residual standard deviation says how far a single
/// measurement lies from the line.
public struct ScannerLine: Sendable, Equatable {
  /// A coefficient with its standard error and 95 % interval (Student's t).
  public struct Coefficient: Sendable, Equatable {
    public let value: Double
    public let standardError: Double
    public let low: Double
    public let high: Double
  }

  /// a, percent.
  public let intercept: Coefficient
  /// b.
  public let slope: Coefficient
  /// Covariance of a and b, percent.
  public let covariance: Double
  /// Of what the errors of a and b rest on.
  public let degreesOfFreedom: Int
  /// Standard deviation of a measurement from the line, percentage points; n - 2.
  public let residualSD: Double
  /// Standard deviation of repeated measurements of a vial, percentage points; nil without repeats.
  public let repeatabilitySD: Double?
  public let linearity: LinearityTest
  /// The phantom's fat fractions, percent.
  public let range: ClosedRange<Double>

  /// Where repeats of a vial agree better than vials lie on the line, what puts a vial off the line is
  /// shared by its repeats: a vial then counts once, that is, the errors of a and b rest on the mean
  /// square of the lack of fit (levels - 2) instead of the residuals' (n - 2).
  ///
  /// Throws where there are fewer than five levels.
  public init(_ vials: [Vial]) throws(LedgerError) {
    let levels = Set(vials.map(\.referencePercent)).sorted()
    guard let least = levels.first, let most = levels.last, levels.count >= 5 else {
      throw LedgerError(
        .tooFewLevels, "\(levels.count) different reference values; five are needed")
    }
    let x = vials.map(\.referencePercent)
    let y = vials.map(\.measuredPercent)
    let fit = PolynomialFit(x, y, degree: 1)
    let squares = SquaresOfLevels(vials, fit: fit)
    linearity = LinearityTest(vials, line: fit, squares: squares)
    let n = Double(vials.count)
    let residual = fit.residualSquares / (n - 2)
    var (scale, degrees) = (residual, vials.count - 2)
    if squares.pureDegrees > 0, squares.lackOfFit / Double(squares.lackDegrees) > residual {
      (scale, degrees) = (squares.lackOfFit / Double(squares.lackDegrees), squares.lackDegrees)
    }
    let quantile = StudentT(degreesOfFreedom: Double(degrees)).quantile(0.975)
    func coefficient(_ k: Int) -> Coefficient {
      let error = (scale * fit.inverse[k][k]).squareRoot()
      let value = fit.coefficients[k]
      return Coefficient(
        value: value, standardError: error, low: value - quantile * error,
        high: value + quantile * error)
    }
    intercept = coefficient(0)
    slope = coefficient(1)
    covariance = scale * fit.inverse[0][1]
    degreesOfFreedom = degrees
    residualSD = residual.squareRoot()
    repeatabilitySD =
      squares.pureDegrees > 0
      ? (squares.pure / Double(squares.pureDegrees)).squareRoot() : nil
    range = least...most
  }

  init(
    intercept: Coefficient, slope: Coefficient, covariance: Double, degreesOfFreedom: Int,
    residualSD: Double, repeatabilitySD: Double?, linearity: LinearityTest,
    range: ClosedRange<Double>
  ) {
    self.intercept = intercept
    self.slope = slope
    self.covariance = covariance
    self.degreesOfFreedom = degreesOfFreedom
    self.residualSD = residualSD
    self.repeatabilitySD = repeatabilitySD
    self.linearity = linearity
    self.range = range
  }
}

/// Sums of squares within and between levels of a phantom.
struct SquaresOfLevels {
  /// Of measurements around their level's mean.
  var pure = 0.0
  var pureDegrees = 0
  /// Of levels' means around the line, each as often as it was measured.
  var lackOfFit = 0.0
  var lackDegrees: Int
  /// Farthest mean from the line, percentage points.
  var farthest = 0.0

  init(_ vials: [Vial], fit: PolynomialFit) {
    let levels = Dictionary(grouping: vials, by: \.referencePercent)
    lackDegrees = levels.count - 2
    pureDegrees = vials.count - levels.count
    for (reference, members) in levels.sorted(by: { $0.key < $1.key }) {
      let values = members.map(\.measuredPercent)
      let mean = values.reduce(0, +) / Double(values.count)
      pure += values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let off = mean - fit.value(at: reference)
      lackOfFit += Double(values.count) * off * off
      farthest = max(farthest, abs(off))
    }
  }
}
