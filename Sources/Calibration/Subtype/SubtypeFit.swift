import Documents
import Faults
import Statistics

/// Makes a subtype model from a cohort, or says why that can't be done.
public struct SubtypeFit: Sendable {
  public let model: SubtypeModel
  public let notices: [Notice]

  /// The whole line: check, associate, fit, calibrate, test, validate, seal.
  ///
  /// Throws `SubtypeError` for what the cohort can't carry.
  public init(_ cohort: SubtypeCohort, _ options: SubtypeFitOptions) throws(SubtypeError) {
    try Self.check(options)
    let guarantee = try Self.guarantee(cohort, options)
    let rows = options.rows(cohort)
    let (full, none) = try Self.unpenalised(rows, options)
    let tests = SubtypeTests(rows, options, full: full, none: none)
    if options.requiresAssociation, tests.association.p >= 0.05 {
      throw SubtypeError(.cohortNoAssociation, "p \(decimals(tests.association.p, 3))")
    }
    let sets: SubtypeSets
    do {
      sets = try SubtypeSets(rows, options, guarantee, start: full.parameters)
    } catch { throw SubtypeError(.cohortNoSpread) }
    let performance = SubtypePerformance(rows, options, guarantee, start: full.parameters)
    notices = Self.notices(cohort, options, guarantee) + tests.notices
    let parts = SubtypeFitParts(
      cohort: cohort, options: options, full: full, tests: tests, sets: sets,
      performance: performance, notices: notices)
    model = try SubtypeModel(document: parts.document)
  }

  private static func check(_ options: SubtypeFitOptions) throws(SubtypeError) {
    guard options.alpha >= 0.01, options.alpha <= 0.5 else {
      throw SubtypeError(.optionInvalid, "--alpha lies from 0.01 to 0.5")
    }
    guard !options.name.isEmpty, !options.version.isEmpty else {
      throw SubtypeError(.optionInvalid, "--name and --version must say something")
    }
    guard options.status != .prespecified else {
      throw SubtypeError(
        .optionInvalid, "only pdff subtype freeze makes a model prespecified")
    }
  }

  /// Which conformal sets the cohort carries; throws where a class is too small for any.
  private static func guarantee(_ cohort: SubtypeCohort, _ options: SubtypeFitOptions)
    throws(SubtypeError) -> SubtypeModel.Guarantee
  {
    let counts = Subtype.allCases.map { cohort.count($0) }
    let least = ConformalSets.leastCount(alpha: options.alpha)
    let smallest = counts.min() ?? 0
    let chosen = options.guarantee ?? (smallest >= options.splitSuffices ? .split : .cross)
    let needed = max(chosen == .split ? 2 * least : least, 2)
    guard smallest >= needed else {
      let words = zip(Subtype.allCases, counts).map { "\($0.rawValue) \($1)" }
      throw SubtypeError(
        .cohortTooSmall,
        "\(words.joined(separator: ", ")); \(chosen.rawValue) conformal sets at alpha "
          + "\(options.alpha) need \(needed) of each")
    }
    return chosen
  }

  /// The fits that the test of association compares, without penalty.
  private static func unpenalised(_ rows: [LatentRow], _ options: SubtypeFitOptions)
    throws(SubtypeError) -> (LatentFit<ProportionalOdds>, LatentFit<ProportionalOdds>)
  {
    let values = rows.map(\.value.percent)
    // The true values' variance is what the errors leave of the measured values'.
    let errors = rows.map { $0.value.standardUncertainty * $0.value.standardUncertainty }
    guard Sample(values).variance > Sample(errors).mean else {
      throw SubtypeError(.cohortNoSpread)
    }
    if isSeparated(rows) && !options.usesBackground { throw SubtypeError(.cohortSeparable) }
    do {
      let none = try LatentFit<ProportionalOdds>(
        rows, options.latent(penalised: false, withoutAssociation: true))
      return (try LatentFit(rows, options.latent(penalised: false)), none)
    } catch { throw SubtypeError(.cohortSeparable) }
  }

  /// Whether the classes follow one another along the measured values without any overlap.
  private static func isSeparated(_ rows: [LatentRow]) -> Bool {
    let ranges = Subtype.allCases.map { k in
      let values = rows.filter { $0.category == k.index }.map(\.value.percent)
      return (low: values.min() ?? 0, high: values.max() ?? 0)
    }
    let pairs = zip(ranges, ranges.dropFirst())
    return pairs.allSatisfy { $0.high < $1.low } || pairs.allSatisfy { $0.low > $1.high }
  }

  private static func notices(
    _ cohort: SubtypeCohort, _ options: SubtypeFitOptions, _ guarantee: SubtypeModel.Guarantee
  ) -> [Notice] {
    var notices: [Notice] = []
    switch cohort.sites {
    case nil: notices.append(Notice(SubtypeNotice.siteUnknown))
    case let sites? where sites.count == 1: notices.append(Notice(SubtypeNotice.oneSite))
    default: break
    }
    if !cohort.hasUncertainties { notices.append(Notice(SubtypeNotice.uncertaintiesMissing)) }
    if options.isCalibrated == nil { notices.append(Notice(SubtypeNotice.calibrationUnstated)) }
    let halves = guarantee == .split ? 2 : 1
    let small = Subtype.allCases.filter {
      cohort.count($0) / halves < 2 * ConformalSets.leastCount(alpha: options.alpha)
    }
    if !small.isEmpty {
      notices.append(
        Notice(
          SubtypeNotice.classSmall,
          small.map { "\($0.rawValue) \(cohort.count($0))" }.joined(separator: ", ")))
    }
    return notices
  }
}
