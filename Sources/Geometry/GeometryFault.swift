import Faults

/// An error of this room.
public typealias GeometryError = Fault<GeometryFault>

/// What is wrong between a mask and the scan it is laid on.
public enum GeometryFault: String, FaultCode {
  case flipped = "mask-flipped"
  case transposed = "mask-transposed"
  case halfVoxel = "mask-half-voxel-shift"
  case cropped = "mask-cropped"
  case resolution = "mask-resolution"
  case form = "mask-qform-sform"
  case otherFrame = "mask-other-frame"
  case slicesMissing = "mask-slices-missing"
  case labelsDrifted = "mask-labels-drifted"

  public var exit: ExitStatus { .data }

  public var summary: String {
    switch self {
    case .flipped: "the mask is flipped against the scan"
    case .transposed: "the mask's axes are in another order than its header says"
    case .halfVoxel: "the mask is shifted by half a voxel against the scan"
    case .cropped: "the mask was cropped, and its header still has the position of the whole"
    case .resolution: "the mask has another resolution than its header says"
    case .form: "the mask's sform and qform disagree, and the other one fits the scan"
    case .otherFrame: "the mask is drawn on this scan, and its header places it in another frame"
    case .slicesMissing:
      "the mask's empty slices were left out, and its header still has the position of the whole"
    case .labelsDrifted: "the mask's labels drifted from whole numbers by scaling"
    }
  }

  public var remedy: String {
    "look with 'pdff doctor SCAN --roi MASK', which proposes a mended mask and writes it with "
      + "--fix -o FILE; if the mask is right as it is, measure with --trust-mask-geometry"
  }
}

/// What this room warns of.
public enum GeometryNotice: String, NoticeCode {
  case mostlyInAir = "mask-mostly-in-air"
  case faultTrusted = "mask-geometry-trusted"

  public var summary: String {
    switch self {
    case .mostlyInAir: "less than half of the mask lies on tissue, and no known fault explains it"
    case .faultTrusted: "the mask's geometry looks wrong, and was trusted as asked"
    }
  }
}
