import Foundation
import KernelTypes
import Volumes

/// A protocol as the fit sees it: echo times and fat's signal at each of them.
public struct EchoProtocol: Sendable {
  /// Echo times, ascending.
  public let echoTimes: [Seconds]
  /// Fat's signal per unit fat at each echo time.
  public let fat: [(real: Double, imaginary: Double)]
  /// Spacing where the echoes are evenly spaced (within 0.2 %), else nil.
  public let evenSpacing: Seconds?

  public init(echoTimes: [Seconds], spectrum: FatSpectrum, frequency: Hertz) {
    self.echoTimes = echoTimes
    self.fat = echoTimes.map { spectrum.signal(at: $0, frequency: frequency) }
    self.evenSpacing = Self.spacing(of: echoTimes)
  }

  private static func spacing(of times: [Seconds]) -> Seconds? {
    guard times.count > 1, let first = times.first, let last = times.last else { return nil }
    let step = (last.value - first.value) / Double(times.count - 1)
    let even = times.indices.allSatisfy {
      abs(times[$0].value - first.value - Double($0) * step) < 0.002 * step
    }
    return even ? Seconds(step) : nil
  }

  /// Frequency window of the field map: one period of evenly spaced echoes, else 1200 Hz.
  public var window: Hertz { Hertz(evenSpacing.map { 1 / $0.value } ?? 1200) }

  /// Projector on the span of exp(-R2* t) and c exp(-R2* t), shape (echo, echo), Hermitian.
  func projector(r2star: Double) -> [[SIMD2<Double>]] {
    let n = echoTimes.count
    let decay = echoTimes.map { exp(-r2star * $0.value) }
    let a = decay.map { SIMD2($0, 0) }
    let b = (0..<n).map { SIMD2(fat[$0].real, fat[$0].imaginary) * decay[$0] }
    let q1 = normalised(a)
    // Gram-Schmidt: what fat adds to water.
    let overlap = inner(q1, b)
    let rest = (0..<n).map { b[$0] - product(q1[$0], overlap) }
    let norm = inner(rest, rest).x.squareRoot()
    let q2 = norm > 1e-9 ? rest.map { $0 / norm } : Array(repeating: SIMD2<Double>(), count: n)
    return (0..<n).map { m in
      (0..<n).map { k in
        product(q1[m], conjugate(q1[k])) + product(q2[m], conjugate(q2[k]))
      }
    }
  }
}

func product(_ a: SIMD2<Double>, _ b: SIMD2<Double>) -> SIMD2<Double> {
  SIMD2(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x)
}

func conjugate(_ a: SIMD2<Double>) -> SIMD2<Double> { SIMD2(a.x, -a.y) }

/// sum conj(a) b.
func inner(_ a: [SIMD2<Double>], _ b: [SIMD2<Double>]) -> SIMD2<Double> {
  zip(a, b).reduce(SIMD2()) { $0 + product(conjugate($1.0), $1.1) }
}

private func normalised(_ a: [SIMD2<Double>]) -> [SIMD2<Double>] {
  let norm = inner(a, a).x.squareRoot()
  return a.map { $0 / norm }
}

