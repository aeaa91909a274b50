import Foundation
import Scans
import Separation
import TestSupport
import Testing
import Volumes

/// Nine real scans; their folder comes from PDFF_REAL_SCANS. No truth exists for them.
@Suite struct RealSeparationTests {
  /// Sign of phase, whether the read-out is bipolar, and the least share of measured voxels within
  /// -10...110 %, percent.
  static let scans: [(name: String, sign: String, bipolar: Bool, plausible: Double)] = [
    ("sub-ismrm12", "+", false, 85), ("sub-ismrm13", "+", false, 85),
    ("sub-kellman01", "+", false, 90), ("sub-kellman05", "+", false, 90),
    ("sub-kellman08", "+", false, 90), ("sub-kellman09", "+", false, 90),
    ("sub-kellman16", "-", false, 90), ("sub-liver12bipolar", "+", true, 90),
    ("sub-spine99", "-", false, 90),
  ]

  static func separated(_ name: String, within: [Bool]? = nil) throws -> SeparatedMaps? {
    guard let folder = Tools.realScans else { return nil }
    let scan = try DixonScan.load(ScanRequest(inputs: [folder + "/" + name]))
    let field = try #require(scan.fieldStrength)
    let frequency = scan.imagingFrequency ?? larmorFrequency(at: field)
    guard case .complex(let series) = scan.signal else {
      Issue.record("\(name) is not complex")
      return nil
    }
    var settings = SeparationSettings()
    settings.within = within
    return series.echoTimes.count == 2
      ? try separate(twoEchoes: series, frequency: frequency, settings: settings)
      : try separate(complex: series, frequency: frequency, settings: settings)
  }

  @Test(arguments: scans)
  func allAreSeparated(
    _ known: (name: String, sign: String, bipolar: Bool, plausible: Double)
  ) throws {
    guard let maps = try Self.separated(known.name) else {
      print("PDFF_REAL_SCANS is not set: 1 of \(Self.scans.count) real scans skipped")
      return
    }
    let finite = maps.fatFraction.values.filter(\.isFinite)
    let plausible = finite.count { $0 >= -0.1 && $0 <= 1.1 }
    let share = 100 * Double(plausible) / Double(finite.count)
    print(
      "\(known.name): \(finite.count) voxels, \(share) % plausible, "
        + "sign \(maps.method.precession ?? "?"), noise \(maps.method.noiseSD ?? .nan), "
        + "\(maps.notices.map(\.message))")
    #expect(maps.method.precession == known.sign)
    let codes = maps.notices.map(\.code)
    #expect(codes.contains("bipolar-readout") == known.bipolar, "\(codes)")
    #expect(share > known.plausible, "\(share) %")
  }

  /// In the body's mask nearly every voxel gets a number.
  @Test(arguments: ["sub-ismrm12", "sub-ismrm13"])
  func bodiesAreMeasured(_ name: String) throws {
    guard let folder = Tools.realScans else {
      print("PDFF_REAL_SCANS is not set: 1 of 2 real scans with a mask skipped")
      return
    }
    let mask = try NIfTIImage.read("\(folder)/\(name)/anat/\(name)_label-body_mask.nii.gz")
    let body = mask.real.map { $0 > 0 }
    guard let maps = try Self.separated(name, within: body) else { return }
    let inside = body.indices.filter { body[$0] }
    let finite = inside.count { maps.fatFraction.values[$0].isFinite }
    let share = 100 * Double(finite) / Double(inside.count)
    print("\(name): \(share) % of the body have a value")
    #expect(share > 99)
  }

  /// The same slice with four and with eight echoes, from two breath-holds: least share of voxels
  /// within 10 points, percent; the measured one less 1 %.
  static let pairs: [(four: String, eight: String, share: Double)] = [
    ("sub-kellman08", "sub-kellman09", 51.2), ("sub-kellman01", "sub-kellman05", 81.4),
  ]

  @Test(arguments: pairs)
  func echoCountsAgree(_ pair: (four: String, eight: String, share: Double)) throws {
    guard let four = try Self.separated(pair.four),
      let eight = try Self.separated(pair.eight)
    else {
      print("PDFF_REAL_SCANS is not set: 2 of \(2 * Self.pairs.count) real scans skipped")
      return
    }
    try #require(four.fatFraction.values.count == eight.fatFraction.values.count)
    let both = zip(four.fatFraction.values, eight.fatFraction.values)
      .filter { $0.0.isFinite && $0.1.isFinite }
    let close = both.count { abs($0.0 - $0.1) < 0.1 }
    let share = 100 * Double(close) / Double(both.count)
    print("\(pair.four), \(pair.eight): \(share) % of \(both.count) voxels within 10 points")
    #expect(share > pair.share, "\(share) %")
    // Most voxels with signal have a value in both.
    #expect(both.count > 25_000)
  }
}
