import Regions
import Volumes

/// A region's mean and median as the scanner's line corrects them.
public struct CalibratedRegion: Sendable, Equatable {
  public let mean: FatFraction
  public let median: FatFraction
  /// Of the corrected values.
  public let uncertainty: RegionUncertainty
}

extension ScannerLine {
  /// corrected = (measured - a) / b.
  public func corrected(_ measured: FatFraction) -> FatFraction {
    FatFraction(percent: (measured.percent - intercept.value) / slope.value)
  }

  /// The line's part of a corrected value's standard uncertainty:
  ///
  ///     u^2 = (Var a + 2 x Cov(a, b) + x^2 Var b + s^2) / b^2  nu / (nu - 2)
  ///
  /// x the corrected value, s the residual standard deviation: how far one region's mean in one scan of
  /// this scanner lies from its line. It is a deviation of that scan, no noise of voxels, and is counted
  /// once. Where a repeatability coefficient is stated, which holds what repeats of a scan differ by, the
  /// phantom's own repeatability is taken out of it. All is known with nu degrees of freedom only; nu /
  /// (nu - 2) makes it the variance of Student's t (JCGM 101:2008, 6.4.9).
  public func uncertainty(of corrected: FatFraction, withRepeatability: Bool) -> FatFraction {
    let x = corrected.percent
    let line =
      intercept.standardError * intercept.standardError + 2 * x * covariance
      + x * x * slope.standardError * slope.standardError
    var deviation = residualSD * residualSD
    if withRepeatability, let repeatabilitySD {
      deviation = max(0, deviation - repeatabilitySD * repeatabilitySD)
    }
    let nu = Double(degreesOfFreedom)
    let variance = (max(0, line) + deviation) * nu / (nu - 2)
    return FatFraction(percent: variance.squareRoot() / slope.value)
  }

  /// Corrects a region's mean and median; every other part of their uncertainty is divided by b.
  public func corrected(
    mean: FatFraction, median: FatFraction, uncertainty: RegionUncertainty
  ) -> CalibratedRegion {
    func parts(_ measured: StandardUncertainty, of value: FatFraction) -> StandardUncertainty {
      func divided(_ part: FatFraction?) -> FatFraction? {
        part.map { FatFraction($0.value / slope.value) }
      }
      return StandardUncertainty(
        noise: divided(measured.noise), redrawing: divided(measured.redrawing),
        ledger: self.uncertainty(of: value, withRepeatability: measured.repeatability != nil),
        repeatability: divided(measured.repeatability), t1: divided(measured.t1))
    }
    let (mean, median) = (corrected(mean), corrected(median))
    return CalibratedRegion(
      mean: mean, median: median,
      uncertainty: RegionUncertainty(
        mean: parts(uncertainty.mean, of: mean), median: parts(uncertainty.median, of: median)))
  }

  /// Whether a corrected value lies over a point outside the phantom's fat fractions.
  public func extrapolates(to corrected: FatFraction) -> Bool {
    !(range.lowerBound - 1...range.upperBound + 1).contains(corrected.percent)
  }
}
