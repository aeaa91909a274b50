import Foundation
import Statistics
import Testing

@Suite struct ProportionTests {
  /// Without trials there is no share.
  @Test func noTrialsNoProportion() {
    #expect(Proportion(0, of: 0) == nil)
    #expect(Proportion(3, of: 2) == nil)
    #expect(Proportion(-1, of: 2) == nil)
  }

  /// k = 0 and k = n have closed forms, 1 - (alpha / 2)^(1/n): 1e-12.
  @Test(arguments: [1, 2, 7, 86, 10_000]) func theEndsAreClosedForms(trials: Int) throws {
    let none = try #require(Proportion(0, of: trials))
    let all = try #require(Proportion(trials, of: trials))
    let reach = -expm1(log(0.025) / Double(trials))
    #expect(none.interval.lower == 0 && all.interval.upper == 1)
    #expect(abs(none.interval.upper - reach) < 1e-12)
    #expect(abs(all.interval.lower - (1 - reach)) < 1e-12)
  }
}
