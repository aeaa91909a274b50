import Documents

/// Something that was done to treat, or is planned.
public struct TreatmentEvent: Sendable, Hashable {
  public enum Kind: String, Sendable, CaseIterable {
    /// A TACE before the study's treatment.
    case priorTACE = "prior-tace"
    /// The first systemic dose: D0.
    case systemicStart = "systemic-start"
    /// Its date is the planned day.
    case tacePlanned = "tace-planned"
    /// Its date is that of the plan it cancels; any other date is the day of the decision, which
    /// cancels every plan from that day on.
    case taceCancelled = "tace-cancelled"
    case apatinibPause = "apatinib-pause"
    /// Somebody looked: apatinib was not paused up to this day.
    case noPause = "no-pause"
    case tace
    case apatinibRestart = "apatinib-restart"
  }

  public let entry: Int
  public let kind: Kind
  public let date: CalendarDay
  /// Needed for `tace`; with a plan or its cancellation it narrows them to one tumour.
  public let lesion: String?

  public init(entry: Int, kind: Kind, date: CalendarDay, lesion: String? = nil) {
    self.entry = entry
    self.kind = kind
    self.date = date
    self.lesion = lesion
  }
}
