import Documents
import Foundation
import TestSupport
import Testing

/// Segmentations of 3D Slicer and DICOM, through the command line.
@Suite struct SegmentationTests {
  /// Tumour and liver on `SmallScan`'s grid as 3D Slicer saves them, in LPS.
  private func segmentation(in folder: URL) throws -> String {
    let (nx, ny, nz) = (12, 10, 4)
    var bytes = Data(
      """
      NRRD0004
      # Complete NRRD file format specification at:
      # http://teem.sourceforge.net/nrrd/format.html
      type: unsigned char
      dimension: 3
      space: left-posterior-superior
      sizes: \(nx) \(ny) \(nz)
      space directions: (2,0,0) (0,-2,0) (0,0,5)
      kinds: domain domain domain
      encoding: raw
      space origin: (-20,10,5)
      Segment0_ID:=Segment_1
      Segment0_LabelValue:=1
      Segment0_Layer:=0
      Segment0_Name:=Tumour
      Segment1_ID:=Segment_2
      Segment1_LabelValue:=2
      Segment1_Layer:=0
      Segment1_Name:=Liver
      Segmentation_MasterRepresentation:=Binary labelmap


      """.utf8)
    for index in 0..<(nx * ny * nz) {
      let (x, y) = (index % nx, index / nx % ny)
      let inside = (3..<7).contains(y) && (1..<3).contains(index / (nx * ny))
      bytes.append(inside && (3..<8).contains(x) ? 1 : inside && (8..<11).contains(x) ? 2 : 0)
    }
    let file = folder.appendingPathComponent("drawn.seg.nrrd")
    try bytes.write(to: file)
    return file.path
  }

  @Test func namesArriveInTheResult() throws {
    let scan = try SmallScan()
    try scan.write()
    let mask = try segmentation(in: scan.root)
    let outcome = try Tools.run(
      Tools.pdff,
      ["measure", scan.folder.path, "--roi", mask, "--json", "--lesion-label", "tumour"]
        + ["--background-label", "Liver"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    guard case .array(let rois) = try JSONValue(parsing: Array(outcome.output.utf8))["rois"] else {
      Issue.record("no regions")
      return
    }
    #expect(rois.map { $0["name"] } == [.string("Tumour"), .string("Liver")])
    #expect(rois.map { $0["voxels"] } == [.number(40), .number(24)])
    // The same voxels as the NIfTI mask's: the same mean, to the last digit.
    let plain = try Tools.run(
      Tools.pdff, ["measure", scan.folder.path, "--roi", try scan.mask(), "--json"])
    guard case .array(let same) = try JSONValue(parsing: Array(plain.output.utf8))["rois"] else {
      Issue.record("no region")
      return
    }
    #expect(same.first?["pdff_percent"] == rois.first?["pdff_percent"])
  }

  @Test(arguments: [("Kidney", "label-absent", 65), ("0", "--lesion-label", 64)])
  func namesThatAreNotThere(name: String, code: String, exit: Int32) throws {
    let scan = try SmallScan()
    try scan.write()
    let outcome = try Tools.run(
      Tools.pdff,
      [
        "measure", scan.folder.path, "--roi", try segmentation(in: scan.root), "--lesion-label",
        name,
      ])
    #expect(outcome.status == exit && outcome.errors.contains(code), "\(outcome.errors)")
  }

  /// Without dcmqi: exit 69, and how to get it.
  @Test func dcmqiIsNamedWhereItIsMissing() throws {
    let scan = try SmallScan()
    try scan.write()
    let mask = Tools.root.appendingPathComponent("Tests/reference/dicom-seg/seg.dcm").path
    let outcome = try Tools.run(
      Tools.pdff, ["measure", scan.folder.path, "--roi", mask], environment: ["PATH": "/nowhere"])
    #expect(outcome.status == 69, "\(outcome.errors)")
    #expect(outcome.errors.contains("[dcmqi-missing]") && outcome.errors.contains("pip install"))
  }
}
