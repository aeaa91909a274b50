import Documents
import Foundation

/// What is wrong with a form before anybody else looks at it: the field's name, and words.
struct FormProblems: Error, Equatable {
  let ofFields: [String: String]
}

/// Reads the fields of a form as values, and gathers what is wrong with all of them.
struct FormReader {
  private let form: Form
  private var problems: [String: String] = [:]

  init(_ form: Form, _ fields: [Field]) {
    self.form = form
    for field in fields {
      let text = form[field.name]
      switch field.kind {
      case .measurement where KeptFile(form, field.name) == nil && form.file == nil:
        problems[field.name] = "choose a file"
      case .measurement: break
      case _ where text.isEmpty:
        if field.isNeeded { problems[field.name] = "this is needed" }
      case .date where CalendarDay(text) == nil:
        problems[field.name] = "not a day of the calendar, written YYYY-MM-DD"
      case .choice(let options) where !options.contains { $0.value == text }:
        problems[field.name] = "choose one of the list"
      case .text where text.unicodeScalars.contains { $0.properties.generalCategory == .control }:
        problems[field.name] = "it holds a character that cannot be typed"
      case .text where text.count > 500: problems[field.name] = "it is longer than 500 characters"
      default: break
      }
    }
  }

  /// Throws `FormProblems` where there is any.
  func check() throws(FormProblems) {
    guard problems.isEmpty else { throw FormProblems(ofFields: problems) }
  }

  /// A day; nil where it is empty. Only after `check`.
  func day(_ name: String) -> CalendarDay? { CalendarDay(form[name]) }

  /// A day that `check` has found there.
  func neededDay(_ name: String) throws -> CalendarDay {
    guard let day = day(name) else { throw FormProblems(ofFields: [name: "this is needed"]) }
    return day
  }

  subscript(_ name: String) -> String { form[name] }
  func text(_ name: String) -> String? { form.text(name) }

  /// The file that was chosen now, or before.
  func file(_ name: String) throws -> [UInt8] {
    guard let bytes = form.file?.bytes ?? KeptFile(form, name)?.bytes else {
      throw FormProblems(ofFields: [name: "choose a file"])
    }
    return bytes
  }
}

func base64(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }

func bytesFromBase64(_ text: String) -> [UInt8]? { Data(base64Encoded: text).map { Array($0) } }
