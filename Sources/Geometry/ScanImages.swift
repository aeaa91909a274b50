import Volumes

/// The images of a scan against which a mask is held: real or complex volumes on the scan's grid.
public struct ScanImages: Sendable {
  /// One volume: shape (x, y, z), from `offset` on; any unit; NaN for nothing.
  public struct Channel: Sendable {
    let real: [Float]
    let imaginary: [Float]?
    let offset: Int

    /// - Parameter imaginary: the image is then the magnitude of both.
    public init(real: [Float], imaginary: [Float]? = nil, offset: Int = 0) {
      (self.real, self.imaginary, self.offset) = (real, imaginary, offset)
    }

    /// The image's value at a voxel, 0 for nothing.
    public func value(_ voxel: Int) -> Float {
      let re = real[offset + voxel]
      guard let imaginary else { return re.isFinite ? re : 0 }
      let im = imaginary[offset + voxel]
      let value = (re * re + im * im).squareRoot()
      return value.isFinite ? value : 0
    }

    func isFinite(_ voxel: Int) -> Bool { real[offset + voxel].isFinite }
  }

  public let grid: VoxelGrid
  public let channels: [Channel]
  /// Whether tissue is where there is a value (a map), rather than where there is signal.
  let isMap: Bool
  /// Least root of the channels' sum of squares in tissue.
  let threshold: Float
  /// Typical difference of neighbours in tissue, by channel and axis.
  let scale: [[Float]]

  /// How far a voxel's difference counts, in typical ones: the body's rim shall not outweigh all else.
  static let cap: Float = 6

  /// - Parameters:
  ///   - channels: at least one, each with `grid.count` values from its offset on.
  ///   - isMap: a map in which tissue is what has a value, rather than what is bright.
  public init(grid: VoxelGrid, channels: [Channel], isMap: Bool = false) {
    precondition(!channels.isEmpty)
    self.grid = grid
    self.channels = channels
    self.isMap = isMap
    let step = max(1, grid.count / 60_000) | 1
    let sample = Array(stride(from: 0, to: grid.count, by: step))
    func amplitude(_ voxel: Int) -> Float {
      channels.reduce(0) { $0 + $1.value(voxel) * $1.value(voxel) }.squareRoot()
    }
    let bright = sample.map(amplitude).sorted()
    // A tenth of the bright tissue's level: air and noise lie below, lung too.
    let threshold = 0.1 * bright[min(bright.count - 1, bright.count * 98 / 100)]
    self.threshold = threshold
    let tissue = sample.filter {
      isMap ? channels[0].isFinite($0) : amplitude($0) > threshold
    }
    let steps = grid.steps
    scale = channels.map { channel in
      steps.map { step in
        let differences = tissue.filter { $0 + step < grid.count }
          .map { abs(channel.value($0 + step) - channel.value($0)) }.sorted()
        guard !differences.isEmpty else { return 1 }
        let mean = differences.reduce(0, +) / Float(differences.count)
        return max(differences[differences.count / 2], mean / 4, .leastNormalMagnitude)
      }
    }
  }

  /// A bright level of the first channel, for pictures.
  public var channelLevel: Float {
    let step = max(1, grid.count / 20_000) | 1
    let values = stride(from: 0, to: grid.count, by: step).map { channels[0].value($0) }.sorted()
    return values[values.count * 98 / 100]
  }

  func isTissue(_ voxel: Int) -> Bool {
    if isMap { return channels[0].isFinite(voxel) }
    let sum = channels.reduce(Float(0)) { $0 + $1.value(voxel) * $1.value(voxel) }
    return sum > threshold * threshold
  }

  /// How much the images change from a voxel to the next along an axis, in typical differences.
  func edge(_ voxel: Int, axis: Int) -> Float {
    let next = voxel + grid.steps[axis]
    var sum: Float = 0
    for (place, channel) in channels.enumerated() {
      sum += min(abs(channel.value(next) - channel.value(voxel)) / scale[place][axis], Self.cap)
    }
    return sum / Float(channels.count)
  }
}

extension VoxelGrid {
  /// Distance in memory of neighbours along x, y and z.
  var steps: [Int] { [1, nx, nx * ny] }
  var sizes: [Int] { [nx, ny, nz] }

  func place(_ index: Int) -> SIMD3<Int> { SIMD3(index % nx, index / nx % ny, index / (nx * ny)) }
}
