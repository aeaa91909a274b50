import Scans
import Separation
import TestSupport
import Testing
import Volumes

/// Three echoes of real scans: the alarm on the maps that all echoes make, and on those exchanged.
@Suite struct RealSwapTests {
  @Test(arguments: ["sub-ismrm13", "sub-kellman08", "sub-spine99"])
  func threeEchoesTellWhichIsWhich(_ name: String) throws {
    guard let folder = Tools.realScans else {
      print("PDFF_REAL_SCANS is not set: 1 of 3 real scans skipped")
      return
    }
    let scan = try DixonScan.load(ScanRequest(inputs: ["\(folder)/\(name)"]))
    let tesla = try #require(scan.fieldStrength)
    let frequency = scan.imagingFrequency ?? larmorFrequency(at: tesla)
    guard case .complex(let series) = scan.signal else {
      Issue.record("\(name) is not complex")
      return
    }
    let full = try separate(complex: series, frequency: frequency, settings: .init())
    let (field, r2star) = (try #require(full.fieldMap), try #require(full.r2star))
    var exchanged = field
    let fat = Float(3.4 * frequency.megahertz)
    for i in field.values.indices {
      exchanged.values[i] += full.fatFraction.values[i] > 0.5 ? -fat : fat
    }
    func shares(_ map: Volume<Float>) -> [SwapRegion.Verdict: Double] {
      let (regions, ofVoxel, _) = ComplexSeparation.judgeSwaps(
        fieldMap: map, r2star: r2star, series: series.first(3), frequency: frequency,
        conjugated: full.method.precession == "-", noiseSD: full.method.noiseSD ?? 1,
        settings: .init())
      let verdicts = ofVoxel.values.filter { $0 >= 0 }.map { regions[Int($0)].verdict }
      return Dictionary(grouping: verdicts) { $0 }
        .mapValues { 100 * Double($0.count) / Double(verdicts.count) }
    }
    let (right, wrong) = (shares(field), shares(exchanged))
    for (map, shares) in [("all echoes' map", right), ("exchanged", wrong)] {
      print(
        "\(name), \(map): \(shares[.right, default: 0]) % of the voxels right, "
          + "\(shares[.suspected, default: 0]) % suspected")
    }
    #expect(right[.right, default: 0] > 85)
    #expect(right[.suspected, default: 0] < 2)
    #expect(wrong[.suspected, default: 0] > 85)
    #expect(wrong[.right, default: 0] < 3)
  }
}

extension EchoSeries {
  fileprivate func first(_ count: Int) -> EchoSeries {
    EchoSeries(
      grid: grid, echoTimes: Array(echoTimes[..<count]),
      real: Array(real[..<(count * grid.count)]),
      imaginary: Array(imaginary[..<(count * grid.count)]))
  }
}
