import Documents
import Foundation
import Reports
import TestSupport
import Testing
import Volumes

@Suite struct MapWriterTests {
  private func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = try Tools.scratchFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  private func names(_ folder: URL) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }

  @Test func everythingAppearsTogether() throws {
    try withFolder { folder in
      let target = folder.appendingPathComponent("new/result")
      var measurement = try Fixture.measurement()
      let staged = try StagedFolder(target.path)
      try measurement.write(Fixture.maps(), to: staged)
      staged.discard()
      #expect(
        try names(target) == [
          "B0map.nii.gz", "PDFFmap.nii.gz", "PDFFsd.nii.gz", "R2starmap.nii.gz", "fat.nii.gz",
          "measurement.json", "quality.nii.gz", "water.nii.gz",
        ])
      let data = try Data(contentsOf: target.appendingPathComponent("measurement.json"))
      let document = try JSONValue(parsing: data)
      #expect(document.sealHolds)
      #expect(measurement.outputs.count == 7)
      for output in measurement.outputs {
        let bytes = try Data(contentsOf: target.appendingPathComponent(output.name))
        #expect(sha256Hex(bytes) == output.sha256)
      }
    }
  }

  /// Files as nibabel reads them: exact to float32, NaN kept, the affine to float32.
  @Test func nibabelReadsTheMaps() throws {
    try withFolder { folder in
      var measurement = try Fixture.measurement()
      try measurement.write(Fixture.maps(), to: StagedFolder(folder.path))
      let said = try Tools.reference("describe_maps", [folder.path])
      let lines = said.split(separator: "\n").map(String.init)
      #expect(lines.count == 7)
      #expect(lines.allSatisfy { $0.contains("shape 4,3,2 origin 10,-20,30") })
      #expect(lines.contains { $0.hasPrefix("PDFFmap float32") && $0.hasSuffix("voxel5 5 nan 1") })
      #expect(lines.contains { $0.hasPrefix("PDFFsd float32") && $0.hasSuffix("voxel5 0.5 nan 1") })
      #expect(
        lines.contains { $0.hasPrefix("R2starmap float32") && $0.hasSuffix("voxel5 50 nan 1") })
      #expect(lines.contains { $0.hasPrefix("quality uint16") && $0.hasSuffix("voxel5 0 nan 0") })
    }
  }

  @Test func bidsInputGivesThePrefixAndTheIgnoreFile() throws {
    try withFolder { folder in
      var measurement = try Fixture.measurement()
      measurement.scan.outputPrefix = "sub-01_"
      try measurement.write(Fixture.maps(), to: StagedFolder(folder.path))
      #expect(
        try names(folder).filter { $0 != ".bidsignore" }.allSatisfy { $0.hasPrefix("sub-01_") })
      let ignored = try String(
        contentsOf: folder.appendingPathComponent(".bidsignore"), encoding: .utf8)
      #expect(ignored.contains("*_PDFFmap.nii.gz\n") && !ignored.contains("R2starmap"))
    }
  }

  /// A second run with fewer maps leaves none of the first run's, and no file of others is touched.
  @Test func aSecondRunReplacesTheFirst() throws {
    try withFolder { folder in
      try Data("mine".utf8).write(to: folder.appendingPathComponent("notes.txt"))
      var first = try Fixture.measurement()
      try first.write(Fixture.maps(), to: StagedFolder(folder.path))
      var second = try Fixture.measurement()
      try second.write(Fixture.maps(r2star: false), to: StagedFolder(folder.path))
      #expect(try !names(folder).contains("R2starmap.nii.gz"))
      #expect(try names(folder).contains("notes.txt"))
      #expect(try names(folder).count == 8)
    }
  }

  @Test func nothingIsLeftWhereWritingFails() throws {
    try withFolder { folder in
      let target = folder.appendingPathComponent("result")
      let staged = try StagedFolder(target.path)
      #expect(try names(target).count == 1)
      staged.discard()
      #expect(!FileManager.default.fileExists(atPath: target.path))

      // A folder stands where a map should be: none of the others appears.
      let blocked = folder.appendingPathComponent("blocked")
      try FileManager.default.createDirectory(
        at: blocked.appendingPathComponent("water.nii.gz"), withIntermediateDirectories: true)
      let second = try StagedFolder(blocked.path)
      var measurement = try Fixture.measurement()
      #expect(throws: OutputError.self) { try measurement.write(Fixture.maps(), to: second) }
      second.discard()
      #expect(try names(blocked) == ["water.nii.gz"])
    }
  }

  @Test func aFileInTheFoldersPlaceIsRefused() throws {
    try withFolder { folder in
      let file = folder.appendingPathComponent("result")
      try Data().write(to: file)
      let error = #expect(throws: OutputError.self) { try StagedFolder(file.path) }
      #expect(error?.exit == .cannotCreate)
    }
  }
}
