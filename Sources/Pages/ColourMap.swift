/// A colour, 8 bits a channel, sRGB.
public struct Colour: Sendable, Hashable {
  public let red: UInt8
  public let green: UInt8
  public let blue: UInt8

  public init(red: UInt8, green: UInt8, blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }
}

/// Numbers as colours whose steps look even.
public struct ColourMap: Sendable {
  /// From the lower to the upper end.
  public let colours: [Colour]

  /// 256 colours from dark blue to yellow; readable in grey and with colour blindness.
  public static let viridis = ColourMap(table: viridisTable)
  /// 256 colours from blue to yellow, the same to all kinds of colour vision.
  public static let cividis = ColourMap(table: cividisTable)
  /// 256 greys from black to white.
  public static let grey = ColourMap(
    colours: (0...255).map { Colour(red: $0, green: $0, blue: $0) })

  private init(colours: [Colour]) { self.colours = colours }

  private init(table: String) {
    let digits = table.utf8.map { $0 > 57 ? $0 - 87 : $0 - 48 }
    let bytes = stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    colours = stride(from: 0, to: bytes.count, by: 3).map {
      Colour(red: bytes[$0], green: bytes[$0 + 1], blue: bytes[$0 + 2])
    }
  }

  /// The colour of a value on a window: its ends' colours beyond it; nil for what is not a number.
  public func colour(_ value: Double, in window: ClosedRange<Double>) -> Colour? {
    guard !value.isNaN else { return nil }
    let width = window.upperBound - window.lowerBound
    let share = width > 0 ? (value - window.lowerBound) / width : 0.5
    let place = min(max(share, 0), 1) * Double(colours.count - 1)
    return colours[Int(place.rounded())]
  }
}
