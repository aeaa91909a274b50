/// A physical quantity: a value in one SI-style unit. Conversions stand at the edges only.
public protocol Quantity: Hashable, Comparable, Sendable {
  var value: Double { get }
  init(_ value: Double)
}

extension Quantity {
  public static func < (left: Self, right: Self) -> Bool { left.value < right.value }
}

/// A time in seconds.
public struct Seconds: Quantity {
  public let value: Double
  public init(_ value: Double) { self.value = value }
  public init(milliseconds: Double) { self.value = milliseconds / 1000 }
  public var milliseconds: Double { value * 1000 }
}

/// A magnetic flux density in tesla.
public struct Tesla: Quantity {
  public let value: Double
  public init(_ value: Double) { self.value = value }
}

/// A frequency in hertz.
public struct Hertz: Quantity {
  public let value: Double
  public init(_ value: Double) { self.value = value }
  public init(megahertz: Double) { self.value = megahertz * 1e6 }
  public var megahertz: Double { value / 1e6 }
}

/// A relaxation rate in 1/s.
public struct PerSecond: Quantity {
  public let value: Double
  public init(_ value: Double) { self.value = value }
}

/// A chemical shift in parts per million.
public struct PartsPerMillion: Quantity {
  public let value: Double
  public init(_ value: Double) { self.value = value }
}

/// A temperature in degrees Celsius.
public struct Celsius: Quantity {
  public let value: Double
  public init(_ value: Double) { self.value = value }
}

/// An angle in radians.
public struct Radians: Quantity {
  public let value: Double
  public init(_ value: Double) { self.value = value }
  public init(degrees: Double) { self.value = degrees * .pi / 180 }
}

/// A fat fraction, 0...1. Noise carries measured values a little beyond both ends; they stay.
public struct FatFraction: Quantity {
  public let value: Double
  public init(_ value: Double) { self.value = value }
  public init(percent: Double) { self.value = percent / 100 }
  public var percent: Double { value * 100 }
}

/// The proton's gyromagnetic ratio over 2 pi, 42.577478 MHz/T (CODATA).
public func larmorFrequency(at field: Tesla) -> Hertz { Hertz(megahertz: 42.577478 * field.value) }

/// The field at which protons precess with a frequency.
public func fieldStrength(at frequency: Hertz) -> Tesla { Tesla(frequency.megahertz / 42.577478) }
