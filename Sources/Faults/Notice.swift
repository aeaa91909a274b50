/// The conditions under which a room warns; raw values are listed in `docs/errors.md`.
public protocol NoticeCode: RawRepresentable<String>, CaseIterable, Hashable, Sendable {
  /// What the warning says, in general words: the row of `docs/errors.md`.
  var summary: String { get }
}

/// A warning that goes with a result: it does not stop, it is never swallowed.
public struct Notice: Hashable, Sendable {
  /// The code that `measurement.json` carries, for example `swap-suspected`.
  public let code: String
  /// The whole sentence for a reader.
  public let message: String

  public init(_ code: some NoticeCode, _ detail: String = "") {
    self.code = code.rawValue
    self.message = detail.isEmpty ? code.summary : "\(code.summary): \(detail)"
  }

  private init(code: String, message: String) {
    self.code = code
    self.message = message
  }

  /// The same notice with more words behind a semicolon.
  public func adding(_ words: String) -> Notice {
    Notice(code: code, message: "\(message); \(words)")
  }
}
