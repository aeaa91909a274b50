/// How a process ends, by sysexits.
public enum ExitStatus: Int32, Sendable {
  case done = 0
  /// The command line is wrong.
  case usage = 64
  /// The data is bad or breaks a rule.
  case data = 65
  /// A file is missing.
  case missingInput = 66
  /// A needed program is missing.
  case unavailable = 69
  /// A defect of ours.
  case defect = 70
  /// Output cannot be written.
  case cannotCreate = 73
  /// Busy, try again.
  case busy = 75
  /// Not permitted.
  case notPermitted = 77
}

/// The conditions under which a room refuses. Each room has one enumeration of them; its raw values
/// are the codes that `docs/errors.md` lists, one row per case, and a test holds that complete.
public protocol FaultCode: RawRepresentable<String>, CaseIterable, Hashable, Sendable {
  /// What is wrong, in general words: the row of `docs/errors.md`.
  var summary: String { get }
  /// What the user can do about it.
  var remedy: String { get }
  /// How the process ends.
  var exit: ExitStatus { get }
}

/// An error that a user sees: what is wrong, in which file, what to do.
public protocol UserFacingError: Error, CustomStringConvertible {
  var codeName: String { get }
  var exit: ExitStatus { get }
}

/// One refusal of a room: a code, the particulars, the place.
///
/// `file` is shown as its base name only: folders often carry participants' names.
public struct Fault<Code: FaultCode>: UserFacingError, Equatable {
  public let code: Code
  /// The particulars, in words that go on from the summary: "echo 2 is 64x64x9, echo 1 is 64x64x10".
  public let detail: String
  /// Base name of the file, if the fault lies in one.
  public let file: String?

  public init(_ code: Code, _ detail: String = "", file: String? = nil) {
    self.code = code
    self.detail = detail
    self.file = file.map { $0.split(separator: "/").last.map(String.init) ?? $0 }
  }

  public var codeName: String { code.rawValue }
  public var exit: ExitStatus { code.exit }

  /// One message of up to two lines: `file: what is wrong: particulars [code]`, and what to do.
  public var description: String {
    let place = file.map { "\($0): " } ?? ""
    let particulars = detail.isEmpty ? "" : ": \(detail)"
    return "\(place)\(code.summary)\(particulars) [\(code.rawValue)]\n  what to do: \(code.remedy)"
  }

  /// The same fault, placed in a file, where none was known at the point of failure.
  public func placed(in path: String) -> Fault {
    file == nil ? Fault(code, detail, file: path) : self
  }
}
