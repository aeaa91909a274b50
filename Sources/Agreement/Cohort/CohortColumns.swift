/// The columns of a cohort.
enum CohortColumn: String, CaseIterable {
  case participant = "participant_id"
  case tumour = "tumour_pdff_percent"
  case tissue = "tissue_subtype"
  case provisionalSubtype = "provisional_subtype"
  case provisionalSet = "provisional_set"
  case provisionalArm = "provisional_arm"
  case sealedOn = "sealed_on"
  case tissueReportedOn = "tissue_reported_on"
  case lesion
  case tissueLesion = "tissue_lesion"
  case standardUncertainty = "standard_uncertainty"
  case background = "background_pdff_percent"
  case site
  case scanner
  case fieldStrength = "field_strength_t"
  case reader
  case repetition = "repeat"
  case r2star = "r2star_per_s"
  case systemicStart = "systemic_start"
  case recist = "best_response_recist"
  case mrecist = "best_response_mrecist"
  case responseConfirmed = "response_confirmed"
  case responseDays = "response_days"
  case pfsDays = "pfs_days"
  case pfsEvent = "pfs_event"
  case osDays = "os_days"
  case osEvent = "os_event"
  case converted
  case asTreatedArm = "as_treated_arm"
  case firstTACEDays = "first_tace_days"
  /// Which a simulated study's export says of every row.
  case simulated

  static let needed: [CohortColumn] = [.participant, .tumour, .tissue]
}

/// The columns of the table of adverse events.
enum AdverseEventColumn: String, CaseIterable {
  case participant = "participant_id"
  case term = "ctcae_term"
  case grade
  case relatedToTACE = "related_to_tace"
}
