import Faults

/// The conditions under which DICOM files are not imported.
public enum DICOMImportFault: String, FaultCode {
  case converterMissing = "dcm2niix-missing"
  case nothingThere = "dicom-missing"
  case severalPatients = "dicom-several-patients"
  case noDixon = "dicom-no-dixon-scan"
  case severalScans = "dicom-several-scans"
  case seriesUnknown = "dicom-series-unknown"
  case conversionFailed = "dicom-conversion-failed"
  case valuesDiffer = "dicom-values-differ"
  case lossy = "dicom-lossy"
  case folderTaken = "import-folder-not-empty"

  public var summary: String {
    switch self {
    case .converterMissing: "the program dcm2niix, which converts DICOM, is not installed"
    case .nothingThere: "the folder holds no DICOM image of an MR scanner"
    case .severalPatients: "the folder holds images of more than one patient"
    case .noDixon: "no series of the folder is a Dixon scan"
    case .severalScans: "the folder holds several Dixon scans"
    case .seriesUnknown: "the folder holds no Dixon scan of that name"
    case .conversionFailed: "dcm2niix did not convert the series"
    case .valuesDiffer: "the converted values are not those of the DICOM files"
    case .lossy: "the images were compressed with loss, which spoils phase and small signals"
    case .folderTaken: "the output folder is not empty"
    }
  }

  public var remedy: String {
    switch self {
    case .converterMissing:
      "install it (Debian: apt-get install dcm2niix; or: pip install dcm2niix), or say where it is "
        + "by the environment's PDFF_DCM2NIIX"
    case .nothingThere: "name the folder that holds the exported DICOM files"
    case .severalPatients: "give the folder of one patient"
    case .noDixon:
      "export the multi-echo series (magnitude and phase), the scanner's water and fat images or its "
        + "PDFF map"
    case .severalScans: "add the --series of the one that is meant"
    case .seriesUnknown: "choose one of the list"
    case .conversionFailed: "export the series again, if possible as another DICOM type"
    case .valuesDiffer:
      "export the series again as enhanced (multi-frame) or as classic DICOM, whichever it was not"
    case .lossy: "export the series uncompressed, or compressed without loss"
    case .folderTaken: "give a new or an empty folder by -o"
    }
  }

  public var exit: ExitStatus {
    switch self {
    case .converterMissing: .unavailable
    case .nothingThere: .missingInput
    case .folderTaken: .cannotCreate
    default: .data
    }
  }
}

public typealias DICOMImportError = Fault<DICOMImportFault>

/// The conditions under which an import warns.
public enum DICOMImportNotice: String, NoticeCode {
  case unverified = "dicom-values-unverified"
  case seriesLeftOut = "dicom-series-left-out"
  case filesUnreadable = "dicom-files-unreadable"

  public var summary: String {
    switch self {
    case .unverified:
      "the converted values were not compared with the DICOM files, whose pixels are compressed"
    case .seriesLeftOut: "a series that looked like a Dixon scan was not imported"
    case .filesUnreadable: "some DICOM files of the folder cannot be read"
    }
  }
}
