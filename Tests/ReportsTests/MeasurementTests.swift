import Documents
import Foundation
import Reports
import TestSupport
import Testing
import Volumes

@Suite struct MeasurementTests {
  /// Every key of the contract is there, null where nothing is known yet.
  @Test func documentHasEveryKey() throws {
    let document = try Fixture.measurement().document()
    #expect(document.sealHolds)
    #expect(document["schema"] == "pdff.measurement/1")
    #expect(document["acquired_on"] == "2026-11-20")
    #expect(document["dates_shifted"] == false)
    #expect(document["subtype"] == .null)
    let input = try #require(document["input"])
    #expect(input["kind"] == "complex")
    #expect(input["echo_times_s"] == [0.0012, 0.0024])
    #expect(input["field_strength_t"] == 3)
    #expect(
      input["files"] == [
        ["name": "mag.nii.gz", "sha256": "ab12", "role": "magnitude"],
        ["name": "mask.nii.gz", "sha256": "cd34", "role": "mask"],
      ])
    #expect(!document.canonical().contains("secret-name"))
    let method = try #require(document["method"])
    #expect(method["name"] == "test fit")
    #expect(method["fat_spectrum"] == "six-peak-liver")
    #expect(method["version"] == .string(Software.version))
    let parts: Set = ["total", "noise", "redrawing", "ledger", "repeatability", "t1"]
    guard case .array(let rois) = document["rois"] else { throw Missing() }
    for roi in rois {
      for statistic in ["mean", "median"] {
        guard case .object(let members)? = roi["standard_uncertainty"]?[statistic] else {
          throw Missing()
        }
        #expect(Set(members.keys) == parts)
        #expect(members["ledger"] == .null && members["repeatability"] == .null)
        #expect((members["noise"] == .null) == (roi["voxels_used"] == 0))
      }
      #expect(roi["calibrated_pdff_percent"] == .null)
      for key in ["mean", "median", "sd", "p05", "p25", "p75", "p95", "min", "max"] {
        #expect(roi["pdff_percent"]?[key] != nil)
      }
    }
    #expect(rois.map { $0["name"] } == ["tumour", "liver", "lost"])
  }

  struct Missing: Error {}

  /// Tolerance: a float32's precision in percent. Voxels 2, 3, 4, 14 hold as many percent.
  @Test func numbersAreThoseOfTheRegion() throws {
    guard case .array(let rois) = try Fixture.measurement().document()["rois"],
      case .number(let mean) = rois[0]["pdff_percent"]?["mean"],
      case .number(let median) = rois[0]["pdff_percent"]?["median"],
      case .number(let rate) = rois[0]["r2star_per_s"]?["max"],
      case .number(let volume) = rois[0]["volume_ml"]
    else { throw Missing() }
    #expect(abs(mean - 5.75) < 1e-5)
    #expect(abs(median - 3.5) < 1e-5)
    #expect(abs(rate - 140) < 1e-4)
    #expect(abs(volume - 4 * Fixture.grid.voxelMillilitres) < 1e-12)
    #expect(rois[1]["voxels"] == 4 && rois[1]["voxels_used"] == 3)
    #expect(rois[1]["excluded"] == ["background": 1])
    #expect(rois[2]["pdff_percent"]?["mean"] == .null)
    #expect(rois[2]["r2star_per_s"] == .null)
    #expect(rois[0]["flagged"] == ["poor-fit": 1])
  }

  @Test func qualityBitsHaveMeanings() throws {
    guard case .array(let bits) = try Fixture.measurement().document()["quality_bits"]
    else { throw Missing() }
    #expect(bits.count == Quality.catalogue.count)
    #expect(
      bits[0] == ["value": 1, "name": "background", "meaning": "signal below the noise threshold"])
  }

  @Test func afterTACEIsAWarning() throws {
    let document = try Fixture.measurement(afterTACE: true).document()
    #expect(document["after_tace"] == true)
    guard case .array(let warnings) = document["warnings"] else { throw Missing() }
    #expect(warnings.last?["code"] == "after-tace")
  }

  @Test func tableForAReader() throws {
    let table = try Fixture.measurement(perSlice: true).table()
    #expect(
      table == """
        Proton-density fat fraction (PDFF)
          input:  complex, 2 echoes, TE 1.20–2.40 ms, 3.00 T, acquired 2026-11-20
          method: test fit, fat spectrum six-peak-liver, precession +

          region    voxels  volume  PDFF mean  median    SD    p05    p95  R2* mean
                      used      ml          %       %     %      %      %       1/s
          1 tumour  4 of 4    0.05       5.75    3.50  5.56   2.15  12.50      57.5
          2 liver   3 of 4    0.05      21.00   21.00  1.00  20.10  21.90     210.0
          3 lost    0 of 1    0.01          –       –     –      –      –         –

          region       slice  voxels  volume  PDFF mean  median    SD
                    (from 0)    used      ml          %       %     %
          1 tumour         0  3 of 3    0.03       3.00    3.00  1.00
          1 tumour         1  1 of 1    0.01      14.00   14.00     –
          2 liver          1  3 of 4    0.05      21.00   21.00  1.00
          3 lost           1  0 of 1    0.01          –       –     –

        Standard uncertainty of the mean, percentage points
          region    total  noise  re-drawing  ledger  repeatability  T1
          1 tumour   1.64   0.38        1.60       –              –   –
          2 liver    2.18   1.21        1.81       –              –   –

        Voxels left out
          2 liver: 1 background (signal below the noise threshold)
          3 lost: 1 background (signal below the noise threshold)

        Warnings
          many voxels of a region carry a quality flag: tumour: 25 % of its used voxels are \
        poor-fit (the residual is larger than noise explains) [region-flagged]
          a region has no usable voxel: lost: 1 background [region-without-values]

        Research use only: not a diagnostic device.

        """)
  }
}
