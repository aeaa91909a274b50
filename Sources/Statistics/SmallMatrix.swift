/// A small square matrix, and what fits of a handful of parameters need of it. At this size a
/// Cholesky factor of thirty lines costs less than LAPACK's call and its Fortran runtime.
public struct SmallMatrix: Sendable, Equatable {
  /// Rows, and columns.
  public let size: Int
  /// Row by row, both triangles, `size * size`.
  public var elements: [Double]

  public init(size: Int) {
    self.size = size
    elements = [Double](repeating: 0, count: size * size)
  }

  /// - Parameter rows: as many as each is long.
  public init(rows: [[Double]]) {
    size = rows.count
    elements = rows.flatMap { $0 }
  }

  public subscript(row: Int, column: Int) -> Double {
    get { elements[row * size + column] }
    set { elements[row * size + column] = newValue }
  }

  public var rows: [[Double]] {
    (0..<size).map { Array(elements[$0 * size..<($0 + 1) * size]) }
  }

  /// The matrix of the given rows and columns, in that order.
  public func submatrix(_ indices: [Int]) -> SmallMatrix {
    SmallMatrix(rows: indices.map { row in indices.map { self[row, $0] } })
  }

  public static func * (left: SmallMatrix, right: SmallMatrix) -> SmallMatrix {
    var product = SmallMatrix(size: left.size)
    for i in 0..<left.size {
      for j in 0..<left.size {
        product[i, j] = (0..<left.size).reduce(0) { $0 + left[i, $1] * right[$1, j] }
      }
    }
    return product
  }

  /// The lower factor L with L L^T equal to the matrix; nil where it is not positive definite.
  public func cholesky() -> Cholesky? { Cholesky(self) }
}

/// The Cholesky factor of a positive definite matrix.
public struct Cholesky: Sendable {
  private let lower: SmallMatrix
  private var size: Int { lower.size }

  init?(_ matrix: SmallMatrix) {
    var lower = matrix
    for column in 0..<matrix.size {
      for row in column..<matrix.size {
        var rest = matrix[row, column]
        for k in 0..<column { rest -= lower[row, k] * lower[column, k] }
        if row > column {
          lower[row, column] = rest / lower[column, column]
        } else {
          // Below this share of the diagonal nothing but rounding is left.
          guard rest.isFinite, rest > 1e-14 * abs(matrix[row, row]) else { return nil }
          lower[row, row] = rest.squareRoot()
        }
      }
    }
    self.lower = lower
  }

  /// The x with A x = right.
  public func solve(_ right: [Double]) -> [Double] {
    var x = right
    for row in 0..<size {
      for k in 0..<row { x[row] -= lower[row, k] * x[k] }
      x[row] /= lower[row, row]
    }
    for row in stride(from: size - 1, through: 0, by: -1) {
      for k in row + 1..<max(size, row + 1) { x[row] -= lower[k, row] * x[k] }
      x[row] /= lower[row, row]
    }
    return x
  }

  /// The inverse of A.
  public func inverse() -> SmallMatrix {
    var inverse = SmallMatrix(size: size)
    for column in 0..<size {
      var unit = [Double](repeating: 0, count: size)
      unit[column] = 1
      for (row, value) in solve(unit).enumerated() { inverse[row, column] = value }
    }
    for row in 0..<size {
      for column in 0..<row {
        let mean = (inverse[row, column] + inverse[column, row]) / 2
        inverse[row, column] = mean
        inverse[column, row] = mean
      }
    }
    return inverse
  }
}
