import Faults
import Volumes

/// How the values of a phase image are to be read.
public enum PhaseUnits: String, Sendable, CaseIterable {
  /// Radians.
  case rad
  /// Siemens' 12 bit: -4096...4094 for -pi...pi, or 0...4095 for -pi...pi.
  case siemens
  /// Thousandths of a radian (Philips, GE).
  case mrad
  /// Degrees.
  case deg
}

/// The scale of a vendor's PDFF map.
public enum PDFFScale: String, Sendable, CaseIterable {
  case percent, fraction, permille

  /// What 100 % fat is written as.
  public var full: Double {
    switch self {
    case .percent: 100
    case .fraction: 1
    case .permille: 1000
    }
  }
}

/// What a user asked to load: files or folders to recognise, and flags that win over recognition.
public struct ScanRequest: Sendable {
  /// Files or folders whose images are recognised by name and sidecar.
  public var inputs: [String] = []
  /// Of inputs that hold several scans, the one that has this series number or label.
  public var series: [String] = []
  /// Images by role: one 4D file, or one 3D file per echo in echo order.
  public var magnitude: [String] = []
  public var phase: [String] = []
  public var real: [String] = []
  public var imaginary: [String] = []
  public var complex: [String] = []
  public var water: String?
  public var fat: String?
  public var inPhase: String?
  public var opposedPhase: String?
  public var pdff: String?
  public var pdffScale: PDFFScale?
  /// In echo order; wins over sidecars.
  public var echoTimes: [Seconds]?
  public var fieldStrength: Tesla?
  /// Wins over the field strength.
  public var imagingFrequency: Hertz?
  public var phaseUnits: PhaseUnits?
  /// ISO 8601 date; wins over sidecars.
  public var acquiredOn: String?

  /// Warnings of what was done to the input before, for the result to carry.
  public var earlierNotices: [Notice] = []
  /// Where the input came from, for `pdff info`.
  public var earlierEvidence: [Evidence] = []

  public init(inputs: [String] = []) { self.inputs = inputs }

  /// Whether flags name images.
  public var namesImages: Bool { !flagged.isEmpty }

  /// The images named by flags, with their roles.
  var flagged: [(path: String, role: FileRole)] {
    let lists: [(FileRole, [String])] = [
      (.magnitude, magnitude), (.phase, phase), (.real, real), (.imaginary, imaginary),
      (.complex, complex), (.water, [water].compactMap { $0 }), (.fat, [fat].compactMap { $0 }),
      (.inPhase, [inPhase].compactMap { $0 }),
      (.opposedPhase, [opposedPhase].compactMap { $0 }), (.pdff, [pdff].compactMap { $0 }),
    ]
    return lists.flatMap { role, paths in paths.map { ($0, role) } }
  }
}

extension FileRole {
  /// The flag that names images of this role.
  var flag: String { "--\(rawValue)" }
}
