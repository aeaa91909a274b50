import Calibration
import Documents
import Foundation
import Statistics
import TestSupport
import Testing

@Suite struct SubtypeModelTests {
  private func code(of body: () throws -> Void) -> SubtypeFault? {
    do { try body() } catch let error as SubtypeError { return error.code } catch {}
    return nil
  }

  @Test func aModelIsReadAsItWasWritten() throws {
    let model = try #require(Cohorts.small)
    let again = try SubtypeModel(bytes: SubtypeModel.bytes(of: model.document))
    #expect(again.reference == model.reference && again.conformal == model.conformal)
    #expect(again.call(4, 1) == model.call(4, 1))
    #expect(model.guarantee == .cross && model.groups.count == 10)
    #expect(try #require(Cohorts.clear).guarantee == .split)
  }

  @Test func theSameCohortGivesTheSameBytes() throws {
    let rows = LatentCohort(oddsRatio: 5).rows(86, seed: 4)
    let again = try SubtypeFit(Cohorts.cohort(rows), Cohorts.options()).model
    let model = try #require(Cohorts.small)
    #expect(SubtypeModel.bytes(of: again.document) == SubtypeModel.bytes(of: model.document))
  }

  /// A byte changed at 60 places in turn, a byte more and a byte less: all are refused.
  @Test func aChangedByteIsRefused() throws {
    let bytes = SubtypeModel.bytes(of: try #require(Cohorts.small).document)
    for place in stride(from: 0, to: bytes.count, by: bytes.count / 60) + [bytes.count - 1] {
      var changed = bytes
      changed[place] ^= 1
      #expect(throws: SubtypeError.self, "byte \(place)") { try SubtypeModel(bytes: changed) }
    }
    for changed in [bytes + [10], Array(bytes.dropLast()), [32] + bytes] {
      #expect(code { _ = try SubtypeModel(bytes: changed) } == .modelDamaged)
    }
  }

  @Test func otherDocumentsAreRefused() throws {
    let model = try #require(Cohorts.small)
    func altered(_ key: String, _ value: JSONValue?) -> [UInt8] {
      guard case .object(var members) = model.document else { return [] }
      members[key] = value
      return SubtypeModel.bytes(of: JSONValue.object(members).sealed())
    }
    func refusal(_ bytes: [UInt8]) -> SubtypeFault? { code { _ = try SubtypeModel(bytes: bytes) } }
    #expect(refusal(altered("schema", "pdff.subtype-model/2")) == .modelNewer)
    #expect(refusal(altered("schema", "pdff.measurement/1")) == .notAModel)
    #expect(refusal(Array("not json".utf8)) == .notAModel)
    #expect(refusal([]) == .notAModel)
    // Sealed again by somebody else, but impossible.
    for key in ["name", "status", "model", "conformal", "training_range_percent", "calibrated"] {
      #expect(refusal(altered(key, nil)) == .modelInvalid, "\(key)")
    }
    #expect(refusal(altered("status", "approved")) == .modelInvalid)
    #expect(refusal(altered("training_range_percent", [9, 1])) == .modelInvalid)
    #expect(code { _ = try SubtypeModel(file: "/nowhere/model.json") } == .modelMissing)
  }

  @Test func freezingIsTheOnlyWayToPrespecified() throws {
    let model = try #require(Cohorts.small)
    let date = Date(timeIntervalSince1970: 1_800_000_000)
    let frozen = try model.frozen(by: "A. Statistician", at: date)
    #expect(frozen.reference.status == .prespecified)
    #expect(frozen.reference.sha256 != model.reference.sha256)
    #expect(
      frozen.document["frozen"] == [
        "by": "A. Statistician", "at": "2027-01-15T08:00:00Z",
        "from_sha256": .string(model.reference.sha256),
      ])
    #expect(frozen.call(4, 1).set == model.call(4, 1).set)
    #expect(SubtypeCard(frozen).text().contains("frozen by A. Statistician"))
    #expect(code { _ = try frozen.frozen(by: "again") } == .notToFreeze)
    #expect(code { _ = try model.frozen(by: " ") } == .optionInvalid)
    let rows = LatentCohort(oddsRatio: 5).rows(86, seed: 4)
    var options = SubtypeFitOptions(name: "x", version: "1", status: .demonstration)
    let demonstration = try SubtypeFit(Cohorts.cohort(rows), options).model
    #expect(code { _ = try demonstration.frozen(by: "me") } == .notToFreeze)
    #expect(demonstration.call(4, 1).reasons.contains { $0.code == .demonstrationModel })
    #expect(SubtypeCard(demonstration).text().contains("NOT FOR PATIENTS"))
    #expect(demonstration.call(4, 1).text().contains("NOT FOR PATIENTS"))
    options.status = .prespecified
    #expect(code { _ = try SubtypeFit(Cohorts.cohort(rows), options) } == .optionInvalid)
  }

  @Test func noParticipantIsNamed() throws {
    let model = try #require(Cohorts.small)
    let text = model.document.canonical()
    #expect(!text.contains("participant-"))
    let participants = try #require(model.document["cohort"]?["participants"])
    guard case .string(let key)? = participants["key"],
      case .array(let hashes)? = participants["hashes"]
    else {
      Issue.record("no hashes")
      return
    }
    #expect(hashes.count == 86)
    #expect(hashes.contains(.string(keyedSHA256Hex("participant-17", key: key))))
  }

  @Test func theCardTellsBoundariesInPercent() throws {
    let card = SubtypeCard(try #require(Cohorts.clear)).text()
    #expect(card.contains(" %  "))
    for word in ["F1", "F3", "indeterminate", "odds ratio", "held out", "rises"] {
      #expect(card.contains(word), "\(word)")
    }
    #expect(card.split(separator: "\n").allSatisfy { $0.count <= 130 })
  }

  /// RFC 4231's second case of HMAC-SHA256.
  @Test func theKeyedHashIsHMAC() {
    #expect(
      keyedSHA256Hex("what do ya want for nothing?", key: "Jefe")
        == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
  }
}
