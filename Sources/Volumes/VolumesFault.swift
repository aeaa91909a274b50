import Faults

/// The conditions under which an image is not read or not written.
public enum VolumesFault: String, FaultCode {
  case missing = "image-missing"
  case unreadable = "image-unreadable"
  case pairIncomplete = "image-pair-incomplete"
  case unknownName = "image-name-unknown"
  case headerTruncated = "image-header-truncated"
  case notNIfTI = "image-not-nifti"
  case analyze = "image-analyze"
  case pairMismatch = "image-pair-mismatch"
  case dimensions = "image-dimensions"
  case tooLarge = "image-too-large"
  case datatype = "image-datatype"
  case bitsPerVoxel = "image-bits-per-voxel"
  case offset = "image-data-offset"
  case voxelSize = "image-voxel-size"
  case orientation = "image-orientation"
  case scaling = "image-scaling"
  case truncated = "image-truncated"
  case overlong = "image-overlong"
  case gzipDamaged = "gzip-damaged"
  case gzipChecksum = "gzip-checksum"
  case gzipTruncated = "gzip-truncated"
  case unstorable = "image-value-unstorable"
  case unwritable = "image-unwritable"

  public var exit: ExitStatus {
    switch self {
    case .missing, .unreadable, .pairIncomplete: .missingInput
    case .unwritable: .cannotCreate
    default: .data
    }
  }

  public var summary: String {
    switch self {
    case .missing: "there is no such image file"
    case .unreadable: "the image file cannot be read"
    case .pairIncomplete: "one file of a .hdr/.img pair is missing"
    case .unknownName: "the file's name is not that of a NIfTI image"
    case .headerTruncated: "the file ends within its header"
    case .notNIfTI: "the file is not a NIfTI image"
    case .analyze: "the file is an ANALYZE 7.5 image, which does not say left from right"
    case .pairMismatch: "the header belongs to the other kind of file"
    case .dimensions: "the header's dimensions make no sense"
    case .tooLarge: "the image is larger than this program reads"
    case .datatype: "the image's data type is not supported"
    case .bitsPerVoxel: "the header's bits per voxel contradict its data type"
    case .offset: "the header's offset to the voxels makes no sense"
    case .voxelSize: "the header's voxel size makes no sense"
    case .orientation: "the header's orientation makes no sense"
    case .scaling: "the header's slope or intercept makes no sense"
    case .truncated: "the file is shorter than its header says"
    case .overlong: "the file is longer than its header says"
    case .gzipDamaged: "the gzip stream is damaged"
    case .gzipChecksum: "the gzip stream's checksum or length is wrong"
    case .gzipTruncated: "the gzip stream ends too early"
    case .unstorable: "a value does not fit the data type it should be written as"
    case .unwritable: "the image cannot be written"
    }
  }

  public var remedy: String {
    switch self {
    case .missing: "check the path"
    case .unreadable: "check that it is a file and that you may read it"
    case .pairIncomplete: "put the .hdr and the .img file side by side, under the same name"
    case .unknownName: "give a .nii, .nii.gz, .hdr or .img file; convert DICOM with dcm2niix first"
    case .headerTruncated, .truncated, .gzipDamaged, .gzipChecksum, .gzipTruncated:
      "copy or export the file again: it was damaged or cut short"
    case .notNIfTI: "give a NIfTI-1 or NIfTI-2 file; convert DICOM with dcm2niix first"
    case .analyze: "convert the original scan to NIfTI again, with dcm2niix"
    case .pairMismatch: "name a single file .nii, and keep a pair as .hdr and .img"
    case .dimensions, .bitsPerVoxel, .offset, .voxelSize, .orientation, .scaling:
      "export or convert the scan again; its header was written wrongly or damaged"
    case .tooLarge: "crop the image or split its frames"
    case .datatype: "convert it to a real type of up to 64 bits, complex64 or complex128"
    case .overlong: "export or convert the scan again; its header does not describe all its data"
    case .unstorable: "write it as float32"
    case .unwritable: "check that the folder exists, that you may write there, and its free space"
    }
  }
}

/// A refusal of this room.
public typealias VolumesError = Fault<VolumesFault>
