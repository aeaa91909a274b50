import Calibration
import Documents
import Foundation
import Testing
import Trial

@Suite struct SettingsTests {
  @Test func everySettingComesBack() throws {
    var settings = StudySettings(study: "FAD-1")
    settings.timeZone = "Asia/Shanghai"
    settings.armNames = [.systemic: "A", .systemicAndTACE: "B"]
    settings.taceWindowDays = 12...30
    settings.pauseDays = 2...4
    settings.defaultLeadTimeDays = 3
    settings.leadTimeDays = ["Nord": 5]
    settings.windowBindsEverySession = true
    settings.sessionsPerTumour = 1
    settings.sessionsInAll = 3
    settings.scanBeforeBiopsy = true
    settings.pseudonymPattern = "N[0-9]{3}"
    settings.approvedModels = [String(repeating: "ab", count: 32)]
    settings.isSimulated = true
    #expect(try StudySettings(settings.document) == settings)
    #expect(try StudySettings([:], study: "FAD-1") == StudySettings(study: "FAD-1"))
    #expect(Set(StudySettings.Key.allCases.map(\.rawValue)) == settings.document.keys)
  }

  @Test func everyFaultIsListed() {
    let document: JSONValue = [
      "time_zone": "Middle/Earth", "tace_window_days": [28, 14], "pause_days": [3.5, 5],
      "lead_time_days": ["default": -1], "simulated": "yes", "approved_models": ["ABC"],
      "pseudonym_pattern": "(", "arms": ["systemic": "A", "systemic+TACE": "A"], "colour": "red",
      "sessions_in_all": 0,
    ]
    #expect {
      try StudySettings(document, study: "FAD-1")
    } throws: { error in
      let detail = (error as? TrialError)?.detail ?? ""
      return detail.split(separator: ";").count == 10
        && [
          "time_zone", "tace_window_days", "pause_days", "lead_time_days", "simulated",
          "approved_models", "pseudonym_pattern", "arms", "colour", "sessions_in_all",
        ].allSatisfy(detail.contains)
    }
  }

  @Test(arguments: [
    ["pause_days": [3, 29]] as JSONValue, ["sessions_per_tumour": 5], ["study": "another"],
    ["study": 3], [1, 2],
  ])
  func contradictionsAreRefused(_ document: JSONValue) {
    #expect(throws: TrialError.self) { try StudySettings(document, study: "FAD-1") }
  }

  @Test func pseudonymsOnly() {
    let settings = StudySettings(study: "FAD-1")
    for name in ["P-001", "HCC-0042", "S1-17"] { #expect(settings.accepts(pseudonym: name)) }
    for name in ["Meier", "MEIER", "P-001 ", "", "Anna 1960", "P-001\n", "p-001"] {
      #expect(!settings.accepts(pseudonym: name))
    }
  }

  @Test func demonstrationModelsBelongToSimulatedStudies() {
    var settings = StudySettings(study: "FAD-1")
    let hash = String(repeating: "0", count: 64)
    func model(_ status: ModelStatus) -> SubtypeModelReference {
      SubtypeModelReference(name: "m", version: "1", sha256: hash, status: status)
    }
    #expect(!settings.approves(model(.prespecified)))
    settings.approvedModels = [hash]
    #expect(settings.approves(model(.prespecified)) && settings.approves(model(.exploratory)))
    #expect(!settings.approves(model(.demonstration)))
    settings.isSimulated = true
    #expect(!settings.approves(model(.prespecified)))
    #expect(settings.approves(model(.demonstration)))
  }

  /// 2026-03-28 23:30 UTC: the next day in Zurich, before and after its clocks change.
  @Test func daysOfTheStudysTimeZone() throws {
    var settings = StudySettings(study: "FAD-1")
    let moment = Date(timeIntervalSince1970: 1_774_740_600)
    #expect(settings.day(of: moment).description == "2026-03-28")
    settings.timeZone = "Europe/Zurich"
    #expect(settings.day(of: moment).description == "2026-03-29")
    #expect(settings.day(of: moment.addingTimeInterval(82_800)).description == "2026-03-30")
    settings.timeZone = "America/New_York"
    #expect(settings.day(of: moment).description == "2026-03-28")
    #expect(settings.day(of: Date(timeIntervalSince1970: -1)).description == "1969-12-31")
  }
}

extension JSONValue {
  fileprivate var keys: Set<String> {
    if case .object(let members) = self { Set(members.keys) } else { [] }
  }
}
