import Scans
import Testing

@Suite("File names and ImageType")
struct ImageNameTests {
  @Test(
    "Names say role, echo and series",
    arguments: [
      ("sub-01_echo-2_part-phase_MEGRE.nii.gz", FileRole.phase, 2, "sub-01"),
      ("sub-01_ses-b_run-1_echo-11_part-imag_MEGRE.nii", .imaginary, 11, "sub-01_ses-b_run-1"),
      ("sub-01_PDFFmap.nii.gz", .pdff, 0, "sub-01"),
      ("sub-01_acq-dixon_rec-water_MEGRE.nii.gz", .water, 0, "sub-01_acq-dixon"),
      ("sub-01_water.nii.gz", .water, 0, "sub-01"), ("sub-01_fat.nii.gz", .fat, 0, "sub-01"),
      ("sub-01_inphase.nii.gz", .inPhase, 0, "sub-01"),
      ("sub-01_outphase.nii.gz", .opposedPhase, 0, "sub-01"),
      ("scan_5_e2_ph.nii.gz", .phase, 2, "scan_5"), ("scan_5_e2_real.nii", .real, 2, "scan_5"),
      ("scan_5_e12_imaginary.nii.gz", .imaginary, 12, "scan_5"),
      ("scan_5_ph.nii.gz", .phase, 0, "scan_5"), ("t1_vibe_W.nii.gz", .water, 0, "t1_vibe"),
      ("t1_vibe_F.hdr", .fat, 0, "t1_vibe"), ("t1_vibe_in.nii", .inPhase, 0, "t1_vibe"),
      ("t1_vibe_opp.nii", .opposedPhase, 0, "t1_vibe"), ("PDFFmap.nii.gz", .pdff, 0, ""),
      ("water.nii.gz", .water, 0, ""),
    ])
  func roles(_ path: String, _ role: FileRole, _ echo: Int, _ series: String) {
    let name = ImageName(path: "/data/sub-99/anat/" + path)
    #expect(name.meaning == .role(role))
    #expect((name.echo ?? 0) == echo)
    #expect(name.series == series)
  }

  @Test("Magnitudes of dcm2niix have an echo and no part")
  func magnitudes() {
    let name = ImageName(path: "scan_5_e3.nii.gz")
    #expect(name.meaning == nil)
    #expect(name.echo == 3)
    #expect(name.series == "scan_5")
    #expect(name.acquisition == "scan")
  }

  @Test("dcm2niix's letter for a name that was taken makes another series")
  func repeatedNames() {
    #expect(ImageName(path: "scan_e1a.nii").series == "scan_a")
    #expect(ImageName(path: "scan_e1a.nii").echo == 1)
    #expect(ImageName(path: "scan_e1_ph.nii").series == "scan")
  }

  @Test(
    "Masks and maps of other kinds are set aside",
    arguments: [
      "sub-01_label-body_mask.nii.gz", "sub-01_dseg.nii.gz", "tumour_mask.nii", "liver_seg.nii.gz",
      "sub-01_T1w.nii.gz", "R2starmap.nii.gz", "B0map.nii.gz", "quality.nii.gz", "PDFFsd.nii.gz",
      "label.nii", "sub-01_label-liver_MEGRE.nii.gz",
    ])
  func setAside(_ path: String) {
    guard case .setAside = ImageName(path: path).meaning else {
      Issue.record("\(path) was not set aside")
      return
    }
  }

  @Test("Words within a name are no evidence")
  func innerWords() {
    #expect(ImageName(path: "water_phantom_e1.nii").meaning == nil)
    #expect(ImageName(path: "fat_study_scan.nii").meaning == nil)
  }

  @Test(
    "ImageType says the part, the derived image first",
    arguments: [
      (["ORIGINAL", "PRIMARY", "M", "ND"], FileRole.magnitude),
      (["ORIGINAL", "PRIMARY", "M_FFE", "M", "FFE"], .magnitude),
      (["ORIGINAL", "PRIMARY", "PHASE MAP", "P", "FFE"], .phase),
      (["ORIGINAL", "PRIMARY", "REAL", "ND"], .real),
      (["ORIGINAL", "PRIMARY", "I_FFE"], .imaginary),
      (["DERIVED", "PRIMARY", "M", "DIXON", "WATER"], .water),
      (["DERIVED", "PRIMARY", "W", "W", "DERIVED"], .water),
      (["DERIVED", "PRIMARY", "DIXON", "FAT"], .fat),
      (["DERIVED", "PRIMARY", "IP", "IP", "DERIVED"], .inPhase),
      (["DERIVED", "PRIMARY", "DIXON", "OPP_PHASE"], .opposedPhase),
      (["DERIVED", "PRIMARY", "FF", "FF"], .pdff),
      (["DERIVED", "PRIMARY", "DIXON", "FAT_FRACTION"], .pdff),
      // As dcm2niix splits them.
      (["DERIVED", "PRIMARY", "DIXON", "FAT", "FRACTION"], .pdff),
      (["DERIVED", "PRIMARY", "M", "IN", "PHASE", "PHASE"], .inPhase),
      (["DERIVED", "PRIMARY", "OUT", "OF", "PHASE"], .opposedPhase),
    ])
  func imageTypes(_ tokens: [String], _ role: FileRole) {
    #expect(RoleWords.meaning(ofImageType: tokens) == .role(role))
  }

  @Test("An ImageType of several parts, or none, decides nothing")
  func undecided() {
    #expect(RoleWords.meaning(ofImageType: ["M", "P"]) == nil)
    #expect(RoleWords.meaning(ofImageType: ["ORIGINAL", "PRIMARY"]) == nil)
  }
}
