import Volumes

/// Images of one acquisition, as their names and sidecars group them.
struct Series: Sendable {
  /// What a reader knows it by: the common part of the names.
  let label: String
  var images: [ImageFile]
  /// Set where several exported series were taken together.
  var joined: Evidence?

  func images(_ role: FileRole) -> [ImageFile] { images.filter { $0.role == role } }

  /// What makes an image unique within its series.
  private struct Place: Hashable {
    let role: FileRole
    let echo: Int?
    let microseconds: [Int]
  }

  private var places: [Place] {
    images.map { image in
      Place(
        role: image.role, echo: image.name.echo,
        microseconds: (image.sidecar?.echoTimes ?? []).map { time in
          Int(exactly: (time.value * 1e6).rounded()) ?? -1
        })
    }
  }

  /// Groups images by the names without role and echo; then joins groups that differ in nothing but
  /// a series number where they hold different images on one grid (scanners export magnitude and
  /// phase, water and fat as several series).
  static func grouping(_ images: [ImageFile]) -> [Series] {
    let strict = grouped(images) { $0.name.series }
    let loose = grouped(strict) { $0.images.first?.name.acquisition ?? $0.label }
    return loose.flatMap { _, parts -> [Series] in
      let series = parts.map { $0 }
      guard series.count > 1 else { return series }
      let all = series.flatMap(\.images)
      let together = Series(label: all.first?.name.acquisition ?? "", images: all)
      guard Set(together.places).count == together.places.count,
        let grid = all.first?.header.grid, all.allSatisfy({ $0.header.grid.coincides(with: grid) })
      else { return series }
      var joint = together
      joint.joined = Evidence(
        about: "series", finding: "\(series.count) exported series taken together",
        source: "names that differ in a number only, different images, one grid")
      return [joint]
    }
  }

  private static func grouped(_ images: [ImageFile], by key: (ImageFile) -> String) -> [Series] {
    grouped(images, by: key).map { Series(label: $0.key, images: $0.members) }
  }

  /// Groups in order of first appearance.
  private static func grouped<Member>(_ members: [Member], by key: (Member) -> String)
    -> [(key: String, members: [Member])]
  {
    var order: [String] = []
    var groups: [String: [Member]] = [:]
    for member in members {
      let name = key(member)
      if groups[name] == nil { order.append(name) }
      groups[name, default: []].append(member)
    }
    return order.map { ($0, groups[$0] ?? []) }
  }

  /// The series for a listing.
  var summary: SeriesSummary {
    let counts = FileRole.allCases.compactMap { role -> String? in
      let frames = images(role).reduce(0) { $0 + $1.header.frames }
      return frames == 0 ? nil : "\(frames) \(role.rawValue)"
    }
    let sidecar = images.lazy.compactMap(\.sidecar).first
    return SeriesSummary(
      label: label.isEmpty ? images.first?.name.stem ?? "" : label,
      contents: counts.joined(separator: ", "),
      geometry: images.first?.header.grid.summary ?? "",
      numbers: Set(images.compactMap { $0.sidecar?.seriesNumber }).sorted(),
      description: sidecar?.seriesDescription ?? sidecar?.protocolName,
      fileNames: images.map(\.baseName))
  }
}

/// One of several series, for the user to choose from.
public struct SeriesSummary: Hashable, Sendable {
  /// The common part of the file names.
  public let label: String
  /// "6 magnitude, 6 phase".
  public let contents: String
  public let geometry: String
  /// The scanner's series numbers and description, where sidecars say them.
  public let numbers: [Int]
  public let description: String?
  public let fileNames: [String]

  public var number: Int? { numbers.first }
}
