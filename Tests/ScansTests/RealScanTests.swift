import Foundation
import Scans
import TestSupport
import Testing

/// Nine real scans; their folder comes from PDFF_REAL_SCANS.
@Suite("Real scans")
struct RealScanTests {
  static let scans: [(name: String, echoes: Int, units: String?)] = [
    ("sub-ismrm12", 4, "Siemens, -4096...4094 for -pi...pi"),
    ("sub-ismrm13", 4, "radians, -pi...pi"),
    ("sub-kellman01", 4, "radians, -pi...pi"),
    ("sub-kellman05", 8, "Siemens, -4096...4094 for -pi...pi"), ("sub-kellman08", 4, nil),
    ("sub-kellman09", 8, "radians, -pi...pi"), ("sub-kellman16", 2, "radians, -pi...pi"),
    ("sub-liver12bipolar", 12, nil), ("sub-spine99", 6, nil),
  ]

  @Test("All load, with their kinds, echoes and phase units, and equal NumPy's values")
  func load() throws {
    guard let folder = Tools.realScans else {
      print("PDFF_REAL_SCANS is not set: \(Self.scans.count) real scans skipped")
      return
    }
    for expected in Self.scans {
      let path = folder + "/" + expected.name
      let scan = try DixonScan.load(ScanRequest(inputs: [path]))
      #expect(scan.kind == .complex)
      #expect(scan.echoTimes.count == expected.echoes)
      #expect(scan.finding("phase units")?.finding == expected.units)
      #expect(scan.notices.isEmpty)
      try compare(scan, path)
    }
  }

  /// `echoes.py` prints for each echo: its time, the sums of |s|, Re s and Im s, and the parts of
  /// some voxels.
  private func compare(_ scan: DixonScan, _ path: String) throws {
    let lines = try Tools.reference("echoes", [path]).split(separator: "\n")
    #expect(lines.count == scan.echoTimes.count)
    for (echo, line) in lines.enumerated() {
      let expected = line.split(separator: " ").compactMap { Double($0) }
      let (real, imaginary) = try #require(scan.echo(echo))
      try #require(expected.count > 4)
      #expect(abs(scan.echoTimes[echo].value - expected[0]) < 1e-12)
      let whole = zip(real, imaginary).reduce(0) { $0 + hypot(Double($1.0), Double($1.1)) }
      // Single precision against double: 1e-6 of the summed magnitudes.
      let tolerance = 1e-6 * expected[1]
      #expect(abs(whole - expected[1]) < tolerance)
      #expect(abs(real.reduce(0) { $0 + Double($1) } - expected[2]) < tolerance)
      #expect(abs(imaginary.reduce(0) { $0 + Double($1) } - expected[3]) < tolerance)
      for (place, index) in stride(from: 4, to: expected.count - 1, by: 2).enumerated() {
        let voxel = place * (real.count / 50)
        // Magnitudes reach 2000; phase in single precision is good to 4e-7 rad.
        #expect(abs(Double(real[voxel]) - expected[index]) < 2e-3)
        #expect(abs(Double(imaginary[voxel]) - expected[index + 1]) < 2e-3)
      }
    }
  }
}
