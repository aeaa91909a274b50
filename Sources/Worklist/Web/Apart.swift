import Dispatch

extension Site {
  /// Does what reads everybody on a queue of its own, one after the other: pages are not kept waiting by it.
  func apart<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws -> T {
    try await withCheckedThrowingContinuation { continuation in
      Self.survey.async { continuation.resume(with: Result { try work() }) }
    }
  }

  /// Reads everybody ahead of the first who asks. What fails here fails again, in words, where somebody asks.
  func readAhead() {
    let registry = registry
    Self.survey.async { try? registry.readAhead() }
  }

  private static let survey = DispatchQueue(label: "pdff.survey", qos: .utility)
}
