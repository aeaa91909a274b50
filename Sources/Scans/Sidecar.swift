import Volumes

/// What a sidecar (the JSON file beside an image) says, in SI units.
///
/// Keys and units are those of BIDS and dcm2niix; every value is nil or empty where no key says it.
public struct Sidecar: Sendable, Equatable {
  /// `EchoTime` (one or a list) or `EchoTimes`, in the order of the file.
  public var echoTimes: [Seconds] = []
  /// `ImagingFrequency`, which is in MHz there.
  public var imagingFrequency: Hertz?
  /// `MagneticFieldStrength`.
  public var fieldStrength: Tesla?
  /// `ImageType`, DICOM (0008,0008), upper case.
  public var imageType: [String] = []
  /// `Units` of the voxel values: "rad", "arbitrary", "percent", ...
  public var units: String?
  /// `Manufacturer`.
  public var manufacturer: String?
  /// `PhilipsRescaleSlope` and `PhilipsScaleSlope`.
  public var philipsRescaleSlope: Double?
  public var philipsScaleSlope: Double?
  /// `PhilipsRescaleIntercept`.
  public var philipsRescaleIntercept: Double?
  /// `UsePhilipsFloatNotDisplayScaling`: the values are Philips' precise ones.
  public var usesPhilipsFloat: Bool?
  /// `RescaleSlope` and `RescaleIntercept`, already applied by the converter.
  public var rescaleSlope: Double?
  public var rescaleIntercept: Double?
  /// `FlipAngle`, which is in degrees there.
  public var flipAngle: Radians?
  /// `RepetitionTime` or `RepetitionTimeExcitation`.
  public var repetitionTime: Seconds?
  /// What `ContrastBolusIngredient` or `ContrastBolusAgent` names; nil where neither says anything.
  public var contrast: ContrastAgent?
  /// `AcquisitionDate`, or the date part of `AcquisitionDateTime`, as written.
  public var acquisitionDate: String?
  /// `AcquisitionTime`, as written.
  public var acquisitionTime: String?
  /// `DatesShifted`, our own key: the dates were moved by an anonymiser.
  public var datesShifted: Bool?
  /// `SecondsSinceContrast`, our own key: from the contrast agent's injection to the scan,
  /// negative where the export's clocks say that it came after it.
  public var timeSinceContrast: Seconds?
  /// `ValuesImportedAs`, our own key: what an import made of the stored values.
  public var valuesImportedAs: String?
  /// `ExportLacks`, our own key: what an anonymiser took from the DICOM files.
  public var exportLacks: [String] = []
  /// `SeriesNumber`, `SeriesDescription`, `ProtocolName`, `SeriesInstanceUID`.
  public var seriesNumber: Int?
  public var seriesDescription: String?
  public var protocolName: String?
  public var seriesInstanceUID: String?

  public init() {}

  /// The factor that turns Philips' precise values into the displayed ones,
  /// display = precise x RS x SS (dcm2niix's Philips notes); nil where it does not apply.
  public var philipsDisplayFactor: Double? {
    guard usesPhilipsFloat == true, let slope = philipsRescaleSlope, let scale = philipsScaleSlope
    else { return nil }
    let factor = slope * scale
    return factor.isFinite && factor > 0 ? factor : nil
  }

  /// This sidecar over a more general one, as BIDS inheritance has it: a value said here wins.
  public func over(_ general: Sidecar) -> Sidecar {
    var merged = self
    if merged.echoTimes.isEmpty { merged.echoTimes = general.echoTimes }
    if merged.imageType.isEmpty { merged.imageType = general.imageType }
    if merged.exportLacks.isEmpty { merged.exportLacks = general.exportLacks }
    func fill<Value>(_ path: WritableKeyPath<Sidecar, Value?>) {
      if merged[keyPath: path] == nil { merged[keyPath: path] = general[keyPath: path] }
    }
    fill(\.imagingFrequency)
    fill(\.fieldStrength)
    fill(\.units)
    fill(\.manufacturer)
    fill(\.philipsRescaleSlope)
    fill(\.philipsScaleSlope)
    fill(\.philipsRescaleIntercept)
    fill(\.usesPhilipsFloat)
    fill(\.rescaleSlope)
    fill(\.rescaleIntercept)
    fill(\.flipAngle)
    fill(\.repetitionTime)
    fill(\.contrast)
    fill(\.acquisitionDate)
    fill(\.acquisitionTime)
    fill(\.datesShifted)
    fill(\.timeSinceContrast)
    fill(\.valuesImportedAs)
    fill(\.seriesNumber)
    fill(\.seriesDescription)
    fill(\.protocolName)
    fill(\.seriesInstanceUID)
    return merged
  }
}
