import Foundation
import Phantoms
import TestSupport
import Testing
import Volumes

@Suite struct ExportTests {
  private func exported(
    _ name: String, _ body: (_ anat: URL, _ phantom: Phantom) throws -> Void
  ) throws {
    let folder = try Tools.scratchFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let target = folder.appendingPathComponent("phantom")
    let phantom = try make(try small(name))
    try phantom.write(to: target.path)
    try body(target.appendingPathComponent("sub-phantom/anat"), phantom)
  }

  private func sidecar(_ anat: URL, _ name: String) throws -> [String: Any] {
    let data = try Data(contentsOf: anat.appendingPathComponent("\(name).json"))
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  @Test func magnitudesHaveNoPhaseAndAreRician() throws {
    try exported("magnitude-only") { anat, phantom in
      let files = try FileManager.default.contentsOfDirectory(atPath: anat.path)
      #expect(files.count == 12 && files.allSatisfy { $0.contains("part-mag") })
      let image = try NIfTIImage.read(
        anat.appendingPathComponent("sub-phantom_echo-1_part-mag_MEGRE.nii.gz").path)
      let air = zip(image.real, phantom.tissue).filter { !$0.1 }.map { Double($0.0) }
      let mean = air.reduce(0, +) / Double(air.count)
      // Rayleigh: mean = SD sqrt(pi / 2), SD of a sample 0.655 SD.
      let expected = phantom.noiseSD * (Double.pi / 2).squareRoot()
      let error = 0.655 * phantom.noiseSD / Double(air.count).squareRoot()
      #expect(abs(mean - expected) < 4 * error)
    }
  }

  @Test func twoPointsAreOpposedAndInPhase() throws {
    try exported("two-point") { anat, phantom in
      let opposed = try sidecar(anat, "sub-phantom_dixon_opp")
      #expect((opposed["ImageType"] as? [String])?.contains("OPP_PHASE") == true)
      let op = try NIfTIImage.read(
        anat.appendingPathComponent("sub-phantom_dixon_opp.nii.gz").path
      ).real
      let ip = try NIfTIImage.read(
        anat.appendingPathComponent("sub-phantom_dixon_in.nii.gz").path
      ).real
      let marrow = phantom.truth.labels.values.indices.filter {
        phantom.truth.labels.values[$0] == TissueClass.marrow.rawValue
      }
      let sums = marrow.reduce((0 as Float, 0 as Float)) { ($0.0 + op[$1], $0.1 + ip[$1]) }
      #expect(sums.0 < 0.5 * sums.1, "half fat, half water: nearly nothing when opposed")
    }
  }

  @Test func vendorMapsHoldThePDFF() throws {
    try exported("vendor-maps") { anat, phantom in
      let pdff = try NIfTIImage.read(
        anat.appendingPathComponent("sub-phantom_dixon_PDFF.nii.gz").path)
      #expect(pdff.datatype == .int16)
      let errors = phantom.truth.labels.values.indices.filter {
        phantom.truth.labels.values[$0] == TissueClass.liver.rawValue
      }.map { Double(pdff.real[$0]) - 100 * Double(phantom.truth.fatFraction.values[$0]) }
      // Half a point of rounding, noise of SD 2.5 points over many voxels.
      #expect(abs(errors.reduce(0, +) / Double(errors.count)) < 0.5)
      #expect(try sidecar(anat, "sub-phantom_dixon_PDFF")["Units"] as? String == "percent")
    }
  }

  @Test func sidecarsSayWhatWasSimulated() throws {
    try exported("liver-3t") { anat, _ in
      for echo in 1...6 {
        for part in ["mag", "phase"] {
          let keys = try sidecar(anat, "sub-phantom_echo-\(echo)_part-\(part)_MEGRE")
          let time = try #require(keys["EchoTime"] as? Double)
          #expect(abs(time - 0.00115 * Double(echo)) < 1e-12)
          #expect(keys["MagneticFieldStrength"] as? Double == 3)
          #expect(keys["ImagingFrequency"] as? Double == 127.732434)
          #expect(keys["AcquisitionDateTime"] as? String == "2026-01-15T09:00:00.000000")
        }
      }
      let phase = try NIfTIImage.read(
        anat.appendingPathComponent("sub-phantom_echo-1_part-phase_MEGRE.nii.gz").path)
      #expect(phase.scaling == NIfTIScaling(slope: 2, intercept: -4096))
      #expect(phase.real.allSatisfy { (-4096...4094).contains($0) })
    }
    try exported("eight-echo") { anat, phantom in
      let times = try sidecar(anat, "sub-phantom_MEGRE")["EchoTime"] as? [Double]
      #expect(times == [0.0011, 0.0021, 0.0031, 0.0041, 0.0051, 0.0061, 0.0071, 0.0081])
      let image = try NIfTIImage.read(
        anat.appendingPathComponent("sub-phantom_MEGRE.nii.gz").path)
      #expect(image.frames == 8 && image.datatype == .complex64)
      #expect(image.real == phantom.scan.real)
      #expect(image.imaginary == phantom.scan.imaginary)
    }
  }
}
