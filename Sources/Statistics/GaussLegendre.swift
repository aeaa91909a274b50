import CMath

/// Gauss-Legendre quadrature: exact for polynomials of degree 2n - 1.
///
///     integral over [a, b] of f = (b - a) / 2 sum_i w_i f((a + b) / 2 + (b - a) / 2 x_i)
public struct GaussLegendre: Sendable {
  /// In (-1, 1), ascending.
  public let nodes: [Double]
  public let weights: [Double]

  /// - Parameter count: 1 or more.
  public init(_ count: Int) {
    var nodes = [Double](repeating: 0, count: count)
    var weights = nodes
    pdff_gauss_legendre(Int32(count), &nodes, &weights)
    self.nodes = nodes
    self.weights = weights
  }

  public func integral(from a: Double, to b: Double, of f: (Double) -> Double) -> Double {
    let centre = (a + b) / 2
    let half = (b - a) / 2
    var sum = 0.0
    for (node, weight) in zip(nodes, weights) { sum += weight * f(centre + half * node) }
    return half * sum
  }
}
