import Foundation
import Separation
import Volumes

/// The signal model in Double, written down again: what the vector loops are held to.
struct Complex {
  var re: Double
  var im: Double
  init(_ re: Double, _ im: Double = 0) { (self.re, self.im) = (re, im) }
  init(phase: Double) { self.init(cos(phase), sin(phase)) }
  static func + (a: Self, b: Self) -> Self { Self(a.re + b.re, a.im + b.im) }
  static func - (a: Self, b: Self) -> Self { Self(a.re - b.re, a.im - b.im) }
  static func * (a: Self, b: Self) -> Self {
    Self(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re)
  }
  static func * (a: Self, b: Double) -> Self { Self(a.re * b, a.im * b) }
  var conjugate: Self { Self(re, -im) }
  var square: Double { re * re + im * im }
  var magnitude: Double { square.squareRoot() }
}

/// One voxel's truth.
struct Voxel {
  var water: Complex
  var fat: Complex
  /// Hz.
  var psi: Double
  /// 1/s.
  var r2star: Double

  /// Fat fraction and one shared phase.
  init(pdff: Double, r2star: Double, psi: Double, density: Double = 1000, phase: Double = 0.7) {
    water = Complex(phase: phase) * (density * (1 - pdff))
    fat = Complex(phase: phase) * (density * pdff)
    self.psi = psi
    self.r2star = r2star
  }
}

/// A protocol: echo times in s, and fat's signal at each.
struct Echoes: Sendable {
  let times: [Double]
  let plan: EchoProtocol

  init(milliseconds: [Double], tesla: Double = 3) {
    times = milliseconds.map { $0 / 1000 }
    plan = EchoProtocol(
      echoTimes: times.map { Seconds($0) }, spectrum: .standard,
      frequency: larmorFrequency(at: Tesla(tesla)))
  }

  func fat(_ k: Int) -> Complex { Complex(plan.fat[k].real, plan.fat[k].imaginary) }

  func basis(_ k: Int, psi: Double, r2star: Double) -> Complex {
    Complex(phase: 2 * .pi * psi * times[k]) * exp(-r2star * times[k])
  }

  func signal(_ v: Voxel) -> [Complex] {
    times.indices.map {
      basis($0, psi: v.psi, r2star: v.r2star) * (v.water + v.fat * fat($0))
    }
  }

  /// Water and fat by normal equations, and the sum of squared residuals, at one (psi, R2*).
  func project(_ s: [Complex], psi: Double, r2star: Double) -> (
    water: Complex, fat: Complex, residual: Double
  ) {
    var (a11, a22, a12) = (0.0, 0.0, Complex(0))
    var (y1, y2) = (Complex(0), Complex(0))
    for k in times.indices {
      let g = basis(k, psi: psi, r2star: r2star)
      let h = g * fat(k)
      a11 += g.square
      a22 += h.square
      a12 = a12 + g.conjugate * h
      y1 = y1 + g.conjugate * s[k]
      y2 = y2 + h.conjugate * s[k]
    }
    let determinant = a11 * a22 - a12.square
    let water = (y1 * a22 - a12 * y2) * (1 / determinant)
    let fat = (y2 * a11 - a12.conjugate * y1) * (1 / determinant)
    let residual = times.indices.reduce(0.0) { sum, k in
      let g = basis(k, psi: psi, r2star: r2star)
      return sum + (s[k] - g * (water + fat * self.fat(k))).square
    }
    return (water, fat, residual)
  }

  /// Least squares over psi and R2* by Newton on the projected residual, derivatives by differences.
  func fit(_ s: [Complex], psi: Double, r2star: Double) -> Voxel {
    var (p, r) = (psi, r2star)
    var (hp, hr) = (0.5, 2.0)
    func f(_ p: Double, _ r: Double) -> Double { project(s, psi: p, r2star: r).residual }
    // Descent by shrinking steps along both axes and diagonals: slow, sure, and nothing alike.
    while hp > 1e-7 {
      let here = f(p, r)
      var best = (cost: here, dp: 0.0, dr: 0.0)
      for (dp, dr) in [
        (1.0, 0.0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1),
      ] {
        let cost = f(p + dp * hp, r + dr * hr)
        if cost < best.cost { best = (cost, dp * hp, dr * hr) }
      }
      if best.cost < here {
        p += best.dp
        r += best.dr
      } else {
        hp /= 2
        hr /= 2
      }
    }
    let solution = project(s, psi: p, r2star: r)
    var v = Voxel(pdff: 0, r2star: r, psi: p)
    v.water = solution.water
    v.fat = solution.fat
    return v
  }

  /// Cramér-Rao covariance of (Re W, Im W, Re F, Im F, psi, R2*) for unit noise of one real channel,
  /// from a numeric Jacobian.
  func covariance(_ v: Voxel) -> [[Double]] {
    func changed(_ parameter: Int, _ step: Double) -> Voxel {
      var w = v
      switch parameter {
      case 0: w.water.re += step
      case 1: w.water.im += step
      case 2: w.fat.re += step
      case 3: w.fat.im += step
      case 4: w.psi += step
      default: w.r2star += step
      }
      return w
    }
    var jacobian: [[Double]] = []
    for parameter in 0..<6 {
      let step = parameter < 4 ? 1e-2 : 1e-3
      let up = signal(changed(parameter, step))
      let down = signal(changed(parameter, -step))
      var row: [Double] = []
      for k in up.indices {
        row.append((up[k].re - down[k].re) / (2 * step))
        row.append((up[k].im - down[k].im) / (2 * step))
      }
      jacobian.append(row)
    }
    var fisher = Array(repeating: [Double](repeating: 0, count: 6), count: 6)
    for i in 0..<6 {
      for j in 0..<6 {
        for k in jacobian[i].indices { fisher[i][j] += jacobian[i][k] * jacobian[j][k] }
      }
    }
    return inverse(fisher)
  }
}

/// Gauss-Jordan with pivoting, after scaling to a unit diagonal.
func inverse(_ matrix: [[Double]]) -> [[Double]] {
  let n = matrix.count
  let scale: [Double] = (0..<n).map { 1 / matrix[$0][$0].squareRoot() }
  var a = Array(repeating: [Double](repeating: 0, count: 2 * n), count: n)
  for i in 0..<n {
    for j in 0..<n { a[i][j] = matrix[i][j] * scale[i] * scale[j] }
    a[i][n + i] = 1
  }
  for i in 0..<n {
    let pivot = (i..<n).max { abs(a[$0][i]) < abs(a[$1][i]) } ?? i
    a.swapAt(i, pivot)
    let d = a[i][i]
    for k in 0..<(2 * n) { a[i][k] /= d }
    for j in 0..<n where j != i {
      let f = a[j][i]
      for k in 0..<(2 * n) { a[j][k] -= f * a[i][k] }
    }
  }
  var out = Array(repeating: [Double](repeating: 0, count: n), count: n)
  for i in 0..<n {
    for j in 0..<n { out[i][j] = a[i][n + j] * scale[i] * scale[j] }
  }
  return out
}
