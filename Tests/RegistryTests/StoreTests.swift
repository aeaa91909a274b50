import Documents
import Foundation
import GRDB
import Registry
import TestSupport
import Testing
import Trial

/// The file: made whole, used by several, migrated, refused.
@Suite struct StoreTests {
  @Test func aRegistryIsMadeOnce() throws {
    let study = try StudyFixture()
    #expect(
      code {
        _ = try Registry.create(study.path, settings: StudySettings(study: "x"), admin: "root")
      } == "registry-exists")
    let names = try FileManager.default.contentsOfDirectory(atPath: study.folder.path)
    #expect(
      Set(names).isSubset(of: [
        "study.registry", "study.registry.users", "study.registry-wal", "study.registry-shm",
      ]))
    let attributes = try FileManager.default.attributesOfItem(atPath: study.path + ".users")
    let mode = try #require((attributes[.posixPermissions] as? NSNumber)?.intValue)
    #expect(mode & 0o007 == 0)
    let nowhere = study.folder.appendingPathComponent("no/study").path
    #expect(
      code { _ = try Registry.create(nowhere, settings: StudySettings(study: "x"), admin: "root") }
        == "registry-cannot-write")
  }

  @Test func otherFilesAreRefused() throws {
    let folder = try Tools.scratchFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("file").path
    #expect(code { _ = try Registry(opening: path) } == "registry-missing")
    #expect(code { _ = try Registry.verify(path) } == "registry-missing")
    try "hello".write(toFile: path, atomically: true, encoding: .utf8)
    #expect(code { _ = try Registry(opening: path) } == "registry-not-a-registry")
    let other = folder.appendingPathComponent("other.sqlite").path
    let queue = try DatabaseQueue(path: other)
    try queue.inDatabase { try $0.execute(sql: "CREATE TABLE t (x)") }
    try queue.close()
    #expect(code { _ = try Registry(opening: other) } == "registry-not-a-registry")
    #expect(code { _ = try Registry.verify(other) } == "registry-not-a-registry")
  }

  @Test func everyWriteIsOnTheDisk() throws {
    let study = try StudyFixture()
    #expect(try study.registry.durability() == "wal 2 1")
  }

  /// Someone else writes all the time.
  @Test func whoWaitsTooLongIsTold() throws {
    let study = try StudyFixture()
    let other = try DatabaseQueue(path: study.path)
    let impatient = try Registry(opening: study.path, wait: 0.05, clock: study.time.clock)
    try other.writeWithoutTransaction { db in
      try db.execute(sql: "BEGIN IMMEDIATE")
      let session = try impatient.session(trusted: "coordinator")
      #expect(code { try session.enrol(participant: "P-001", site: "s") } == "registry-busy")
      // Reading goes on meanwhile.
      #expect(try session.worklist().count == 0)
      try db.execute(sql: "ROLLBACK")
      try session.enrol(participant: "P-001", site: "s")
    }
  }

  /// Several at once, each with a connection of its own: all is there, one chain.
  @Test func severalWriteAtOnce() throws {
    let study = try StudyFixture()
    let (writers, each) = (4, 10)
    let path = study.path
    DispatchQueue.concurrentPerform(iterations: writers) { writer in
      do {
        let session = try Registry(opening: path, clock: RegistryClock.system)
          .session(trusted: "coordinator")
        for number in 0..<each {
          try session.enrol(participant: "P-\(writer)\(number)", site: "s")
        }
      } catch { Issue.record("\(error)") }
    }
    #expect(try study.session(.coordinator).worklist().count == writers * each)
    let found = try Registry.verify(path)
    #expect(found.entries == 7 + writers * each)
  }

  /// A clock that was set back would let a seal be older than what it must not know.
  @Test func aClockThatIsBehindIsRefused() throws {
    let study = try StudyFixture()
    try study.enrol("P-001")
    study.time.set("2026-02-28")
    #expect(code { try study.enrol("P-002") } == "registry-clock-behind")
    // A little is let pass.
    study.time.set("2026-03-01T11:59:57.000Z")
    try study.enrol("P-002")
  }

  /// As a later version will have it: another table's columns, an index more.
  private static let next = Schema(
    version: 2,
    replay: Schema.current.replay + ["CREATE INDEX participant_of_site ON participant (site)"])

  @Test func anOlderVersionIsMigratedWithABackup() throws {
    let study = try StudyFixture()
    try study.discordant("P-001")
    let before = try Registry.verify(study.path)
    let status = try study.session(.coordinator).status(participant: "P-001")
    let migrated = try Registry(opening: study.path, clock: study.time.clock, schema: Self.next)
    #expect(try migrated.session(trusted: "coordinator").status(participant: "P-001") == status)
    let after = try Registry.verify(
      study.path, expecting: before.head.hash, wait: 5, schema: Self.next)
    #expect(after.entries == before.entries + 1)
    let last = try #require(try migrated.session(trusted: "auditor").history().last)
    #expect(last.action == "migrate" && last.user == "pdff" && last.after == ["version": 2])
    // This version refuses it, and the backup is what was there.
    #expect(code { _ = try Registry(opening: study.path) } == "registry-newer")
    #expect(code { _ = try Registry.verify(study.path) } == "registry-newer")
    let names = try FileManager.default.contentsOfDirectory(atPath: study.folder.path)
    let backup = try #require(names.first { $0.hasSuffix(".backup") })
    #expect(backup.hasPrefix("study.registry.version-1."))
    let kept = try Registry.verify(study.folder.appendingPathComponent(backup).path)
    #expect(kept.head == before.head)
    // Opening it again changes nothing.
    _ = try Registry(opening: study.path, clock: study.time.clock, schema: Self.next)
    #expect(try migrated.session(trusted: "auditor").head().number == after.entries)
  }

  @Test(arguments: [
    ("/data/study", "/dev/sda1 / ext4 rw 0 0\nserver:/x /data nfs4 rw 0 0\n", "nfs4"),
    ("/database", "/dev/sda1 / ext4 rw 0 0\nserver:/x /data nfs4 rw 0 0\n", nil),
    ("/home/a b/c", "/dev/sda1 / ext4 rw 0 0\n//server/x /home/a\\040b cifs rw 0 0\n", "cifs"),
    ("/mnt/x", "/dev/sda1 / ext4 rw 0 0\nme@server: /mnt fuse.sshfs rw 0 0\n", "fuse.sshfs"),
    ("/mnt/x", "/dev/sda1 / ext4 rw 0 0\n/dev/sdb1 /mnt fuseblk rw 0 0\n", nil),
    ("/a/b", "s:/ /a nfs rw 0 0\n/dev/sdb1 /a/b xfs rw 0 0\n/dev/sda1 / ext4 rw 0 0\n", nil),
    ("/a", "/dev/sdb1 /a xfs rw 0 0\ns:/ /a nfs rw 0 0\n/dev/sda1 / ext4 rw 0 0\n", "nfs"),
  ]) func sharesAreKnown(path: String, mounts: String, kind: String?) {
    #expect(NetworkShare.kind(of: path, mounts: mounts) == kind)
  }
}
