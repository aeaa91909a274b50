/// A number as a file stores it. `Bits` are its bytes as an integer; `order` maps finite values to
/// integers that compare as the values do, so that one loop over integers, which vectorises, finds
/// the range of every type.
protocol StoredScalar {
  associatedtype Bits: FixedWidthInteger & BitwiseCopyable
  associatedtype Order: FixedWidthInteger
  static func order(_ bits: Bits) -> Order
  /// The inverse of `order`.
  static func value(_ order: Order) -> Double
  static func isFinite(_ bits: Bits) -> Bool
  static func float(_ bits: Bits) -> Float
  static func double(_ bits: Bits) -> Double
}

extension StoredScalar where Self: FixedWidthInteger & BitwiseCopyable {
  @inline(__always) static func order(_ bits: Self) -> Self { bits }
  @inline(__always) static func value(_ order: Self) -> Double { Double(order) }
  @inline(__always) static func isFinite(_ bits: Self) -> Bool { true }
  @inline(__always) static func float(_ bits: Self) -> Float { Float(bits) }
  @inline(__always) static func double(_ bits: Self) -> Double { Double(bits) }
}

extension UInt8: StoredScalar {}
extension Int8: StoredScalar {}
extension UInt16: StoredScalar {}
extension Int16: StoredScalar {}
extension UInt32: StoredScalar {}
extension Int32: StoredScalar {}
extension UInt64: StoredScalar {}
extension Int64: StoredScalar {}

extension Float: StoredScalar {
  // IEEE 754: sign and magnitude. Turning a negative value's magnitude over gives two's complement.
  @inline(__always) static func order(_ bits: UInt32) -> Int32 {
    let signed = Int32(bitPattern: bits)
    return signed ^ ((signed >> 31) & Int32.max)
  }
  @inline(__always) static func value(_ order: Int32) -> Double {
    Double(Float(bitPattern: UInt32(bitPattern: order ^ ((order >> 31) & Int32.max))))
  }
  @inline(__always) static func isFinite(_ bits: UInt32) -> Bool {
    bits & 0x7F80_0000 != 0x7F80_0000
  }
  @inline(__always) static func float(_ bits: UInt32) -> Float { Float(bitPattern: bits) }
  @inline(__always) static func double(_ bits: UInt32) -> Double {
    Double(Float(bitPattern: bits))
  }
}

extension Double: StoredScalar {
  @inline(__always) static func order(_ bits: UInt64) -> Int64 {
    let signed = Int64(bitPattern: bits)
    return signed ^ ((signed >> 63) & Int64.max)
  }
  @inline(__always) static func value(_ order: Int64) -> Double {
    Double(bitPattern: UInt64(bitPattern: order ^ ((order >> 63) & Int64.max)))
  }
  @inline(__always) static func isFinite(_ bits: UInt64) -> Bool {
    bits & 0x7FF0_0000_0000_0000 != 0x7FF0_0000_0000_0000
  }
  @inline(__always) static func float(_ bits: UInt64) -> Float { Float(Double(bitPattern: bits)) }
  @inline(__always) static func double(_ bits: UInt64) -> Double { Double(bitPattern: bits) }
}
