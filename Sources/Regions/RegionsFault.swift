import Faults

/// An error of this room.
public typealias RegionsError = Fault<RegionsFault>

/// Why a mask, its names or its use is refused.
public enum RegionsFault: String, FaultCode {
  case noMask = "mask-none"
  case maskFrames = "mask-frames"
  case maskNotFinite = "mask-not-finite"
  case maskNegative = "mask-negative"
  case maskFractional = "mask-fractional"
  case maskProbability = "mask-probability"
  case labelTooLarge = "mask-label-too-large"
  case tooManyLabels = "mask-too-many-labels"
  case maskEmpty = "mask-empty"
  case maskGeometry = "mask-geometry"
  case maskDisjoint = "mask-disjoint"
  case maskLost = "mask-lost"
  case labelAbsent = "label-absent"
  case nameAmbiguous = "region-name-ambiguous"
  case regionsSame = "regions-same"
  case labelWithoutVoxels = "label-without-voxels"
  case gridsDiffer = "region-grid-differs"
  case optionInvalid = "region-option-invalid"
  case erosionLeavesNothing = "erosion-leaves-nothing"
  case r2starMissing = "r2star-map-missing"
  case namesMissing = "label-names-missing"
  case namesEncoding = "label-names-encoding"
  case namesTooLarge = "label-names-too-large"
  case namesHeader = "label-names-header"
  case namesLine = "label-names-line"
  case namesContradict = "label-names-contradict"
  case namesEmpty = "label-names-empty"

  public var exit: ExitStatus {
    switch self {
    case .noMask, .optionInvalid, .regionsSame: .usage
    case .namesMissing: .missingInput
    default: .data
    }
  }

  public var summary: String { words.summary }
  public var remedy: String { words.remedy }

  private var words: (summary: String, remedy: String) {
    switch self {
    case .noMask: ("no mask was given", "name at least one mask with --roi")
    case .maskFrames:
      ("the mask is not one 3D image", "give one 3D mask, or one file per region with --roi")
    case .maskNotFinite:
      ("the mask holds NaN or infinite values", "write the mask again, with 0 outside the region")
    case .maskNegative:
      ("the mask holds negative values", "labels are whole numbers, 0 outside every region")
    case .maskFractional:
      (
        "the mask holds values that are not whole numbers",
        "labels are whole numbers; resample masks by nearest neighbour, not by interpolation"
      )
    case .maskProbability:
      (
        "the mask looks like a probability map: fractions between 0 and 1",
        "threshold it first (usually at 0.5), and give the binary mask"
      )
    case .labelTooLarge:
      ("a label exceeds 16777216", "give a label image, not an intensity image")
    case .tooManyLabels:
      (
        "the mask holds more than \(LabelImage.mostLabels) different values",
        "give a label image, not an intensity image"
      )
    case .maskEmpty: ("the mask is empty", "draw the region, or give the file that holds it")
    case .maskGeometry:
      (
        "the geometry of mask or scan is unusable: its affine is singular or not finite",
        "repair the header's sform or qform"
      )
    case .maskDisjoint:
      (
        "the mask lies wholly outside the scan",
        "check that mask and scan are of the same examination, and the mask's orientation"
      )
    case .maskLost:
      (
        "no scan voxel has its centre inside the mask",
        "the region is smaller than a scan voxel: draw it on the scan itself"
      )
    case .labelAbsent:
      ("no region has this label or name", "choose one of those that are there")
    case .nameAmbiguous:
      ("several regions have this name but for capitals", "give the label's number")
    case .regionsSame:
      (
        "the tumour and the liver beside it are the same region",
        "name two regions by --lesion-label and --background-label"
      )
    case .labelWithoutVoxels:
      (
        "the chosen region has no voxel on the scan",
        "draw it on the scan itself, or choose another label"
      )
    case .gridsDiffer:
      ("regions and maps lie on different grids", "place the regions on the maps' grid")
    case .optionInvalid: ("an option of the measurement is out of range", "correct its value")
    case .erosionLeavesNothing:
      ("erosion leaves no voxel of any region", "erode by less, or not at all")
    case .r2starMissing:
      (
        "voxels were to be excluded by R2*, but this input has no R2* map",
        "leave out --r2star-limit-per-s"
      )
    case .namesMissing:
      ("the file of label names is missing or cannot be read", "check the path")
    case .namesEncoding:
      ("the label names are not plain text in UTF-8 or UTF-16", "save the file as UTF-8 text")
    case .namesTooLarge:
      ("the file of label names is too large", "it should hold one short line per label")
    case .namesHeader:
      (
        "the header of the label names has no column for labels or for names",
        "name the columns 'index' and 'name'"
      )
    case .namesLine:
      (
        "a line of the label names cannot be read",
        "write one line per label: number, tab, name; or use an ITK-SNAP label file"
      )
    case .namesContradict:
      ("one label has two different names", "leave one line per label")
    case .namesEmpty:
      ("the file of label names holds no name", "write one line per label: number, tab, name")
    }
  }
}

/// What this room warns of.
public enum RegionsNotice: String, NoticeCode {
  case labelsRounded = "mask-labels-rounded"
  case withoutOrientation = "mask-without-orientation"
  case orientationsDiffer = "mask-orientations-differ"
  case partlyOutside = "mask-partly-outside"
  case labelLost = "mask-label-lost"
  case volumeChanged = "mask-volume-changed"
  case labelsRenumbered = "mask-labels-renumbered"
  case labelUnnamed = "label-unnamed"
  case nameRepeated = "region-name-repeated"
  case regionsOverlap = "regions-overlap"
  case regionUnusable = "region-without-values"
  case regionErodedAway = "region-eroded-away"
  case regionFlagged = "region-flagged"
  case uncertaintyUnknown = "region-uncertainty-unknown"

  public var summary: String {
    switch self {
    case .labelsRounded: "the mask's values were not quite whole numbers and were rounded"
    case .withoutOrientation:
      "the mask's header has no orientation; its place beside the scan is a guess"
    case .orientationsDiffer: "the mask's sform and qform place it differently"
    case .partlyOutside: "the mask lies partly outside the scan"
    case .labelLost: "a label has no voxel on the scan's grid"
    case .volumeChanged: "a region's volume changed by more than a tenth on the scan's grid"
    case .labelsRenumbered: "labels of several masks clashed and were renumbered"
    case .labelUnnamed: "labels without a name in the given names"
    case .nameRepeated: "several regions have the same name"
    case .regionsOverlap: "regions overlap; each is measured as drawn"
    case .regionUnusable: "a region has no usable voxel"
    case .regionErodedAway: "erosion leaves no voxel of a region"
    case .regionFlagged: "many voxels of a region carry a quality flag"
    case .uncertaintyUnknown:
      "a region's standard uncertainty is not known: the method tells no noise, or its contour cannot "
        + "be moved; a repeatability coefficient (--rc-percent) would give one"
    }
  }
}

/// At most five items in words, and how many more there are.
func listed(_ items: [String]) -> String {
  items.count <= 5
    ? items.joined(separator: ", ")
    : items.prefix(5).joined(separator: ", ") + " and \(items.count - 5) more"
}

/// A number with at most `digits` decimals, for messages.
func decimal(_ value: Double, _ digits: Int = 1) -> String {
  guard value.isFinite, abs(value) < 1e12 else { return "\(value)" }
  var scale = 1.0
  for _ in 0..<digits { scale *= 10 }
  let rounded = (value * scale).rounded() / scale
  return rounded == rounded.rounded() ? String(Int(rounded)) : String(rounded)
}
