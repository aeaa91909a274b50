import Faults
import Foundation
import KernelTypes
import Volumes

/// Phase that echoes carry beyond the signal model: eddy currents on the first echo, the
/// alternation of bipolar read-outs. For each echo a constant and a ramp along each axis, rad.
public struct PhaseErrors: Sendable, Hashable {
  /// Coefficients of (1, x, y, z), shape (echo); x, y, z run from -1 to 1 over the grid.
  var coefficients: [SIMD4<Double>]

  init(echoes: Int) { coefficients = Array(repeating: SIMD4(), count: echoes) }

  /// The error of each echo at a voxel, rad.
  func phase(echo: Int, at position: SIMD4<Double>) -> Double {
    (coefficients[echo] * position).sum()
  }

  /// (1, x, y, z) of a voxel.
  static func position(of index: Int, in grid: VoxelGrid) -> SIMD4<Double> {
    func scaled(_ i: Int, _ n: Int) -> Double {
      n > 1 ? 2 * Double(i) / Double(n - 1) - 1 : 0
    }
    return SIMD4(
      1, scaled(index % grid.nx, grid.nx), scaled(index / grid.nx % grid.ny, grid.ny),
      scaled(index / (grid.nx * grid.ny), grid.nz))
  }

  /// Root mean square over echoes and the grid, rad; a phase that is linear in echo time counts as
  /// nothing, since the initial phase and the field map take it up.
  func size(echoTimes: [Seconds]) -> Double {
    let n = Double(coefficients.count)
    let mean = echoTimes.map(\.value).reduce(0, +) / n
    let times = echoTimes.map { $0.value - mean }
    let spread = times.reduce(0) { $0 + $1 * $1 }
    var sum = SIMD4<Double>()
    let level = coefficients.reduce(SIMD4(), +) / n
    let slope =
      zip(coefficients, times).reduce(SIMD4<Double>()) { $0 + $1.0 * $1.1 } / max(spread, 1e-30)
    for (c, t) in zip(coefficients, times) {
      let rest = c - level - slope * t
      sum += rest * rest
    }
    // The mean square of a ramp over -1...1 is a third of its end's.
    return ((sum.x + (sum.y + sum.z + sum.w) / 3) / n).squareRoot()
  }
}

extension PhaseErrors {
  /// What is said about errors that were taken out: alternation and first echo apart.
  func notice(echoTimes: [Seconds]) -> Notice {
    let n = coefficients.count
    // The alternation is what the echoes from the second on share.
    let alternating = PhaseErrors(echoes: n).filled {
      $0 == 0 ? coefficients[1] * -1 : coefficients[$0]
    }
    let size = (alternating.size(echoTimes: echoTimes) * 1000).rounded() / 1000
    let whole = (self.size(echoTimes: echoTimes) * 1000).rounded() / 1000
    return size > 0.5 * whole
      ? Notice(SeparationNotice.bipolar, "\(whole) rad, root mean square")
      : Notice(SeparationNotice.phaseErrors, "\(whole) rad, root mean square over echoes")
  }

  /// How far the alternation changes from the middle of the grid to its edge, rad.
  var alternatingRamp: Double {
    guard coefficients.count > 2 else { return 0 }
    let half = (coefficients[1] - coefficients[2]) / 2
    return (half.y * half.y + half.z * half.z + half.w * half.w).squareRoot()
  }

  private func filled(_ value: (Int) -> SIMD4<Double>) -> PhaseErrors {
    var out = self
    for n in coefficients.indices { out.coefficients[n] = value(n) }
    return out
  }

  /// Phase alternating from echo to echo, +theta, -theta, ..., as a bipolar read-out leaves it.
  ///
  /// For even echoes and water the phase of s_n conj(s_(n+1))^2 s_(n+2) is 4 theta with alternating
  /// sign. Fat adds its own, a little. A constant and a ramp along one axis are sought that line up
  /// the phases of all probe voxels.
  static func alternation(
    _ signal: PackedSignal, positions: [SIMD4<Double>]
  ) -> (errors: PhaseErrors, coherence: Double) {
    let phasors = positions.indices.map { voxel -> SIMD2<Double> in
      var sum = SIMD2<Double>()
      for n in 0..<(signal.echoes - 2) {
        let b = signal.value(voxel, n + 1)
        let triple = product(
          product(signal.value(voxel, n), signal.value(voxel, n + 2)),
          conjugate(product(b, b)))
        let size = (triple * triple).sum().squareRoot()
        if size > 0 { sum += (n % 2 == 0 ? triple : conjugate(triple)) / size }
      }
      return sum / Double(max(1, signal.echoes - 2))
    }
    var best = (score: -1.0, axis: 1, slope: 0.0, angle: 0.0)
    for axis in 1...3 {
      for step in -64...64 {
        let slope = Double(step) * 0.25
        var sum = SIMD2<Double>()
        for (phasor, position) in zip(phasors, positions) {
          let angle = -slope * position[axis]
          sum += product(phasor, SIMD2(cos(angle), sin(angle)))
        }
        let score = (sum * sum).sum().squareRoot() / Double(phasors.count)
        if score > best.score { best = (score, axis, slope, atan2(sum.y, sum.x)) }
      }
    }
    var errors = PhaseErrors(echoes: signal.echoes)
    for n in 0..<signal.echoes {
      let sign = n % 2 == 0 ? 0.25 : -0.25
      errors.coefficients[n][0] = sign * best.angle
      errors.coefficients[n][best.axis] = sign * best.slope
    }
    return (errors, best.score)
  }
}

extension PackedSignal {
  func value(_ voxel: Int, _ echo: Int) -> SIMD2<Double> {
    let at = ((voxel / 16 * echoes + echo) * 2) * 16 + voxel % 16
    return SIMD2(Double(values[at]), Double(values[at + 16]))
  }

  /// Takes phase errors out, in place.
  ///
  /// - Parameter indices: the packed voxels' places in `grid`.
  func remove(_ errors: PhaseErrors, indices: [Int32], grid: VoxelGrid) {
    inParallel(voxels, piece: 1 << 13) { range in
      for voxel in range {
        let position = PhaseErrors.position(of: Int(indices[voxel]), in: grid)
        for echo in 0..<echoes {
          let angle = -errors.phase(echo: echo, at: position)
          let turned = product(value(voxel, echo), SIMD2(cos(angle), sin(angle)))
          let at = ((voxel / 16 * echoes + echo) * 2) * 16 + voxel % 16
          values[at] = Float(turned.x)
          values[at + 16] = Float(turned.y)
        }
      }
    }
  }
}
