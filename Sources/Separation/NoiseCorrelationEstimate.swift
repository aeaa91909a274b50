import Foundation
import KernelTypes
import Volumes

extension NoiseCorrelation {
  /// Distances, in voxels, up to which correlation is looked for. Noise that was zero-filled to twice
  /// its size has a sinc's correlation; its sum up to here is 4 % short of the whole.
  private static let reach = 8
  /// Correlation below this is taken for none.
  private static let least = 0.02

  /// Estimates the correlation of noise between voxels, axis by axis:
  ///
  ///     rho(d) = sum v_i v_j / sqrt(sum v_i^2 sum v_j^2),   j = i + d
  ///
  /// over all pairs of members and all channels. Values below 6 / sqrt(pairs x channels), six standard
  /// errors of independent values, count as none (correlated ones are fewer than they seem), and so
  /// does what no 50 pairs say. Where neither the next voxel nor the one behind it is correlated, none is.
  /// - Parameters:
  ///   - isMember: whether a voxel holds noise alone; asked from several threads.
  ///   - channels: independent values of mean 0 that a voxel has.
  ///   - value: of a channel and a voxel; asked from several threads.
  init(
    of grid: VoxelGrid, channels: Int, isMember: @escaping @Sendable (_ voxel: Int) -> Bool,
    value: @escaping @Sendable (_ channel: Int, _ voxel: Int) -> Float
  ) {
    let sizes = [grid.nx, grid.ny, grid.nz]
    let strides = [1, grid.nx, grid.nx * grid.ny]
    let source = LineSource(channels: channels, isMember: isMember, value: value)
    // About 120,000 values say enough, chance then being below 0.02: rows, evenly spread, are looked at
    // from one end to the other. Rows across x come by four, whose values lie side by side.
    let step = max(1, source.members(of: grid.count) * channels / 120_000)
    let axes = (0..<3).map { axis -> [Double] in
      let (size, stride) = (sizes[axis], strides[axis])
      let side = axis == 0 ? 1 : 4
      let rows = (0..<(grid.count / size)).filter { $0 % (side * step) < side }.map { row in
        row / stride * stride * size + row % stride
      }
      func correlations(upTo reach: Int) -> [Double] {
        LineSums(
          rows: rows, size: size, stride: stride, farthest: min(reach, size - 1), source
        ).correlations(least: Self.least)
      }
      guard size > 1 else { return [] }
      let nearest = correlations(upTo: 2)
      return nearest.allSatisfy { $0 == 0 } ? nearest : correlations(upTo: Self.reach)
    }
    self.init(x: axes[0], y: axes[1], z: axes[2])
  }
}

/// Values of voxels that hold noise alone.
private struct LineSource: Sendable {
  let channels: Int
  let isMember: @Sendable (_ voxel: Int) -> Bool
  let value: @Sendable (_ channel: Int, _ voxel: Int) -> Float

  func members(of count: Int) -> Int {
    inPieces(count, piece: 1 << 16) { range in range.count { isMember($0) } }.reduce(0, +)
  }
}

/// Sums over the pairs of members along one axis, by distance.
private struct LineSums {
  private var product: [Double]
  private var first: [Double]
  private var second: [Double]
  private var pairs: [Int]
  private let channels: Int

  init(rows: [Int], size: Int, stride: Int, farthest: Int, _ source: LineSource) {
    self.init(farthest: farthest, channels: source.channels)
    let nothing = self
    let parts = inPieces(rows.count, piece: 16) { range in
      var sums = nothing
      for row in range { sums.add(rows[row], size: size, stride: stride, source) }
      return sums
    }
    for part in parts { add(part) }
  }

  private init(farthest: Int, channels: Int) {
    product = [Double](repeating: 0, count: farthest)
    (first, second) = (product, product)
    pairs = [Int](repeating: 0, count: farthest)
    self.channels = channels
  }

  /// One line of voxels. What is no member counts 0.
  private mutating func add(_ start: Int, size: Int, stride: Int, _ source: LineSource) {
    let isHere = (0..<size).map { source.isMember(start + $0 * stride) }
    guard isHere.contains(true) else { return }
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * size) { memory in
      guard let here = memory.baseAddress else { return }
      let line = here + size
      for i in 0..<size { here[i] = isHere[i] ? 1 : 0 }
      for distance in pairs.indices {
        var both = 0.0
        for i in 0..<(size - distance - 1) { both += here[i] * here[i + distance + 1] }
        pairs[distance] += Int(both)
      }
      for channel in 0..<channels {
        for i in 0..<size {
          line[i] = isHere[i] ? Double(source.value(channel, start + i * stride)) : 0
        }
        for distance in product.indices {
          var (ab, aa, bb) = (0.0, 0.0, 0.0)
          for i in 0..<(size - distance - 1) {
            let (a, b) = (line[i], line[i + distance + 1])
            ab += a * b
            aa += a * a * here[i + distance + 1]
            bb += b * b * here[i]
          }
          product[distance] += ab
          first[distance] += aa
          second[distance] += bb
        }
      }
    }
  }

  private mutating func add(_ other: LineSums) {
    for distance in pairs.indices {
      product[distance] += other.product[distance]
      first[distance] += other.first[distance]
      second[distance] += other.second[distance]
      pairs[distance] += other.pairs[distance]
    }
  }

  /// rho by distance, 0 where it is below what chance makes of independent values.
  func correlations(least: Double) -> [Double] {
    pairs.indices.map { distance in
      let (first, second) = (first[distance], second[distance])
      guard pairs[distance] >= 50, first > 0, second > 0 else { return 0 }
      let rho = product[distance] / (first * second).squareRoot()
      let chance = 6 / (Double(pairs[distance]) * Double(channels)).squareRoot()
      return abs(rho) > max(chance, least) ? rho : 0
    }
  }
}

