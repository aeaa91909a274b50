import Foundation
import KernelTypes
import Volumes

/// Gauss-Newton on the phase errors of all echoes, with every voxel's own water, fat, field map and
/// R2* projected out.
///
/// The derivative of echo n of a voxel by its phase error is i m_n, m the model. What the voxel's
/// own parameters can follow, the span of A and t m, is projected out; what remains decides. A phase
/// that is constant or linear in echo time lies in that span: a small ridge keeps it at zero.
///
/// Only what scanners are known to do may be fitted: a phase of the first echo (eddy currents) and
/// one that alternates (bipolar read-outs). Were every echo's phase free, they would take up a wrong
/// fat spectrum and bias PDFF by several points.
struct PhaseErrorFit {
  private let echoes: Int
  /// Shapes over echoes that may be fitted, shape (shape, echo).
  private let shapes: [[Double]]
  private var normal: [[Double]]
  private var gradient: [Double]

  init(echoes: Int) {
    self.echoes = echoes
    shapes = [
      (0..<echoes).map { $0 == 0 ? 1 : 0 }, (0..<echoes).map { $0 % 2 == 0 ? 1 : -1 },
    ]
    let size = shapes.count * 4
    normal = Array(repeating: Array(repeating: 0, count: size), count: size)
    gradient = Array(repeating: 0, count: size)
  }

  /// Adds one voxel.
  ///
  /// - Parameters:
  ///   - signal: its echoes.
  ///   - fit: its water, fat, psi (Hz) and R2* (1/s).
  ///   - weight: one over the variance of a real channel, model error included.
  mutating func add(
    signal: [SIMD2<Double>],
    fit: (water: SIMD2<Double>, fat: SIMD2<Double>, psi: Double, r2star: Double),
    echoProtocol: EchoProtocol, position: SIMD4<Double>, weight: Double
  ) {
    let n = echoes
    var (a, b, m, tm) = (
      [SIMD2<Double>](), [SIMD2<Double>](), [SIMD2<Double>](), [SIMD2<Double>]()
    )
    for k in 0..<n {
      let t = echoProtocol.echoTimes[k].value
      let angle = 2 * Double.pi * fit.psi * t
      let g = SIMD2(cos(angle), sin(angle)) * exp(-fit.r2star * t)
      let c = SIMD2(echoProtocol.fat[k].real, echoProtocol.fat[k].imaginary)
      a.append(g)
      b.append(product(g, c))
      m.append(product(g, fit.water + product(fit.fat, c)))
      tm.append(m[k] * t)
    }
    let basis = orthonormal([a, b, tm])
    // Derivatives by the shapes' phases, i m e, and what the voxel's own parameters leave of them.
    let slopes = shapes.map { shape in (0..<n).map { SIMD2(-m[$0].y, m[$0].x) * shape[$0] } }
    let left = slopes.map { slope in
      basis.reduce(slope) { rest, q in
        let overlap = inner(q, rest)
        return (0..<n).map { rest[$0] - product(q[$0], overlap) }
      }
    }
    let residual = (0..<n).map { signal[$0] - m[$0] }
    for j in shapes.indices {
      let along = inner(slopes[j], residual).x * weight
      for p in 0..<4 { gradient[j * 4 + p] += along * position[p] }
      for k in shapes.indices {
        let value = inner(left[j], left[k]).x * weight
        for p in 0..<4 {
          for q in 0..<4 { normal[j * 4 + p][k * 4 + q] += value * position[p] * position[q] }
        }
      }
    }
  }

  /// The step, by Cholesky with a ridge of 1e-4 of the mean diagonal; nil when that fails.
  func step() -> PhaseErrors? {
    let size = shapes.count * 4
    var matrix = normal
    let ridge = (0..<size).reduce(0) { $0 + matrix[$1][$1] } / Double(size) * 1e-4
    guard ridge > 0 else { return nil }
    for i in 0..<size { matrix[i][i] += ridge }
    guard let solution = choleskySolve(matrix, gradient) else { return nil }
    var errors = PhaseErrors(echoes: echoes)
    for n in 0..<echoes {
      for (j, shape) in shapes.enumerated() {
        let c = SIMD4(
          solution[j * 4], solution[j * 4 + 1], solution[j * 4 + 2], solution[j * 4 + 3])
        errors.coefficients[n] += c * shape[n]
      }
    }
    return errors
  }
}

/// Gram-Schmidt; vectors that add nothing are left out.
private func orthonormal(_ vectors: [[SIMD2<Double>]]) -> [[SIMD2<Double>]] {
  var basis: [[SIMD2<Double>]] = []
  for vector in vectors {
    let before = inner(vector, vector).x
    var rest = vector
    for q in basis {
      let overlap = inner(q, rest)
      for i in rest.indices { rest[i] -= product(q[i], overlap) }
    }
    let norm = inner(rest, rest).x
    if norm > before * 1e-10, norm > 0 { basis.append(rest.map { $0 / norm.squareRoot() }) }
  }
  return basis
}

/// Solves a symmetric positive definite system.
func choleskySolve(_ matrix: [[Double]], _ right: [Double]) -> [Double]? {
  let n = right.count
  var l = matrix
  for j in 0..<n {
    for k in 0..<j { l[j][j] -= l[j][k] * l[j][k] }
    guard l[j][j] > 0 else { return nil }
    l[j][j] = l[j][j].squareRoot()
    for i in (j + 1)..<n where i < n {
      for k in 0..<j { l[i][j] -= l[i][k] * l[j][k] }
      l[i][j] /= l[j][j]
    }
  }
  var x = right
  for i in 0..<n {
    for k in 0..<i { x[i] -= l[i][k] * x[k] }
    x[i] /= l[i][i]
  }
  for i in stride(from: n - 1, through: 0, by: -1) {
    for k in (i + 1)..<n where k < n { x[i] -= l[k][i] * x[k] }
    x[i] /= l[i][i]
  }
  return x
}
