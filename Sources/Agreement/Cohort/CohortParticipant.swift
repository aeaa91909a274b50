import Calibration
import Documents

/// One participant: measurements, tissue, what became of them.
public struct CohortParticipant: Sendable, Equatable {
  /// Never shown by any figure, page or message.
  public let identifier: String
  public let site: String?
  public let tissue: TissueOutcome
  public let tissueReportedOn: CalendarDay?
  public let tissueLesion: String?
  public let endpoints: Endpoints
  /// In the table's order; at least one.
  public let rows: [MeasurementRow]
  /// The row that counts outside the section on measurement: of the lesion that tissue came from (else
  /// of the one listed first) on the first listed scanner the first reader's first repeat.
  public let counted: MeasurementRow

  public init(
    identifier: String, site: String? = nil, tissue: TissueOutcome,
    tissueReportedOn: CalendarDay? = nil, tissueLesion: String? = nil,
    endpoints: Endpoints = Endpoints(), rows: [MeasurementRow]
  ) {
    self.identifier = identifier
    self.site = site
    self.tissue = tissue
    self.tissueReportedOn = tissueReportedOn
    self.tissueLesion = tissueLesion
    self.endpoints = endpoints
    self.rows = rows
    let biopsied = rows.filter { tissueLesion != nil && $0.acquisition.lesion == tissueLesion }
    let first = (biopsied.first ?? rows[0]).acquisition
    let alike = rows.filter {
      let other = $0.acquisition
      return other.lesion == first.lesion && other.scanner == first.scanner
        && other.fieldStrength == first.fieldStrength && other.reader == first.reader
    }
    counted = alike.min { $0.acquisition.repetition < $1.acquisition.repetition } ?? rows[0]
  }

  /// The same participant with another call of the counted row.
  func calling(_ call: ProvisionalCall?) -> CohortParticipant {
    let called = rows.map { row in
      row == counted
        ? MeasurementRow(
          acquisition: row.acquisition, percent: row.percent,
          standardUncertainty: row.standardUncertainty, background: row.background,
          r2star: row.r2star, call: call, sealedOn: nil)
        : row
    }
    return CohortParticipant(
      identifier: identifier, site: site, tissue: tissue, tissueReportedOn: tissueReportedOn,
      tissueLesion: tissueLesion, endpoints: endpoints, rows: called)
  }
}