extension ComplexSeparation {
  /// The noise's correlation from voxels that hold noise alone.
  ///
  /// - Parameters:
  ///   - energy: sum over echoes of |s|^2, shape (x, y, z).
  ///   - background: noise of one real channel as the background has it.
  func noiseCorrelation(energy: [Float], background: Double) -> NoiseCorrelation {
    let (count, n) = (series.grid.count, series.echoTimes.count)
    // What lies above may be tissue's edge or a ghost.
    let most = NoiseEstimate.detectionEnergy(
      echoes: n, noiseSD: background, z: NoiseEstimate.hardlyNoise)
    return NoiseCorrelation(of: series.grid, channels: 2 * n) { i in
      energy[i] > 0 && energy[i] < most
    } value: { [series] channel, i in
      let at = channel / 2 * count + i
      return channel % 2 == 0 ? series.real[at] : series.imaginary[at]
    }
  }

  /// The same, where there is no background, from what the fits leave; nil below four echoes.
  func noiseCorrelation(
    signal: PackedSignal, fits: Buffer<Float>, voxels: SignalVoxels
  ) -> NoiseCorrelation? {
    let (count, n) = (series.grid.count, series.echoTimes.count)
    guard n > 3 else { return nil }
    let rows = FitRow.allCases.count
    @Sendable func row(_ row: FitRow, _ i: Int) -> Double {
      Double(fits[(i / 16 * rows + row.rawValue) * 16 + i % 16])
    }
    // A fit that leaves over three times as much as the median leaves more than noise.
    let step = max(1, voxels.count / 100_000) | 1
    let sums = stride(from: 0, to: voxels.count, by: step).map { row(.residual, $0) }.sorted()
    let most = 3 * (sums.isEmpty ? 0 : sums[sums.count / 2])
    let place = Buffer<Int32>(count, zero: -1)
    inParallel(voxels.count, piece: 1 << 14) { range in
      for i in range where row(.converged, i) > 0.5 && row(.residual, i) < most {
        place[Int(voxels.indices[i])] = Int32(i)
      }
    }
    return NoiseCorrelation(of: series.grid, channels: 2 * n) {
      place[$0] >= 0
    } value: {
      [echoProtocol] channel, voxel in
      let (i, echo) = (Int(place[voxel]), channel / 2)
      let time = echoProtocol.echoTimes[echo].value
      let water = SIMD2(row(.waterReal, i), row(.waterImaginary, i))
      let fat = SIMD2(row(.fatReal, i), row(.fatImaginary, i))
      let modulation = SIMD2(echoProtocol.fat[echo].real, echoProtocol.fat[echo].imaginary)
      let angle = 2 * Double.pi * row(.fieldMap, i) * time
      let turn = SIMD2(cos(angle), sin(angle)) * exp(-row(.r2star, i) * time)
      let left = signal.value(i, echo) - product(water + product(fat, modulation), turn)
      return Float(left[channel % 2])
    }
  }
}

extension MagnitudeSeparation {
  /// The noise's correlation, nil where it is not known.
  ///
  /// With four echoes and more from what the fits of tissue leave. Three leave nothing: there it is
  /// taken from the background's squares, whose correlation is rho^2 (Rayleigh noise); rho's sign is
  /// then unknown and taken for plus, which overstates the noise of a mean of zero-filled images.
  func noiseCorrelation(
    energy: [Float], noiseSD: Double, fits: [RicianFit], choice: [UInt8], signal: Buffer<Float>,
    voxels: SignalVoxels
  ) -> NoiseCorrelation? {
    let (count, n) = (series.grid.count, plan.count)
    if n > 3 {
      var place = [Int32](repeating: -1, count: count)
      let chosen = voxels.indices.indices.map { fits[$0 * 2 + Int(choice[$0])] }
      // Near the noise's floor magnitudes are raised, all alike: only echoes well above it are noise
      // around their model.
      let isClear = chosen.map { fit in
        fit.converged && (0..<n).allSatisfy { plan.magnitude(fit, echo: $0) > 6 * noiseSD }
      }
      let sums = zip(chosen, isClear).filter(\.1).map(\.0.residual).sorted()
      let most = 3 * (sums.isEmpty ? 0 : sums[sums.count / 2])
      for (i, index) in voxels.indices.enumerated() where isClear[i] && chosen[i].residual < most {
        place[Int(index)] = Int32(i)
      }
      return NoiseCorrelation(of: series.grid, channels: n) { [place] in
        place[$0] >= 0
      } value: {
        [place, plan] channel, voxel in
        let i = Int(place[voxel])
        return signal[i * n + channel] - Float(plan.magnitude(chosen[i], echo: channel))
      }
    }
    let most = NoiseEstimate.detectionEnergy(
      echoes: n, noiseSD: noiseSD, z: NoiseEstimate.hardlyNoise)
    let mean = Float(2 * noiseSD * noiseSD)
    let squares = NoiseCorrelation(of: series.grid, channels: n) { i in
      energy[i] > 0 && energy[i] < most
    } value: { [series] channel, i in
      let m = series.magnitude[channel * count + i]
      return m * m - mean
    }
    let axes = squares.axes.map { $0.map { max(0, $0).squareRoot() } }
    return NoiseCorrelation(x: axes[0], y: axes[1], z: axes[2])
  }
}

extension FlatProtocol {
  /// |W + F c_k| exp(-R2* t_k) of a fit.
  fileprivate func magnitude(_ fit: RicianFit, echo k: Int) -> Double {
    let square =
      fit.water * fit.water + 2 * fit.water * fit.fat * fatReal[k] + fit.fat * fit.fat
      * fatSquare[k]
    return max(0, square).squareRoot() * exp(-fit.r2star * times[k])
  }
}
