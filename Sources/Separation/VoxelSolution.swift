import Foundation

/// One of the solutions of a voxel of three echoes, which leaves no residual, and how noise moves it.
///
/// With A = (exp((i 2 pi psi - R2*) t), c times that), s the echoes and H = (A^H A)^-1, water and fat
/// are (W, F) = H A^H s. The model being the signal itself, q = (1 - A H A^H) t s and v = H A^H t s are
/// those of the fit (docs/method.md), and per unit of noise variance of one real channel
///
///     Var R2* = 1 / |q|^2,   Cov(W, F) = 2 (H + v v^H / |q|^2).
struct VoxelSolution: BitwiseCopyable {
  /// 1/s.
  var r2star = 0.0
  /// |q|^2: the information on R2*, per unit of noise variance as all here.
  var decayInformation = 0.0
  /// |F| / (|W| + |F|).
  var fraction = 0.0
  /// F conj(W) / (|W| + |F|)^2: its angle is that by which fat leads water at TE = 0.
  var cross = SIMD2<Double>()
  /// What noise adds to that on average, per unit of noise variance.
  var crossBias = SIMD2<Double>()
  /// The information on either of its parts, to first order.
  var crossInformation = 0.0

  /// The third of the fat fraction that this lies in, 0 to 2.
  var third: Int { min(2, Int(3 * fraction)) }

  /// - Parameters:
  ///   - signal: echoes of packed voxels.
  ///   - psi: field map, Hz.
  ///   - r2star: 1/s.
  init(of voxel: Int, in signal: PackedSignal, _ plan: EchoProtocol, psi: Double, r2star: Double) {
    // A^H A, A^H s, A^H t s and |t s|^2.
    var (ww, ff, wf) = (0.0, 0.0, SIMD2<Double>())
    var (ws, fs, wt, ft) = (SIMD2<Double>(), SIMD2<Double>(), SIMD2<Double>(), SIMD2<Double>())
    var tt = 0.0
    for (k, time) in plan.echoTimes.enumerated() {
      let (t, s) = (time.value, signal.value(voxel, k))
      let angle = 2 * Double.pi * psi * t
      let water = SIMD2(cos(angle), sin(angle)) * exp(-r2star * t)
      let fat = product(water, SIMD2(plan.fat[k].real, plan.fat[k].imaginary))
      let (ofWater, ofFat) = (product(conjugate(water), s), product(conjugate(fat), s))
      ww += (water * water).sum()
      ff += (fat * fat).sum()
      wf += product(conjugate(water), fat)
      ws += ofWater
      fs += ofFat
      wt += ofWater * t
      ft += ofFat * t
      tt += t * t * (s * s).sum()
    }
    let determinant = ww * ff - (wf * wf).sum()
    func solved(_ w: SIMD2<Double>, _ f: SIMD2<Double>) -> (SIMD2<Double>, SIMD2<Double>) {
      (
        (w * ff - product(wf, f)) / determinant,
        (f * ww - product(conjugate(wf), w)) / determinant
      )
    }
    let (w, f) = solved(ws, fs)
    let (vw, vf) = solved(wt, ft)
    let information = tt - (wt * vw).sum() - (ft * vf).sum()
    let total = (w * w).sum().squareRoot() + (f * f).sum().squareRoot()
    // Without signal, or where its echoes carry nothing, there is no information.
    guard determinant > 0, information > 1e-12 * tt, total > 0 else { return }
    self.r2star = r2star
    decayInformation = information
    fraction = (f * f).sum().squareRoot() / total
    let spreadWater = 2 * (ff / determinant + (vw * vw).sum() / information)
    let spreadFat = 2 * (ww / determinant + (vf * vf).sum() / information)
    let both = product(vf, conjugate(vw)) / information - conjugate(wf) / determinant
    cross = product(f, conjugate(w)) / (total * total)
    crossBias = 2 * both / (total * total)
    let variance = ((w * w).sum() * spreadFat + (f * f).sum() * spreadWater) / 2
    crossInformation = total * total * total * total / variance
  }
}

/// Solutions of three echoes, where no residual tells them apart.
struct ExactSolutions {
  let signal: PackedSignal
  let plan: EchoProtocol

  /// Where the fit of a voxel ended.
  func solution(_ fit: AlarmFit, of voxel: Int32) -> VoxelSolution {
    VoxelSolution(
      of: Int(voxel), in: signal, plan, psi: Double(fit.psi), r2star: Double(fit.r2star))
  }
}
