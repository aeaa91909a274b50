import Documents

/// Every phantom of every scanner, in the order in which they were added; nothing is ever replaced.
public struct Ledger: Sendable, Equatable {
  public private(set) var entries: [LedgerEntry]

  public init(entries: [LedgerEntry] = []) { self.entries = entries }

  /// What the ledger says of a scanner, a protocol and a day.
  public enum Finding: Sendable, Equatable {
    /// The latest phantom up to that day, and it still holds.
    case valid(LedgerEntry)
    /// The latest phantom up to that day, and it no longer holds.
    case expired(LedgerEntry)
    /// The first phantom was measured after that day.
    case notYet(LedgerEntry)
    case missing
  }

  public func find(scanner: String, protocol: String, on day: CalendarDay) -> Finding {
    let own = entries.filter { $0.scanner == scanner && $0.protocol == `protocol` }
      .sorted { $0.measuredOn < $1.measuredOn }
    guard let latest = own.last(where: { $0.measuredOn <= day }) else {
      return own.first.map { .notYet($0) } ?? .missing
    }
    return latest.isValid(on: day) ? .valid(latest) : .expired(latest)
  }

  /// The entry that holds on a day. Throws `ledger-entry-missing` or `ledger-entry-expired`.
  public func entry(scanner: String, protocol: String, on day: CalendarDay) throws(LedgerError)
    -> LedgerEntry
  {
    let finding = find(scanner: scanner, protocol: `protocol`, on: day)
    switch finding {
    case .valid(let entry): return entry
    case .expired: throw LedgerError(.entryExpired, words(finding, scanner, `protocol`, day))
    case .notYet, .missing:
      throw LedgerError(.entryMissing, words(finding, scanner, `protocol`, day))
    }
  }

  /// A finding in words: "scanner A, protocol B on 2026-11-20: ...".
  public func words(
    _ finding: Finding, _ scanner: String, _ protocol: String, _ day: CalendarDay
  ) -> String {
    let what = "scanner \(scanner), protocol \(`protocol`) on \(day)"
    switch finding {
    case .valid(let entry):
      return "\(what): valid, phantom of \(entry.measuredOn), to \(entry.validUntil)"
    case .expired(let entry):
      return "\(what): the phantom of \(entry.measuredOn) held to \(entry.validUntil)"
    case .notYet(let entry):
      return "\(what): the first phantom is of \(entry.measuredOn), after that day"
    case .missing:
      let known = Set(entries.map { "\($0.scanner) / \($0.protocol)" }).sorted()
      return "\(what); there are " + (known.isEmpty ? "none" : known.joined(separator: ", "))
    }
  }

  /// Throws `ledger-entry-exists` where scanner, protocol and day stand there already.
  public mutating func add(_ entry: LedgerEntry) throws(LedgerError) {
    let exists = entries.contains {
      $0.scanner == entry.scanner && $0.protocol == entry.protocol
        && $0.measuredOn == entry.measuredOn
    }
    guard !exists else {
      throw LedgerError(
        .entryExists, "\(entry.scanner), \(entry.protocol), \(entry.measuredOn)")
    }
    entries.append(entry)
  }
}
