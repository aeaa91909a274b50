import Calibration
import Documents
import Testing

@Suite struct CohortTests {
  private func read(_ text: String, background: Bool = false) throws -> SubtypeCohort {
    try SubtypeCohort(CSVTable(bytes: Array(text.utf8)), background: background)
  }

  private let head = "participant_id,tumour_pdff_percent,tissue_subtype"

  @Test func aCohortIsRead() throws {
    let cohort = try read(
      "\(head),standard_uncertainty,site,background_pdff_percent\na,4.5,F1,0.5,x,3\nb,-0.4,F3,1,y,8\n",
      background: true)
    #expect(cohort.members.map(\.subtype) == [.f1, .f3])
    #expect(cohort.members.map(\.value.percent) == [4.5, -0.4])
    #expect(cohort.members.map(\.background) == [3, 8])
    #expect(cohort.sites == ["x", "y"] && cohort.scanners == nil && cohort.hasUncertainties)
    #expect(cohort.sha256.count == 64)
  }

  @Test func allProblemsAreListedWithTheirLines() throws {
    let text =
      "\(head),standard_uncertainty\na,4,F1,1\nb,five,F2,1\nSECRET,4,F4,1\n,3,F2,1\nSECRET,4,F3,1\n"
      + "c,-9,F1,1\nd,4,,1\ne,4,F1,-1\nf,,F1,1\n"
    do {
      _ = try read(text)
      Issue.record("not refused")
    } catch let error as SubtypeError {
      #expect(error.code == .cohortRows && error.exit == .data)
      let message = error.description
      for words in [
        "8 problems", "line 3: tumour_pdff_percent 'five' is not a number",
        "line 4: tissue_subtype 'F4' is none of F1, F2, F3", "line 5: participant_id is empty",
        "line 6: the participant of line 4 again", "line 7: no fat fraction",
        "line 8: tissue_subtype is empty", "line 9: standard_uncertainty -1 is out of range",
        "line 10: tumour_pdff_percent is empty",
      ] { #expect(message.contains(words), "\(words)") }
      #expect(!message.contains("SECRET"))
    }
  }

  @Test func fractionsAreRefused() {
    #expect {
      try read("\(head)\na,0.05,F1\nb,0.2,F2\n")
    } throws: { ($0 as? SubtypeError)?.code == .cohortFractions }
    #expect {
      try read(
        "\(head),background_pdff_percent\na,5,F1,0.04\nb,20,F2,0.2\n", background: true)
    } throws: { ($0 as? SubtypeError)?.code == .cohortFractions }
  }

  @Test func missingColumnsAreNamed() {
    #expect {
      try read("participant_id,pdff\na,5\n")
    } throws: {
      ($0 as? TableError)?.detail.contains("tumour_pdff_percent, tissue_subtype") ?? false
    }
    #expect {
      try read("\(head)\na,5,F1\n", background: true)
    } throws: { ($0 as? TableError)?.code == .header }
  }

  @Test func aNegativeValueWithoutUncertaintyIsWrong() {
    #expect {
      try read("\(head)\na,-0.1,F1\nb,5,F2\n")
    } throws: { ($0 as? SubtypeError)?.code == .cohortRows }
  }
}
