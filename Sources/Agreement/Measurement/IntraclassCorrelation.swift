import Statistics

/// Intraclass correlation of single measurements, in the names of McGraw and Wong (Psychol Methods
/// 1996;1:30), with their intervals from the F distribution.
public enum IntraclassCorrelation {
  private static let reference = "McGraw KO, Wong SP. Psychol Methods 1996;1:30-46"

  /// ICC(1): one-way random effects; for repeats, whose order means nothing.
  ///
  /// - Parameter table: participants by repeats, every row as long as the first.
  public static func oneWay(_ table: [[Double]], level: Double = 0.95) -> Figure<Estimate> {
    MeanSquares.of(table).flatMap { squares in
      let (n, k) = (Double(squares.rows), Double(squares.columns))
      let (between, within) = (squares.betweenRows, squares.within)
      guard between + (k - 1) * within > 0 else { return .leftOut("all values are the same") }
      let value = (between - within) / (between + (k - 1) * within)
      let interval: Figure<Interval>
      if within == 0 {
        interval = .leftOut("repeats do not differ at all")
      } else {
        let ratio = between / within
        let p = 0.5 + level / 2
        let (a, b) = (n - 1, n * (k - 1))
        let low = ratio / FisherF(numeratorDegrees: a, denominatorDegrees: b).quantile(p)
        let high = ratio * FisherF(numeratorDegrees: b, denominatorDegrees: a).quantile(p)
        interval = .value(
          Interval(
            lower: (low - 1) / (low + k - 1), upper: (high - 1) / (high + k - 1), level: level))
      }
      return .value(
        Estimate(
          value: value, interval: interval, n: squares.rows,
          method: Method("ICC(1): one-way random, single measurement", reference: reference)))
    }
  }

  /// ICC(A,1): two-way random effects, absolute agreement; for readers, whose differences count.
  ///
  /// - Parameter table: participants by readers, every row as long as the first.
  public static func absoluteAgreement(_ table: [[Double]], level: Double = 0.95)
    -> Figure<Estimate>
  {
    MeanSquares.of(table).flatMap { squares in
      let (n, k) = (Double(squares.rows), Double(squares.columns))
      let (rows, columns, error) = (squares.betweenRows, squares.betweenColumns, squares.residual)
      let whole = rows + (k - 1) * error + k * (columns - error) / n
      guard whole > 0 else { return .leftOut("all values are the same") }
      let value = (rows - error) / whole
      return .value(
        Estimate(
          value: value, interval: agreementInterval(squares, value, level), n: squares.rows,
          method: Method(
            "ICC(A,1): two-way random, absolute agreement, single measurement",
            reference: reference)))
    }
  }

  private static func agreementInterval(_ squares: MeanSquares, _ value: Double, _ level: Double)
    -> Figure<Interval>
  {
    let (n, k) = (Double(squares.rows), Double(squares.columns))
    let (rows, columns, error) = (squares.betweenRows, squares.betweenColumns, squares.residual)
    guard error > 0 else { return .leftOut("readers differ by constants only") }
    let share = k * value * columns / error
    let rest = n * (1 + (k - 1) * value) - k * value
    let degrees =
      (k - 1) * (n - 1) * (share + rest) * (share + rest)
      / ((n - 1) * share * share + rest * rest)
    guard degrees.isFinite, degrees > 0 else { return .leftOut("its degrees of freedom vanish") }
    let p = 0.5 + level / 2
    let above = FisherF(numeratorDegrees: n - 1, denominatorDegrees: degrees).quantile(p)
    let below = FisherF(numeratorDegrees: degrees, denominatorDegrees: n - 1).quantile(p)
    let common = k * columns + (k * n - k - n) * error
    return .value(
      Interval(
        lower: n * (rows - above * error) / (above * common + n * rows),
        upper: n * (below * rows - error) / (common + n * below * rows), level: level))
  }
}

/// The mean squares of a table of participants by measurements.
struct MeanSquares {
  let rows: Int
  let columns: Int
  let betweenRows: Double
  let betweenColumns: Double
  /// Of a row about its mean.
  let within: Double
  /// After both means are taken away.
  let residual: Double

  static func of(_ table: [[Double]]) -> Figure<MeanSquares> {
    let width = table.first?.count ?? 0
    guard table.count >= BlandAltman.least, width > 1 else {
      return .leftOut(
        "\(table.count) participants were measured in every way; \(BlandAltman.least) are needed")
    }
    return .value(MeanSquares(table, width))
  }

  private init(_ table: [[Double]], _ width: Int) {
    let (n, k) = (Double(table.count), Double(width))
    let means = table.map { Sample($0).mean }
    let whole = Sample(means).mean
    let byColumn = (0..<width).map { column in Sample(table.map { $0[column] }).mean }
    let rowSum = k * means.reduce(0) { $0 + ($1 - whole) * ($1 - whole) }
    let columnSum = n * byColumn.reduce(0) { $0 + ($1 - whole) * ($1 - whole) }
    let withinSum = zip(table, means).reduce(0) { sum, row in
      sum + row.0.reduce(0) { $0 + ($1 - row.1) * ($1 - row.1) }
    }
    rows = table.count
    columns = width
    betweenRows = rowSum / (n - 1)
    betweenColumns = columnSum / (k - 1)
    within = withinSum / (n * (k - 1))
    residual = max(withinSum - columnSum, 0) / ((n - 1) * (k - 1))
  }
}
