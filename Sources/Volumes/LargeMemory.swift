import Foundation

/// Asks the system for large pages for memory that nobody has touched yet: it then comes with a tenth of
/// the page faults. Advice only: where there are no large pages, or little memory is asked for, nothing
/// changes.
public func adviseLargePages(_ memory: UnsafeMutableRawPointer, byteCount: Int) {
  #if os(Linux)
    let page = 4096
    guard byteCount >= 1 << 22 else { return }
    let first = memory.alignedUp(toMultipleOf: page)
    _ = madvise(first, (byteCount - (first - memory)) / page * page, MADV_HUGEPAGE)
  #endif
}

extension Array where Element: BitwiseCopyable {
  /// An array of so many elements, all of which `write` writes, on any thread. Its pages are touched first
  /// by those who write.
  public init(
    count: Int, writing write: (UnsafeMutableBufferPointer<Element>) throws -> Void
  ) rethrows {
    // All empty arrays are one, and what follows would write to it: harmless, but a race.
    guard count > 0 else {
      try write(UnsafeMutableBufferPointer(start: nil, count: 0))
      self.init()
      return
    }
    try self.init(unsafeUninitializedCapacity: count) { memory, filled in
      let wanted = UnsafeMutableBufferPointer(rebasing: memory[..<count])
      if let base = wanted.baseAddress {
        adviseLargePages(base, byteCount: count * MemoryLayout<Element>.stride)
      }
      try write(wanted)
      filled = count
    }
  }
}
