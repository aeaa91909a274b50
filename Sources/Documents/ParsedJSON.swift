import Faults
import Foundation

/// Why a JSON text was refused.
public enum JSONFault: String, FaultCode {
  case malformed = "json-malformed"

  public var summary: String { "the file is not valid JSON" }
  public var remedy: String { "export or write the file again; it is damaged or not a JSON file" }
  public var exit: ExitStatus { .data }
}

public typealias JSONError = Fault<JSONFault>

extension JSONValue {
  /// Reads one JSON text: UTF-8, a byte order mark in front is allowed.
  ///
  /// Throws `JSONError` where the bytes are not one JSON value, are nested deeper than Foundation's
  /// limit of 512, or hold a number beyond a double's range. Where a key stands twice, one of the
  /// two is kept; a comma after the last element of an array is let pass.
  public init(parsing bytes: some Sequence<UInt8>) throws(JSONError) {
    var data = Data(bytes)
    if data.starts(with: [0xEF, 0xBB, 0xBF]) { data = data.dropFirst(3) }
    do {
      self = try JSONDecoder().decode(Node.self, from: data).value
    } catch {
      throw JSONError(.malformed)
    }
  }
}

/// A node that decodes to whatever stands there. Foundation's decoder keeps booleans and numbers
/// apart, which its object serialisation does not promise.
private struct Node: Decodable {
  let value: JSONValue

  struct Key: CodingKey {
    let stringValue: String
    let intValue: Int? = nil
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { return nil }
  }

  init(from decoder: any Decoder) throws {
    if let members = try? decoder.container(keyedBy: Key.self) {
      var object: [String: JSONValue] = [:]
      for key in members.allKeys {
        object[key.stringValue] = try members.decode(Node.self, forKey: key).value
      }
      value = .object(object)
    } else if var elements = try? decoder.unkeyedContainer() {
      var array: [JSONValue] = []
      while !elements.isAtEnd { array.append(try elements.decode(Node.self).value) }
      value = .array(array)
    } else {
      value = try Node.scalar(from: decoder.singleValueContainer())
    }
  }

  private static func scalar(from container: any SingleValueDecodingContainer) throws -> JSONValue {
    if container.decodeNil() { return .null }
    if let text = try? container.decode(String.self) { return .string(text) }
    if let flag = try? container.decode(Bool.self) { return .bool(flag) }
    return .number(try container.decode(Double.self))
  }
}
