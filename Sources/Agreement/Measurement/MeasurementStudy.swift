import Statistics

/// A scanner at a field strength.
public struct ScannerCondition: Sendable, Hashable {
  public let scanner: String?
  /// Tesla.
  public let fieldStrength: Double?

  public var name: String {
    [scanner ?? "scanner not given", fieldName].compactMap { $0 }.joined(separator: ", ")
  }

  /// `3 T`; nil where it is not given.
  public var fieldName: String? {
    fieldStrength.map { $0 == $0.rounded() ? "\(Int($0)) T" : "\($0) T" }
  }
}

/// How well the fat fraction itself is measured, from all rows of the participants who count: between
/// readers, repeats and scanners. Of each participant only the lesion that counts is used.
public struct MeasurementStudy: Sendable {
  public struct Pairing: Sendable {
    public let first: String
    public let second: String
    public let limits: Figure<BlandAltman>
  }

  public struct ForCondition: Sendable {
    public let condition: ScannerCondition
    public let participants: Int
    /// Of the first reader's first repeats, percent.
    public let mean: Double
    public let repeatability: Figure<WithinSubject>
    /// Against the condition listed first; left out for that one itself.
    public let difference: Figure<BlandAltman>
    public let line: Figure<DemingRegression>
  }

  /// Every two readers with a participant in common, on the first scanner.
  public let readers: [Pairing]
  public let readerCorrelation: Figure<Estimate>
  public let betweenReaders: Figure<WithinSubject>
  /// First and second repeat of the first reader on the first scanner.
  public let repeats: Figure<BlandAltman>
  public let repeatCorrelation: Figure<Estimate>
  /// Pooled over scanners and readers.
  public let repeatability: Figure<WithinSubject>
  /// Across scanners and field strengths.
  public let reproducibility: Figure<WithinSubject>
  /// In the order of the table.
  public let conditions: [ForCondition]

  public init(_ participants: [CohortParticipant]) {
    let values = MeasuredValues(participants)
    let readers = values.readers
    self.readers = readers.indices.flatMap { first in
      readers.indices.filter { $0 > first }.compactMap { second in
        let pairs = values.participants.compactMap {
          $0.pair(readers: readers[first], readers[second])
        }
        return pairs.isEmpty
          ? nil
          : Pairing(
            first: readers[first], second: readers[second], limits: BlandAltman.of(pairs))
      }
    }
    let table = values.participants.compactMap { $0.byReaders(readers) }
    readerCorrelation =
      readers.count < 2
      ? .leftOut("there is one reader only, or none is named")
      : IntraclassCorrelation.absoluteAgreement(table)
    betweenReaders =
      readers.count < 2
      ? .leftOut("there is one reader only, or none is named")
      : WithinSubject.of(
        values.participants.map { member in readers.compactMap { member.byReader[$0] } })
    let twice = values.participants.compactMap(\.firstTwoRepeats)
    repeats = BlandAltman.of(twice)
    repeatCorrelation = IntraclassCorrelation.oneWay(twice.map { [$0.first, $0.second] })
    repeatability = WithinSubject.of(values.participants.flatMap(\.repeatGroups).map(\.values))
    let all = values.conditions
    reproducibility =
      all.count < 2
      ? .leftOut("there is one scanner and field strength only, or none is named")
      : WithinSubject.of(
        values.participants.map { member in all.compactMap { member.byCondition[$0] } })
    conditions = all.map { Self.condition($0, first: all[0], values) }
  }

  private static func condition(
    _ condition: ScannerCondition, first: ScannerCondition, _ values: MeasuredValues
  ) -> ForCondition {
    let own = values.participants.compactMap { $0.byCondition[condition] }
    let groups = values.participants.flatMap(\.repeatGroups).filter { $0.condition == condition }
    let pairs = values.participants.compactMap { participant -> BlandAltman.Pair? in
      guard let x = participant.byCondition[first], let y = participant.byCondition[condition]
      else { return nil }
      return BlandAltman.Pair(first: x, second: y)
    }
    let isFirst = condition == first
    let itself = "it is the scanner against which the others are held"
    return ForCondition(
      condition: condition, participants: own.count, mean: Sample(own).mean,
      repeatability: WithinSubject.of(groups.map(\.values)),
      difference: isFirst ? .leftOut(itself) : BlandAltman.of(pairs),
      line: isFirst ? .leftOut(itself) : DemingRegression.of(pairs))
  }
}

