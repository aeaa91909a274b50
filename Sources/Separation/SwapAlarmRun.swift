import Faults
import Foundation
import KernelTypes
import Volumes

extension ComplexSeparation {
  /// Judges maps by the signal that they were made from.
  ///
  /// - Parameter residual: of the maps' fits, shape (voxel).
  func swapAlarm(
    _ maps: SeparatedMaps, residual: [Float], signal: PackedSignal, tables: KernelTables,
    energy: [Float], candidates: Buffer<Float>, voxels: SignalVoxels,
    trust: Buffer<Float>, noiseSD: Double, spectrum: FatSpectrum
  ) -> SwapAlarm {
    let plan = alarmPlan(tables)
    func values(_ map: Volume<Float>?) -> [Float] { voxels.array(of: map?.values ?? []) }
    return SwapAlarm(
      voxels: voxels, trust: trust, candidates: candidates,
      energy: voxels.array(of: energy), fieldMap: values(maps.fieldMap),
      r2star: values(maps.r2star), fatFraction: values(maps.fatFraction), residual: residual,
      shift: SwapShift(
        spectrum: spectrum, frequency: frequency,
        period: echoProtocol.evenSpacing.map { 1 / $0.value }),
      tables: tables, noise: noiseSD * noiseSD,
      refit: { some, psi, r2star in refit(signal, plan, some, psi: psi, r2star: r2star) },
      exact: signal.echoes == 3 ? ExactSolutions(signal: signal, plan: echoProtocol) : nil)
  }

  /// Sets `swap-suspected` and `ambiguous` where the alarm says so, and tells of the regions that
  /// reach into what is reported. They are judged with their surroundings.
  func raise(_ alarm: SwapAlarm, in maps: inout SeparatedMaps) {
    // Where a swap shifts the field by next to nothing, it cannot be told from the right map.
    guard alarm.shift.step > 30 else { return }
    let (regions, ofVoxel) = alarm.judge()
    var isReported = [Bool](repeating: settings.within == nil, count: regions.count)
    let bits: [UInt16] = regions.map { region in
      switch region.verdict {
      case .right: 0
      case .ambiguous: Quality.ambiguous.rawValue
      case .suspected: Quality.swapSuspected.rawValue
      }
    }
    if settings.within != nil || bits.contains(where: { $0 != 0 }) {
      for (i, index) in alarm.voxels.indices.enumerated() {
        let region = Int(ofVoxel[i])
        if settings.within?[Int(index)] == true { isReported[region] = true }
        if bits[region] != 0 { maps.quality.values[Int(index)] |= bits[region] }
      }
    }
    let check = SwapCheck(regions.indices.filter { isReported[$0] }.map { regions[$0] })
    maps.method.swapCheck = check
    maps.notices += check.notices(on: maps.quality.grid)
  }
}

extension ComplexSeparation {
  /// Judges maps that somebody gives: every region, and where each lies.
  ///
  /// - Parameters:
  ///   - fieldMap: Hz, shape (x, y, z); NaN where there is nothing to judge. A voxel is judged at the
  ///     minimum next to it.
  ///   - r2star: 1/s, same shape.
  ///   - noiseSD: of one real channel.
  /// - Returns: the regions; the region of each voxel, -1 where there is none; the field map judged.
  package static func judgeSwaps(
    fieldMap: Volume<Float>, r2star: Volume<Float>, series: EchoSeries, frequency: Hertz,
    conjugated: Bool, noiseSD: Double, settings: SeparationSettings
  ) -> (regions: [SwapRegion], ofVoxel: Volume<Int32>, fieldMap: Volume<Float>) {
    let (work, voxels, start) = started(
      at: fieldMap, r2star: r2star, series: series, frequency: frequency, settings: settings)
    let signal = PackedSignal(series, indices: voxels.indices, conjugated: conjugated)
    let tables = work.tables(noiseSD: noiseSD)
    let fitted = work.fittedMaps(
      signal, tables, start: start, choice: nil, voxels: voxels, noiseSD: noiseSD,
      conjugated: conjugated, spectrumName: settings.spectrum.name)
    let energy = work.energies().sum
    let (regions, ofVoxel) = work.swapAlarm(
      fitted.maps, residual: fitted.residual, signal: signal, tables: tables, energy: energy,
      candidates: work.findCandidates(signal, tables), voxels: voxels,
      trust: work.trust(voxels, energy, among: voxels),
      noiseSD: noiseSD,
      spectrum: settings.spectrum
    ).judge()
    var places = Volume<Int32>(grid: series.grid, repeating: -1)
    for (i, index) in voxels.indices.enumerated() { places.values[Int(index)] = ofVoxel[i] }
    return (regions, places, fitted.maps.fieldMap ?? fieldMap)
  }
}

extension SignalVoxels {
  /// The values of these voxels, shape (voxel), of a map of shape (x, y, z).
  fileprivate func array(of map: [Float]) -> [Float] {
    map.withUnsafeBufferPointer { map in
      nonisolated(unsafe) let map = map
      return indices.withUnsafeBufferPointer { indices in
        nonisolated(unsafe) let indices = indices
        return mapInParallel(count) { map[Int(indices[$0])] }
      }
    }
  }
}
