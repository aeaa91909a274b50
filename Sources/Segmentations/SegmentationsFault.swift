import Faults

/// An error of this room.
public typealias SegmentationsError = Fault<SegmentationsFault>

/// Why a file with masks is not read.
public enum SegmentationsFault: String, FaultCode {
  case nrrdDamaged = "nrrd-damaged"
  case nrrdDetached = "nrrd-detached"
  case nrrdShape = "nrrd-shape"
  case nrrdSpace = "nrrd-space"
  case nrrdTooLarge = "nrrd-too-large"
  case fractional = "segmentation-fractional"
  case segmentTable = "segmentation-segments"
  case notSegmentation = "dicom-not-segmentation"
  case dcmqiMissing = "dcmqi-missing"
  case dcmqiFailed = "dicom-segmentation-damaged"

  public var exit: ExitStatus { self == .dcmqiMissing ? .unavailable : .data }

  public var summary: String { words.summary }
  public var remedy: String { words.remedy }

  private var words: (summary: String, remedy: String) {
    switch self {
    case .nrrdDamaged:
      (
        "the NRRD file cannot be read",
        "save the segmentation again: the file is damaged or cut short"
      )
    case .nrrdDetached:
      (
        "the NRRD header's voxels lie in another file",
        "save it as one file, .nrrd or .seg.nrrd, rather than .nhdr"
      )
    case .nrrdShape:
      (
        "the NRRD file is not a mask: it has other axes than three of space and one of layers",
        "save the segmentation as .seg.nrrd, or a label map as .nrrd"
      )
    case .nrrdSpace:
      (
        "the NRRD file does not say where its voxels lie",
        "save it with a space (left-posterior-superior or another of the patient's), directions and origin"
      )
    case .nrrdTooLarge:
      ("the NRRD file holds more than this program reads", "crop the segmentation")
    case .fractional:
      (
        "the segmentation is fractional: its values are shares of a voxel",
        "export it as a binary labelmap"
      )
    case .segmentTable:
      (
        "the segmentation's list of segments contradicts its voxels",
        "save it again from the program in which it was drawn"
      )
    case .notSegmentation:
      (
        "the DICOM file is not a segmentation (SEG)",
        "export the contour as DICOM SEG, .seg.nrrd or NIfTI labels; convert RTSTRUCT in 3D Slicer"
      )
    case .dcmqiMissing:
      (
        "DICOM segmentations are read by dcmqi's segimage2itkimage, which was not found",
        "install it, for example by 'pip install dcmqi', and put its folder on the PATH; or save the "
          + "segmentation as .seg.nrrd"
      )
    case .dcmqiFailed:
      (
        "dcmqi's segimage2itkimage could not read the DICOM segmentation",
        "open it in 3D Slicer and save it as .seg.nrrd"
      )
    }
  }
}

/// What this room warns of.
public enum SegmentationsNotice: String, NoticeCode {
  case segmentEmpty = "segment-empty"

  public var summary: String {
    switch self {
    case .segmentEmpty: "the segmentation names segments that have no voxel"
    }
  }
}
