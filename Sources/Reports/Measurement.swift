import Calibration
import Faults
import Regions
import Scans
import Separation
import Volumes

/// What is told about a scan once its images are no longer needed.
public struct ScanRecord: Sendable {
  public var kind: InputKind
  /// Ascending; empty where the input has no echoes.
  public var echoTimes: [Seconds]
  public var fieldStrength: Tesla?
  public var imagingFrequency: Hertz?
  public var manufacturer: String?
  public var acquiredOn: String?
  public var datesShifted: Bool
  public var files: [SourceFile]
  /// BIDS entities that outputs carry in front of their names, or empty.
  public var outputPrefix: String

  public init(_ scan: DixonScan) {
    kind = scan.kind
    echoTimes = scan.echoTimes
    fieldStrength = scan.fieldStrength
    imagingFrequency = scan.imagingFrequency
    manufacturer = scan.manufacturer
    acquiredOn = scan.acquiredOn
    datesShifted = scan.datesShifted
    files = scan.files
    outputPrefix = scan.outputPrefix
  }
}

/// A file that was written beside the document.
public struct OutputFile: Hashable, Sendable {
  public let name: String
  /// SHA-256 of its bytes on disk, lower-case hexadecimal.
  public let sha256: String
  public let unit: String
  public let meaning: String
}

/// Everything that was measured, and from what: the content of `measurement.json`.
public struct Measurement: Sendable {
  public var scan: ScanRecord
  /// Masks and label names that took part.
  public var regionFiles: [SourceFile]
  public var method: MethodRecord
  /// In the order in which they are reported; empty when no region was asked for.
  public var regions: [RegionStatistics]
  /// What the ledger made of the regions; nil where none corrected them.
  public var calibration: CalibrationRecord?
  /// What a subtype model said; nil where none was given.
  public var lesionCall: LesionCall?
  /// Of every room, in the order of the pipeline.
  public var notices: [Notice]
  public var outputs: [OutputFile] = []
  /// Said by the user: the scan was made after a chemoembolisation.
  public var afterTACE: Bool

  public init(
    scan: ScanRecord, regionFiles: [SourceFile] = [], method: MethodRecord,
    regions: [RegionStatistics] = [], calibration: CalibrationRecord? = nil,
    lesionCall: LesionCall? = nil, notices: [Notice], afterTACE: Bool = false
  ) {
    self.scan = scan
    self.regionFiles = regionFiles
    self.method = method
    self.regions = regions
    self.calibration = calibration
    self.lesionCall = lesionCall
    self.notices = notices + (afterTACE ? [Notice(ReportsNotice.afterTACE)] : [])
    self.afterTACE = afterTACE
  }
}

/// Which entry of a ledger corrected a measurement, and what it made of the regions.
public struct CalibrationRecord: Sendable {
  public let entry: LedgerEntry
  /// SHA-256 of the ledger's file.
  public let ledgerSHA256: String
  /// By label; without those that have no value.
  public let regions: [Int: CalibratedRegion]

  public init(entry: LedgerEntry, ledgerSHA256: String, regions: [Int: CalibratedRegion]) {
    self.entry = entry
    self.ledgerSHA256 = ledgerSHA256
    self.regions = regions
  }
}

/// What this room warns of.
public enum ReportsNotice: String, NoticeCode {
  case afterTACE = "after-tace"

  public var summary: String {
    switch self {
    case .afterTACE:
      "the scan was made after TACE: lipiodol is oil and reads as fat, so PDFF is not measurable"
    }
  }
}
