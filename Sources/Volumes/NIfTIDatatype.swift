/// How one voxel is stored; raw values are NIfTI's codes.
public enum NIfTIDatatype: Int, CaseIterable, Sendable {
  case uint8 = 2
  case int16 = 4
  case int32 = 8
  case float32 = 16
  case complex64 = 32
  case float64 = 64
  case int8 = 256
  case uint16 = 512
  case uint32 = 768
  case int64 = 1024
  case uint64 = 1280
  case complex128 = 1792

  /// Bytes of one voxel, both parts where it is complex.
  public var bytesPerVoxel: Int {
    switch self {
    case .uint8, .int8: 1
    case .int16, .uint16: 2
    case .int32, .uint32, .float32: 4
    case .int64, .uint64, .float64, .complex64: 8
    case .complex128: 16
    }
  }

  public var isComplex: Bool { self == .complex64 || self == .complex128 }

  /// "int16": the name that numpy uses too.
  public var name: String { String(describing: self) }

  /// Names of the codes that the standard has and that are not read.
  static func unsupportedName(_ code: Int) -> String {
    switch code {
    case 0: "unknown"
    case 1: "binary, one bit a voxel"
    case 128: "RGB24, a colour image"
    case 1536: "float128"
    case 2048: "complex256"
    case 2304: "RGBA32, a colour image"
    default: "not a code of the standard"
    }
  }
}
