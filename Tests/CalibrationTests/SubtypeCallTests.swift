import Calibration
import Testing

@Suite struct ArmTests {
  @Test func armsFollowTheSet() {
    #expect(Arm([.f1]) == .systemic)
    #expect(Arm([.f2]) == .systemic)
    #expect(Arm([.f1, .f2]) == .systemic)
    #expect(Arm([.f3]) == .systemicAndTACE)
    #expect(Arm([.f2, .f3]) == .undetermined)
    #expect(Arm([.f1, .f2, .f3]) == .undetermined)
    #expect(Arm([]) == .undetermined)
  }
}
