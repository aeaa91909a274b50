import Scans
import Volumes

/// The echoes of a few voxels, put by before separation gives the scan's memory back.
public struct EchoSample: Sendable {
  /// Indices in the grid, ascending.
  public let voxels: [Int]
  public let echoTimes: [Seconds]
  /// Shape (voxel, echo), echo fastest.
  private let real: [Float]
  /// Same shape; empty for magnitudes.
  private let imaginary: [Float]

  public var isComplex: Bool { !imaginary.isEmpty }

  /// - Parameter voxels: indices in the grid, ascending.
  /// - Returns: nil where the input has no echoes.
  public init?(_ signal: borrowing DixonScan.Signal, voxels: [Int]) {
    switch copy signal {
    case .complex(let series):
      echoTimes = series.echoTimes
      real = gathered(series.real, voxels, echoes: echoTimes.count, stride: series.grid.count)
      imaginary = gathered(
        series.imaginary, voxels, echoes: echoTimes.count, stride: series.grid.count)
    case .magnitude(let series):
      echoTimes = series.echoTimes
      real = gathered(series.magnitude, voxels, echoes: echoTimes.count, stride: series.grid.count)
      imaginary = []
    case .waterFat, .twoPoint, .pdff:
      return nil
    }
    self.voxels = voxels
  }

  /// Echoes of the voxel at a place among `voxels`.
  package func complex(_ place: Int) -> [SIMD2<Float>] {
    let first = place * echoTimes.count
    return echoTimes.indices.map { SIMD2(real[first + $0], imaginary[first + $0]) }
  }

  func magnitude(_ place: Int) -> [Float] {
    let first = place * echoTimes.count
    return Array(real[first..<(first + echoTimes.count)])
  }

  /// Where a voxel stands among `voxels`.
  package func place(of voxel: Int) -> Int? {
    var (low, high) = (0, voxels.count)
    while low < high {
      let middle = (low + high) / 2
      if voxels[middle] < voxel { low = middle + 1 } else { high = middle }
    }
    return low < voxels.count && voxels[low] == voxel ? low : nil
  }
}

private func gathered(_ values: [Float], _ voxels: [Int], echoes: Int, stride: Int) -> [Float] {
  var out = [Float](repeating: 0, count: voxels.count * echoes)
  for echo in 0..<echoes {
    for (place, voxel) in voxels.enumerated() {
      out[place * echoes + echo] = values[echo * stride + voxel]
    }
  }
  return out
}
