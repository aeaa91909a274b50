import Foundation
import Statistics

/// What a sample can show, before there are data: the intervals that are to be expected, and how many
/// participants a stated half-width needs.
///
/// One assumption makes a whole table of a kappa and the classes' shares: with probability kappa call
/// and tissue agree, otherwise they are independent, with the same shares:
///
///     p_ij = kappa pi_i [i = j] + (1 - kappa) pi_i pi_j
///
/// Then Cohen's kappa is `kappa` under all weights. Where real disagreements lie beside each other,
/// weighted kappas are a little more precise than this says.
public struct SamplePlan: Sendable, Equatable {
  public let classes: [String]
  public let kappa: Double
  /// Adds up to 1.
  public let prevalence: [Double]
  /// Participants with a determinate call and tissue.
  public let n: Int
  /// p_ij.
  public let shares: SquareTable
  public let level: Double

  public enum Fault: Error, Equatable {
    /// Not above -1 and below 1, or such that a cell would be negative.
    case kappa
    /// Fewer than two, a share not above 0, or a sum that is not 1 within 1e-6.
    case prevalence
    /// Fewer than two participants.
    case count
  }

  public init(
    classes: [String], kappa: Double, prevalence: [Double], n: Int, level: Double = 0.95
  ) throws(Fault) {
    guard classes.count == prevalence.count, prevalence.count > 1,
      prevalence.allSatisfy({ $0 > 0 }), abs(prevalence.reduce(0, +) - 1) < 1e-6
    else { throw .prevalence }
    guard n > 1 else { throw .count }
    let sum = prevalence.reduce(0, +)
    let pi = prevalence.map { $0 / sum }
    let shares = SquareTable(size: pi.count) { i, j in
      (i == j ? kappa * pi[i] : 0) + (1 - kappa) * pi[i] * pi[j]
    }
    guard kappa > -1, kappa < 1, shares.elements.allSatisfy({ $0 >= 0 }) else { throw .kappa }
    self.classes = classes
    self.kappa = kappa
    self.prevalence = pi
    self.n = n
    self.shares = shares
    self.level = level
  }
}

/// One planned figure: what is to be expected at n, and what a half-width needs.
public struct Expectation: Sendable, Equatable {
  public let name: String
  /// What is assumed to be true.
  public let value: Double
  /// How many of the n participants it rests on, on average.
  public let count: Int
  /// Mean limits over samples; left out where nobody is expected.
  public let interval: Figure<Interval>
  public let method: Method
}

extension SamplePlan {
  /// kappa +- z sqrt(v / n), v of Fleiss, Cohen and Everitt; one for each of the weights.
  public var kappas: [Expectation] {
    weights.map { weights in
      let error = (unitVariance(weights) / Double(n)).squareRoot()
      return Expectation(
        name: weights.rawValue, value: kappa, count: n,
        interval: .value(
          Interval.wald(kappa, standardError: error, level: level).clamped(to: -1...1)),
        method: .plannedKappa)
    }
  }

  /// The n with z sqrt(v / n) at most the half-width.
  ///
  /// - Parameter halfWidth: above 0.
  public func neededForKappa(_ weights: AgreementWeights, halfWidth: Double) -> Int {
    let z = Normal().quantile(0.5 + level / 2)
    return max(Int((z * z * unitVariance(weights) / (halfWidth * halfWidth)).rounded(.up)), 2)
  }

  /// Where both have two classes all weights are the same.
  public var weights: [AgreementWeights] {
    classes.count == 2 ? [.unweighted] : AgreementWeights.allCases
  }

  private func unitVariance(_ weights: AgreementWeights) -> Double {
    // Every share of a class is above 0, so that kappa is defined.
    Kappa.unitVariance(shares, weights.matrix(classes: classes.count)) ?? .nan
  }

  /// Accuracy, and of each class sensitivity, specificity and predictive values, with the mean limits
  /// of Clopper and Pearson.
  public var proportions: [Expectation] {
    planned.map { item in
      let count = Int((item.share * Double(n)).rounded())
      return Expectation(
        name: item.name, value: item.value, count: count,
        interval: count > 0
          ? .value(Self.meanLimits(item.value, count, level: level))
          : .leftOut("nobody is expected"),
        method: .clopperPearson)
    }
  }

