import Calibration
import Documents
import Faults
import Foundation
import Registry
import Synchronization
import TestSupport
import Trial

/// A clock that stands still until it is set.
final class TestClock: Sendable {
  private let moment: Mutex<Moment>

  init(_ text: String) { moment = Mutex(Moment(text) ?? Moment(milliseconds: 0)) }

  /// - Parameter text: `2026-03-01`, then noon, or a whole moment.
  func set(_ text: String) {
    let new = Moment(text) ?? Moment("\(text)T12:00:00.000Z") ?? Moment(milliseconds: 0)
    moment.withLock { $0 = new }
  }

  var clock: RegistryClock { RegistryClock { self.moment.withLock { $0 } } }
}

/// A study in a folder of its own, with a user of each role, on 2026-03-01.
final class StudyFixture {
  let folder: URL
  let path: String
  let time = TestClock("2026-03-01T12:00:00.000Z")
  let registry: Registry
  let token: Token
  private(set) var tokens: [Role: Token] = [:]

  static let model = String(repeating: "c", count: 64)

  init(simulated: Bool = false, _ change: (inout StudySettings) -> Void = { _ in }) throws {
    folder = try Tools.scratchFolder()
    path = folder.appendingPathComponent("study.registry").path
    var settings = StudySettings(study: "test")
    settings.approvedModels = [Self.model]
    settings.isSimulated = simulated
    change(&settings)
    token = try Registry.create(path, settings: settings, admin: "root", clock: time.clock)
    registry = try Registry(opening: path, wait: 5, clock: time.clock)
    tokens[.admin] = token
    let root = try registry.session(user: "root", token: token)
    for role in Role.allCases where role != .admin {
      tokens[role] = try root.addUser(name: role.rawValue, role: role)
    }
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func session(_ role: Role) throws -> Session {
    try registry.session(trusted: role == .admin ? "root" : role.rawValue)
  }

  static func day(_ text: String) -> CalendarDay { CalendarDay(text) ?? CalendarDay(number: 0) }

  /// A `measurement.json` with a call, sealed.
  static func measurement(
    _ set: [Subtype] = [.f3], on day: String? = "2026-02-20", shifted: Bool = false,
    afterTACE: Bool = false, model: String = StudyFixture.model,
    status: ModelStatus = .prespecified, pdff: Double = 7.75
  ) -> JSONValue {
    let call: JSONValue = [
      "call": .string(set.count == 1 ? set[0].rawValue : "indeterminate"),
      "set": .array(set.map { .string($0.rawValue) }), "arm": .string(Arm(set).rawValue),
      "probabilities": ["F1": 0.125, "F2": 0.25, "F3": 0.625],
      "reasons": [.string("several-subtypes-fit: at \(pdff) %")],
      "model": [
        "name": "m", "version": "1", "sha256": .string(model), "status": .string(status.rawValue),
      ],
      "fed": [
        "label": 1, "name": "tumour", "pdff_percent": .number(pdff), "standard_uncertainty": 0.5,
        "calibrated": true, "background_label": nil, "background_pdff_percent": nil,
      ],
    ]
    let document: JSONValue = [
      "schema": "pdff.measurement/1", "acquired_on": day.map { .string($0) } ?? .null,
      "dates_shifted": .bool(shifted), "after_tace": .bool(afterTACE),
      "input": ["kind": "pdff", "field_strength_t": 3, "files": [["name": "MARKER-FILE.nii"]]],
      "method": ["version": "0.1.0"],
      "rois": [
        [
          "label": 1, "name": "tumour", "r2star_per_s": ["mean": 41.5],
          "calibrated_pdff_percent": [
            "mean": .number(pdff),
            "ledger": [
              "scanner": "MR1", "protocol": "p",
              "sha256": .string(String(repeating: "b", count: 64)),
            ],
          ],
        ]
      ],
      "subtype": call, "warnings": [["code": "swap-suspected", "message": "MARKER-WARNING"]],
    ]
    return document.sealed()
  }

  static func bytes(_ document: JSONValue) -> [UInt8] { Array(document.pretty().utf8) }

  func enrol(_ id: String, site: String = "Basel", on day: String = "2026-02-15") throws {
    try session(.coordinator).enrol(participant: id, site: site, on: Self.day(day))
  }

  @discardableResult
  func call(
    _ id: String, _ set: [Subtype] = [.f3], lesion: String = "L1", scanned: String = "2026-02-20",
    by role: Role = .coordinator, sealedOn: String? = nil, reason: String? = nil
  ) throws -> Recorded {
    let status: ModelStatus = try registry.isSimulated() ? .demonstration : .prespecified
    return try session(role).call(
      CallRequest(
        participant: id, lesion: lesion,
        measurement: Self.bytes(Self.measurement(set, on: scanned, status: status)),
        sealedOn: sealedOn.map(Self.day), reason: reason))
  }

  @discardableResult
  func tissue(
    _ id: String, _ finding: TissueResult.Finding = .f1, lesion: String = "L1",
    biopsy: String = "2026-02-25", reported: String, by role: Role = .reader
  ) throws -> Recorded {
    try session(role).tissue(
      TissueRequest(
        participant: id, lesion: lesion, finding: finding, biopsyOn: Self.day(biopsy),
        reportedOn: Self.day(reported), specimen: "MARKER-SPECIMEN", method: "RNA",
        reference: "MARKER-REFERENCE"))
  }

  @discardableResult
  func treat(
    _ id: String, _ kind: TreatmentEvent.Kind, _ day: String, lesion: String? = nil,
    reason: String? = nil
  ) throws -> Recorded {
    try session(.coordinator).treat(
      TreatmentRequest(
        participant: id, kind: kind, date: Self.day(day), lesion: lesion, reason: reason))
  }

  @discardableResult
  func follow(
    _ id: String, _ detail: FollowUpEvent.Detail, _ day: String, reason: String? = nil
  ) throws -> Recorded {
    try session(.coordinator).follow(
      FollowUpRequest(participant: id, date: Self.day(day), detail: detail, reason: reason))
  }

  /// The story of participants: called F3 and treated for it, then tissue says F1.
  func discordant(_ ids: String...) throws {
    time.set("2026-03-01")
    for id in ids {
      try enrol(id)
      try call(id)
      try treat(id, .systemicStart, "2026-02-21")
      try treat(id, .apatinibPause, "2026-03-01")
    }
    time.set("2026-03-10")
    for id in ids {
      try tissue(id, .f1, reported: "2026-03-09")
      try follow(
        id, .adverseEvent(AdverseEvent(term: "MARKER-NAUSEA", grade: 2)), "2026-03-10")
    }
  }
}

/// The code of the fault that `body` throws; nil where it throws none.
func code(_ body: () throws -> Void) -> String? {
  do {
    try body()
    return nil
  } catch {
    return (error as? any UserFacingError)?.codeName ?? "\(error)"
  }
}
