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
  let (toWater, toFat) = (Float(1 / weights.water), Float(1 / weights.fat))
  let threshold = 0.05 * brightLevel(of: water.values, plus: fat.values)
  var maps = SeparatedMaps(
    grid: water.grid, method: "vendor water and fat images, F / (W + F)",
    notices: [Notice(SeparationNotice.magnitudeImages)],
    mapped(water.values, fat.values) { water, fat in
      let (w, f) = (water * toWater, fat * toFat)
      return voxel(f / (w + f), finite: (w, f), isSignal: water + fat > threshold)
    })
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
    mapped(inPhase.values, opposedPhase.values) { ip, op in
      voxel(
        (ip - op) / (2 * ip), .limitedRange, finite: (ip, op), isSignal: ip > threshold)
    })
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
    mapped(pdff.values, pdff.values) { value, _ in
      let isMeasurement = value >= -0.1 && value <= 1.1
      return voxel(
        isMeasurement ? value : .nan, isMeasurement ? [] : .outOfScale, finite: (value, value),
        isSignal: true)
    })
  maps.correct(settings)
  maps.clear(outside: settings.within)
  return try maps.checked(settings)
}

/// The 95th percentile of positive values, or sums of two: the level of bright tissue. Of up to 400,000
/// voxels, evenly spread.
///
/// Positive floats stand in the order of their bits: a histogram of the upper half says in which bin the
/// percentile lies, and only that bin is put in order.
func brightLevel(of values: [Float], plus others: [Float]? = nil) -> Float {
  let step = max(1, values.count / 400_000) | 1
  func eachPositive(_ body: (Float) -> Void) {
    for i in stride(from: 0, to: values.count, by: step) {
      let value = values[i] + (others?[i] ?? 0)
      if value > 0 && value.isFinite { body(value) }
    }
  }
  func bin(_ value: Float) -> Int { Int(value.bitPattern >> 16) }
  var bins = [Int](repeating: 0, count: 1 << 15)
  var count = 0
  eachPositive {
    bins[bin($0)] += 1
    count += 1
  }
  guard count > 0 else { return 0 }
  var rank = min(count - 1, count * 95 / 100)
  var home = 0
  while rank >= bins[home] {
    rank -= bins[home]
    home += 1
  }
  var some: [Float] = []
  eachPositive { if bin($0) == home { some.append($0) } }
  return some.sorted()[rank]
}

/// The fraction of one voxel, or NaN with the bit that says why not. Without branches, so that loops
/// over it become vector code.
@inline(__always)
private func voxel(
  _ fraction: Float, _ bits: Quality = [], finite inputs: (Float, Float), isSignal: Bool
) -> (Float, UInt16) {
  // x - x is 0 for what is finite, and equals nothing elsewhere.
  let isFinite = (inputs.0 - inputs.0) == (inputs.1 - inputs.1)
  let known = isSignal ? bits.rawValue : Quality.background.rawValue
  return (
    isFinite && isSignal ? fraction : .nan, isFinite ? known : Quality.nonFinite.rawValue
  )
}

/// Fractions and quality bits of every voxel of two images of one shape.
@inline(__always)
private func mapped(
  _ a: [Float], _ b: [Float], _ value: @escaping @Sendable (Float, Float) -> (Float, UInt16)
) -> (fractions: [Float], quality: [UInt16]) {
  let count = a.count
  var quality: [UInt16] = []
  let fractions = [Float](count: count) { fractions in
    quality = [UInt16](count: count) { bits in
      a.withUnsafeBufferPointer { a in
        b.withUnsafeBufferPointer { b in
          nonisolated(unsafe) let (a, b, fractions, bits) = (a, b, fractions, bits)
          inParallel(count, piece: 1 << 16) { range in
            for i in range { (fractions[i], bits[i]) = value(a[i], b[i]) }
          }
        }
      }
    }
  }
  return (fractions, quality)
}

/// Fractions of 0 where there is signal, before anything is fitted.
func signalOnly(_ energy: [Float], above threshold: Float) -> (
  fractions: [Float], quality: [UInt16]
) {
  mapped(energy, energy) { energy, _ in
    voxel(0, finite: (energy, energy), isSignal: energy > threshold)
  }
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