  /// The n with a mean half-width of Clopper and Pearson of at most `halfWidth`, in the order of
  /// `proportions`.
  ///
  /// - Parameter halfWidth: above 0 and below 0.5.
  public func neededForProportions(halfWidth: Double) -> [Int] {
    planned.map { item in
      var (low, high) = (0, 1)
      while Self.meanLimits(item.value, high, level: level).halfWidth > halfWidth {
        (low, high) = (high, high * 2)
      }
      // The mean half-width falls with n, so that halving finds the first that suffices.
      while high - low > 1 {
        let middle = (low + high) / 2
        if Self.meanLimits(item.value, middle, level: level).halfWidth > halfWidth {
          low = middle
        } else {
          high = middle
        }
      }
      return Int((Double(high) / item.share).rounded(.up))
    }
  }

  /// What is planned, and the share of participants on whom it rests.
  private var planned: [(name: String, value: Double, share: Double)] {
    let right = classes.indices.reduce(0) { $0 + shares[$1, $1] }
    return [("accuracy", right, 1)]
      + classes.indices.flatMap { k in
        let (both, pi) = (shares[k, k], prevalence[k])
        // Calls have the same shares as tissue, so that predictive values repeat sensitivity and
        // specificity.
        return [
          ("sensitivity \(classes[k])", both / pi, pi),
          ("specificity \(classes[k])", (1 - 2 * pi + both) / (1 - pi), 1 - pi),
          ("positive predictive value \(classes[k])", both / pi, pi),
          ("negative predictive value \(classes[k])", (1 - 2 * pi + both) / (1 - pi), 1 - pi),
        ]
      }
  }

  /// Means of both limits over the binomial distribution; tails beyond 1e-12 are nothing.
  static func meanLimits(_ p: Double, _ n: Int, level: Double) -> Interval {
    let binomial = Binomial(trials: n, probability: p)
    let centre = Int((Double(n) * p).rounded())
    var (lower, upper, sum) = (0.0, 0.0, 0.0)
    func add(_ k: Int) -> Bool {
      let mass = binomial.mass(k)
      let limits = Proportion.clopperPearson(k, of: n, level: level)
      lower += mass * limits.lower
      upper += mass * limits.upper
      sum += mass
      return mass > 1e-12
    }
    var k = centre
    while k <= n, add(k) { k += 1 }
    k = centre - 1
    while k >= 0, add(k) { k -= 1 }
    return Interval(lower: lower / sum, upper: upper / sum, level: level)
  }
}

extension SamplePlan {
  /// The area under the curve of one cut: the variance of Hanley and McNeil (Radiology 1982;143:29),
  /// which assumes values that are spread exponentially in both groups,
  ///
  ///     v = (A (1 - A) + (m - 1)(A / (2 - A) - A^2) + (k - 1)(2 A^2 / (1 + A) - A^2)) / (m k)
  ///
  /// with m positives and k negatives; the interval on the logit scale, as that of the figure.
  ///
  /// - Parameters:
  ///   - area: above 0 and below 1.
  ///   - cut: 1..<classes.count; classes from there on are the positives.
  public func area(_ area: Double, cut: Int) -> Expectation {
    let positives = prevalence[cut...].reduce(0, +)
    let (m, k) = ((Double(n) * positives).rounded(), (Double(n) * (1 - positives)).rounded())
    let name =
      "\(classes[..<cut].joined(separator: ", ")) | \(classes[cut...].joined(separator: ", "))"
    guard m >= 1, k >= 1 else {
      return Expectation(
        name: name, value: area, count: n, interval: .leftOut("nobody is expected on one side"),
        method: .plannedArea)
    }
    let squared = area * area
    let variance =
      (area * (1 - area) + (m - 1) * (area / (2 - area) - squared)
        + (k - 1) * (2 * squared / (1 + area) - squared)) / (m * k)
    return Expectation(
      name: name, value: area, count: n,
      interval: LogitInterval.figure(area, standardError: variance.squareRoot(), level: level),
      method: .plannedArea)
  }
}

extension Method {
  public static let plannedKappa = Method(
    "large-sample variance of kappa",
    reference: "Fleiss JL, Cohen J, Everitt BS. Psychol Bull 1969;72:323-327")
  public static let plannedArea = Method(
    "Hanley and McNeil's variance, interval on the logit scale",
    reference: "Hanley JA, McNeil BJ. Radiology 1982;143:29-36")
}
