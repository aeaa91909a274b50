import Documents

/// One phantom measured on one scanner under one protocol.
public struct LedgerEntry: Sendable, Equatable {
  public let scanner: String
  public let `protocol`: String
  /// The day on which the phantom was measured: the entry's first.
  public let measuredOn: CalendarDay
  /// Days after it on which the entry still holds.
  public let validDays: Int
  /// Of the phantom, degrees C; recorded, not applied.
  public let temperature: Double
  public let vials: [Vial]
  /// SHA-256 of the table that the vials were read from.
  public let tableSHA256: String
  public let line: ScannerLine
  /// When it was written: UTC, `2026-11-20T09:30:00Z`.
  public let addedAt: String
  /// Of pdff.
  public let version: String

  /// The last day on which it holds.
  public var validUntil: CalendarDay { measuredOn.adding(days: validDays) }

  public func isValid(on day: CalendarDay) -> Bool { (measuredOn...validUntil).contains(day) }

  /// Fits the line and throws where it is refused: `vials-too-few-levels`, `scanner-not-linear`,
  /// `scanner-too-far-off`, `scanner-name-invalid`.
  public init(
    scanner: String, protocol: String, measuredOn: CalendarDay, validDays: Int = 365,
    temperature: Double, vials: [Vial], tableSHA256: String, addedAt: String
  ) throws(LedgerError) {
    for name in [scanner, `protocol`] { try Self.check(name: name) }
    let line = try ScannerLine(vials)
    try LedgerLimits.check(line)
    self.init(
      scanner: scanner, protocol: `protocol`, measuredOn: measuredOn, validDays: validDays,
      temperature: temperature, vials: vials, tableSHA256: tableSHA256, line: line,
      addedAt: addedAt, version: Software.version)
  }

  init(
    scanner: String, protocol: String, measuredOn: CalendarDay, validDays: Int,
    temperature: Double, vials: [Vial], tableSHA256: String, line: ScannerLine, addedAt: String,
    version: String
  ) {
    self.scanner = scanner
    self.protocol = `protocol`
    self.measuredOn = measuredOn
    self.validDays = validDays
    self.temperature = temperature
    self.vials = vials
    self.tableSHA256 = tableSHA256
    self.line = line
    self.addedAt = addedAt
    self.version = version
  }

  private static func check(name: String) throws(LedgerError) {
    let isPlain = name.unicodeScalars.allSatisfy { $0.value >= 32 && $0.value != 127 }
    guard (1...100).contains(name.count), isPlain, name.first != " ", name.last != " " else {
      throw LedgerError(.nameInvalid)
    }
  }
}
