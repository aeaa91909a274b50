import Dispatch
import Volumes

/// Runs `body` over 0..<count in pieces of about `piece`, on all cores. Pieces do not depend on the
/// number of cores, so neither do results.
func inParallel(_ count: Int, piece: Int, _ body: @Sendable (Range<Int>) -> Void) {
  guard count > 0 else { return }
  let pieces = (count + piece - 1) / piece
  if pieces == 1 { return body(0..<count) }
  DispatchQueue.concurrentPerform(iterations: pieces) { index in
    body(index * piece..<min(count, (index + 1) * piece))
  }
}

/// What `body` makes of the pieces of 0..<count, in order, on all cores.
func inPieces<Result>(
  _ count: Int, piece: Int, _ body: @Sendable (Range<Int>) -> Result
) -> [Result] {
  guard count > 0 else { return [] }
  let pieces = (count + piece - 1) / piece
  return [Result](unsafeUninitializedCapacity: pieces) { results, filled in
    nonisolated(unsafe) let results = results
    inParallel(count, piece: piece) { range in
      results.initializeElement(at: range.lowerBound / piece, to: body(range))
    }
    filled = pieces
  }
}

/// The elements of 0..<count, each computed by itself, on all cores.
func mapInParallel<Element: BitwiseCopyable>(
  _ count: Int, _ element: @Sendable (Int) -> Element
) -> [Element] {
  [Element](count: count) { out in
    nonisolated(unsafe) let out = out
    inParallel(count, piece: 1 << 14) { range in
      for i in range { out[i] = element(i) }
    }
  }
}

/// Memory of a fixed size that threads write to at distinct places. It begins at a cache line, so that
/// vectors of a line's size lie in one; much of it comes in large pages.
package final class Buffer<Element: BitwiseCopyable>: @unchecked Sendable {
  package let pointer: UnsafeMutablePointer<Element>
  package let count: Int

  package init(_ count: Int, zero: Element) {
    self.count = count
    pointer = Self.memory(max(1, count))
    nonisolated(unsafe) let (pointer, zero) = (pointer, zero)
    inParallel(count, piece: 1 << 18) {
      (pointer + $0.lowerBound).initialize(repeating: zero, count: $0.count)
    }
  }

  /// Memory that is written whole before it is read: pages are touched by those who write.
  package init(unwritten count: Int) {
    self.count = count
    pointer = Self.memory(max(1, count))
  }

  private static func memory(_ count: Int) -> UnsafeMutablePointer<Element> {
    let bytes = count * MemoryLayout<Element>.stride
    let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    adviseLargePages(memory, byteCount: bytes)
    return memory.bindMemory(to: Element.self, capacity: count)
  }

  package convenience init(_ values: [Element], zero: Element) {
    self.init(values.count, zero: zero)
    for (index, value) in values.enumerated() { pointer[index] = value }
  }

  deinit { UnsafeMutableRawPointer(pointer).deallocate() }

  package subscript(index: Int) -> Element {
    get { pointer[index] }
    set { pointer[index] = newValue }
  }
}
