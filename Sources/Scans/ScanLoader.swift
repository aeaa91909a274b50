import Dispatch
import Faults
import Foundation
import Synchronization
import Volumes

extension DixonScan {
  /// Recognises and loads one scan.
  ///
  /// - Throws: `ScansError` where it is not one complete scan; `VolumesError` where an image cannot
  ///   be read.
  public static func load(_ request: ScanRequest) throws -> DixonScan {
    switch try ScanRecognition.of(request) {
    case .several(let series, _):
      throw ScansError(.severalSeries, series.listing)
    case .scan(let plan):
      if let missing = plan.missing.first { throw missing }
      return try plan.load()
    }
  }
}

extension SeriesSummary {
  /// What is given to `--series` for this one among others: its number where no other has it.
  public func choice(among all: [SeriesSummary]) -> String {
    let numbers = Set(self.numbers).subtracting(all.filter { $0 != self }.flatMap(\.numbers))
    return numbers.min().map(String.init) ?? label
  }

  /// Whether a word given to `--series` means this one.
  func isMeant(by word: String) -> Bool {
    label == word || Int(word).map { numbers.contains($0) } == true
  }
}

extension [SeriesSummary] {
  /// What there is to choose from, and what to type for it.
  public var listing: String {
    map { "--series \($0.choice(among: self)) (\($0.label): \($0.contents))" }
      .joined(separator: "; ")
  }
}

extension ScanPlan {
  /// Reads the voxels and settles what only they tell: phase units, the PDFF map's scale.
  ///
  /// The field strength may be missing: it is needed later.
  /// - Throws: `ScansError`, `VolumesError`.
  public func load() throws -> DixonScan {
    if assembly.hasEchoes, echoTimes.isEmpty, let fault = missing.first { throw fault }
    var scan: DixonScan
    switch assembly {
    case .polar(let magnitude, let phase):
      scan = try EchoLoader(self).polar(magnitude, phase)
    case .cartesian(let real, let imaginary):
      scan = try EchoLoader(self).cartesian(real, imaginary)
    case .complex(let images): scan = try EchoLoader(self).complex(images)
    case .magnitude(let images): scan = try EchoLoader(self).magnitude(images)
    case .waterFat(let water, let fat):
      let (values, files, notices) = try pair(water, fat)
      scan = DixonScan(signal: .waterFat(water: values[0], fat: values[1]))
      (scan.files, scan.notices) = (files, notices)
    case .twoPoint(let inPhase, let opposed):
      let (values, files, notices) = try pair(inPhase, opposed)
      scan = DixonScan(signal: .twoPoint(inPhase: values[0], opposedPhase: values[1]))
      (scan.files, scan.notices) = (files, notices)
    case .pdff(let map): scan = try vendorMap(map)
    }
    complete(&scan)
    return scan
  }

  /// Adds what is known without voxels.
  private func complete(_ scan: inout DixonScan) {
    let used = assembly.images
    let details = ScanDetails(used, request: request)
    var seen: Set<String> = []
    scan.files += used.flatMap(\.sidecarFiles).filter { seen.insert($0.path).inserted }
    scan.evidence = evidence + scan.evidence
    scan.notices = request.earlierNotices + notices + details.notices + scan.notices
    scan.fieldStrength = fieldStrength
    scan.imagingFrequency = imagingFrequency
    scan.acquiredOn = details.acquiredOn
    scan.datesShifted = details.datesShifted
    scan.manufacturer = used.lazy.compactMap { $0.sidecar?.manufacturer }.first
    scan.flipAngle = used.lazy.compactMap { $0.sidecar?.flipAngle }.first
    scan.repetitionTime = used.lazy.compactMap { $0.sidecar?.repetitionTime }.first
    let agents = Set(used.compactMap { $0.sidecar?.contrast })
    scan.contrast =
      agents.contains(.other) ? .other : agents.contains(.gadoxetate) ? .gadoxetate : .none
    scan.timeSinceContrast = used.lazy.compactMap { $0.sidecar?.timeSinceContrast }.first
    let prefixes = Set(used.map(\.name.outputPrefix))
    scan.outputPrefix = prefixes.count == 1 ? prefixes.first ?? "" : ""
  }

  private func pair(
    _ first: ImageFile, _ second: ImageFile
  ) throws -> ([Volume<Float>], [SourceFile], [Notice]) {
    var volumes: [Volume<Float>] = []
    var reading = Reading()
    for image in [first, second] {
      let read = try LoadedImage(image)
      volumes.append(Volume(grid: grid, values: read.image.real))
      reading.add(read)
    }
    try reading.checkFinite()
    return (volumes, reading.files, reading.notices)
  }

  private func vendorMap(_ map: ImageFile) throws -> DixonScan {
    let read = try LoadedImage(map)
    let decided = try PDFFEvidence.decide(
      read.image.real, grid: grid, sidecar: map.sidecar, said: request.pdffScale, file: map.path)
    let scale = Float(decided.factor)
    var scan = DixonScan(
      signal: .pdff(Volume(grid: grid, values: read.image.real.map { $0 * scale })))
    scan.files = read.sources
    scan.evidence = [decided.evidence]
    scan.notices = decided.notices
    return scan
  }
}

/// One image with its voxels.
struct LoadedImage: Sendable {
  let file: ImageFile
  let image: NIfTIImage

  init(_ file: ImageFile) throws {
    self.file = file
    image = try NIfTIImage.read(file.path)
    // The file may have been exchanged since its header was read.
    guard image.frames == file.header.frames, image.grid.count == file.header.grid.count,
      (image.imaginary != nil) == file.header.datatype.isComplex
    else {
      throw ScansError(.gridsDiffer, "the file changed while it was read", file: file.path)
    }
  }

  var sources: [SourceFile] {
    image.sources.map { SourceFile(path: $0.path, sha256: $0.sha256, role: file.role) }
  }

  /// Least and greatest finite value, scaled.
  var range: ClosedRange<Double>? {
    guard let stored = image.storedRange else { return nil }
    let slope = image.scaling?.slope ?? 1
    let intercept = image.scaling?.intercept ?? 0
    let ends = [stored.lowerBound * slope + intercept, stored.upperBound * slope + intercept]
    guard ends[0].isFinite, ends[1].isFinite else { return nil }
    return min(ends[0], ends[1])...max(ends[0], ends[1])
  }
}

/// What is gathered while the images of a scan are read.
struct Reading: Sendable {
  private(set) var files: [SourceFile] = []
  private(set) var nonFinite = 0
  private(set) var values = 0

  mutating func add(_ read: LoadedImage) {
    add(
      read.sources, nonFinite: read.image.nonFiniteCount,
      values: read.image.real.count * (read.image.imaginary == nil ? 1 : 2))
  }

  mutating func add(_ sources: [SourceFile], nonFinite count: Int, values total: Int) {
    files += sources
    nonFinite += count
    values += total
  }

  /// - Throws: `too-many-non-finite`.
  func checkFinite() throws(ScansError) {
    guard nonFinite * 2 <= values else {
      throw ScansError(
        .tooManyNonFinite, "\(nonFinite) of \(values) values", file: files.first?.path)
    }
  }

  var notices: [Notice] {
    nonFinite == 0
      ? [] : [Notice(ScansNotice.nonFiniteVoxels, "\(nonFinite) of \(values) values")]
  }
}
