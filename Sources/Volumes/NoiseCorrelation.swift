/// How a scan's noise is correlated from voxel to voxel.
///
/// Zero-filling, k-space windows and interpolation act along the axes one after the other, so the
/// correlation of two voxels is the product of what holds along each axis:
///
///     rho(dx, dy, dz) = rho_x(|dx|) rho_y(|dy|) rho_z(|dz|),   rho(0) = 1
public struct NoiseCorrelation: Sendable, Hashable {
  /// Along x, y and z: the correlation at a distance of 1, 2, ... voxels, -1...1; what lies beyond is
  /// 0. No trailing zeros.
  public let axes: [[Double]]

  /// - Parameter axes: three, as the property; trailing zeros are dropped.
  public init(x: [Double] = [], y: [Double] = [], z: [Double] = []) {
    axes = [x, y, z].map { values in
      Array(values.prefix(values.lastIndex { $0 != 0 }.map { $0 + 1 } ?? 0))
    }
  }

  /// Every voxel's noise is its own.
  public static let none = NoiseCorrelation()

  public var isNone: Bool { axes.allSatisfy(\.isEmpty) }
}
