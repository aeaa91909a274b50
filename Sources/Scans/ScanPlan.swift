import Faults
import Foundation
import Volumes

/// One recognised scan: which image is what, from which evidence, and what is missing to measure it.
public struct ScanPlan: Sendable {
  /// One image that takes part.
  public struct Image: Hashable, Sendable {
    public let name: String
    public let role: FileRole
    /// From what the role is known.
    public let source: String
    public let frames: Int
    /// As stored: "int16".
    public let datatype: String
  }

  public let kind: InputKind
  public let grid: VoxelGrid
  public let images: [Image]
  /// Ascending; empty where unknown or without meaning for the kind.
  public let echoTimes: [Seconds]
  public let echoCount: Int
  public let fieldStrength: Tesla?
  public let imagingFrequency: Hertz?
  public let setAside: [SetAside]
  public let evidence: [Evidence]
  public let notices: [Notice]
  /// What is missing; a scan that lacks something is not loaded.
  public let missing: [ScansError]

  let request: ScanRequest
  let assembly: Assembly
  let echoes: EchoTable?

  init(_ series: Series, request: ScanRequest, setAside: [SetAside]) throws(ScansError) {
    let field = try FieldEvidence.of(series.images, request: request)
    let assembly = try ScanPlan.assembly(series, field: field, request: request)
    let used = assembly.images
    self.request = request
    self.assembly = assembly
    kind = assembly.kind
    let taking = Set(used.map(\.path))
    self.setAside =
      setAside
      + series.images.filter { !taking.contains($0.path) }.map {
        SetAside(
          path: $0.path,
          reason: "\($0.role.rawValue); the scan is read as \(assembly.kind.rawValue)")
      }
    images = used.map {
      Image(
        name: $0.baseName, role: $0.role, source: $0.roleSource, frames: $0.header.frames,
        datatype: $0.header.datatype.name)
    }
    grid = try ScanPlan.commonGrid(used, hasEchoes: assembly.hasEchoes)
    fieldStrength = field.fieldStrength
    imagingFrequency = field.imagingFrequency
    echoes = try ScanPlan.echoTable(assembly, request)
    echoTimes = echoes?.times ?? []
    echoCount = assembly.echoCount
    evidence = request.earlierEvidence + ScanPlan.evidence(series, assembly, echoes, field)
    notices = ScanPlan.notices(series, assembly, request)
    missing = ScanPlan.missing(assembly, echoes, field)
  }

  /// What the series holds; two magnitudes are in- and opposed-phase where their echo times say so.
  private static func assembly(
    _ series: Series, field: FieldEvidence, request: ScanRequest
  ) throws(ScansError) -> Assembly {
    do throws(ScansError) {
      if let found = try Assembly.of(series) { return found }
    } catch {
      guard error.code == .tooFewEchoes,
        let pair = Assembly.twoPoint(
          magnitudes: series.images(.magnitude), field: field, given: request.echoTimes)
      else { throw error }
      return pair
    }
    throw ScansError(.roleUnknown, file: series.images.first?.path)
  }

  private static func commonGrid(
    _ images: [ImageFile], hasEchoes: Bool
  ) throws(ScansError) -> VoxelGrid {
    guard let first = images.first else { throw ScansError(.noImages) }
    for image in images {
      guard image.header.grid.coincides(with: first.header.grid) else {
        throw ScansError(
          .gridsDiffer,
          "it has \(image.header.grid.summary); \(first.baseName) has \(first.header.grid.summary)",
          file: image.path)
      }
      guard hasEchoes || image.header.frames == 1 else {
        throw ScansError(.framesUnexpected, "\(image.header.frames) frames", file: image.path)
      }
    }
    return first.header.grid
  }

  private static func echoTable(
    _ assembly: Assembly, _ request: ScanRequest
  ) throws(ScansError) -> EchoTable? {
    switch assembly {
    case .polar(let first, let second), .cartesian(let first, let second):
      try EchoTable.of(first: first, second: second, given: request.echoTimes)
    case .complex(let images), .magnitude(let images):
      try EchoTable.of(first: images, second: [], given: request.echoTimes)
    default: nil
    }
  }

  private static func missing(
    _ assembly: Assembly, _ echoes: EchoTable?, _ field: FieldEvidence
  ) -> [ScansError] {
    var missing: [ScansError] = []
    guard assembly.hasEchoes else { return missing }
    if echoes?.times.isEmpty ?? true {
      missing.append(
        ScansError(.echoTimesMissing, "\(assembly.echoCount) echoes need one each"))
    }
    if field.fieldStrength == nil, field.imagingFrequency == nil {
      missing.append(ScansError(.fieldStrengthMissing, "the fat spectrum needs it"))
    }
    return missing
  }
}

extension Assembly {
  /// Echoes of the first part.
  var echoCount: Int {
    switch self {
    case .polar(let first, _), .cartesian(let first, _), .complex(let first),
      .magnitude(let first):
      first.reduce(0) { $0 + $1.header.frames }
    default: 0
    }
  }

  /// Two magnitudes as in- and opposed-phase, where fat's main peak (-3.4 ppm) at their echo times
  /// is nearly parallel to water in one and nearly opposed in the other.
  static func twoPoint(
    magnitudes: [ImageFile], field: FieldEvidence, given: [Seconds]?
  ) -> Assembly? {
    guard magnitudes.count == 2, magnitudes.allSatisfy({ $0.header.frames == 1 }),
      let frequency = field.imagingFrequency ?? field.fieldStrength.map(larmorFrequency),
      let table = try? EchoTable.of(first: magnitudes, second: [], given: given),
      table.times.count == 2
    else { return nil }
    func parallel(_ time: Seconds) -> Double {
      Foundation.cos(2 * .pi * 3.4e-6 * frequency.value * time.value)
    }
    let ordered = table.first.map { magnitudes[$0.image] }
    switch (parallel(table.times[0]), parallel(table.times[1])) {
    case (...(-0.8), 0.8...): return .twoPoint(inPhase: ordered[1], opposedPhase: ordered[0])
    case (0.8..., ...(-0.8)): return .twoPoint(inPhase: ordered[0], opposedPhase: ordered[1])
    default: return nil
    }
  }
}
