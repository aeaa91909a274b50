/// The neighbourhood graph of the field map's inference. Voxels are those with signal, in raster
/// order (x fastest); every array is indexed by them.
public struct FieldGraph: @unchecked Sendable {
  /// Neighbours at -x, +x, -y, +y, -z, +z, shape (voxel, 6); -1 where there is none.
  public var neighbours: UnsafePointer<Int32>
  /// Candidates, shape (voxel, 3, 4): psi in Hz, cost in nats, R2* in 1/s.
  public var candidates: UnsafePointer<Float>
  /// Cost of each candidate in nats, shape (voxel, 4).
  public var unary: UnsafePointer<Float>
  /// Trust in a voxel as a neighbour, 0...1, shape (voxel): a pair's cost is scaled by the smaller of
  /// the two.
  public var trust: UnsafePointer<Float>
  /// Messages that a voxel has received from its six neighbours, in nats, shape (voxel, 6, 4).
  public var messages: UnsafeMutablePointer<Float>
  /// Chosen candidate, shape (voxel).
  public var choice: UnsafeMutablePointer<UInt8>
  /// 1 / (2 sd^2) in 1/Hz^2 for a step along x, y, z.
  public var stiffness: (Float, Float, Float) = (0, 0, 0)
  /// Most nats that a pair of neighbours costs.
  public var most: Float = 12
  /// Period of the field map in Hz; 0 when it has none.
  public var period: Float = 0

  public init(
    neighbours: UnsafePointer<Int32>, candidates: UnsafePointer<Float>,
    unary: UnsafePointer<Float>, trust: UnsafePointer<Float>, messages: UnsafeMutablePointer<Float>,
    choice: UnsafeMutablePointer<UInt8>
  ) {
    self.neighbours = neighbours
    self.candidates = candidates
    self.unary = unary
    self.trust = trust
    self.messages = messages
    self.choice = choice
  }
}
