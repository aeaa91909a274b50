import Faults
import KernelTypes
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
  let (toWater, toFat) = (Float(1 / weights.water), Float(1 / weights.fat))
  let threshold = 0.05 * brightLevel(of: water.values, plus: fat.values)
  var maps = SeparatedMaps(
    grid: water.grid, method: "vendor water and fat images, F / (W + F)",
    notices: [Notice(SeparationNotice.magnitudeImages)],
    RatioPlan.waterFat(toWater: toWater, toFat: toFat, threshold: threshold).divide(
      water.values, fat.values, kernels: settings.kernels))
  maps.water = water
  maps.fat = fat
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
  let threshold = 0.05 * brightLevel(of: inPhase.values)
  var maps = SeparatedMaps(
    grid: inPhase.grid, method: "two-point magnitude, (IP - OP) / (2 IP)",
    notices: [Notice(SeparationNotice.twoPoint)],
    RatioPlan.twoPoint(threshold: threshold).divide(
      inPhase.values, opposedPhase.values, kernels: settings.kernels))
  maps.correct(settings)
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
    notices: [Notice(SeparationNotice.vendorMap)],
    RatioPlan.vendorMap.divide(pdff.values, pdff.values, kernels: settings.kernels))
  maps.correct(settings)
  maps.clear(outside: settings.within)
  return try maps.checked(settings)
}

/// The 95th percentile of positive values, or sums of two: the level of bright tissue. Of up to 100,000
/// voxels, evenly spread.
func brightLevel(of values: [Float], plus others: [Float]? = nil) -> Float {
  let step = max(1, values.count / 100_000) | 1
  let sums = stride(from: 0, to: values.count, by: step).map { values[$0] + (others?[$0] ?? 0) }
  return level(of: sums, share: 0.95) { _ in 1 }
}

/// The first value up to which more than a share of the weight of some values lies; of those that are
/// positive and finite, 0 where there are none.
///
/// Positive floats stand in the order of their bits: a histogram of the upper half says in which bin the
/// level lies, and only that bin is put in order.
func level(of values: [Float], share: Double, weight: (Float) -> Double) -> Float {
  let positive = values.filter { $0 > 0 && $0.isFinite }
  func bin(_ value: Float) -> Int { Int(value.bitPattern >> 16) }
  var bins = [Double](repeating: 0, count: 1 << 15)
  for value in positive { bins[bin(value)] += weight(value) }
  var left = share * bins.reduce(0, +)
  guard
    let home = bins.firstIndex(where: { weight in
      if weight > left { return true }
      left -= weight
      return false
    })
  else { return positive.max() ?? 0 }
  let some = positive.filter { bin($0) == home }.sorted()
  return some.first { value in
    left -= weight(value)
    return left < 0
  } ?? some[some.count - 1]
}

extension RatioPlan {
  /// With the bits of `Quality`.
  fileprivate func marked(known: Quality = []) -> RatioPlan {
    var plan = self
    plan.known = known.rawValue
    plan.background = Quality.background.rawValue
    plan.nonFinite = Quality.nonFinite.rawValue
    plan.outOfRange = Quality.outOfScale.rawValue
    return plan
  }

  /// (IP - OP) / (2 IP).
  package static func twoPoint(threshold: Float) -> RatioPlan {
    RatioPlan(
      numerator: (1, -1), denominator: (2, 0, 0), signal: (1, 0), threshold: threshold
    ).marked(known: .limitedRange)
  }

  /// F / (W + F) of water a and fat b, each times a factor.
  fileprivate static func waterFat(toWater: Float, toFat: Float, threshold: Float) -> RatioPlan {
    RatioPlan(
      numerator: (0, toFat), denominator: (toWater, toFat, 0), signal: (1, 1),
      threshold: threshold
    ).marked()
  }

  /// a as it is where it is a measurement.
  fileprivate static let vendorMap: RatioPlan = {
    var plan = RatioPlan(
      numerator: (1, 0), denominator: (0, 0, 1), signal: (0, 0), threshold: -1
    ).marked()
    plan.range = -0.1...1.1
    return plan
  }()

  /// 0 where a is above a threshold.
  fileprivate static func signalOnly(threshold: Float) -> RatioPlan {
    RatioPlan(
      numerator: (0, 0), denominator: (0, 0, 1), signal: (1, 0), threshold: threshold
    ).marked()
  }

  /// Into memory that is there already, on all cores.
  package func divide(
    _ a: UnsafeBufferPointer<Float>, _ b: UnsafeBufferPointer<Float>,
    into fractions: UnsafeMutableBufferPointer<Float>,
    _ bits: UnsafeMutableBufferPointer<UInt16>, kernels: Kernels
  ) {
    guard let a = a.baseAddress, let b = b.baseAddress, let to = fractions.baseAddress,
      let marks = bits.baseAddress
    else { return }
    nonisolated(unsafe) let (from, other, target, bits) = (a, b, to, marks)
    inParallel(fractions.count, piece: 1 << 16) {
      kernels.divideImages($0, from, other, self, target, bits)
    }
  }

  /// Fractions and quality bits of every voxel of two images of one shape.
  fileprivate func divide(
    _ a: [Float], _ b: [Float], kernels: Kernels
  ) -> (fractions: [Float], quality: [UInt16]) {
    var quality: [UInt16] = []
    let fractions = [Float](count: a.count) { fractions in
      quality = [UInt16](count: a.count) { bits in
        a.withUnsafeBufferPointer { a in
          b.withUnsafeBufferPointer { divide(a, $0, into: fractions, bits, kernels: kernels) }
        }
      }
    }
    return (fractions, quality)
  }
}

/// Fractions of 0 where there is signal, before anything is fitted.
func signalOnly(_ energy: [Float], above threshold: Float, kernels: Kernels) -> (
  fractions: [Float], quality: [UInt16]
) {
  RatioPlan.signalOnly(threshold: threshold).divide(energy, energy, kernels: kernels)
}

extension SeparatedMaps {
  init(
    grid: VoxelGrid, method: String, notices: [Notice],
    _ maps: (fractions: [Float], quality: [UInt16])
  ) {
    self.init(
      fatFraction: Volume(grid: grid, values: maps.fractions),
      quality: Volume(grid: grid, values: maps.quality), method: MethodRecord(name: method),
      notices: notices)
  }

  /// Corrects fractions for T1 where that is asked for.
  fileprivate mutating func correct(_ settings: SeparationSettings) {
    guard settings.t1Correction != nil else { return }
    let corrected = settings.t1Correction.corrected
    for i in fatFraction.values.indices {
      fatFraction.values[i] = corrected(fatFraction.values[i])
    }
  }

  /// Says what was corrected, and refuses maps in which nothing is left.
  func checked(_ settings: SeparationSettings) throws(SeparationError) -> SeparatedMaps {
    guard fatFraction.values.contains(where: \.isFinite) else { throw SeparationError(.noSignal) }
    var maps = self
    if let correction = settings.t1Correction { maps.notices.append(correction.notice) }
    return maps
  }
}
