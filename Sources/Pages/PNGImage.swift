import CPNG
import Foundation

/// A picture, 8 bits a channel, sRGB with opacity, rows from the top.
public struct PNGImage: Sendable, Hashable {
  public let width: Int
  public let height: Int
  /// Red, green, blue, opacity; `4 * width * height` bytes.
  private var samples: [UInt8]

  /// A picture that is transparent all over.
  ///
  /// - Parameters:
  ///   - width, height: 1...16384.
  public init(width: Int, height: Int) {
    precondition((1...16384).contains(width) && (1...16384).contains(height))
    self.width = width
    self.height = height
    samples = Array(repeating: 0, count: 4 * width * height)
  }

  /// nil is transparent.
  public subscript(column: Int, row: Int) -> Colour? {
    get {
      let at = 4 * (column + width * row)
      guard samples[at + 3] > 0 else { return nil }
      return Colour(red: samples[at], green: samples[at + 1], blue: samples[at + 2])
    }
    set {
      let at = 4 * (column + width * row)
      samples[at] = newValue?.red ?? 0
      samples[at + 1] = newValue?.green ?? 0
      samples[at + 2] = newValue?.blue ?? 0
      samples[at + 3] = newValue == nil ? 0 : 255
    }
  }

  /// The bytes of a PNG file.
  public func encoded() -> [UInt8] {
    let (columns, rows) = (UInt32(width), UInt32(height))
    let most = pdff_png_bound(columns, rows, 4)
    let bytes = [UInt8](unsafeUninitializedCapacity: most) { buffer, count in
      guard let start = buffer.baseAddress else { return }
      count = pdff_png_encode(samples, columns, rows, 4, start, most)
    }
    precondition(!bytes.isEmpty, "libpng holds a picture of this size")
    return bytes
  }

  /// The picture within a page.
  public var address: String {
    "data:image/png;base64,\(Data(encoded()).base64EncodedString())"
  }
}
