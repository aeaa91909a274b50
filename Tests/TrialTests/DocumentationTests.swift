import Documents
import Foundation
import TestSupport
import Testing
import Trial

/// docs/trial.md has a row for everything that the trial's rules can say.
@Suite struct DocumentationTests {
  static let page = try? String(
    contentsOf: Tools.root.appendingPathComponent("docs/trial.md"), encoding: .utf8)

  @Test func everyWordIsExplained() throws {
    let page = try #require(Self.page)
    for rule in Rule.allCases {
      let gravity = rule.gravity == .impossible ? "refused" : "deviation"
      #expect(page.contains("| `\(rule.rawValue)` | \(gravity) | \(rule.summary) |"))
    }
    let words =
      Assessment.State.allCases.map(\.rawValue) + Assessment.Consequence.allCases.map(\.rawValue)
      + Assessment.NotEvidence.allCases.map(\.rawValue) + NextAction.Kind.allCases.map(\.rawValue)
      + StudySettings.Key.allCases.map(\.rawValue)
    for word in words { #expect(page.contains("`\(word)`"), "\(word)") }
  }

  @Test func everyDefaultIsTheTrialsOwn() throws {
    let page = try #require(Self.page)
    let settings = StudySettings(study: "S")
    let ends = [settings.taceWindowDays, settings.pauseDays].map {
      "[\($0.lowerBound), \($0.upperBound)]"
    }
    for value in ends + [settings.pseudonymPattern] + settings.armNames.values {
      #expect(page.contains(value))
    }
  }
}
