/// How much of an agreement a pair of classes is: 1 for the same class.
public enum AgreementWeights: String, Sendable, CaseIterable {
  /// 1 or 0.
  case unweighted
  /// 1 - |i - j| / (K - 1).
  case linear
  /// 1 - (i - j)^2 / (K - 1)^2.
  case quadratic

  /// Row by row, `classes * classes`.
  ///
  /// - Parameter classes: 2 or more.
  public func matrix(classes: Int) -> SquareTable {
    SquareTable(size: classes) { i, j in
      let distance = Double(abs(i - j)) / Double(classes - 1)
      switch self {
      case .unweighted: return i == j ? 1 : 0
      case .linear: return 1 - distance
      case .quadratic: return 1 - distance * distance
      }
    }
  }
}

/// A small square of numbers.
public struct SquareTable: Sendable, Equatable {
  public let size: Int
  /// Row by row.
  public let elements: [Double]

  /// - Parameter rows: as many as each is long.
  public init(rows: [[Double]]) {
    size = rows.count
    elements = rows.flatMap { $0 }
  }

  init(size: Int, _ element: (Int, Int) -> Double) {
    self.size = size
    elements = (0..<size * size).map { element($0 / size, $0 % size) }
  }

  public subscript(row: Int, column: Int) -> Double { elements[row * size + column] }
  public var rows: [[Double]] {
    (0..<size).map { Array(elements[$0 * size..<($0 + 1) * size]) }
  }
}
