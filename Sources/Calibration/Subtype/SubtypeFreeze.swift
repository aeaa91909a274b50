import Documents
import Foundation

extension SubtypeModel {
  /// The model with status `prespecified`, who froze it, when (UTC, to the second) and from what.
  ///
  /// Throws `SubtypeError` where it is frozen already, or a demonstration: synthetic data never
  /// become valid for a patient.
  ///
  /// - Parameter name: who answers for it.
  public func frozen(by name: String, at date: Date = Date()) throws(SubtypeError) -> SubtypeModel {
    guard reference.status == .exploratory else {
      throw SubtypeError(.notToFreeze, "its status is \(reference.status.rawValue)")
    }
    guard !name.trimmingCharacters(in: .whitespaces).isEmpty,
      case .object(var members) = document
    else { throw SubtypeError(.optionInvalid, "--by must name who freezes it") }
    members["status"] = .string(ModelStatus.prespecified.rawValue)
    members["frozen"] = [
      "by": .string(name), "at": .string(date.formatted(.iso8601)),
      "from_sha256": .string(reference.sha256),
    ]
    return try SubtypeModel(document: JSONValue.object(members).sealed())
  }
}
