import Foundation
import Pages
import Regions
import Scans
import Separation
import Volumes

/// The fits of the voxels whose echoes were put by.
struct FitWitness {
  /// Why there is none.
  struct Absence: Error { let words: String }

  let model: EchoModel
  /// By voxel: the shown region's, as far as they were put by.
  private(set) var fits: [Int: EchoFit] = [:]
  /// Misfit by voxel, of the region and of its largest slice; empty where the fit has no spare data.
  private(set) var residuals: [Int: Double] = [:]
  private(set) var typical: Int?
  private(set) var worst: Int?
  private let noiseSD: Double?

  static func made(for report: Report) -> Result<FitWitness, Absence> {
    let scan = report.measurement.scan
    guard let sample = report.material.echoes else {
      return .failure(Absence(words: "the input has no echoes"))
    }
    guard sample.echoTimes.count > 2 else {
      return .failure(Absence(words: "two echoes are met exactly by any two species"))
    }
    guard let frequency = scan.imagingFrequency ?? scan.fieldStrength.map(larmorFrequency),
      let model = EchoModel(
        report.measurement.method, echoTimes: scan.echoTimes, frequency: frequency,
        grid: report.maps.fatFraction.grid)
    else { return .failure(Absence(words: "the method used no fat spectrum")) }
    guard let region = report.shown, !region.usedVoxels.isEmpty else {
      return .failure(Absence(words: "no voxel of the region has a value"))
    }
    return .success(
      FitWitness(model, sample, report.maps, noiseSD: report.measurement.method.noiseSD, region))
  }

  private init(
    _ model: EchoModel, _ sample: EchoSample, _ maps: SeparatedMaps, noiseSD: Double?,
    _ region: RegionStatistics
  ) {
    self.model = model
    self.noiseSD = noiseSD
    let used = Set(region.usedVoxels)
    for (place, voxel) in sample.voxels.enumerated() {
      guard let fit = FitWitness.fit(model, sample, place, voxel, maps) else { continue }
      if used.contains(voxel) { fits[voxel] = fit }
      if let misfit = misfit(fit) { residuals[voxel] = misfit }
    }
    let order = fits.keys.sorted { left, right in
      func key(_ voxel: Int) -> (Double, Int) {
        (residuals[voxel] ?? Double(maps.fatFraction.values[voxel]), voxel)
      }
      return key(left) < key(right)
    }
    typical = order.isEmpty ? nil : order[(order.count - 1) / 2]
    worst = residuals.isEmpty ? nil : order.last
  }

  private static func fit(
    _ model: EchoModel, _ sample: EchoSample, _ place: Int, _ voxel: Int, _ maps: SeparatedMaps
  ) -> EchoFit? {
    let fraction = Double(maps.fatFraction.values[voxel])
    guard fraction.isFinite, let rate = maps.r2star?.values[voxel], rate.isFinite else {
      return nil
    }
    guard sample.isComplex else {
      return model.fit(
        magnitude: sample.magnitude(place), fatFraction: FatFraction(fraction),
        r2star: PerSecond(Double(rate)))
    }
    guard let field = maps.fieldMap?.values[voxel], field.isFinite else { return nil }
    return model.fit(
      complex: sample.complex(place), voxel: voxel, fieldMap: Hertz(Double(field)),
      r2star: PerSecond(Double(rate)))
  }

  /// What is left over: in standard deviations of noise, 1 where nothing else is; in per cent of the
  /// brightest echo where the noise is not known.
  func misfit(_ fit: EchoFit) -> Double? {
    guard let residual = fit.residual else { return nil }
    if let noiseSD, noiseSD > 0 { return residual / noiseSD }
    let brightest = fit.measured.map { ($0 * $0).sum().squareRoot() }.max() ?? 0
    return brightest > 0 ? 100 * residual / brightest : nil
  }

  var unit: String { noiseSD == nil ? "% of the signal" : "times the noise" }

  /// The residual map of the slice that was put by; nil where the fit has no spare data.
  func view(_ report: Report) -> MapView? {
    guard !residuals.isEmpty else { return nil }
    var map = Volume<Float>(grid: report.maps.fatFraction.grid, repeating: .nan)
    for (voxel, misfit) in residuals { map.values[voxel] = Float(misfit) }
    let window = noiseSD == nil ? 0...10.0 : 0...4.0
    return MapView(
      title: "Left over by the fit", values: map, factor: 1, colours: .viridis, window: window,
      bar: ColourBar(.viridis, window: window, label: "Misfit (\(unit))", isOpenAbove: true))
  }
}
