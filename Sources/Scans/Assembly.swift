import Volumes

/// How images make up one kind of input.
enum Assembly: Sendable {
  case polar(magnitude: [ImageFile], phase: [ImageFile])
  case cartesian(real: [ImageFile], imaginary: [ImageFile])
  case complex([ImageFile])
  case magnitude([ImageFile])
  case waterFat(water: ImageFile, fat: ImageFile)
  case twoPoint(inPhase: ImageFile, opposedPhase: ImageFile)
  case pdff(ImageFile)

  var kind: InputKind {
    switch self {
    case .polar, .cartesian, .complex: .complex
    case .magnitude: .magnitude
    case .waterFat: .waterFat
    case .twoPoint: .twoPoint
    case .pdff: .pdff
    }
  }

  /// Every image that takes part.
  var images: [ImageFile] {
    switch self {
    case .polar(let first, let second), .cartesian(let first, let second): first + second
    case .complex(let images), .magnitude(let images): images
    case .waterFat(let first, let second), .twoPoint(let first, let second): [first, second]
    case .pdff(let map): [map]
    }
  }

  /// Whether the images are echoes, whose times matter.
  var hasEchoes: Bool { kind == .complex || kind == .magnitude }

  /// Echoes that the first part holds.
  private static func echoes(_ images: [ImageFile]) -> Int {
    images.reduce(0) { $0 + $1.header.frames }
  }

  /// Fewest echoes that separate at all.
  private static let fewest: [InputKind: Int] = [.complex: 2, .magnitude: 3]

  /// The most informative kind that the series holds: complex echoes, magnitudes, the scanner's
  /// PDFF map, its water and fat images, in- and opposed-phase images.
  ///
  /// - Returns: nil where the series holds nothing that could be a Dixon scan (one lone magnitude).
  /// - Throws: the reason why the most informative kind is not complete, where none is.
  static func of(_ series: Series) throws(ScansError) -> Assembly? {
    // A lone magnitude or phase is no reason to refuse what the scanner derived beside it.
    var fault: ScansError?
    do throws(ScansError) {
      if let found = try polarOrCartesian(series) { return found }
      if let found = try magnitudes(series) { return found }
    } catch {
      guard error.code == .tooFewEchoes else { throw error }
      fault = error
    }
    if let found = try derived(series) { return found }
    if let fault { throw fault }
    return nil
  }

  private static func polarOrCartesian(_ series: Series) throws(ScansError) -> Assembly? {
    let found: Assembly
    let (magnitude, phase) = (series.images(.magnitude), series.images(.phase))
    let (real, imaginary) = (series.images(.real), series.images(.imaginary))
    let complex = series.images(.complex)
    if !complex.isEmpty {
      found = .complex(complex)
    } else if !real.isEmpty, !imaginary.isEmpty {
      found = .cartesian(real: real, imaginary: imaginary)
    } else if !phase.isEmpty, !magnitude.isEmpty {
      found = .polar(magnitude: magnitude, phase: phase)
    } else if let lone = (real + imaginary).first {
      throw lacks(lone, lone.role == .real ? .imaginary : .real)
    } else if let lone = phase.first {
      throw lacks(lone, .magnitude)
    } else {
      return nil
    }
    try checkCount(complex.isEmpty ? (real.isEmpty ? magnitude : real) : complex, .complex)
    return found
  }

  private static func magnitudes(_ series: Series) throws(ScansError) -> Assembly? {
    let images = series.images(.magnitude)
    guard !images.isEmpty else { return nil }
    try checkCount(images, .magnitude)
    return .magnitude(images)
  }

  private static func checkCount(_ images: [ImageFile], _ kind: InputKind) throws(ScansError) {
    let (count, fewest) = (echoes(images), fewest[kind] ?? 1)
    guard count >= fewest else {
      throw ScansError(
        .tooFewEchoes, "\(count) of at least \(fewest) \(kind.rawValue) echoes",
        file: images.first?.path)
    }
  }

  private static func derived(_ series: Series) throws(ScansError) -> Assembly? {
    if let map = try only(.pdff, series) { return .pdff(map) }
    let (water, fat) = (try only(.water, series), try only(.fat, series))
    if let water, let fat { return .waterFat(water: water, fat: fat) }
    let (inPhase, opposed) = (try only(.inPhase, series), try only(.opposedPhase, series))
    if let inPhase, let opposed { return .twoPoint(inPhase: inPhase, opposedPhase: opposed) }
    let counterpart: [FileRole: FileRole] = [
      .water: .fat, .fat: .water, .inPhase: .opposedPhase, .opposedPhase: .inPhase,
    ]
    for lone in [water, fat, inPhase, opposed].compactMap({ $0 }) {
      if let other = counterpart[lone.role] { throw lacks(lone, other) }
    }
    return nil
  }

  private static func only(_ role: FileRole, _ series: Series) throws(ScansError) -> ImageFile? {
    let images = series.images(role)
    guard images.count <= 1 else {
      throw ScansError(
        .severalSeries, "\(images.count) \(role.rawValue) images", file: images.last?.path)
    }
    return images.first
  }

  private static func lacks(_ image: ImageFile, _ other: FileRole) -> ScansError {
    ScansError(
      .counterpartMissing, "there is \(image.role.rawValue) and no \(other.rawValue)",
      file: image.path)
  }
}
