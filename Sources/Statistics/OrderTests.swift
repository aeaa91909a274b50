import Foundation

/// A test's statistic with its reference distribution's tail.
public struct TestResult: Sendable, Equatable {
  public let statistic: Double
  public let degreesOfFreedom: Double
  /// Two-sided, or of the one side that the test names.
  public let p: Double

  public init(statistic: Double, degreesOfFreedom: Double, p: Double) {
    self.statistic = statistic
    self.degreesOfFreedom = degreesOfFreedom
    self.p = p
  }

  /// Twice the difference of two log-likelihoods against chi-squared.
  public static func likelihoodRatio(full: Double, restricted: Double, degreesOfFreedom: Double)
    -> TestResult
  {
    let statistic = max(2 * (full - restricted), 0)
    return TestResult(
      statistic: statistic, degreesOfFreedom: degreesOfFreedom,
      p: ChiSquared(degreesOfFreedom: degreesOfFreedom).survival(statistic))
  }
}

/// Brant's test of proportional odds (Biometrics 1990;46:1171): are the slopes of the logistic
/// regressions of Y > 1, Y > 2, ... equal? Wald's statistic with the slopes' joint covariance,
///
///     Cov(b_j, b_l) = (X' W_jj X)^-1 X' W_jl X (X' W_ll X)^-1,  W_jl = pi_l (1 - pi_j), j <= l
///
/// with pi_j the fitted P(Y > j). Covariates are taken as exact.
public enum BrantTest {
  /// nil where one of the regressions has no maximum.
  ///
  /// - Parameters: as for `CategoricalFit`, three classes.
  public static func test(categories: [Int], covariates: [[Double]]) -> TestResult? {
    let width = (covariates.first?.count ?? 0) + 1
    var slopes: [[Double]] = []
    var above: [[Double]] = []
    for cut in 0..<2 {
      guard
        let fit = try? CategoricalFit<MultinomialLogit>(
          categories: categories.map { $0 > cut ? 1 : 0 }, covariates: covariates, classes: 2)
      else { return nil }
      slopes.append(Array(fit.parameters[1...]))
      above.append(
        covariates.map { z in
          1 / (1 + exp(-zip(fit.parameters, [1] + z).reduce(0) { $0 + $1.0 * $1.1 }))
        })
    }
    func information(_ j: Int, _ l: Int) -> SmallMatrix {
      var sum = SmallMatrix(size: width)
      for (row, z) in covariates.enumerated() {
        let x = [1] + z
        let weight = above[l][row] * (1 - above[j][row])
        for a in 0..<width {
          for b in 0..<width { sum[a, b] += weight * x[a] * x[b] }
        }
      }
      return sum
    }
    guard let first = information(0, 0).cholesky()?.inverse(),
      let second = information(1, 1).cholesky()?.inverse()
    else { return nil }
    let cross = first * information(0, 1) * second
    let chosen = Array(1..<width)
    var variance = SmallMatrix(size: width - 1)
    for (i, a) in chosen.enumerated() {
      for (j, b) in chosen.enumerated() {
        variance[i, j] = first[a, b] + second[a, b] - cross[a, b] - cross[b, a]
      }
    }
    let difference = zip(slopes[0], slopes[1]).map { $0 - $1 }
    guard let solved = variance.cholesky()?.solve(difference) else { return nil }
    let statistic = zip(difference, solved).reduce(0) { $0 + $1.0 * $1.1 }
    let degrees = Double(width - 1)
    return TestResult(
      statistic: statistic, degreesOfFreedom: degrees,
      p: ChiSquared(degreesOfFreedom: degrees).survival(statistic))
  }
}

/// Welch's test that the mean of one sample exceeds that of another.
public enum WelchTest {
  /// One-sided; nil for a sample of fewer than two, or where both are constant.
  public static func exceeds(_ larger: [Double], _ smaller: [Double]) -> TestResult? {
    let (a, b) = (Sample(larger), Sample(smaller))
    let (va, vb) = (a.variance / Double(a.count), b.variance / Double(b.count))
    guard a.count > 1, b.count > 1, va + vb > 0 else { return nil }
    let statistic = (a.mean - b.mean) / (va + vb).squareRoot()
    let degrees =
      (va + vb) * (va + vb) / (va * va / Double(a.count - 1) + vb * vb / Double(b.count - 1))
    return TestResult(
      statistic: statistic, degreesOfFreedom: degrees,
      p: StudentT(degreesOfFreedom: degrees).survival(statistic))
  }
}
