import Volumes

/// What a request was recognised as, before any voxel is read.
public enum ScanRecognition: Sendable {
  /// One scan; what it still lacks stands in `missing`.
  case scan(ScanPlan)
  /// Several series, to choose from.
  case several([SeriesSummary], setAside: [SetAside])

  /// Recognises the files and folders of a request.
  ///
  /// - Throws: `ScansError`; `VolumesError` where a header cannot be read.
  public static func of(_ request: ScanRequest) throws -> ScanRecognition {
    let allowed = try rolesAllowed(by: request)
    let taken = Set(request.flagged.map(\.role))
    var setAside: [SetAside] = []
    var found: [ImageFile] = []
    if !request.inputs.isEmpty {
      for (path, isNamed) in try InputListing.images(in: request.inputs) {
        switch try ImageRecognition.of(path, flag: nil, isNamed: isNamed) {
        case .setAside(let other): setAside.append(other)
        case .image(let image):
          if taken.contains(image.role) || !allowed.contains(image.role) {
            setAside.append(SetAside(path: path, reason: "a flag names the images to use"))
          } else {
            found.append(image)
          }
        }
      }
    }
    var flagged: [ImageFile] = []
    for (path, role) in request.flagged {
      if case .image(let image) = try ImageRecognition.of(path, flag: role, isNamed: true) {
        flagged.append(image)
      }
    }
    return try choose(found, flagged, request, setAside)
  }

  /// Flags name images of one kind of input.
  private static func rolesAllowed(by request: ScanRequest) throws(ScansError) -> Set<FileRole> {
    let flagged = Set(request.flagged.map(\.role))
    guard !flagged.isEmpty else { return Set(FileRole.allCases) }
    let kinds: [Set<FileRole>] = [
      [.magnitude, .phase], [.real, .imaginary], [.complex], [.water, .fat],
      [.inPhase, .opposedPhase], [.pdff],
    ]
    guard let kind = kinds.first(where: { flagged.isSubset(of: $0) }) else {
      throw ScansError(
        .imageFlagsContradict, flagged.map(\.flag).sorted().joined(separator: ", "))
    }
    return kind
  }

  /// The series that `--series` names; without it, all.
  private static func chosen(
    of all: [Series], _ request: ScanRequest
  ) throws(ScansError) -> [Series] {
    guard !request.series.isEmpty else { return all }
    let summaries = all.map(\.summary)
    for word in request.series where !summaries.contains(where: { $0.isMeant(by: word) }) {
      throw ScansError(
        .seriesUnknown, "\(word); there are: \(summaries.listing)", file: request.inputs.first)
    }
    return zip(all, summaries).filter { _, summary in
      request.series.contains { summary.isMeant(by: $0) }
    }.map(\.0)
  }

  private static func choose(
    _ found: [ImageFile], _ flagged: [ImageFile], _ request: ScanRequest, _ setAside: [SetAside]
  ) throws -> ScanRecognition {
    let groups = Series.grouping(found)
    let all = groups.filter { $0.couldBeScan }
    let candidates = try chosen(of: all, request)
    if candidates.count > 1 {
      return .several(candidates.map(\.summary), setAside: setAside)
    }
    var setAside = setAside
    var series: Series
    if let only = candidates.first ?? groups.max(by: { $0.images.count < $1.images.count }) {
      series = only
      for other in groups where other.label != only.label {
        setAside += other.images.map {
          SetAside(
            path: $0.path,
            reason: other.couldBeScan
              ? "another series was asked for" : "too little for a scan of its own")
        }
      }
      series.images += flagged
    } else {
      series = Series(label: flagged.first?.name.series ?? "", images: flagged)
    }
    guard !series.images.isEmpty else {
      let seen =
        setAside.isEmpty
        ? ""
        : "every image was set aside, the last as "
          + (setAside.last?.reason ?? "")
      throw ScansError(.roleUnknown, seen, file: setAside.last?.path ?? request.inputs.first)
    }
    return .scan(try ScanPlan(series, request: request, setAside: setAside))
  }
}

extension Series {
  /// Whether the series is, or was meant to be, a Dixon scan: a lone magnitude is not.
  var couldBeScan: Bool {
    do throws(ScansError) {
      return try Assembly.of(self) != nil
    } catch {
      return error.code != .tooFewEchoes || images.count > 1
    }
  }
}
