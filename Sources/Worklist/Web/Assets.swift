import Documents
import Hummingbird
import NIOCore
import Pages

/// The files that pages bring along, within the program. Their addresses change with their contents,
/// so that a browser may keep them.
enum Asset: CaseIterable {
  case style
  case viewer

  var path: String { "/assets/\(version)/\(name)" }

  fileprivate var name: String {
    switch self {
    case .style: "worklist.css"
    case .viewer: "viewer.js"
    }
  }

  fileprivate var type: String {
    switch self {
    case .style: "text/css; charset=utf-8"
    case .viewer: "text/javascript; charset=utf-8"
    }
  }

  fileprivate var bytes: [UInt8] { self == .style ? Self.styleBytes : PackageResources.viewer_js }

  private var version: String { self == .style ? Self.styleVersion : Self.viewerVersion }

  private static let styleBytes = Array(Stylesheet.text.utf8) + PackageResources.worklist_css
  private static let styleVersion = String(sha256Hex(styleBytes).prefix(12))
  private static let viewerVersion = String(sha256Hex(PackageResources.viewer_js).prefix(12))
}

extension Site {
  func addAssets(_ router: Router<WorklistContext>) {
    for asset in Asset.allCases {
      router.get(RouterPath(asset.path)) { _, _ in
        Response(
          status: .ok,
          headers: [
            .contentType: asset.type, .cacheControl: "private, max-age=31536000, immutable",
          ],
          body: .init(byteBuffer: ByteBuffer(bytes: asset.bytes)))
      }
    }
    // Browsers ask for one; there is none.
    router.get("favicon.ico") { _, _ in Response(status: .noContent) }
  }
}
