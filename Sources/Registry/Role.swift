/// What somebody does in the study. `docs/registry.md` has the table; a test holds the two together.
public enum Role: String, Sendable, CaseIterable {
  /// Manages users and settings, unblinds; sees no clinical result.
  case admin
  /// Enrols, records, acts; sees what treatment needs.
  case coordinator
  /// Seals calls; does not see tissue.
  case radiologist
  /// Makes tissue calls; sees neither MRI calls nor fat fractions.
  case reader
  /// Sees the blinded view until the study is unblinded.
  case researcher
  /// Sees everything, changes nothing.
  case auditor
}

/// What somebody does with the registry.
public enum Act: String, Sendable, CaseIterable {
  case manageUsers = "user"
  case configure
  case unblind
  case enrol
  case call
  case tissue
  case treat
  case follow
  case status
  case history
  case summary
  case forecast
  case exportBlinded = "export-blinded"
  case exportUnblinded = "export-unblinded"
  case verify

  /// What it is called in words that go on from "you are a radiologist, who may not".
  var words: String {
    switch self {
    case .manageUsers: "manage users"
    case .configure: "change the study's settings"
    case .unblind: "unblind the study"
    case .enrol: "enrol participants"
    case .call: "seal calls"
    case .tissue: "record tissue"
    case .treat: "record treatment"
    case .follow: "record follow-up"
    case .status: "see where participants stand"
    case .history: "see the history"
    case .summary: "see the study's summary"
    case .forecast: "see forecasts"
    case .exportBlinded: "export"
    case .exportUnblinded: "export the unblinded view"
    case .verify: "verify"
    }
  }
}

extension Role {
  /// - Parameter unblinded: whether the study is.
  public func may(_ act: Act, unblinded: Bool) -> Bool {
    switch act {
    case .manageUsers, .configure, .unblind: self == .admin
    case .enrol, .treat, .follow: self == .coordinator
    case .call: self == .coordinator || self == .radiologist
    case .tissue: self == .coordinator || self == .reader
    case .status, .history, .summary, .verify: true
    // A deadline tells of the arm.
    case .forecast: sight(unblinded: unblinded).showsReconciliation
    case .exportBlinded: self != .radiologist && self != .reader
    case .exportUnblinded: self == .auditor || (self == .researcher && unblinded)
    }
  }

  /// What it sees of participants, beyond who is enrolled where and when.
  public func sight(unblinded: Bool) -> Sight {
    switch self {
    case .admin: []
    case .coordinator: [.calls, .tissue, .treatment]
    case .radiologist: [.calls, .fatFractions]
    case .reader: [.tissue]
    case .researcher: unblinded ? .everything : []
    case .auditor: .everything
    }
  }
}

/// What may be shown of participants. That there is a call, or tissue, is seen by all but readers (for calls)
/// and radiologists (for tissue); see `Workspace.progress`.
public struct Sight: OptionSet, Sendable, Hashable {
  public let rawValue: Int
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// Provisional calls: sets, arms, reasons, models, scans' dates.
  public static let calls = Sight(rawValue: 1)
  /// Measured numbers.
  public static let fatFractions = Sight(rawValue: 2)
  /// Tissue results.
  public static let tissue = Sight(rawValue: 4)
  /// Treatment and follow-up: both tell of arms.
  public static let treatment = Sight(rawValue: 8)
  public static let everything: Sight = [.calls, .fatFractions, .tissue, .treatment]

  /// States, consequences, next actions and their dates: what calls, tissue and treatment say together.
  public var showsReconciliation: Bool { isSuperset(of: [.calls, .tissue, .treatment]) }
}
