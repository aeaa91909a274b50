import Foundation

/// Normal noise of an image that was zero-filled: as reconstructions make it that interpolate. Along
/// each axis only the lowest 1 / factor of the spectrum is there, the image is cyclic, and the
/// correlation of values d apart is sin(pi d / factor) / (pi d / factor).
public struct FilledNoise: Sendable {
  private let shape: [Int]
  private let kernels: [[Double]]

  /// - Parameters:
  ///   - shape: voxels along x, y, z.
  ///   - factors: of the leading axes, 1 for none.
  public init(shape: [Int], factors: [Double]) {
    self.shape = shape
    kernels = zip(shape, factors).map { count, factor in
      guard factor > 1 else { return [] }
      let waves = Int((Double(count) / factor - 1) / 2)
      let kernel = (0..<count).map { d -> Double in
        let step = 2 * Double.pi * Double(d) / Double(count)
        return (0..<waves).reduce(1.0) { sum, wave in sum + 2 * cos(step * Double(wave + 1)) }
      }
      let scale = kernel.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return kernel.map { $0 / scale }
    }
  }

  /// One real channel of standard deviation 1, shape (x, y, z), x fastest.
  public func plane(_ random: inout SeededGenerator) -> [Double] {
    let count = shape.reduce(1, *)
    var values = [Double]()
    values.reserveCapacity(count + 1)
    while values.count < count {
      let u = Double.random(in: 1e-12..<1, using: &random)
      let angle = 2 * Double.pi * Double.random(in: 0..<1, using: &random)
      let size = (-2 * log(u)).squareRoot()
      values += [size * cos(angle), size * sin(angle)]
    }
    values.removeLast(values.count - count)
    var stride = 1
    for (axis, kernel) in kernels.enumerated() {
      if !kernel.isEmpty { convolve(&values, kernel, length: shape[axis], stride: stride) }
      stride *= shape[axis]
    }
    return values
  }

  private func convolve(_ values: inout [Double], _ kernel: [Double], length: Int, stride: Int) {
    var line = [Double](repeating: 0, count: length)
    for start in values.indices where start / stride % length == 0 {
      for i in 0..<length { line[i] = values[start + i * stride] }
      for i in 0..<length {
        var sum = 0.0
        for j in 0..<length { sum += line[j] * kernel[i >= j ? i - j : i - j + length] }
        values[start + i * stride] = sum
      }
    }
  }
}
