import Faults

public typealias SeparationError = Fault<SeparationFault>

/// Why a scan cannot be separated.
public enum SeparationFault: String, FaultCode {
  case spectrumUnknown = "spectrum-unknown"
  case spectrumFileBad = "spectrum-file-bad"
  case temperatureNotApplicable = "temperature-not-applicable"
  case frequencyMissing = "imaging-frequency-missing"
  case tooFewEchoes = "too-few-echoes-to-separate"
  case tooManyEchoes = "too-many-echoes"
  case echoesCannotSeparate = "echoes-cannot-separate"
  case noSignal = "no-signal"
  case optionsContradict = "t1-correction-incomplete"
  case regionMismatch = "within-mask-mismatch"

  public var summary: String {
    switch self {
    case .spectrumUnknown: "the fat spectrum is not known"
    case .spectrumFileBad: "the fat spectrum's file cannot be read"
    case .temperatureNotApplicable: "this fat spectrum has no body-temperature water to shift"
    case .frequencyMissing: "neither field strength nor imaging frequency is known"
    case .tooFewEchoes: "there are too few echoes"
    case .tooManyEchoes: "there are too many echoes"
    case .echoesCannotSeparate: "these echo times cannot separate fat from water"
    case .noSignal: "no voxel rises above the noise"
    case .optionsContradict: "T1 correction needs four numbers"
    case .regionMismatch: "the mask given by --within does not cover the scan"
    }
  }

  public var remedy: String {
    switch self {
    case .spectrumUnknown: "name one of the known spectra, or give a file of 'shift amplitude'"
    case .spectrumFileBad: "write one peak a line: shift from water in ppm, then its amplitude"
    case .temperatureNotApplicable:
      "leave --temperature-c out, or choose a spectrum with water at 4.70 ppm"
    case .frequencyMissing:
      "give --field-strength-t or --imaging-frequency-mhz; there is no default on purpose"
    case .tooFewEchoes: "export every echo of the series; magnitudes need three, complex data two"
    case .tooManyEchoes: "give at most 32 echoes, or choose among them"
    case .echoesCannotSeparate: "check the echo times; if they are right, PDFF cannot be measured"
    case .noSignal: "check that the files are the scan and not a mask or an empty series"
    case .optionsContradict:
      "give --flip-angle-deg, --repetition-time-ms, --water-t1-ms and --fat-t1-ms together"
    case .regionMismatch: "give a mask that overlaps the scan"
    }
  }

  public var exit: ExitStatus {
    switch self {
    case .spectrumUnknown, .temperatureNotApplicable, .optionsContradict: .usage
    default: .data
    }
  }
}

/// What separation warns of.
public enum SeparationNotice: String, NoticeCode {
  case precessionUndecided = "precession-undecided"
  case precessionReversed = "precession-reversed"
  case twoEchoes = "two-echoes"
  case threeEchoes = "three-echoes"
  case magnitudeOnly = "magnitude-only"
  case optimumUndecided = "optimum-undecided"
  case magnitudeImages = "vendor-water-fat"
  case twoPoint = "two-point"
  case vendorMap = "vendor-pdff-map"
  case noiseUnknown = "noise-unknown"
  case imprecise = "echo-times-imprecise"
  case swapSuspected = "swap-suspected"
  case swapAmbiguous = "swap-ambiguous"
  case bipolar = "bipolar-readout"
  case bipolarSuspected = "bipolar-suspected"
  case phaseErrors = "phase-errors"
  case t1Corrected = "t1-corrected"
  case t1Bias = "t1-bias"
  case contrastAgent = "contrast-agent"
  case optionsWithoutEffect = "options-without-effect"

  public var summary: String {
    switch self {
    case .precessionUndecided:
      "the sign of phase could not be told from the data; '+' was taken"
    case .precessionReversed: "phase runs the other way round in this export; it was reversed"
    case .twoEchoes:
      "two echoes: R2* is not measured (0 assumed), the fat fraction is biased where R2* is high"
    case .threeEchoes:
      "three echoes: the fit has no spare data, and an isolated pure region may stay ambiguous"
    case .magnitudeOnly:
      "magnitudes only: fat and water are told apart by fat's several lines alone"
    case .optimumUndecided:
      "magnitudes do not decide between water-rich and fat-rich everywhere; such voxels carry the bit "
        + "'ambiguous'"
    case .magnitudeImages:
      "vendor water and fat images: noise bias, R2* and spectrum are the vendor's"
    case .twoPoint:
      "in-phase and opposed-phase magnitudes: 0 to 50 % only, no R2*, no spectrum; above 50 % "
        + "fat reads as its mirror image"
    case .vendorMap: "a vendor's PDFF map: nothing was separated here"
    case .noiseUnknown: "the noise could not be measured; no uncertainty is given"
    case .imprecise: "these echo times separate fat from water badly"
    case .swapSuspected:
      "fat and water may be exchanged in part of the scan; look at the water and fat images"
    case .swapAmbiguous:
      "in part of the scan the data do not decide which is fat and which is water"
    case .bipolar: "echoes alternate in phase (bipolar read-out); the alternation was removed"
    case .bipolarSuspected:
      "echoes seem to alternate in phase (bipolar read-out); with fewer than five echoes that cannot "
        + "be taken out, and PDFF may be off by several points"
    case .phaseErrors: "the first echo's phase departs from the others'; it was corrected"
    case .t1Corrected: "PDFF was corrected for T1 as asked"
    case .t1Bias:
      "the flip angle weighs fat against water by their T1, and no correction was asked for"
    case .contrastAgent:
      "a contrast agent was given: it shortens the T1 of water, and PDFF shifts at all but small flip "
        + "angles"
    case .optionsWithoutEffect: "options were given that this kind of input has no use for"
    }
  }
}
