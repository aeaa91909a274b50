import Scans

/// The volumes that make up one Dixon scan: of one series, or of several that belong together.
struct ScanCandidate: Sendable {
  var volumes: [DICOMVolume]
  /// What it is called, no two alike: its lowest series number, "5", or "5b" for its second stack.
  private(set) var name = ""
  /// Whether others of the same acquisition have slices that its own lack, or the other way round.
  private var lacksSlices = false

  init(volumes: [DICOMVolume]) { self.volumes = volumes }

  var numbers: [Int] { Set(volumes.compactMap(\.series.number)).sorted() }

  /// The candidates with their names.
  static func named(_ candidates: [ScanCandidate]) -> [ScanCandidate] {
    var taken: Set<String> = []
    return candidates.map { one in
      var one = one
      let plain = one.numbers.first.map(String.init) ?? "x"
      let letters = ["", "b", "c", "d", "e", "f", "g", "h"]
      let free = letters.lazy.map { plain + $0 }.first { !taken.contains($0) }
      one.name = free ?? "\(plain)x\(taken.count)"
      taken.insert(one.name)
      return one
    }
  }

  /// What to type for it, and what it is; the day only where there are several.
  func choice(among all: [ScanCandidate]) -> String {
    let days = Set(all.compactMap { $0.volumes.first?.series.day })
    let day = days.count > 1 ? volumes.first?.series.day.map { " of \($0)" } ?? "" : ""
    return "--series \(name)\(day) (\(line))"
  }

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
    guard trouble == nil else { return false }
    func count(_ role: FileRole) -> Int { volumes.filter { $0.role == role }.count }
    func has(_ one: FileRole, _ other: FileRole) -> Bool { count(one) > 0 && count(other) > 0 }
    return count(.magnitude) >= 3 || (count(.magnitude) >= 2 && count(.phase) >= 2)
      || (count(.real) >= 2 && count(.imaginary) >= 2) || count(.pdff) > 0 || has(.water, .fat)
      || has(.inPhase, .opposedPhase) || count(.magnitude) == 2
  }

  /// What is wrong with its slices.
  private var trouble: String? {
    if lacksSlices { return "some of its images lack slices that others have" }
    if let fault = volumes.lazy.compactMap({ VolumePlace.trouble($0.frames) }).first {
      return fault
    }
    // Whether a slice comes several times within a volume.
    guard volumes.contains(where: { $0.frames.count > $0.geometry.slices }) else { return nil }
    return "every slice comes several times, and the files do not say which echo or time is which"
  }

  /// Why it is not.
  var shortcoming: String {
    trouble ?? "three magnitudes, two complex echoes, water and fat, or a PDFF map are needed"
  }

  /// Whether it holds part of complex echoes, whose loss would not show in what is measured.
  var isPartOfEchoes: Bool {
    volumes.filter { [.phase, .real, .imaginary].contains($0.role) }.count > 1
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
    for (one, other) in found.indices.flatMap({ one in found.indices.map { (one, $0) } })
    where found[one].isPart(of: found[other]) {
      found[one].lacksSlices = true
    }
    return found
  }

  private func isPart(of other: ScanCandidate) -> Bool {
    guard let mine = volumes.first, let theirs = other.volumes.first else { return false }
    return mine.geometry.isPart(of: theirs.geometry) && isWith(theirs.series)
  }

  /// Whether a series may come from the acquisition of this one: its study, protocol and time.
  private func isWith(_ series: SeriesRecord) -> Bool {
    guard let mine = volumes.first, mine.series.studyUID == series.studyUID,
      mine.series.day == series.day
    else { return false }
    let names = [mine.series.protocolName, series.protocolName]
    guard names[0] == names[1] || names.contains("") else { return false }
    if let one = mine.series.acquiredAt, let two = series.acquiredAt {
      guard abs(one - two) <= 5 else { return false }
    } else {
      let last = volumes.compactMap(\.series.number).max()
      guard let last, let next = series.number, next - last <= 2 else { return false }
    }
    return true
  }

  private func accepts(_ stack: [DICOMVolume], of series: SeriesRecord) -> Bool {
    guard let mine = volumes.first, let other = stack.first, mine.geometry == other.geometry,
      mine.series.uid != series.uid, isWith(series)
    else { return false }
    let places = (volumes + stack).map(\.place)
    return Set(places).count == places.count
  }
}

extension [ScanCandidate] {
  /// Those that a word given to `--series` means: of that name, else with that series number.
  func meant(by word: String) -> [ScanCandidate] {
    let named = filter { $0.name == word }
    return named.isEmpty ? filter { $0.numbers.map(String.init).contains(word) } : named
  }
}
