import Faults

/// The conditions under which a scan is refused.
public enum ScansFault: String, FaultCode {
  case inputNotFound = "input-not-found"
  case noImages = "no-images"
  case roleUnknown = "role-unknown"
  case roleContradicts = "role-contradicts"
  case severalSeries = "several-series"
  case seriesUnknown = "series-unknown"
  case imageFlagsContradict = "image-flags-contradict"
  case phaseMissing = "phase-missing"
  case counterpartMissing = "counterpart-missing"
  case echoTimesMissing = "echo-times-missing"
  case echoTimesInMilliseconds = "echo-times-in-ms"
  case echoTimeInvalid = "echo-time-invalid"
  case echoTimesCount = "echo-times-count"
  case echoesDuplicate = "echoes-duplicate"
  case tooFewEchoes = "too-few-echoes"
  case framesUnexpected = "frames-unexpected"
  case gridsDiffer = "grids-differ"
  case fieldStrengthMissing = "field-strength-missing"
  case fieldStrengthImplausible = "field-strength-implausible"
  case fieldStrengthContradicts = "field-strength-contradicts"
  case phaseUnitsUnknown = "phase-units-unknown"
  case magnitudeNegative = "magnitude-negative"
  case pdffScaleUnknown = "pdff-scale-unknown"
  case pdffOutOfScale = "pdff-out-of-scale"
  case tooManyNonFinite = "too-many-non-finite"
  case sidecarUnreadable = "sidecar-unreadable"
  case sidecarNotJSON = "sidecar-not-json"
  case sidecarDuplicateKey = "sidecar-duplicate-key"
  case sidecarWrongType = "sidecar-wrong-type"
  case sidecarTooLarge = "sidecar-too-large"
  case sidecarTooDeep = "sidecar-too-deep"

  public var summary: String { words.summary }
  public var remedy: String { words.remedy }

  public var exit: ExitStatus {
    switch self {
    case .imageFlagsContradict: .usage
    case .inputNotFound, .noImages, .sidecarUnreadable: .missingInput
    default: .data
    }
  }
}

/// The error of this room.
public typealias ScansError = Fault<ScansFault>

extension ScansFault {
  /// What is wrong, and what to do: one row of `docs/errors.md`.
  private var words: (summary: String, remedy: String) {
    switch self {
    case .inputNotFound: ("there is no such file or folder", "check the path that was given")
    case .noImages:
      ("the folder holds no NIfTI image", "name the folder that holds the exported images")
    case .roleUnknown:
      (
        "nothing says what this image holds",
        "name the images by flags: --magnitude and --phase, --real and --imaginary, --complex, "
          + "--water and --fat, --in-phase and --opposed-phase, or --pdff"
      )
    case .roleContradicts:
      (
        "the evidence about what this image holds contradicts itself",
        "say it by a flag, for example --phase FILE, or mend the name or the sidecar"
      )
    case .severalSeries:
      (
        "the input holds several series",
        "add the --series of the one that is meant, or give its files alone as INPUT"
      )
    case .seriesUnknown:
      ("the input holds no scan of that name", "choose one of the list")
    case .imageFlagsContradict:
      ("the image flags do not go together", "name the images of one kind of input only")
    case .phaseMissing:
      (
        "phase is missing",
        "export the phase images of every echo, or give the magnitudes alone by --magnitude"
      )
    case .counterpartMissing:
      ("an image lacks its counterpart", "give both images of every pair")
    default: echoWords
    }
  }

  private var echoWords: (summary: String, remedy: String) {
    switch self {
    case .echoTimesMissing:
      (
        "no echo times are known",
        "give them in echo order, for example --echo-times-ms 1.15,2.3,3.45, or export the sidecars"
      )
    case .echoTimesInMilliseconds:
      (
        "the echo time is beyond 0.5 s: milliseconds were written where seconds are meant",
        "write EchoTime in seconds (0.0023 for 2.3 ms), or give --echo-times-ms"
      )
    case .echoTimeInvalid:
      (
        "the echo time is not a time of a gradient echo",
        "give the true echo times, in milliseconds, by --echo-times-ms"
      )
    case .echoTimesCount:
      (
        "the number of echo times is not the number of echoes",
        "give one echo time for each 3D image or each frame of a 4D image"
      )
    case .echoesDuplicate:
      (
        "an echo occurs twice",
        "give each echo once; repeated acquisitions are measured one by one"
      )
    case .tooFewEchoes:
      (
        "there are too few echoes",
        "complex data needs two echoes or more, magnitudes three; "
          + "in-phase and opposed-phase images go in by --in-phase and --opposed-phase"
      )
    case .framesUnexpected:
      ("the image has several frames where one is meant", "give a 3D image")
    case .gridsDiffer:
      (
        "the images do not lie on one grid",
        "give the images of one acquisition, as they were exported, not resampled"
      )
    default: valueWords
    }
  }

  private var valueWords: (summary: String, remedy: String) {
    switch self {
    case .fieldStrengthMissing:
      (
        "no field strength is known",
        "give --field-strength-t or --imaging-frequency-mhz; there is never a default"
      )
    case .fieldStrengthImplausible:
      (
        "the field strength or imaging frequency is not that of an MRI scanner",
        "write MagneticFieldStrength in tesla and ImagingFrequency in MHz, or give "
          + "--field-strength-t"
      )
    case .fieldStrengthContradicts:
      (
        "the field strengths or imaging frequencies contradict each other",
        "give the true one by --imaging-frequency-mhz or --field-strength-t"
      )
    case .phaseUnitsUnknown:
      (
        "the units of phase are not decided",
        "say them by --phase-units rad, siemens, mrad or deg"
      )
    case .magnitudeNegative:
      (
        "a magnitude image has negative values",
        "check what the image holds: phase, real and imaginary images have flags of their own"
      )
    case .pdffScaleUnknown:
      (
        "the scale of the PDFF map is not decided",
        "say it by --pdff-scale percent, fraction or permille"
      )
    case .pdffOutOfScale:
      (
        "the PDFF map's values lie outside its scale",
        "check --pdff-scale, and that the image is a PDFF map"
      )
    case .tooManyNonFinite:
      (
        "more than half of the image is not a finite number",
        "export the image again; a cropped image is better than one filled with NaN"
      )
    default: sidecarWords
    }
  }

  private var sidecarWords: (summary: String, remedy: String) {
    switch self {
    case .sidecarUnreadable:
      ("the sidecar cannot be read", "check that the file exists and may be read")
    case .sidecarNotJSON:
      ("the sidecar is not a JSON object", "export it again, or mend it in an editor")
    case .sidecarDuplicateKey:
      ("the sidecar has a key twice", "keep the right one of the two")
    case .sidecarWrongType:
      ("a value in the sidecar has the wrong type", "write the value as BIDS defines it")
    case .sidecarTooLarge:
      ("the sidecar is too large", "a sidecar has 4 MB at most; export it again")
    default:
      ("the sidecar is nested too deeply", "a sidecar has 32 levels at most; export it again")
    }
  }
}
