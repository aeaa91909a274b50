import Faults
import Regions
import Reports
import Scans
import Separation
import TestSupport
import Volumes

/// A small separated scan with known values.
enum Fixture {
  static let grid = VoxelGrid(
    nx: 4, ny: 3, nz: 2,
    affine: Affine([-1.5, 0, 0], [0, 1.5, 0.1], [0, -0.2, 5], origin: [10, -20, 30]))

  /// PDFF of voxel i is i percent; the last voxel is background.
  static func maps(r2star: Bool = true) -> SeparatedMaps {
    var fraction = (0..<24).map { Float($0) / 100 }
    fraction[23] = .nan
    var quality = [UInt16](repeating: 0, count: 24)
    quality[23] = Quality.background.rawValue
    quality[3] = Quality.poorFit.rawValue
    func map(_ scale: Float) -> Volume<Float> {
      Volume(grid: grid, values: fraction.map { $0 * scale })
    }
    var method = MethodRecord(name: "test fit")
    method.fatSpectrum = "six-peak-liver"
    method.precession = "+"
    method.noiseSD = 1.5
    method.instructionSet = "baseline"
    var maps = SeparatedMaps(
      fatFraction: map(1), quality: Volume(grid: grid, values: quality), method: method)
    maps.fatFractionSD = map(0.1)
    maps.r2star = r2star ? map(1000) : nil
    maps.fieldMap = map(-200)
    maps.water = map(3)
    maps.fat = map(2)
    return maps
  }

  static func scan() -> DixonScan {
    let times = [Seconds(milliseconds: 1.2), Seconds(milliseconds: 2.4)]
    let zeros = [Float](repeating: 0, count: 48)
    var scan = DixonScan(
      signal: .complex(EchoSeries(grid: grid, echoTimes: times, real: zeros, imaginary: zeros)))
    scan.fieldStrength = Tesla(3)
    scan.acquiredOn = "2026-11-20"
    scan.files = [
      SourceFile(path: "/data/secret-name/mag.nii.gz", sha256: "ab12", role: .magnitude)
    ]
    return scan
  }

  static func measurement(perSlice: Bool = false, afterTACE: Bool = false) throws -> Measurement {
    let maps = maps()
    let regions = RegionSet(
      grid: grid,
      regions: [
        Region(label: 1, name: "tumour", grid: grid, voxels: [2, 3, 4, 14]),
        Region(label: 2, name: "liver", grid: grid, voxels: [20, 21, 22, 23]),
        Region(label: 3, name: "lost", grid: grid, voxels: [23]),
      ])
    let result = try measure(
      regions, fatFraction: maps.fatFraction, r2star: maps.r2star, quality: maps.quality,
      noise: maps.fatFractionSD.map { MapNoise(standardDeviation: $0, correlation: .none) },
      options: MeasurementOptions(perSlice: perSlice))
    return Measurement(
      scan: ScanRecord(scan()),
      regionFiles: [SourceFile(path: "a/mask.nii.gz", sha256: "cd34", role: .mask)],
      method: maps.method, regions: result.regions, notices: result.notices,
      afterTACE: afterTACE)
  }
}
