import Documents
import Foundation
import TestSupport
import Testing

@Suite struct AtomicFileTests {
  @Test func aFileIsReplacedInOneStep() throws {
    let folder = try Tools.scratchFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("a.json").path
    try AtomicFile.write(path, Array("first".utf8))
    try AtomicFile.write(path, Array("second".utf8))
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "second")
    try AtomicFile.write(path, [])
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)).isEmpty)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.json"])
  }

  @Test func aFailureLeavesWhatWasThere() throws {
    let folder = try Tools.scratchFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let taken = folder.appendingPathComponent("taken")
    try FileManager.default.createDirectory(at: taken, withIntermediateDirectories: true)
    let long = String(repeating: "n", count: 300)
    for name in ["taken", "none/a.json", "taken/", long] {
      let path = folder.path + "/" + name
      let error = try #require(throws: OutputError.self, "\(name)") {
        try AtomicFile.write(path, [1, 2, 3])
      }
      #expect(error.code == .cannotWrite && error.exit == .cannotCreate)
      #expect(!error.description.contains(folder.path) && !error.detail.isEmpty)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["taken"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: taken.path).isEmpty)
  }
}
