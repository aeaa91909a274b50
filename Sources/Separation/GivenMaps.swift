import KernelTypes
import Volumes

extension ComplexSeparation {
  /// The fit that is given the true field map and R2*: no search, no inference. What accuracy is
  /// compared with when nothing but the field map's errors shall show.
  ///
  /// - Parameters:
  ///   - fieldMap: Hz, shape (x, y, z); NaN where there is nothing to fit.
  ///   - r2star: 1/s, same shape.
  package static func fitStarted(
    at fieldMap: Volume<Float>, r2star: Volume<Float>, series: EchoSeries, frequency: Hertz,
    conjugated: Bool, noiseSD: Double, settings: SeparationSettings
  ) -> SeparatedMaps {
    let (work, voxels, start) = started(
      at: fieldMap, r2star: r2star, series: series, frequency: frequency, settings: settings)
    return work.fittedMaps(
      PackedSignal(series, indices: voxels.indices, conjugated: conjugated),
      work.tables(noiseSD: noiseSD), start: start, choice: nil, voxels: voxels, noiseSD: noiseSD,
      conjugated: conjugated, spectrumName: settings.spectrum.name
    ).maps
  }

  /// A separation whose field map and R2* are given: its voxels, and a start for their fits in the
  /// shape of candidates.
  static func started(
    at fieldMap: Volume<Float>, r2star: Volume<Float>, series: EchoSeries, frequency: Hertz,
    settings: SeparationSettings
  ) -> (work: ComplexSeparation, voxels: SignalVoxels, start: Buffer<Float>) {
    var work = ComplexSeparation(
      series: series,
      echoProtocol: EchoProtocol(
        echoTimes: series.echoTimes, spectrum: settings.spectrum, frequency: frequency),
      frequency: frequency, settings: settings)
    work.quality = [UInt16](repeating: 0, count: series.grid.count)
    let voxels = SignalVoxels(grid: series.grid, isSignal: fieldMap.values.map { !$0.isNaN })
    let start = Buffer<Float>(voxels.blocks * 16 * 12, zero: 0)
    for (i, index) in voxels.indices.enumerated() {
      start[i * 12] = fieldMap.values[Int(index)]
      start[i * 12 + 8] = r2star.values[Int(index)]
    }
    return (work, voxels, start)
  }
}
