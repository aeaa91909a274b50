import Volumes

/// Which frame of which image is which echo: echoes ascend in echo time, whatever their names say.
struct EchoTable: Sendable {
  /// One frame of one image, by its index in the list it came from.
  struct Frame: Sendable {
    let image: Int
    let frame: Int
  }

  /// Ascending; empty where no echo times are known.
  let times: [Seconds]
  /// For each echo the frame of the first part (magnitude, real or complex), then of the second.
  let first: [Frame]
  let second: [Frame]
  /// From what the times are known.
  let source: String

  /// Echo times nearer to each other than this are one echo.
  static let sameEcho = 10e-6

  /// Orders echoes and pairs their parts.
  ///
  /// - Parameters:
  ///   - second: the other part (phase, imaginary), or empty.
  ///   - given: echo times from the command line, in echo order; they win over sidecars.
  /// - Throws: `echo-times-count`, `echo-times-in-ms`, `echo-time-invalid`, `echoes-duplicate`,
  ///   `phase-missing`, `counterpart-missing`.
  static func of(
    first: [ImageFile], second: [ImageFile], given: [Seconds]?
  ) throws(ScansError) -> EchoTable {
    var one = try EchoFrames(first, given: given)
    var two = try EchoFrames(second, given: second.isEmpty ? nil : given)
    one.adoptTimes(from: two)
    two.adoptTimes(from: one)
    guard one.allTimed, two.allTimed else {
      try one.checkPairing(with: two)
      return EchoTable(times: [], first: [], second: [], source: "")
    }
    try one.sortByTime()
    try two.sortByTime()
    try one.checkPairing(with: two)
    return EchoTable(
      times: one.entries.compactMap(\.time), first: one.entries.map(\.frame),
      second: two.entries.map(\.frame),
      source: given == nil ? "EchoTime of the sidecars" : "--echo-times-ms")
  }
}

/// The frames of one part with what is known of their echoes.
struct EchoFrames {
  struct Entry {
    let frame: EchoTable.Frame
    let file: String
    let number: Int?
    var time: Seconds?
  }

  private(set) var entries: [Entry] = []
  private let role: FileRole?

  init(_ images: [ImageFile], given: [Seconds]?) throws(ScansError) {
    role = images.first?.role
    for (index, image) in images.enumerated() {
      let times = given == nil ? try EchoFrames.times(of: image) : EchoFrames.order(of: image)
      for frame in 0..<image.header.frames {
        entries.append(
          Entry(
            frame: .init(image: index, frame: frame), file: image.baseName,
            number: images.count == 1 && image.header.frames > 1 ? frame + 1 : image.name.echo,
            time: times.isEmpty ? nil : times[frame]))
      }
    }
    if let given {
      try assign(given, isOrdered: images.allSatisfy { $0.roleSource == $0.role.flag })
    }
  }

  /// The sidecar's echo times, one for each frame; empty where it says none.
  private static func times(of image: ImageFile) throws(ScansError) -> [Seconds] {
    guard let said = image.sidecar?.echoTimes, !said.isEmpty else { return [] }
    for time in said { try check(time, file: image.path) }
    if said.count == image.header.frames { return said }
    // A list in a sidecar for all echoes, as BIDS inherits it: the echo's number points into it.
    if image.header.frames == 1, let number = image.name.echo, number <= said.count {
      return [said[number - 1]]
    }
    throw ScansError(
      .echoTimesCount, "\(said.count) in the sidecar, \(image.header.frames) in the image",
      file: image.path)
  }

  /// Echo times that serve to order images only, where others are given.
  private static func order(of image: ImageFile) -> [Seconds] {
    guard let said = image.sidecar?.echoTimes, said.count == image.header.frames else { return [] }
    return said
  }

  private static func check(_ time: Seconds, file: String?) throws(ScansError) {
    if time.value > 0.5 {
      throw ScansError(.echoTimesInMilliseconds, "EchoTime \(time.value)", file: file)
    }
    guard time.value >= 10e-6 else {
      throw ScansError(.echoTimeInvalid, "\(time.milliseconds) ms", file: file)
    }
  }

  /// Gives times in echo order: the order of the flags, else of the sidecars' times or the numbers.
  private mutating func assign(_ given: [Seconds], isOrdered: Bool) throws(ScansError) {
    guard !entries.isEmpty else { return }
    guard given.count == entries.count else {
      throw ScansError(
        .echoTimesCount,
        "\(given.count) by --echo-times-ms, \(entries.count) echoes in "
          + "\(role?.rawValue ?? "image") images")
    }
    for time in given { try EchoFrames.check(time, file: nil) }
    if !isOrdered {
      if entries.allSatisfy({ $0.time != nil }) {
        entries.sort { ($0.time ?? Seconds(0)) < ($1.time ?? Seconds(0)) }
      } else if entries.allSatisfy({ $0.number != nil }) {
        entries.sort { ($0.number ?? 0) < ($1.number ?? 0) }
      }
    }
    for index in entries.indices { entries[index].time = given[index] }
  }

  var allTimed: Bool { entries.allSatisfy { $0.time != nil } }

  /// Takes the times of the other part's echoes of the same number, where this part has none.
  mutating func adoptTimes(from other: EchoFrames) {
    guard !allTimed, other.allTimed else { return }
    for index in entries.indices where entries[index].time == nil {
      guard let number = entries[index].number else { continue }
      let partners = other.entries.filter { $0.number == number }
      if partners.count == 1 { entries[index].time = partners[0].time }
    }
  }

  /// - Throws: `echoes-duplicate`.
  mutating func sortByTime() throws(ScansError) {
    entries.sort { ($0.time ?? Seconds(0)) < ($1.time ?? Seconds(0)) }
    for (one, next) in zip(entries, entries.dropFirst()) {
      guard let early = one.time, let late = next.time,
        late.value - early.value < EchoTable.sameEcho
      else { continue }
      let place = one.file == next.file ? "" : "in \(one.file) and "
      throw ScansError(
        .echoesDuplicate,
        "\(milliseconds(early)) ms \(place.isEmpty ? "twice in its list" : place + "here")",
        file: next.file)
    }
  }

  /// Every echo of one part has its counterpart in the other.
  func checkPairing(with other: EchoFrames) throws(ScansError) {
    guard let otherRole = other.role, let role else { return }
    for (left, right) in [(self, other), (other, self)] {
      for entry in left.entries {
        let hasPartner =
          left.allTimed && right.allTimed
          ? right.entries.contains { partner in
            abs((partner.time?.value ?? 0) - (entry.time?.value ?? 0)) < EchoTable.sameEcho
          } : left.entries.count <= right.entries.count
        guard !hasPartner else { continue }
        let missing = left.role == role ? otherRole : role
        let which = entry.time.map { "the echo at \(milliseconds($0)) ms" } ?? "an echo"
        throw ScansError(
          missing == .phase ? .phaseMissing : .counterpartMissing,
          "\(which) has \(left.role?.rawValue ?? "") and no \(missing.rawValue)", file: entry.file)
      }
    }
  }
}

/// Milliseconds to three decimals, without trailing zeros.
func milliseconds(_ time: Seconds) -> String {
  let rounded = (time.milliseconds * 1000).rounded() / 1000
  return rounded == rounded.rounded() && abs(rounded) < 1e9 ? "\(Int(rounded))" : "\(rounded)"
}
