import Faults
import Volumes

/// PDFF from a vendor's water and fat images: F / (W + F) of their magnitudes.
///
/// Noise bias, R2* and spectrum are the vendor's; no uncertainty can be given.
///
/// - Parameters:
///   - water, fat: on one grid; a sign that an export left is kept, since noise around zero is not
///     to be folded up.
///   - settings: `within` and `t1Correction` are used.
public func separate(
  water: Volume<Float>, fat: Volume<Float>, settings: SeparationSettings
) throws(SeparationError) -> SeparatedMaps {
  let weights = settings.t1Correction?.weights ?? (water: 1, fat: 1)
  let threshold = 0.05 * brightLevel(zip(water.values, fat.values).map { $0 + $1 })
  var maps = SeparatedMaps(
    grid: water.grid, method: "vendor water and fat images, F / (W + F)",
    notices: [Notice(SeparationNotice.magnitudeImages)])
  maps.water = water
  maps.fat = fat
  for i in water.values.indices {
    let w = water.values[i] / Float(weights.water)
    let f = fat.values[i] / Float(weights.fat)
    maps.decide(
      i, settings.within, inputs: [w, f], isSignal: water.values[i] + fat.values[i] > threshold
    ) { (f / (w + f), []) }
  }
  maps.clear(outside: settings.within)
  return try maps.checked(settings)
}

/// PDFF from in-phase and opposed-phase magnitudes: (IP - OP) / (2 IP), 0...50 %; no R2*, no
/// spectrum, no absolute value, so that noise around zero stays.
///
/// - Parameter settings: `within` and `t1Correction` are used.
public func separate(
  inPhase: Volume<Float>, opposedPhase: Volume<Float>, settings: SeparationSettings
) throws(SeparationError) -> SeparatedMaps {
  let correct = settings.t1Correction.corrected
  let threshold = 0.05 * brightLevel(inPhase.values)
  var maps = SeparatedMaps(
    grid: inPhase.grid, method: "two-point magnitude, (IP - OP) / (2 IP)",
    notices: [Notice(SeparationNotice.twoPoint)])
  for i in inPhase.values.indices {
    let (ip, op) = (inPhase.values[i], opposedPhase.values[i])
    maps.decide(i, settings.within, inputs: [ip, op], isSignal: ip > threshold) {
      (correct((ip - op) / (2 * ip)), .limitedRange)
    }
  }
  maps.clear(outside: settings.within)
  return try maps.checked(settings)
}

/// A vendor's PDFF map as it is, fractions; values beyond -10...110 % are not measurements.
///
/// - Parameter settings: `within` and `t1Correction` are used.
public func separate(
  pdff: Volume<Float>, settings: SeparationSettings
) throws(SeparationError) -> SeparatedMaps {
  var maps = SeparatedMaps(
    grid: pdff.grid, method: "a vendor's PDFF map, as given",
    notices: [Notice(SeparationNotice.vendorMap)])
  let correct = settings.t1Correction.corrected
  for i in pdff.values.indices {
    let value = pdff.values[i]
    maps.decide(i, settings.within, inputs: [value], isSignal: true) {
      (correct(value), value < -0.1 || value > 1.1 ? .outOfScale : [])
    }
    if value < -0.1 || value > 1.1 { maps.fatFraction.values[i] = .nan }
  }
  maps.clear(outside: settings.within)
  return try maps.checked(settings)
}

/// The 95th percentile of positive values: the level of bright tissue.
func brightLevel(_ values: [Float]) -> Float {
  let step = max(1, values.count / 400_000) | 1
  let positive = stride(from: 0, to: values.count, by: step).map { values[$0] }
    .filter { $0 > 0 && $0.isFinite }.sorted()
  return positive.isEmpty ? 0 : positive[min(positive.count - 1, positive.count * 95 / 100)]
}

extension SeparatedMaps {
  /// Maps in which nothing is said yet.
  init(grid: VoxelGrid, method: String, notices: [Notice]) {
    self.init(
      fatFraction: Volume(grid: grid, repeating: .nan), fatFractionSD: nil, r2star: nil,
      fieldMap: nil, water: nil, fat: nil, quality: Volume(grid: grid, repeating: 0),
      method: MethodRecord(
        name: method, fatSpectrum: nil, precession: nil, noiseSD: nil, instructionSet: nil),
      notices: notices)
  }

  /// Sets one voxel, or the quality bit that says why not.
  mutating func decide(
    _ i: Int, _ within: [Bool]?, inputs: [Float], isSignal: Bool,
    _ value: () -> (Float, Quality)
  ) {
    if !inputs.allSatisfy(\.isFinite) {
      quality.values[i] |= Quality.nonFinite.rawValue
    } else if let within, !within[i] {
      quality.values[i] |= Quality.outsideRegion.rawValue
    } else if !isSignal {
      quality.values[i] |= Quality.background.rawValue
    } else {
      let (fraction, bits) = value()
      fatFraction.values[i] = fraction
      quality.values[i] |= bits.rawValue
    }
  }

  /// Counts what is not finite, says what was corrected, and refuses maps in which nothing is left.
  func checked(_ settings: SeparationSettings) throws(SeparationError) -> SeparatedMaps {
    guard fatFraction.values.contains(where: \.isFinite) else { throw SeparationError(.noSignal) }
    var maps = self
    if let correction = settings.t1Correction { maps.notices.append(correction.notice) }
    let bad = quality.values.count { $0 & Quality.nonFinite.rawValue != 0 }
    if bad > 0 { maps.notices.append(Notice(SeparationNotice.nonFiniteVoxels, "\(bad)")) }
    return maps
  }
}
