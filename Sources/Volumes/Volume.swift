/// Values on a grid: x fastest, then y, then z. `values.count == grid.count`.
public struct Volume<Element: Sendable>: Sendable {
  public let grid: VoxelGrid
  public var values: [Element]

  public init(grid: VoxelGrid, values: [Element]) {
    precondition(values.count == grid.count, "a volume's values fill its grid")
    self.grid = grid
    self.values = values
  }

  public init(grid: VoxelGrid, repeating value: Element) {
    self.init(grid: grid, values: Array(repeating: value, count: grid.count))
  }

  public subscript(x: Int, y: Int, z: Int) -> Element {
    get { values[grid.index(x, y, z)] }
    set { values[grid.index(x, y, z)] = newValue }
  }
}

extension Volume: Equatable where Element: Equatable {}

/// Complex multi-echo signal, planar: shape x, y, z, echo, x fastest; arbitrary units.
public struct EchoSeries: Sendable {
  public let grid: VoxelGrid
  /// Ascending, at least one.
  public let echoTimes: [Seconds]
  /// Real part, shape (x, y, z, echo), `grid.count * echoTimes.count` values.
  public var real: [Float]
  /// Imaginary part, same shape.
  public var imaginary: [Float]

  public init(grid: VoxelGrid, echoTimes: [Seconds], real: [Float], imaginary: [Float]) {
    precondition(real.count == grid.count * echoTimes.count && imaginary.count == real.count)
    self.grid = grid
    self.echoTimes = echoTimes
    self.real = real
    self.imaginary = imaginary
  }
}

/// Magnitude multi-echo signal: shape x, y, z, echo, x fastest; arbitrary units.
public struct MagnitudeSeries: Sendable {
  public let grid: VoxelGrid
  /// Ascending, at least one.
  public let echoTimes: [Seconds]
  /// Magnitudes, shape (x, y, z, echo).
  public var magnitude: [Float]

  public init(grid: VoxelGrid, echoTimes: [Seconds], magnitude: [Float]) {
    precondition(magnitude.count == grid.count * echoTimes.count)
    self.grid = grid
    self.echoTimes = echoTimes
    self.magnitude = magnitude
  }
}
