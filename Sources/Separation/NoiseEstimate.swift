import Foundation
import KernelTypes
import Volumes

/// The noise of one real channel, measured on the scan itself.
package enum NoiseEstimate {
  /// Noise from the background.
  ///
  /// The mean square of a voxel without signal, over 2 n real channels, is sigma^2 Gamma(n) / n, and
  /// its logarithm has its mode at ln sigma^2. The lowest peak of the histogram of that logarithm
  /// that holds at least 1 % of the voxels is taken, then refined by the mean below twice the mode.
  ///
  /// A masked export has no background, and its lowest peak is tissue; so a peak counts only where
  /// its voxels' echoes behave as noise, see `isNoise`.
  ///
  /// - Parameters:
  ///   - energies: sum over echoes of |s|^2 of every voxel; zeros (masked exports) are left out.
  ///   - echoes: number of echoes.
  ///   - echoEnergy: |s|^2 of a voxel and an echo.
  /// - Returns: sigma, or nil where no peak stands out.
  package static func fromBackground(
    energies all: [Float], echoes: Int, echoEnergy: (_ voxel: Int, _ echo: Int) -> Float
  ) -> Double? {
    // Up to about 100,000 voxels, evenly spread. A background of noise alone would need fewer; where ghosts
    // lie in it, its mode moves with every other choice of voxels.
    let step = max(1, all.count / 100_000) | 1
    let channels = 2 * echoes
    let places = all.withUnsafeBufferPointer { all in
      stride(from: 0, to: all.count, by: step).filter { all[$0] > 0 && all[$0].isFinite }
    }
    let energies = mapInParallel(places.count) { all[places[$0]] }
    guard energies.count >= 500, let least = energies.min(), let most = energies.max()
    else { return nil }
    func logarithm(_ energy: Float) -> Double { Double(log(energy / Float(channels))) }
    let (low, high) = (logarithm(least), logarithm(most))
    guard high - low < 100 else { return nil }
    let width = 0.5 / (Double(channels) / 2).squareRoot() / 2
    let bins = Int((high - low) / width) + 3
    var histogram = [Double](repeating: 0, count: bins + 2)
    for energy in energies { histogram[Int((logarithm(energy) - low) / width) + 1] += 1 }
    let smooth = histogram.indices.map { i in
      (max(0, i - 2)...min(histogram.count - 1, i + 2)).reduce(0) { $0 + histogram[$1] } / 5
    }
    // A Gamma peak holds half of its mass within about +-0.67 / sqrt(n) of the mode.
    let reach = max(1, Int(0.67 / (Double(channels) / 2).squareRoot() / width))
    for i in 1..<(smooth.count - 1) where smooth[i] >= smooth[i - 1] && smooth[i] > smooth[i + 1] {
      let window = max(0, i - reach)...min(smooth.count - 1, i + reach)
      let mass = window.reduce(0) { $0 + histogram[$1] }
      let highest = window.allSatisfy { smooth[$0] <= smooth[i] }
      guard highest, mass >= 0.01 * Double(energies.count), mass >= 100 else { continue }
      let mode = exp(low + (Double(i) - 0.5) * width)
      let peak = Float(mode * Double(channels))
      let members = places.indices.filter { energies[$0] > peak / 2 && energies[$0] < peak * 2 }
      // 5,000 say enough.
      let some = stride(from: 0, to: members.count, by: max(1, members.count / 5_000))
      guard isNoise(some.map { places[members[$0]] }, echoes: echoes, echoEnergy) else { continue }
      return refine(mode: mode, energies: energies, channels: channels).squareRoot()
    }
    return nil
  }

  /// Whether the echoes of voxels differ as those of noise do.
  ///
  /// Noise shares a voxel's energy among m echoes as a flat Dirichlet distribution: the mean share of
  /// every echo is 1 / m, and the mean sum of squared shares is 2 / (m + 1). Tissue shares it almost
  /// equally, with a sum of squares near 1 / m; where iron or fat makes it unequal, the mean shares
  /// say so. The first of three echoes or more is left out: lung and ghosts add to it in real
  /// backgrounds.
  private static func isNoise(
    _ voxels: [Int], echoes: Int, _ echoEnergy: (Int, Int) -> Float
  ) -> Bool {
    let later = (echoes > 2 ? 1 : 0)..<echoes
    let m = Double(later.count)
    var shares = [Double](repeating: 0, count: echoes)
    var (squares, count) = (0.0, 0.0)
    for voxel in voxels {
      var sum = 0.0
      for echo in later { sum += Double(echoEnergy(voxel, echo)) }
      guard sum > 0 else { continue }
      count += 1
      for echo in later {
        let energy = Double(echoEnergy(voxel, echo))
        shares[echo] += energy / sum
        squares += energy * energy / (sum * sum)
      }
    }
    guard m > 1, count > 0 else { return false }
    let halfway = (1 / m + 2 / (m + 1)) / 2
    return squares / count > halfway
      && later.allSatisfy { (0.5 / m...1.6 / m).contains(shares[$0] / count) }
  }

  /// sigma^2 from the mean of the energies below 2 sigma^2: what lies above may be tissue.
  private static func refine(mode: Double, energies: [Float], channels: Int) -> Double {
    var variance = mode
    let n = Double(channels) / 2
    let expected = truncatedMean(shape: n, below: 2)
    // What is above is never asked for: a variance of more than twice the mode is not believed.
    let energies = energies.filter { $0 < Float(4 * mode * Double(channels)) }
    for _ in 0..<5 {
      let limit = Float(2 * variance * Double(channels))
      var (sum, count) = (0.0, 0)
      for energy in energies where energy > 0 && energy < limit {
        sum += Double(energy)
        count += 1
      }
      guard count > 50 else { return mode }
      variance = sum / Double(count) / Double(channels) / expected
    }
    return variance > mode / 2 && variance < mode * 2 ? variance : mode
  }

  /// Mean of Gamma(shape) / shape, given that it is below `limit`, by the trapezium rule.
  private static func truncatedMean(shape: Double, below limit: Double) -> Double {
    var (mass, moment) = (0.0, 0.0)
    for step in 1...2000 {
      let x = limit * Double(step) / 2000
      let density = exp((shape - 1) * log(x) - shape * (x - 1))
      mass += density
      moment += density * x
    }
    return moment / mass
  }

  /// Noise from the residuals of fits: the lower quartile of residual / (degrees of freedom),
  /// matched to the quartile of chi-squared. Model errors and wrong minima only raise residuals,
  /// and the lower quartile feels them least.
  ///
  /// - Parameters:
  ///   - residuals: sums of squared residuals of some voxels.
  ///   - degreesOfFreedom: 2 n - 6 for the complex fit; none give nil.
  package static func fromResiduals(_ residuals: [Float], degreesOfFreedom: Int) -> Double? {
    guard degreesOfFreedom > 0, residuals.count >= 50 else { return nil }
    let sorted = residuals.sorted()
    let quartile = Double(sorted[sorted.count / 4])
    let d = Double(degreesOfFreedom)
    // Wilson and Hilferty's approximation of chi-squared's quantile, z = -0.6745.
    let reference =
      degreesOfFreedom == 2
      ? -2 * log(0.75) : d * pow(1 - 2 / (9 * d) - 0.6745 * (2 / (9 * d)).squareRoot(), 3)
    return quartile > 0 ? (quartile / reference).squareRoot() : nil
  }

  /// A normal variable passes this once in 100,000 draws.
  package static let surelySignal = 4.265
  /// A normal variable passes this once in a hundred draws.
  package static let hardlyNoise = 2.326

  /// Threshold of sum |s|^2 / (2 sigma^2) ~ Gamma(n) that noise passes as often as a normal variable
  /// passes `z`.
  package static func detectionThreshold(echoes: Int, z: Double = surelySignal) -> Double {
    // Wilson and Hilferty for 2 n degrees of freedom.
    let d = 2 * Double(echoes)
    return d * pow(1 - 2 / (9 * d) + z * (2 / (9 * d)).squareRoot(), 3) / 2
  }

  /// The same for sum |s|^2 of noise of the given standard deviation of one real channel.
  static func detectionEnergy(echoes: Int, noiseSD: Double, z: Double = surelySignal) -> Float {
    Float(detectionThreshold(echoes: echoes, z: z) * 2 * noiseSD * noiseSD)
  }
}

extension EchoSeries {
  /// |s|^2 of a voxel and an echo.
  package func energy(voxel: Int, echo: Int) -> Float {
    let at = echo * grid.count + voxel
    return real[at] * real[at] + imaginary[at] * imaginary[at]
  }
}
