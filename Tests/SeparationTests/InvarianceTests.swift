import Foundation
import Phantoms
import Separation
import Testing
import Volumes

@Suite struct InvarianceTests {
  static let phantom = Result { try make(try recipe("liver-3t", [48, 48, 8])) }
  static let plain = Result { try separated(phantom.get().scan) }

  static func separated(
    _ series: EchoSeries, _ settings: SeparationSettings = SeparationSettings()
  ) throws -> SeparatedMaps {
    try separate(complex: series, frequency: phantom.get().imagingFrequency, settings: settings)
  }

  static func changed(
    _ series: EchoSeries, _ body: (_ real: Float, _ imaginary: Float) -> (Float, Float)
  ) -> EchoSeries {
    var out = series
    for i in series.real.indices {
      (out.real[i], out.imaginary[i]) = body(series.real[i], series.imaginary[i])
    }
    return out
  }

  /// Differences in tissue in units of PDFFsd: at most 1 in 1000 above a tenth.
  private func compare(
    _ maps: SeparatedMaps, at place: (Int) -> Int = { $0 }, scale: Float = 1
  ) throws {
    let plain = try Self.plain.get()
    let phantom = try Self.phantom.get()
    let sd = try #require(plain.fatFractionSD)
    let water = (try #require(plain.water), try #require(maps.water))
    var (compared, differing, missing) = (0, 0, 0)
    for i in phantom.tissue.indices where phantom.tissue[i] {
      let (a, b) = (plain.fatFraction.values[i], maps.fatFraction.values[place(i)])
      if a.isNaN || b.isNaN {
        missing += 1
        continue
      }
      compared += 1
      if abs(a - b) > 0.1 * sd.values[i] { differing += 1 }
      let w = (water.0.values[i] * scale, water.1.values[place(i)])
      if abs(a - b) <= 0.1 * sd.values[i], abs(w.0 - w.1) > 0.01 * scale * 1000 { differing += 1 }
    }
    #expect(compared > 3000)
    #expect(missing == 0)
    #expect(Double(differing) < 1e-3 * Double(compared), "\(differing) of \(compared)")
  }

  @Test func repetitionIsExact() throws {
    let plain = try Self.plain.get()
    let again = try Self.separated(Self.phantom.get().scan)
    func bits(_ v: Volume<Float>?) -> [UInt32] { v?.values.map(\.bitPattern) ?? [] }
    #expect(bits(plain.fatFraction) == bits(again.fatFraction))
    #expect(bits(plain.fatFractionSD) == bits(again.fatFractionSD))
    #expect(bits(plain.fieldMap) == bits(again.fieldMap))
    #expect(bits(plain.r2star) == bits(again.r2star))
    #expect(plain.quality == again.quality)
    #expect(plain.notices == again.notices)
  }

  @Test(arguments: [0.5, 2.0, 3.1])
  func globalPhase(_ angle: Double) throws {
    let (c, s) = (Float(cos(angle)), Float(sin(angle)))
    try compare(
      Self.separated(
        Self.changed(Self.phantom.get().scan) { ($0 * c - $1 * s, $0 * s + $1 * c) }))
  }

  @Test(arguments: [Float(1e-3), 1e3])
  func scaling(_ factor: Float) throws {
    try compare(
      Self.separated(Self.changed(Self.phantom.get().scan) { ($0 * factor, $1 * factor) }),
      scale: factor)
  }

  @Test func reversedSignOfPhase() throws {
    let maps = try Self.separated(Self.changed(Self.phantom.get().scan) { ($0, -$1) })
    try compare(maps)
    let plain = try Self.plain.get()
    #expect(plain.method.precession == "+" && maps.method.precession == "-")
    #expect(maps.notices.contains { $0.code == "precession-reversed" })
    #expect(!plain.notices.contains { $0.code == "precession-reversed" })
    // Said by the user: no guess, and no notice.
    var settings = SeparationSettings()
    settings.precession = .negative
    let told = try Self.separated(
      Self.changed(Self.phantom.get().scan) { ($0, -$1) }, settings)
    try compare(told)
    #expect(!told.notices.contains { $0.code == "precession-reversed" })
  }

  @Test(arguments: [0, 1, 2])
  func flips(_ axis: Int) throws {
    let scan = try Self.phantom.get().scan
    let grid = scan.grid
    func mirrored(_ i: Int) -> Int {
      let (x, y, z) = (i % grid.nx, i / grid.nx % grid.ny, i / (grid.nx * grid.ny))
      return grid.index(
        axis == 0 ? grid.nx - 1 - x : x, axis == 1 ? grid.ny - 1 - y : y,
        axis == 2 ? grid.nz - 1 - z : z)
    }
    var series = scan
    for k in scan.echoTimes.indices {
      for i in 0..<grid.count {
        series.real[k * grid.count + mirrored(i)] = scan.real[k * grid.count + i]
        series.imaginary[k * grid.count + mirrored(i)] = scan.imaginary[k * grid.count + i]
      }
    }
    try compare(Self.separated(series), at: mirrored)
  }

  @Test func maskLeavesValuesInside() throws {
    let phantom = try Self.phantom.get()
    let plain = try Self.plain.get()
    let liver = phantom.truth.labels.values.map { $0 == TissueClass.liver.rawValue }
    var settings = SeparationSettings()
    settings.within = liver
    let maps = try Self.separated(phantom.scan, settings)
    let sd = try #require(plain.fatFractionSD)
    var differing = 0
    for i in liver.indices {
      let bits = Quality(rawValue: maps.quality.values[i])
      if liver[i] {
        let d = abs(maps.fatFraction.values[i] - plain.fatFraction.values[i])
        if !(d < 0.1 * sd.values[i]) { differing += 1 }
        #expect(!bits.contains(.outsideRegion))
      } else {
        #expect(bits.contains(.outsideRegion) && maps.fatFraction.values[i].isNaN)
      }
    }
    // One in a thousand, and one.
    #expect(differing <= 1 + liver.count { $0 } / 1000, "\(differing)")
  }

  @Test(arguments: Kernels.available.map(\.name))
  func instructionSetsAgree(_ name: String) throws {
    var settings = SeparationSettings()
    settings.kernels = try #require(Kernels.available.first { $0.name == name })
    let maps = try Self.separated(Self.phantom.get().scan, settings)
    try compare(maps)
    #expect(maps.method.instructionSet == name)
  }

  /// Values that are not numbers spoil their own voxels and no others.
  @Test func notFiniteVoxelsAreLeftOut() throws {
    let phantom = try Self.phantom.get()
    var scan = phantom.scan
    let bad = phantom.tissue.indices.filter { phantom.tissue[$0] && $0 % 97 == 0 }
    for (n, i) in bad.enumerated() {
      scan.real[(n % 6) * scan.grid.count + i] = [.nan, .infinity, -.infinity][n % 3]
    }
    let maps = try Self.separated(scan)
    for i in bad {
      #expect(maps.fatFraction.values[i].isNaN)
      #expect(Quality(rawValue: maps.quality.values[i]).contains(.nonFinite))
    }
    // What was loaded says so already.
    #expect(!maps.notices.contains { $0.code.hasPrefix("non-finite") })
    let missing = phantom.tissue.indices.count {
      phantom.tissue[$0] && maps.fatFraction.values[$0].isNaN
    }
    #expect(missing == bad.count)
  }
}
