import Foundation

/// Whether a folder lies on another computer: SQLite's write-ahead log needs memory that all its users
/// share, and locks that work (https://sqlite.org/wal.html).
package enum NetworkShare {
  /// The kind of share, for example `nfs4`; nil for a local disk, and where it can't be told.
  static func kind(ofFolder path: String) -> String? {
    guard let real = realpath(path, nil),
      let mounts = FileManager.default.contents(atPath: "/proc/self/mounts")
    else { return nil }
    defer { free(real) }
    return kind(of: String(cString: real), mounts: String(decoding: mounts, as: UTF8.self))
  }

  /// - Parameters:
  ///   - path: absolute, without links.
  ///   - mounts: the system's list of mounts (Linux, `proc(5)`): device, mount point, type, ...
  package static func kind(of path: String, mounts: String) -> String? {
    var best: (length: Int, type: String)?
    for line in mounts.split(separator: "\n") {
      let fields = line.split(separator: " ")
      guard fields.count > 2 else { continue }
      let point = fields[1].replacing("\\040", with: " ").replacing("\\011", with: "\t")
        .replacing("\\134", with: "\\")
      let isAbove = point == "/" || path == point || path.hasPrefix(point + "/")
      // Of two mounts on the same point the later one is seen.
      if isAbove, point.utf8.count >= best?.length ?? 0 {
        best = (point.utf8.count, String(fields[2]))
      }
    }
    return best.flatMap { isShare($0.type) ? $0.type : nil }
  }

  /// A file system in user space may be anything; only those on a block device (`fuseblk`) are local.
  private static func isShare(_ type: String) -> Bool {
    type == "fuse" || type.hasPrefix("fuse.") || shares.contains(type)
  }

  private static let shares: Set = [
    "nfs", "nfs4", "cifs", "smb2", "smb3", "smbfs", "9p", "afs", "ceph", "coda", "ncpfs", "ncp",
    "lustre", "gpfs", "glusterfs", "beegfs", "davfs", "davfs2", "pvfs2", "orangefs", "gfs", "gfs2",
    "ocfs2", "vboxsf", "prl_fs", "vmhgfs", "virtiofs",
  ]
}