/// A protocol's tables for the kernels, and the memory that they lie in.
package final class KernelTables: @unchecked Sendable {
  private let lagOfPair: Buffer<Int32>
  private let decayValues: Buffer<Float>
  private let diagonal: Buffer<Float>
  private let offDiagonal: Buffer<Float>
  private let rotation: Buffer<Float>
  private let echoTimes: Buffer<Float>
  private let moments: Buffer<Float>
  package let search: SearchPlan
  package let fit: FitPlan

  /// - Parameters:
  ///   - decays: R2* values over which the search profiles, 1/s.
  ///   - noiseSD: of one real channel.
  ///   - modelError: share of the signal by which tissue departs from the model.
  package init(
    _ protocol: EchoProtocol, decays: [Double], noiseSD: Double, modelError: Double,
    r2starMinimum: Double = -50, r2starMaximum: Double
  ) {
    let times = `protocol`.echoTimes.map(\.value)
    let n = times.count
    let (lags, lagOfPair) = Self.lags(times, even: `protocol`.evenSpacing?.value)
    let window = `protocol`.window.value
    // The cost has at most window * span oscillations; ten samples resolve each.
    let span = times[n - 1] - times[0]
    let samples = max(32, Int((window * span * 10 / 4).rounded(.up)) * 4)
    let step = window / Double(samples)
    var diagonal: [Float] = []
    var offDiagonal: [Float] = []
    for decay in decays {
      let p = `protocol`.projector(r2star: decay)
      diagonal += (0..<n).map { Float(p[$0][$0].x) }
      for m in 0..<n {
        for k in 0..<m { offDiagonal += [Float(2 * p[m][k].x), Float(2 * p[m][k].y)] }
      }
    }
    var rotation = [Float](repeating: 0, count: lags.count * samples * 2)
    for (l, lag) in lags.enumerated() {
      for sample in 0..<samples {
        let angle = 2 * Double.pi * (-window / 2 + Double(sample) * step) * lag
        let at = l * samples * 2 + sample / 4 * 8 + sample % 4
        rotation[at] = Float(cos(angle))
        rotation[at + 4] = Float(sin(angle))
      }
    }
    self.lagOfPair = Buffer(lagOfPair.map(Int32.init), zero: 0)
    self.decayValues = Buffer(decays.map(Float.init), zero: 0)
    self.diagonal = Buffer(diagonal, zero: 0)
    self.offDiagonal = Buffer(offDiagonal, zero: 0)
    self.rotation = Buffer(rotation, zero: 0)
    self.echoTimes = Buffer(times.map(Float.init), zero: 0)
    moments = Buffer(Self.moments(`protocol`), zero: 0)

    var search = SearchPlan(
      lagOfPair: self.lagOfPair.pointer, decayValues: self.decayValues.pointer,
      diagonal: self.diagonal.pointer, offDiagonal: self.offDiagonal.pointer,
      rotation: self.rotation.pointer)
    search.echoes = n
    search.lags = lags.count
    search.pairs = n * (n - 1) / 2
    search.decays = decays.count
    search.samples = samples
    search.firstSample = Float(-window / 2)
    search.sampleStep = Float(step)
    search.periodic = `protocol`.evenSpacing != nil
    search.noiseVariance = Float(noiseSD * noiseSD)
    search.modelErrorVariance = Float(modelError * modelError)
    self.search = search

    var fit = FitPlan(echoTimes: self.echoTimes.pointer, moments: moments.pointer)
    fit.echoes = n
    fit.evenSpacing = Float(`protocol`.evenSpacing?.value ?? 0)
    fit.r2starMinimum = Float(r2starMinimum)
    fit.r2starMaximum = Float(r2starMaximum)
    fit.noiseVariance = Float(noiseSD * noiseSD)
    self.fit = fit
  }

  /// The fit's table, see `FitPlan.moments`.
  private static func moments(_ protocol: EchoProtocol) -> [Float] {
    var out: [Double] = []
    for (time, c) in zip(`protocol`.echoTimes, `protocol`.fat) {
      let t = time.value - `protocol`.echoTimes[0].value
      let square = c.real * c.real + c.imaginary * c.imaginary
      for factor in [1, t] { out += [1, c.real, c.imaginary, square].map { factor * $0 } }
      out += [1, 2 * c.real, 2 * c.imaginary, square].map { t * t * $0 }
    }
    return out.map(Float.init)
  }

  /// Distinct lags between echoes, s, and the lag of each pair m > k in order.
  private static func lags(_ times: [Double], even: Double?) -> ([Double], [Int]) {
    var lags: [Double] = []
    var ofPair: [Int] = []
    for m in times.indices {
      for k in 0..<m {
        let lag = even.map { Double(m - k) * $0 } ?? (times[m] - times[k])
        if let known = lags.firstIndex(where: { abs($0 - lag) < 1e-7 }) {
          ofPair.append(known)
        } else {
          ofPair.append(lags.count)
          lags.append(lag)
        }
      }
    }
    return (lags, ofPair)
  }
}
