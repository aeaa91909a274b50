import Foundation
import Volumes

/// One image of the input: what its header, name and sidecar say, before any voxel is read.
struct ImageFile: Sendable {
  let path: String
  let header: NIfTIHeader
  let name: ImageName
  /// Merged over BIDS inheritance, nearest first.
  let sidecar: Sidecar?
  /// The sidecar files that were merged.
  let sidecarFiles: [SourceFile]
  let role: FileRole
  /// From what the role is known.
  let roleSource: String

  /// Base name.
  var baseName: String { path.split(separator: "/").last.map(String.init) ?? path }
}

/// A file that was seen and not used.
public struct SetAside: Hashable, Sendable {
  public let path: String
  public let reason: String
  public var name: String { path.split(separator: "/").last.map(String.init) ?? path }
}

/// What one image turned out to be.
enum ImageRecognition: Sendable {
  case image(ImageFile)
  case setAside(SetAside)

  /// Recognises one image from its name, its sidecar and its header's data type.
  ///
  /// - Parameters:
  ///   - flag: the role said by a flag, which wins.
  ///   - isNamed: the file was given itself, not found in a folder.
  /// - Throws: `VolumesError` for the header, `ScansError` for the sidecar and for evidence that
  ///   contradicts itself (`role-contradicts`).
  static func of(_ path: String, flag: FileRole?, isNamed: Bool) throws -> ImageRecognition {
    let name = ImageName(path: path)
    if flag == nil, case .setAside(let reason)? = name.meaning {
      return .setAside(SetAside(path: path, reason: "\(reason), by its name"))
    }
    let (sidecar, files) = try SidecarLookup.sidecar(of: path, name: name)
    let header = try NIfTIHeader.read(path)
    let role: FileRole
    let source: String
    if let flag {
      (role, source) = (flag, flag.flag)
    } else {
      switch try roleByEvidence(name: name, sidecar: sidecar, header: header, path: path) {
      case .known(let found, let evidence): (role, source) = (found, evidence)
      case .other(let reason): return .setAside(SetAside(path: path, reason: reason))
      case .unknown:
        if isNamed { throw ScansError(.roleUnknown, file: path) }
        return .setAside(SetAside(path: path, reason: "nothing says what it holds"))
      }
    }
    return .image(
      ImageFile(
        path: path, header: header, name: name, sidecar: sidecar, sidecarFiles: files, role: role,
        roleSource: source))
  }

  private enum Verdict {
    case known(FileRole, String)
    case other(String)
    case unknown
  }

  private static func roleByEvidence(
    name: ImageName, sidecar: Sidecar?, header: NIfTIHeader, path: String
  ) throws(ScansError) -> Verdict {
    if header.datatype.isComplex { return .known(.complex, "complex voxels") }
    var byName: FileRole?
    if case .role(let role)? = name.meaning { byName = role }
    switch RoleWords.meaning(ofImageType: sidecar?.imageType ?? []) {
    case .setAside(let reason)?: return .other("\(reason), by its sidecar's ImageType")
    case .role(let byType)?:
      guard let byName, byName != byType else {
        return .known(byType, byName == nil ? "ImageType" : "name and ImageType")
      }
      // A scanner's derived image is a magnitude as well: the more particular word wins.
      if byType == .magnitude, !ImageRecognition.parts.contains(byName) {
        return .known(byName, "name")
      }
      throw ScansError(
        .roleContradicts, "its name says \(byName.rawValue), its ImageType \(byType.rawValue)",
        file: path)
    case nil: break
    }
    if let byName { return .known(byName, "name") }
    // BIDS and dcm2niix name every part but the magnitude.
    if name.isBIDS { return .known(.magnitude, "name without part") }
    if name.echo != nil { return .known(.magnitude, "name with an echo and no part") }
    if let times = sidecar?.echoTimes, times.count > 1, times.count == header.frames {
      return .known(.magnitude, "one echo time a frame and no part")
    }
    return .unknown
  }

  private static let parts: Set<FileRole> = [.magnitude, .phase, .real, .imaginary, .complex]
}

extension ImageFile {
  /// Bytes of the file that holds the voxels; 0 where it cannot be told.
  var sizeOnDisk: Int {
    let lower = path.lowercased()
    var body = path
    for ending in [".hdr", ".hdr.gz"] where lower.hasSuffix(ending) {
      body = String(path.dropLast(ending.count)) + ending.replacing("hdr", with: "img")
    }
    return
      (try? FileManager.default.attributesOfItem(atPath: body)[.size] as? NSNumber)?.intValue ?? 0
  }
}
