import Statistics

/// Whether a phantom's measurements follow a line.
public struct LinearityTest: Sendable, Equatable {
  public enum Kind: String, Sendable {
    /// With repeats: F = (lack of fit / (levels - 2)) / (pure error / (n - levels)).
    case lackOfFit = "lack-of-fit"
    /// Without: F = (c / standard error of c)^2 of measured = a + b x + c x^2, with 1 and n - 3.
    case quadraticTerm = "quadratic-term"
  }

  public let kind: Kind
  /// F.
  public let statistic: Double
  public let numeratorDegrees: Int
  public let denominatorDegrees: Int
  public let pValue: Double
  /// How far the levels' means, or the parabola within the phantom's range, lie from the line at most,
  /// percentage points.
  public let departurePercent: Double

  init(_ vials: [Vial], line: PolynomialFit, squares: SquaresOfLevels) {
    if squares.pureDegrees > 0 {
      kind = .lackOfFit
      numeratorDegrees = squares.lackDegrees
      denominatorDegrees = squares.pureDegrees
      statistic = Self.ratio(
        squares.lackOfFit / Double(squares.lackDegrees), squares.pure / Double(squares.pureDegrees))
      departurePercent = squares.farthest
    } else {
      let x = vials.map(\.referencePercent)
      let parabola = PolynomialFit(x, vials.map(\.measuredPercent), degree: 2)
      kind = .quadraticTerm
      numeratorDegrees = 1
      denominatorDegrees = vials.count - 3
      statistic = Self.ratio(
        max(0, line.residualSquares - parabola.residualSquares),
        parabola.residualSquares / Double(denominatorDegrees))
      let (low, high) = (x.min() ?? 0, x.max() ?? 0)
      departurePercent =
        (0...100).map { low + (high - low) * Double($0) / 100 }
        .map { abs(parabola.value(at: $0) - line.value(at: $0)) }.max() ?? 0
    }
    // Without any error every departure is certain, and none is none.
    pValue =
      statistic.isFinite
      ? FisherF(
        numeratorDegrees: Double(numeratorDegrees), denominatorDegrees: Double(denominatorDegrees)
      ).survival(statistic) : 0
  }

  init(
    kind: Kind, statistic: Double, numeratorDegrees: Int, denominatorDegrees: Int, pValue: Double,
    departurePercent: Double
  ) {
    self.kind = kind
    self.statistic = statistic
    self.numeratorDegrees = numeratorDegrees
    self.denominatorDegrees = denominatorDegrees
    self.pValue = pValue
    self.departurePercent = departurePercent
  }

  /// a / b where b may be nothing but rounding (percent squared); largest number for a certain one.
  private static func ratio(_ a: Double, _ b: Double) -> Double {
    let rounding = 1e-18
    if b > rounding { return a / b }
    return a > 1e3 * rounding ? 1e12 : 0
  }
}

/// A polynomial by least squares, y = c_0 + c_1 x + ...; values in percent.
struct PolynomialFit {
  let coefficients: [Double]
  /// (X^T X)^-1, shape (degree + 1, degree + 1).
  let inverse: [[Double]]
  let residualSquares: Double

  /// - Parameters:
  ///   - x: at least degree + 1 different values.
  ///   - degree: 1 or 2.
  init(_ x: [Double], _ y: [Double], degree: Int) {
    // Around the mean the equations are well conditioned; then back to powers of x.
    let center = x.reduce(0, +) / Double(x.count)
    let size = degree + 1
    func powers(_ value: Double) -> [Double] {
      (0..<size).map { k in (0..<k).reduce(1.0) { product, _ in product * (value - center) } }
    }
    var normal = Array(repeating: [Double](repeating: 0, count: size), count: size)
    var right = [Double](repeating: 0, count: size)
    for (x, y) in zip(x, y) {
      let row = powers(x)
      for i in 0..<size {
        right[i] += row[i] * y
        for j in 0..<size { normal[i][j] += row[i] * row[j] }
      }
    }
    let centered = Self.inverted(normal)
    let solved = centered.map { zip($0, right).reduce(0) { $0 + $1.0 * $1.1 } }
    residualSquares = zip(x, y).reduce(0) { sum, point in
      let fitted = zip(powers(point.0), solved).reduce(0) { $0 + $1.0 * $1.1 }
      return sum + (point.1 - fitted) * (point.1 - fitted)
    }
    // (x - m)^k as powers of x: T turns centred coefficients into plain ones.
    let m = center
    let table: [[Double]] = [[1, -m, m * m], [0, 1, -2 * m], [0, 0, 1]]
    let turn = table.prefix(size).map { Array($0.prefix(size)) }
    coefficients = turn.map { zip($0, solved).reduce(0) { $0 + $1.0 * $1.1 } }
    inverse = turn.map { left in
      turn.map { right in
        (0..<size).reduce(0.0) { sum, i in
          sum + (0..<size).reduce(0.0) { $0 + left[i] * centered[i][$1] * right[$1] }
        }
      }
    }
  }

  func value(at x: Double) -> Double { coefficients.reversed().reduce(0) { $0 * x + $1 } }

  /// Gauss-Jordan elimination of a symmetric positive definite matrix.
  private static func inverted(_ matrix: [[Double]]) -> [[Double]] {
    let n = matrix.count
    var rows = (0..<n).map { i in matrix[i] + (0..<n).map { $0 == i ? 1 : 0 } }
    for k in 0..<n {
      let pivot = rows[k][k]
      rows[k] = rows[k].map { $0 / pivot }
      for i in 0..<n where i != k {
        let factor = rows[i][k]
        rows[i] = zip(rows[i], rows[k]).map { $0 - factor * $1 }
      }
    }
    return rows.map { Array($0.suffix(n)) }
  }
}
