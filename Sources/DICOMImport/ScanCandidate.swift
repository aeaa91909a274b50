import Scans

/// The volumes that make up one Dixon scan: of one series, or of several that belong together.
struct ScanCandidate: Sendable {
  var volumes: [DICOMVolume]

  var numbers: [Int] { Set(volumes.compactMap(\.series.number)).sorted() }
  /// The number that names it.
  var number: Int? { numbers.first }

  /// "series 5, 6 (t1_vibe): 6 magnitude, 6 phase".
  var line: String {
    let names = Set(volumes.map(\.series.description)).filter { !$0.isEmpty }.sorted()
    let series = numbers.map(String.init).joined(separator: ", ")
    return "series \(series.isEmpty ? "without number" : series)"
      + (names.isEmpty ? "" : " (\(names.joined(separator: ", ")))") + ": \(contents)"
  }

  var contents: String {
    FileRole.allCases.compactMap { role in
      let count = volumes.filter { $0.role == role }.count
      return count == 0 ? nil : "\(count) \(role.rawValue)"
    }.joined(separator: ", ")
  }

  /// Whether it is enough to measure: echoes, or images that the scanner derived.
  var isComplete: Bool {
    guard !isStacked else { return false }
    func count(_ role: FileRole) -> Int { volumes.filter { $0.role == role }.count }
    func has(_ one: FileRole, _ other: FileRole) -> Bool { count(one) > 0 && count(other) > 0 }
    return count(.magnitude) >= 3 || (count(.magnitude) >= 2 && count(.phase) >= 2)
      || (count(.real) >= 2 && count(.imaginary) >= 2) || count(.pdff) > 0 || has(.water, .fat)
      || has(.inPhase, .opposedPhase) || count(.magnitude) == 2
  }

  /// Whether a slice comes several times within a volume.
  private var isStacked: Bool { volumes.contains { $0.frames.count > $0.geometry.slices } }

  /// Why it is not.
  var shortcoming: String {
    isStacked
      ? "every slice comes several times, and the files do not say which echo or time is which"
      : "three magnitudes, two complex echoes, water and fat, or a PDFF map are needed"
  }

  // MARK: Sorting

  /// Puts series together that one acquisition gave: the same grid and protocol, acquired within five
  /// seconds of each other (where times are kept; else numbers that follow each other), no image twice.
  static func sorted(_ volumes: [DICOMVolume]) -> [ScanCandidate] {
    var found: [ScanCandidate] = []
    var order: [SeriesRecord] = []
    for volume in volumes where !order.contains(volume.series) { order.append(volume.series) }
    order.sort { ($0.number ?? 0, $0.uid) < ($1.number ?? 0, $1.uid) }
    for series in order {
      let own = volumes.filter { $0.series == series }
      // One series may hold several stacks.
      for (_, stack) in Dictionary(grouping: own, by: \.geometry).sorted(by: {
        $0.value.count > $1.value.count
      }) {
        if let index = found.lastIndex(where: { $0.accepts(stack, of: series) }) {
          found[index].volumes += stack
        } else {
          found.append(ScanCandidate(volumes: stack))
        }
      }
    }
    return found
  }

  private func accepts(_ stack: [DICOMVolume], of series: SeriesRecord) -> Bool {
    guard let mine = volumes.first, let other = stack.first, mine.geometry == other.geometry,
      mine.series.uid != series.uid
    else { return false }
    let names = [mine.series.protocolName, series.protocolName]
    guard names[0] == names[1] || names.contains("") else { return false }
    if let one = mine.series.acquiredAt, let two = series.acquiredAt {
      guard abs(one - two) <= 5 else { return false }
    } else {
      let last = volumes.compactMap(\.series.number).max()
      guard let last, let next = series.number, next - last <= 2 else { return false }
    }
    let places = (volumes + stack).map(\.place)
    return Set(places).count == places.count
  }
}
