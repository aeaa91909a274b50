import Faults
import Foundation
import Volumes

/// T1 weights of a spoiled gradient echo, to be taken out of W and F.
public struct T1Correction: Sendable, Hashable {
  public var flipAngle: Radians
  public var repetitionTime: Seconds
  public var waterT1: Seconds
  public var fatT1: Seconds

  public init(
    flipAngle: Radians, repetitionTime: Seconds, waterT1: Seconds, fatT1: Seconds
  ) {
    self.flipAngle = flipAngle
    self.repetitionTime = repetitionTime
    self.waterT1 = waterT1
    self.fatT1 = fatT1
  }

  /// Weight of a species by a spoiled gradient echo: sin(a) (1 - E1) / (1 - E1 cos(a)),
  /// E1 = exp(-TR / T1).
  public func weight(t1: Seconds) -> Double {
    let e1 = exp(-repetitionTime.value / t1.value)
    return sin(flipAngle.value) * (1 - e1) / (1 - e1 * cos(flipAngle.value))
  }

  /// Weights of water and fat relative to water.
  var weights: (water: Double, fat: Double) { (1, weight(t1: fatT1) / weight(t1: waterT1)) }

  /// A measured fraction f with fat's weight b (relative to water's) taken out:
  ///
  ///     f / (f + b (1 - f))
  ///
  /// It is f at 0 and at 1, and for b = 1 everywhere; noise a little beyond either end stays there.
  public func corrected(_ measured: FatFraction) -> FatFraction {
    let f = measured.value
    return FatFraction(f / (f + weights.fat * (1 - f)))
  }

  /// That it was done, and with which numbers.
  var notice: Notice {
    func text(_ value: Double) -> String { "\((value * 100).rounded() / 100)" }
    return Notice(
      SeparationNotice.t1Corrected,
      "flip angle \(text(flipAngle.value * 180 / .pi)) degrees, repetition time "
        + "\(text(repetitionTime.milliseconds)) ms, T1 of water \(text(waterT1.milliseconds)) ms "
        + "and of fat \(text(fatT1.milliseconds)) ms")
  }
}

extension T1Correction? {
  /// For maps: the fraction as it is where no correction was asked for.
  var corrected: (Float) -> Float {
    guard let self else { return { $0 } }
    return { Float(self.corrected(FatFraction(Double($0))).value) }
  }
}
