import Volumes

/// A grid as scripts of Tests/reference write it: RAS+ mm.
public struct ReferenceGrid: Decodable, Sendable {
  public let shape: [Int]
  public let columns: [[Double]]
  public let origin: [Double]

  public var grid: VoxelGrid {
    func vector(_ v: [Double]) -> SIMD3<Double> { SIMD3(v[0], v[1], v[2]) }
    return VoxelGrid(
      nx: shape[0], ny: shape[1], nz: shape[2],
      affine: Affine(
        vector(columns[0]), vector(columns[1]), vector(columns[2]), origin: vector(origin)))
  }
}
