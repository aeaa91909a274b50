/// The neighbourhood graph of the field map's inference. Voxels are those with signal, in raster
/// order (x fastest); every array is indexed by them.
public struct FieldGraph: @unchecked Sendable {
  /// Neighbours at -x, +x, -y, +y, -z, +z, shape (voxel, 6); -1 where there is none.
  public var neighbours: UnsafePointer<Int32>
  /// Candidates of the field map, Hz, shape (voxel, 4).
  public var psi: UnsafePointer<Float>
  /// Cost of each candidate in nats, shape (voxel, 4).
  public var unary: UnsafePointer<Float>
  /// Scale of the cost of the pair with the neighbour at +x, +y, +z, 0...1, shape (voxel, 3).
  public var weights: UnsafePointer<Float>
  /// Messages that a voxel has received from its six neighbours, in nats, shape (voxel, 6, 4).
  public var messages: UnsafeMutablePointer<Float>
  /// Chosen candidate, shape (voxel).
  public var choice: UnsafeMutablePointer<UInt8>
  /// Its psi in Hz, shape (voxel).
  public var field: UnsafeMutablePointer<Float>
  /// What the pairs of each voxel cost, nats, shape (voxel); of no use where `isStale`.
  public var pairCosts: UnsafeMutablePointer<Float>
  /// Whether a voxel's choice or a neighbour's has changed since it was last looked at, shape (voxel).
  public var isStale: UnsafeMutablePointer<Bool>
  /// 1 / (2 sd^2) of a step of the field, 1/Hz^2.
  public var stiffness: Float = 0
  /// Most nats that a pair of neighbours costs.
  public var most: Float = 12
  /// Period of the field map in Hz, and one over it; both 0 when it has none.
  public var period: Float = 0
  public var inversePeriod: Float = 0

  public init(
    neighbours: UnsafePointer<Int32>, psi: UnsafePointer<Float>,
    unary: UnsafePointer<Float>, weights: UnsafePointer<Float>,
    messages: UnsafeMutablePointer<Float>, choice: UnsafeMutablePointer<UInt8>,
    field: UnsafeMutablePointer<Float>, pairCosts: UnsafeMutablePointer<Float>,
    isStale: UnsafeMutablePointer<Bool>
  ) {
    self.neighbours = neighbours
    self.psi = psi
    self.unary = unary
    self.weights = weights
    self.messages = messages
    self.choice = choice
    self.field = field
    self.pairCosts = pairCosts
    self.isStale = isStale
  }

  /// Chooses candidate `k` in voxel `i`; it and its neighbours are to be looked at again.
  @inlinable
  public func choose(_ i: Int, _ k: Int) {
    choice[i] = UInt8(truncatingIfNeeded: k)
    field[i] = psi[i * 4 + k]
    isStale[i] = true
    for direction in 0..<6 {
      let j = Int(neighbours[i * 6 + direction])
      if j >= 0 { isStale[j] = true }
    }
  }
}
