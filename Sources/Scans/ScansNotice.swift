import Faults

/// The conditions under which loading a scan warns.
public enum ScansNotice: String, NoticeCode {
  case nonFiniteVoxels = "non-finite-voxels"
  case derivedImagesNotUsed = "derived-images-not-used"
  case acquisitionDateUnreadable = "acquisition-date-unreadable"
  case withoutOrientation = "scan-without-orientation"
  case orientationsDiffer = "scan-orientations-differ"
  case pdffScaleByRange = "pdff-scale-by-range"
  case pdffScaleUnconfirmed = "pdff-scale-unconfirmed"
  case pdffScaleContradicted = "pdff-scale-contradicted"
  case exportAnonymised = "export-anonymised"

  public var summary: String {
    switch self {
    case .nonFiniteVoxels:
      "some voxels of the input are not finite numbers; they stay without value"
    case .derivedImagesNotUsed:
      "the scanner's own derived images lie beside the echoes and were not used"
    case .acquisitionDateUnreadable: "the sidecar's date of acquisition is not a date"
    case .withoutOrientation: "the scan does not say how it lies: neither sform nor qform is set"
    case .orientationsDiffer: "the scan's sform and qform disagree"
    case .pdffScaleByRange: "the scale of the PDFF map was taken from its values alone"
    case .pdffScaleUnconfirmed:
      "the scale of the PDFF map is as stated; no subcutaneous fat is there to confirm it"
    case .pdffScaleContradicted: "the scale that was given contradicts the map's subcutaneous fat"
    case .exportAnonymised: "the export was anonymised, and some checks cannot be made"
    }
  }
}
