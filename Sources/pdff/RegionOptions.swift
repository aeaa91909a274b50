import ArgumentParser
import Regions
import Volumes

/// The flags that name regions and what is left out of them.
struct RegionOptions: ParsableArguments {
  @Option(
    name: .customLong("roi"),
    help: ArgumentHelp(
      "Mask or label image, any grid: NIfTI, .nrrd, .seg.nrrd or DICOM SEG. Repeat it for several.",
      valueName: "mask"))
  var masks: [String] = []

  @Flag(help: "Measure a mask as its header places it, even where 'pdff doctor' finds a fault.")
  var trustMaskGeometry = false

  @Option(
    name: .customLong("roi-names"),
    help: ArgumentHelp(
      "Names of labels: a table (label, tab, name) or an ITK-SNAP label file.",
      valueName: "file"))
  var namesFile: String?

  @Option(
    name: .customLong("lesion-label"),
    help: ArgumentHelp(
      "Label or name of the tumour; needed for a call where there are several regions.",
      valueName: "n|name"))
  var lesion: RegionChoice?

  @Option(
    name: .customLong("background-label"),
    help: ArgumentHelp("Label or name of the liver beside the tumour.", valueName: "n|name"))
  var background: RegionChoice?

  @Option(
    name: .customLong("erode-mm"),
    help: ArgumentHelp(
      "Leave out voxels within this distance of the region's edge, in three dimensions.",
      valueName: "mm"))
  var erodeMillimetres: Double = 0

  @Option(
    name: .customLong("r2star-limit-per-s"),
    help: ArgumentHelp("Leave out voxels with a higher R2*.", valueName: "1/s"))
  var r2starLimit: Double?

  @Option(
    name: .customLong("exclude-quality"),
    help: ArgumentHelp(
      "Leave out voxels with this quality flag. Repeat it for several.", valueName: "name"))
  var excludedQuality: [QualityName] = []

  @Flag(help: "Statistics per slice too.")
  var perSlice = false

  func validate() throws {
    guard erodeMillimetres >= 0, erodeMillimetres.isFinite else {
      throw ValidationError("--erode-mm is a length in mm, 0 or more.")
    }
    if let limit = r2starLimit, !(limit > 0) {
      throw ValidationError("--r2star-limit-per-s is a rate in 1/s, above 0.")
    }
    if let lesion, lesion == background {
      throw ValidationError("--lesion-label and --background-label name the same region.")
    }
    if namesFile != nil, masks.isEmpty {
      throw ValidationError("--roi-names needs --roi.")
    }
  }

  /// What the regions' measurement is asked for.
  var measurement: MeasurementOptions {
    MeasurementOptions(
      erodeMillimetres: erodeMillimetres, r2starMaximum: r2starLimit.map { PerSecond($0) },
      excludedQuality: excludedQuality.reduce(into: []) { $0.formUnion($1.bit) },
      perSlice: perSlice)
  }
}

extension RegionChoice: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }

  public var defaultValueDescription: String { "\(self)" }
}

/// A quality bit by its name in the catalogue.
struct QualityName: ExpressibleByArgument {
  let bit: Quality

  init?(argument: String) {
    guard let entry = Quality.catalogue.first(where: { $0.name == argument }) else { return nil }
    bit = entry.bit
  }

  static var allValueStrings: [String] { Quality.catalogue.map(\.name) }
}
