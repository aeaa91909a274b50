import Faults
import Foundation
import Volumes

/// Which voxels have signal, and how far their neighbours are trusted.
extension ComplexSeparation {
  /// sum over echoes of |s|^2, and |s|^2 of the brightest echo, shape (x, y, z); NaN where an echo is
  /// not finite.
  func energies() -> (sum: [Float], brightest: [Float]) {
    let (count, n) = (series.grid.count, series.echoTimes.count)
    var brightest: [Float] = []
    let sum = [Float](count: count) { sums in
      nonisolated(unsafe) let sums = sums
      brightest = [Float](count: count) { most in
        nonisolated(unsafe) let most = most
        series.real.withUnsafeBufferPointer { real in
          series.imaginary.withUnsafeBufferPointer { imaginary in
            nonisolated(unsafe) let (real, imaginary) = (real, imaginary)
            inParallel(count, piece: 1 << 14) { range in
              for i in range { (sums[i], most[i]) = (0, 0) }
              for echo in 0..<n {
                for i in range {
                  let (re, im) = (real[echo * count + i], imaginary[echo * count + i])
                  let energy = re * re + im * im
                  sums[i] += energy
                  most[i] = max(most[i], energy)
                }
              }
              for i in range where !sums[i].isFinite { (sums[i], most[i]) = (.nan, .nan) }
            }
          }
        }
      }
    }
    return (sum, brightest)
  }

  /// Voxels above the noise; the others get their quality bit.
  mutating func signalVoxels(
    _ energy: [Float], noiseSD: Double?
  ) throws(SeparationError) -> SignalVoxels {
    let threshold = threshold(energy, noiseSD: noiseSD)
    let weakThreshold = noiseSD.map {
      NoiseEstimate.detectionEnergy(
        echoes: series.echoTimes.count, noiseSD: $0, z: NoiseEstimate.hardlyNoise)
    }
    let (isSignal, bits) = Self.signal(
      energy, grid: series.grid, threshold: threshold, weakThreshold: weakThreshold)
    quality = bits
    let voxels = SignalVoxels(grid: series.grid, isSignal: isSignal)
    guard voxels.count > 0 else { throw SeparationError(.noSignal) }
    return voxels
  }

  /// Which voxels have signal, and the bits of the others. A voxel below the threshold counts where a
  /// third of its neighbours, at least, lies above: what is dark there is tissue that is dark rather
  /// than air.
  static func signal(
    _ energy: [Float], grid: VoxelGrid, threshold: Float, weakThreshold: Float?
  ) -> (isSignal: [Bool], quality: [UInt16]) {
    var bits: [UInt16] = []
    let isSignal = [Bool](count: energy.count) { isSignal in
      nonisolated(unsafe) let isSignal = isSignal
      bits = energy.withUnsafeBufferPointer { energy in
        nonisolated(unsafe) let energy = energy
        return [UInt16](count: energy.count) { bits in
          nonisolated(unsafe) let bits = bits
          inParallel(energy.count, piece: 1 << 16) { range in
            for i in range {
              isSignal[i] = energy[i] > threshold
              let bit = energy[i].isNaN ? Quality.nonFinite : Quality.background
              bits[i] = isSignal[i] ? 0 : bit.rawValue
            }
            guard let weakThreshold else { return }
            for i in range where energy[i] > weakThreshold && energy[i] <= threshold {
              let (all, inside) = grid.neighbours(of: i) { energy[$0] > threshold }
              if inside * 3 >= all && inside > 0 { (isSignal[i], bits[i]) = (true, 0) }
            }
          }
        }
      }
    }
    return (isSignal, bits)
  }

  /// Least sum |s|^2 of a voxel with signal. Without a measurable background: 5 % of the amplitude
  /// of the bright voxels.
  private func threshold(_ energy: [Float], noiseSD: Double?) -> Float {
    if let noiseSD {
      return NoiseEstimate.detectionEnergy(echoes: series.echoTimes.count, noiseSD: noiseSD)
    }
    return 0.0025 * brightLevel(of: energy)
  }

  /// How far the swap alarm trusts a voxel: by its amplitude, fully from the median of all the scan's
  /// voxels with signal. Where signal fades (lung, edges) the field may jump.
  func trust(
    _ voxels: SignalVoxels, _ energy: [Float], among all: SignalVoxels
  ) -> Buffer<Float> {
    let step = max(1, all.count / 100_000) | 1
    let some = stride(from: 0, to: all.count, by: step).map { energy[Int(all.indices[$0])] }
    let full = level(of: some, share: 0.5, weight: { _ in 1 }).squareRoot()
    let out = voxels.values(of: energy)
    inParallel(voxels.count, piece: 1 << 14) { range in
      for i in range { out[i] = min(1, max(0.05, out[i].squareRoot() / full)) }
    }
    return out
  }
}
