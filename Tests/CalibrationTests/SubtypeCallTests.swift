import Calibration
import Documents
import Statistics
import TestSupport
import Testing
import Volumes

@Suite struct SubtypeCallTests {
  @Test func armsFollowTheSet() {
    #expect(Arm([.f1]) == .systemic)
    #expect(Arm([.f2]) == .systemic)
    #expect(Arm([.f1, .f2]) == .systemic)
    #expect(Arm([.f3]) == .systemicAndTACE)
    #expect(Arm([.f2, .f3]) == .undetermined)
    #expect(Arm([.f1, .f2, .f3]) == .undetermined)
    #expect(Arm([]) == .undetermined)
  }

  @Test func clearValuesAreCalled() throws {
    let model = try #require(Cohorts.clear)
    let low = model.call(1.5, 0.5)
    #expect(low.word == "F1" && low.set == [.f1] && low.arm == .systemic)
    let high = model.call(16, 0.5)
    #expect(high.word == "F3" && high.arm == .systemicAndTACE)
    let shares = try #require(high.probabilities)
    // Probabilities add up but for rounding.
    #expect(abs(shares.reduce(0, +) - 1) < 1e-12 && shares[2] > 0.8)
    #expect(high.reasons.map(\.code) == [.boundary])
    let middle = model.call(5, 0.5)
    #expect(middle.word == "indeterminate" && middle.set.count > 1)
    #expect(middle.reasons.contains { $0.code == .severalSubtypesFit })
  }

  /// The call follows the set, the arm follows the set, and the set has no gap, wherever one looks.
  @Test func everyCallIsConsistent() throws {
    for model in [try #require(Cohorts.clear), try #require(Cohorts.small)] {
      for percent in stride(from: -3.0, through: 40, by: 3.1) {
        for uncertainty in [0.0, 1, 50] {
          let call = model.call(percent, uncertainty)
          #expect(call.subtype == (call.set.count == 1 ? call.set[0] : nil))
          #expect(call.arm == Arm(call.set))
          #expect(!(call.set.contains(.f1) && call.set.contains(.f3)) || call.set.count == 3)
          if call.isBlocked {
            #expect(call.word == "indeterminate" && call.probabilities == nil)
          }
          if call.set.isEmpty { #expect(call.reasons.contains { $0.code == .noSubtypeFits }) }
        }
      }
    }
  }

  @Test(arguments: [
    SubtypeReason.Code.afterTACE, .uncalibratedScanner, .swapSuspected, .tooFewVoxels,
  ])
  func reasonsOfTheMeasurementBlock(code: SubtypeReason.Code) throws {
    let model = try #require(Cohorts.clear)
    let blocked = model.call(1.5, 0.5, reasons: [SubtypeReason(code, "as the test says")])
    #expect(blocked.word == "indeterminate" && blocked.arm == .undetermined)
    #expect(blocked.set == Subtype.allCases && blocked.probabilities == nil)
    #expect(blocked.reasons[0].text.hasPrefix("\(code.rawValue): "))
    // Overruled, the reason stays and the call is made.
    let overruled = model.call(1.5, 0.5, reasons: [SubtypeReason(code, blocks: false)])
    #expect(overruled.word == "F1" && overruled.reasons.contains { $0.code == code })
  }

  @Test func whatTheModelCannotKnowBlocks() throws {
    let model = try #require(Cohorts.clear)
    func codes(_ call: SubtypeCall) -> [SubtypeReason.Code] {
      call.reasons.filter(\.blocks).map(\.code)
    }
    #expect(codes(model.call(-0.5, 0)) == [.outsideSupport])
    #expect(codes(model.call(-6, 1)) == [.outsideSupport])
    #expect(codes(model.call(model.trainingRange.upperBound + 1.1, 1)) == [.beyondTrainingRange])
    #expect(codes(model.call(model.trainingRange.upperBound + 0.9, 1)) == [])
    #expect(codes(model.call(5, 1, isCalibrated: false)) == [.calibrationMismatch])
    #expect(codes(model.call(5, 1, isCalibrated: true)) == [])
    #expect(
      codes(model.call(pdff: nil, standardUncertainty: nil)) == [
        .valueMissing, .uncertaintyMissing,
      ])
    #expect(codes(model.call(.nan, 1)) == [.valueMissing])
    #expect(codes(model.call(5, -1)) == [.uncertaintyMissing])
    #expect(model.call(5, 1, background: 3).reasons.contains { $0.code == .backgroundUnused })
  }

  /// With more uncertainty fewer calls are determinate, and at last none.
  @Test func uncertaintyMakesCallsRarer() throws {
    for model in [try #require(Cohorts.clear), try #require(Cohorts.small)] {
      let new = LatentCohort(oddsRatio: 8, uncertainty: 0).rows(60, seed: 5)
      var last = Int.max
      for uncertainty in [0.0, 1, 2, 4, 8, 30] {
        let determinate = new.count {
          model.set(
            MeasuredValue(percent: $0.value.percent, standardUncertainty: uncertainty))?.count == 1
        }
        #expect(determinate <= last, "at \(uncertainty)")
        last = determinate
      }
      #expect(last == 0)
    }
  }

  /// The boundary that a reason names is one: the set changes there, and not before.
  @Test func boundariesAreWhereTheSetChanges() throws {
    for model in [try #require(Cohorts.clear), try #require(Cohorts.small)] {
      for percent in [2.0, 6, 15] {
        let value = MeasuredValue(percent: percent, standardUncertainty: 0.8)
        let boundary = try #require(model.nearestBoundary(to: value))
        let own = model.set(value)
        #expect(boundary.beyond != own)
        for share in [0.5, 0.9, 0.98] {
          let before = percent + share * (boundary.percent - percent)
          #expect(model.set(MeasuredValue(percent: before, standardUncertainty: 0.8)) == own)
        }
        // Beyond by the search's 0.001 points.
        let past = boundary.percent + (boundary.percent > percent ? 0.0011 : -0.0011)
        #expect(
          model.set(MeasuredValue(percent: past, standardUncertainty: 0.8)) == boundary.beyond)
      }
    }
  }

  @Test func aBackgroundMovesTheCall() throws {
    var random = SeededRandom(seed: 15)
    let rows = LatentCohort(oddsRatio: 12).rows(300, seed: 6).map { row in
      LatentRow(
        value: row.value,
        background: max(0.1, 1.6 + 0.3 * Double(row.category) + 0.5 * random.normal()),
        category: row.category)
    }
    let model = try SubtypeFit(
      Cohorts.cohort(rows), Cohorts.options { $0.usesBackground = true }
    ).model
    #expect(model.usesBackground)
    let lean = try #require(model.call(5, 1, background: 1).probabilities)
    let fat = try #require(model.call(5, 1, background: 20).probabilities)
    #expect(fat[2] > lean[2] && fat[0] < lean[0])
    #expect(model.call(5, 1).reasons.map(\.code).contains(.backgroundMissing))
    #expect(model.call(5, 1).isBlocked)
  }

  @Test func theDocumentHasItsKeys() throws {
    let model = try #require(Cohorts.small)
    let document = model.call(5, 1).document
    #expect(document["call"] == "indeterminate")
    #expect(document["model"]?["sha256"] == .string(model.reference.sha256))
    #expect(document["model"]?["status"] == "exploratory")
    for key in ["set", "arm", "probabilities", "reasons"] { #expect(document[key] != nil) }
    let blocked = model.call(.nan, 1).document
    #expect(blocked["probabilities"] == ["F1": nil, "F2": nil, "F3": nil])
  }
}
