import Foundation

/// Which file a path leads to, whatever links and dots it holds; nil where there is none.
struct FilePlace: Equatable {
  private let device: dev_t
  private let inode: ino_t

  init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    device = status.st_dev
    inode = status.st_ino
  }
}
