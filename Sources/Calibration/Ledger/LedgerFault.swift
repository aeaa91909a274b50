import Faults

public typealias LedgerError = Fault<LedgerFault>

/// Why the scanner ledger refuses.
public enum LedgerFault: String, FaultCode {
  case missing = "ledger-missing"
  case damaged = "ledger-damaged"
  case newer = "ledger-newer"
  case busy = "ledger-busy"
  case vialsInvalid = "vials-invalid"
  case tooFewLevels = "vials-too-few-levels"
  case notLinear = "scanner-not-linear"
  case tooFarOff = "scanner-too-far-off"
  case entryExists = "ledger-entry-exists"
  case entryMissing = "ledger-entry-missing"
  case entryExpired = "ledger-entry-expired"
  case nameInvalid = "scanner-name-invalid"

  public var summary: String {
    switch self {
    case .missing: "the scanner ledger is missing or cannot be read"
    case .damaged: "the scanner ledger is damaged or was changed by hand"
    case .newer: "the scanner ledger was written by a newer pdff"
    case .busy: "another program is writing to the scanner ledger"
    case .vialsInvalid: "the phantom's vials cannot be used"
    case .tooFewLevels: "the phantom has too few different fat fractions to test linearity"
    case .notLinear: "what the scanner measured does not follow a line"
    case .tooFarOff: "what the scanner measured is too far from the phantom's fat fractions"
    case .entryExists: "the ledger has an entry of that scanner, protocol and day"
    case .entryMissing: "the ledger has no entry of that scanner and protocol on that day"
    case .entryExpired: "the ledger's entry of that scanner and protocol has expired"
    case .nameInvalid: "a scanner's or protocol's name cannot be used"
    }
  }

  public var remedy: String {
    switch self {
    case .missing: "check the path; 'pdff scanner add' makes a new ledger"
    case .damaged: "restore it from a copy; it is written by 'pdff scanner add' alone"
    case .newer: "use the version of pdff that wrote it"
    case .busy: "try again"
    case .vialsInvalid: "correct the lines that are named; nothing was written"
    case .tooFewLevels: "measure at least five vials of different fat fractions"
    case .notLinear: "look for a swap, a wrong vial or an unsuited protocol, and measure again"
    case .tooFarOff: "look for swapped columns, a wrong scale or a wrong phantom, and measure again"
    case .entryExists: "put all repeats of a day into one table; entries are never replaced"
    case .entryMissing: "see 'pdff scanner list', or add the phantom with 'pdff scanner add'"
    case .entryExpired: "measure the phantom again and add it with 'pdff scanner add'"
    case .nameInvalid: "give 1 to 100 characters without line breaks or spaces at the ends"
    }
  }

  public var exit: ExitStatus {
    switch self {
    case .missing: .missingInput
    case .busy: .busy
    case .nameInvalid: .usage
    default: .data
    }
  }
}

/// What the ledger warns of.
public enum LedgerNotice: String, NoticeCode {
  case uncalibrated = "scanner-uncalibrated"
  case expired = "scanner-calibration-expired"
  case dateUnknown = "scanner-calibration-date"
  case extrapolated = "scanner-extrapolated"

  public var summary: String {
    switch self {
    case .uncalibrated: "the ledger has no entry of this scanner and protocol for the scan's day"
    case .expired: "the ledger's entry of this scanner and protocol has expired"
    case .dateUnknown:
      "the day of the scan is not known for sure, so no ledger entry is valid; give --acquired-on"
    case .extrapolated: "a corrected value lies outside the phantom's fat fractions"
    }
  }
}