/// Every measured value of the lesions that count, by how it was measured.
private struct MeasuredValues {
  struct RepeatGroup {
    let condition: ScannerCondition
    let values: [Double]
  }

  /// One participant's, percent.
  struct Participant {
    /// First repeats on the first scanner.
    let byReader: [String: Double]
    /// The first reader's first repeats.
    let byCondition: [ScannerCondition: Double]
    let firstTwoRepeats: BlandAltman.Pair?
    /// Repeats in which scanner and reader are the same, in the order of the repeats.
    let repeatGroups: [RepeatGroup]

    func pair(readers first: String, _ second: String) -> BlandAltman.Pair? {
      guard let x = byReader[first], let y = byReader[second] else { return nil }
      return BlandAltman.Pair(first: x, second: y)
    }

    /// nil where a reader is missing.
    func byReaders(_ readers: [String]) -> [Double]? {
      let found = readers.compactMap { byReader[$0] }
      return found.count == readers.count ? found : nil
    }
  }

  let participants: [Participant]
  /// In the order of the table.
  let readers: [String]
  let conditions: [ScannerCondition]

  init(_ cohort: [CohortParticipant]) {
    var readers: [String] = []
    var conditions: [ScannerCondition] = []
    var (seenReaders, seenConditions) = (Set<String>(), Set<ScannerCondition>())
    participants = cohort.map { member in
      let rows = member.rows.filter {
        $0.percent != nil && $0.acquisition.lesion == member.counted.acquisition.lesion
      }
      for row in rows {
        if let reader = row.acquisition.reader, seenReaders.insert(reader).inserted {
          readers.append(reader)
        }
        if seenConditions.insert(row.condition).inserted { conditions.append(row.condition) }
      }
      return Self.participant(member, rows)
    }
    self.readers = readers
    self.conditions = conditions
  }

  private static func participant(_ member: CohortParticipant, _ rows: [MeasurementRow])
    -> Participant
  {
    struct Place: Hashable {
      let condition: ScannerCondition
      let reader: String?
    }
    let ordered = rows.sorted { $0.acquisition.repetition < $1.acquisition.repetition }
    let groups = Dictionary(grouping: ordered) {
      Place(condition: $0.condition, reader: $0.acquisition.reader)
    }.mapValues { $0.compactMap(\.percent) }
    let home = Place(
      condition: member.counted.condition, reader: member.counted.acquisition.reader)
    var byReader: [String: Double] = [:]
    var byCondition: [ScannerCondition: Double] = [:]
    for (place, values) in groups {
      if let reader = place.reader, place.condition == home.condition {
        byReader[reader] = values[0]
      }
      if place.reader == home.reader { byCondition[place.condition] = values[0] }
    }
    let own = groups[home] ?? []
    // Dictionaries have no order; sums must not depend on it.
    let sorted = groups.sorted {
      ($0.key.condition.name, $0.key.reader ?? "") < ($1.key.condition.name, $1.key.reader ?? "")
    }
    return Participant(
      byReader: byReader, byCondition: byCondition,
      firstTwoRepeats: own.count > 1 ? BlandAltman.Pair(first: own[0], second: own[1]) : nil,
      repeatGroups: sorted.filter { $0.value.count > 1 }.map {
        RepeatGroup(condition: $0.key.condition, values: $0.value)
      })
  }
}

extension MeasurementRow {
  var condition: ScannerCondition {
    ScannerCondition(scanner: acquisition.scanner, fieldStrength: acquisition.fieldStrength)
  }
}
