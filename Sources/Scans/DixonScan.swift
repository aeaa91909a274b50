import Faults
import Volumes

/// What a file holds, as recognised or as said by a flag.
public enum FileRole: String, Sendable, CaseIterable {
  case magnitude, phase, real, imaginary, complex
  case water, fat
  case inPhase = "in-phase"
  case opposedPhase = "opposed-phase"
  case pdff
  case sidecar
  case mask
  /// The scanner ledger and the subtype model: no images, they are named by flags alone.
  case ledger
  case subtypeModel = "subtype-model"
}

/// A file that took part in a result.
public struct SourceFile: Hashable, Sendable {
  public let path: String
  /// SHA-256 of the bytes on disk, lower-case hexadecimal.
  public let sha256: String
  public let role: FileRole

  public init(path: String, sha256: String, role: FileRole) {
    self.path = path
    self.sha256 = sha256
    self.role = role
  }

  /// Base name: folders may carry a participant's name and are never shown.
  public var name: String { path.split(separator: "/").last.map(String.init) ?? path }
}

/// The kind of input; raw values are `measurement.json`'s.
public enum InputKind: String, Sendable, CaseIterable {
  case complex, magnitude
  case waterFat = "water-fat"
  case twoPoint = "two-point"
  case pdff
}

/// One thing that was concluded about the input, and from what.
public struct Evidence: Hashable, Sendable {
  /// What it is about: "phase units", "echo times", "field strength".
  public let about: String
  /// What was concluded: "Siemens, -4096...4094 for -pi...pi".
  public let finding: String
  /// From what: "sidecar key Units", "range of the values", "--phase-units".
  public let source: String

  public init(about: String, finding: String, source: String) {
    self.about = about
    self.finding = finding
    self.source = source
  }
}

/// One Dixon scan, ready to separate: every image on one grid, echoes in order of echo time.
public struct DixonScan: Sendable {
  public enum Signal: Sendable {
    /// Complex echoes, planar.
    case complex(EchoSeries)
    /// Magnitudes only.
    case magnitude(MagnitudeSeries)
    /// A vendor's water and fat images.
    case waterFat(water: Volume<Float>, fat: Volume<Float>)
    /// In-phase and opposed-phase magnitudes.
    case twoPoint(inPhase: Volume<Float>, opposedPhase: Volume<Float>)
    /// A vendor's PDFF map, as a fraction 0...1.
    case pdff(Volume<Float>)
  }

  public var signal: Signal
  public var fieldStrength: Tesla?
  /// Wins over the field strength where both are known.
  public var imagingFrequency: Hertz?
  public var files: [SourceFile]
  public var evidence: [Evidence]
  public var notices: [Notice]
  /// Date of acquisition, ISO 8601 `YYYY-MM-DD`, where the sidecars say it.
  public var acquiredOn: String?
  public var datesShifted: Bool
  public var manufacturer: String?
  public var flipAngle: Radians?
  public var repetitionTime: Seconds?
  /// The contrast agent that a sidecar names.
  public var contrast: ContrastAgent
  /// From its injection to the scan, where a sidecar says it; negative: it came after the scan.
  public var timeSinceContrast: Seconds?
  /// BIDS entities that outputs carry in front of their names ("sub-01_"), or empty.
  public var outputPrefix: String

  public init(signal: Signal) {
    self.signal = signal
    self.files = []
    self.evidence = []
    self.notices = []
    self.datesShifted = false
    self.contrast = .none
    self.outputPrefix = ""
  }

  public var kind: InputKind {
    switch signal {
    case .complex: .complex
    case .magnitude: .magnitude
    case .waterFat: .waterFat
    case .twoPoint: .twoPoint
    case .pdff: .pdff
    }
  }

  public var grid: VoxelGrid {
    switch signal {
    case .complex(let series): series.grid
    case .magnitude(let series): series.grid
    case .waterFat(let water, _): water.grid
    case .twoPoint(let inPhase, _): inPhase.grid
    case .pdff(let map): map.grid
    }
  }

  /// Echo times in ascending order; empty where the input has none.
  public var echoTimes: [Seconds] {
    switch signal {
    case .complex(let series): series.echoTimes
    case .magnitude(let series): series.echoTimes
    default: []
    }
  }
}
