import Statistics

/// Agreement of determinate calls with tissue beyond chance.
public struct KappaFigures: Sendable, Equatable {
  /// One set of weights, with both coefficients.
  public struct Weighted: Sendable, Equatable {
    public let weights: AgreementWeights
    /// As they stand beside the figure.
    public let matrix: SquareTable
    /// Cohen's, with the bootstrap's interval.
    public let kappa: Figure<Estimate>
    /// Gwet's AC1 (unweighted) or AC2.
    public let gwet: Figure<Estimate>
  }

  /// Determinate calls that are not the tissue's.
  public let disagreements: Int

  /// What is to be said beside the intervals where few pairs disagree; nil where enough do. Of nominal
  /// 95 % intervals at kappa 0.9 and n = 86, where six do, 88 to 98 % hold the truth
  /// (docs/validation-statistics.md).
  public var remark: String? {
    disagreements < Self.enoughDisagreements
      ? "approximate: only \(disagreements) of the calls disagree with tissue, and the error of an "
        + "agreement is known by its disagreements"
      : nil
  }

  static let enoughDisagreements = 10

  /// Unweighted, linear, quadratic; for two classes, where they are the same, unweighted alone.
  public let weighted: [Weighted]

  /// - Parameters:
  ///   - resamples: of the bootstrap; all weights share them.
  public init(
    _ table: ConfusionTable, resamples: Int = 10_000, seed: UInt64 = 1, level: Double = 0.95
  ) {
    let size = table.classes.count
    disagreements = table.determinate - table.right
    let kinds: [AgreementWeights] = size == 2 ? [.unweighted] : AgreementWeights.allCases
    let matrices = kinds.map { $0.matrix(classes: size) }
    let bootstrap = KappaBootstrap(table.counts, matrices, resamples: resamples, seed: seed)
    weighted = kinds.indices.map { index in
      Weighted(
        weights: kinds[index], matrix: matrices[index],
        kappa: bootstrap.figure(index, level: level),
        gwet: GwetCoefficient.figure(table.counts, kinds[index], level: level))
    }
  }
}

/// Bootstrap of kappas of one table under several weights. Participants of one pair are alike, so
/// that a sample is the number of each pair, and one is left out for each pair, not participant.
struct KappaBootstrap {
  private let cells: [Double]
  private let weights: [SquareTable]
  /// By weights; NaN where a sample lies in one class.
  private let replicates: [[Double]]
  private var n: Int { Int(cells.reduce(0, +)) }

  init(_ counts: [[Int]], _ weights: [SquareTable], resamples: Int, seed: UInt64) {
    cells = counts.flatMap { $0.map { Double($0) } }
    self.weights = weights
    let members = cells.enumerated().flatMap { [UInt8](repeating: UInt8($0), count: Int($1)) }
    guard members.count > 1 else {
      replicates = weights.map { _ in [] }
      return
    }
    var resampler = Resampler(seed: seed)
    var all = weights.map { _ in [Double]() }
    for index in all.indices { all[index].reserveCapacity(resamples) }
    let size = counts.count
    withUnsafeTemporaryAllocation(of: Double.self, capacity: size * size + 2 * size) { memory in
      let drawn = UnsafeMutableBufferPointer(rebasing: memory[..<(size * size)])
      let margins = UnsafeMutableBufferPointer(rebasing: memory[(size * size)...])
      for _ in 0..<resamples {
        resampler.draw(members, into: drawn)
        for (index, table) in weights.enumerated() {
          all[index].append(
            Kappa.value(
              UnsafeBufferPointer(drawn), table.elements, size: size, margins: margins))
        }
      }
    }
    replicates = all
  }

  func figure(_ index: Int, level: Double) -> Figure<Estimate> {
    guard n > 0 else { return .leftOut("there are no pairs") }
    guard let value = Kappa.value(cells, weights[index]) else {
      return .leftOut("calls and tissue all lie in one class, where chance explains everything")
    }
    return .value(
      Estimate(
        value: value, interval: interval(value, index, level: level), n: n,
        method: .biasCorrectedBootstrap))
  }

  private func interval(_ value: Double, _ index: Int, level: Double) -> Figure<Interval> {
    guard n > 1 else { return .leftOut("one pair has no spread") }
    let defined = replicates[index].filter { $0.isFinite }
    guard Double(defined.count) >= 0.99 * Double(replicates[index].count) else {
      return .leftOut(
        "kappa is undefined in more than 1 % of the bootstrap's samples: too few pairs outside "
          + "one class")
    }
    var leftOneOut: [(estimate: Double, count: Double)] = []
    for (cell, count) in cells.enumerated() where count > 0 {
      var rest = cells
      rest[cell] -= 1
      if let without = Kappa.value(rest, weights[index]) { leftOneOut.append((without, count)) }
    }
    let acceleration = leftOneOut.isEmpty ? 0 : BiasCorrected.acceleration(leftOneOut)
    guard
      let interval = BiasCorrected.interval(
        value, replicates: defined, acceleration: acceleration, level: level)
    else { return .leftOut("the bootstrap's samples do not lie on both sides of this kappa") }
    return .value(interval)
  }
}

extension Method {
  public static let biasCorrectedBootstrap = Method(
    "bias-corrected and accelerated bootstrap (BCa)",
    reference: "Efron B. J Am Stat Assoc 1987;82:171-185")
}
