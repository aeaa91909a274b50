import Documents
import Foundation
import TestSupport
import Testing

@Suite struct StagedFolderTests {
  private func inFolder(_ body: (URL) throws -> Void) throws {
    let folder = try Tools.scratchFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  private func listing(_ url: URL) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: url.path).sorted()
  }

  /// Files in folders of their own appear together with the others, and nothing else is left.
  @Test func filesMayLieInFolders() throws {
    try inFolder { folder in
      let target = folder.appendingPathComponent("out")
      let staged = try StagedFolder(target.path)
      for name in ["tables/a.csv", "tables/b.csv", "figures/c.svg", "d.json"] {
        try AtomicFile.write(staged.staged(name), Array(name.utf8))
      }
      try staged.commit(["tables/a.csv", "figures/c.svg", "tables/b.csv", "d.json"])
      #expect(
        try listing(target) == [
          "d.json", "figures", "figures/c.svg", "tables", "tables/a.csv", "tables/b.csv",
        ])
      let again = try StagedFolder(target.path)
      try AtomicFile.write(again.staged("tables/a.csv"), [])
      try again.commit(["tables/a.csv"], removing: ["tables/b.csv"])
      #expect(
        try listing(target) == ["d.json", "figures", "figures/c.svg", "tables", "tables/a.csv"])
    }
  }

  @Test func whatIsDiscardedLeavesNothing() throws {
    try inFolder { folder in
      let target = folder.appendingPathComponent("out")
      let staged = try StagedFolder(target.path)
      try AtomicFile.write(staged.staged("tables/a.csv"), [1])
      staged.discard()
      #expect(!FileManager.default.fileExists(atPath: target.path))
    }
  }

  /// A file where a folder should be is a clear refusal, and stays.
  @Test func aFileInTheWayIsSaid() throws {
    try inFolder { folder in
      try "x".write(to: folder.appendingPathComponent("tables"), atomically: true, encoding: .utf8)
      let staged = try StagedFolder(folder.path)
      try AtomicFile.write(staged.staged("tables/a.csv"), [1])
      let error = #expect(throws: OutputError.self) { try staged.commit(["tables/a.csv"]) }
      #expect(error?.code == .cannotWrite)
      staged.discard()
      #expect(try listing(folder) == ["tables"])
    }
  }
}
