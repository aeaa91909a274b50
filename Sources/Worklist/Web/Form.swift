import Foundation
import Hummingbird
import NIOCore

/// What a form carried: its fields as they were typed, and its file.
struct Form: Sendable {
  /// The largest form without a file, and the largest file with its form around it.
  static let largest = 64 << 10
  static let largestWithFile = 4 << 20

  var fields: [String: String] = [:]
  var file: (name: String, bytes: [UInt8])?

  /// The field's text without blanks at its ends; empty where there is none.
  subscript(_ name: String) -> String {
    String(fields[name, default: ""].trimming(while: \.isWhitespace))
  }

  /// The field's text; nil where it is empty.
  func text(_ name: String) -> String? { self[name].isEmpty ? nil : self[name] }

  /// Reads a request's body. Throws 413 where it is too large, 415 where it is no form, 400 where it is
  /// a damaged one.
  init(_ request: Request) async throws {
    let type = request.headers[.contentType] ?? ""
    let kind = type.split(separator: ";").first.map { $0.lowercased() } ?? ""
    let isFile = kind == "multipart/form-data"
    guard isFile || kind == "application/x-www-form-urlencoded" else {
      throw HTTPError(.unsupportedMediaType)
    }
    let bytes = try await Self.body(request, upTo: isFile ? Self.largestWithFile : Self.largest)
    if isFile {
      guard let multipart = Multipart(bytes, contentType: type) else {
        throw HTTPError(.badRequest)
      }
      for part in multipart.parts {
        if let name = part.fileName {
          if !part.bytes.isEmpty { file = (name, part.bytes) }
        } else {
          fields[part.name] = String(decoding: part.bytes, as: UTF8.self)
        }
      }
    } else {
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw HTTPError(.badRequest)
      }
      fields = try urlEncoded(text)
    }
  }

  init() {}

  private static func body(_ request: Request, upTo limit: Int) async throws -> [UInt8] {
    if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limit {
      throw HTTPError(.contentTooLarge)
    }
    do {
      return Array((try await request.body.collect(upTo: limit)).readableBytesView)
    } catch is NIOTooManyBytesError {
      throw HTTPError(.contentTooLarge)
    }
  }
}

/// The fields of a form or of an address's query. Throws 400 where the encoding is damaged.
func urlEncoded(_ text: String) throws -> [String: String] {
  var fields: [String: String] = [:]
  for pair in text.split(separator: "&") {
    let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      .map { $0.replacing("+", with: " ").removingPercentEncoding }
    guard let name = halves[0], let value = halves.count == 2 ? halves[1] : "" else {
      throw HTTPError(.badRequest)
    }
    fields[name] = value
  }
  return fields
}

/// A text as one part of an address.
func urlPart(_ text: String) -> String {
  text.addingPercentEncoding(withAllowedCharacters: urlPartCharacters) ?? ""
}

private let urlPartCharacters = CharacterSet(
  charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
