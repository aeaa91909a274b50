import Dispatch

/// What `body` makes of 0..<count on all cores, in order.
///
/// - Throws: the first fault in that order, whichever thread met it first; all have ended by then.
public func concurrentMap<Made>(_ count: Int, _ body: (Int) throws -> Made) throws -> [Made] {
  guard count > 0 else { return [] }
  return try [Result<Made, any Error>](unsafeUninitializedCapacity: count) { results, filled in
    nonisolated(unsafe) let (results, body) = (results, body)
    DispatchQueue.concurrentPerform(iterations: count) { index in
      results.initializeElement(at: index, to: Result { try body(index) })
    }
    filled = count
  }.map { try $0.get() }
}
