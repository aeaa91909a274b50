/// Sixteen voxels side by side: the unit of work of every kernel. A signal block holds, for each
/// echo, sixteen real and then sixteen imaginary parts.
public typealias Lanes = SIMD16<Float>

/// Number of voxels in a block.
public let laneCount = 16

/// Number of field-map candidates kept for a voxel.
public let candidateCount = 4

/// What the candidate search needs to know about a protocol; the same for every voxel.
///
/// For given R2* the energy explained by water and fat is s^H P s with P the projector on the span
/// of the two decaying basis signals. Over the field map psi it is a trigonometric sum over the
/// lags t_m - t_k between echoes:
///
///     E(psi) = sum_m P_mm |s_m|^2 + 2 Re sum_(m>k) conj(s_m) P_mk s_k exp(i 2 pi psi (t_m - t_k))
///
/// Evenly spaced echoes share lags: n - 1 of them, and psi has the period 1 / spacing
/// (Hernando 2010, 10.1002/mrm.22177).
public struct SearchPlan: @unchecked Sendable {
  /// Number of echoes.
  public var echoes = 0
  /// Number of distinct lags.
  public var lags = 0
  /// Number of echo pairs m > k, in the order (1,0), (2,0), (2,1), ...
  public var pairs = 0
  /// Lag of each pair, shape (pair).
  public var lagOfPair: UnsafePointer<Int32>
  /// Number of R2* values over which the cost is profiled.
  public var decays = 0
  /// The R2* values, 1/s, shape (decay).
  public var decayValues: UnsafePointer<Float>
  /// P_mm, shape (decay, echo).
  public var diagonal: UnsafePointer<Float>
  /// 2 P_mk as (real, imaginary), shape (decay, pair, 2).
  public var offDiagonal: UnsafePointer<Float>
  /// Number of field-map samples, a multiple of four.
  public var samples = 0
  /// First sample and step, Hz.
  public var firstSample: Float = 0
  public var sampleStep: Float = 0
  /// Whether the cost is periodic over the samples.
  public var periodic = false
  /// cos and sin of 2 pi psi lag, shape (lag, sample / 4, 2, 4).
  public var rotation: UnsafePointer<Float>
  /// Variance of the noise of one real channel, in the signal's unit squared.
  public var noiseVariance: Float = 1
  /// Model error as a share of the signal's mean square: tissue departs from the model.
  public var modelErrorVariance: Float = 0

  public init(
    lagOfPair: UnsafePointer<Int32>, decayValues: UnsafePointer<Float>,
    diagonal: UnsafePointer<Float>, offDiagonal: UnsafePointer<Float>,
    rotation: UnsafePointer<Float>
  ) {
    self.lagOfPair = lagOfPair
    self.decayValues = decayValues
    self.diagonal = diagonal
    self.offDiagonal = offDiagonal
    self.rotation = rotation
  }

  /// Variance by which the search scales a voxel's costs: noise, and the model's error.
  ///
  /// - Parameter energy: sum over echoes of |s|^2.
  @inlinable
  public func variance(energy: Float) -> Float {
    noiseVariance + modelErrorVariance * energy / Float(echoes)
  }

  /// Scratch floats that one call of the search needs.
  public var scratchLanes: Int { pairs * 2 + lags * 2 + samples * 2 }
}

/// What the fit needs to know about a protocol.
public struct FitPlan: @unchecked Sendable {
  public var echoes = 0
  /// Echo times, s, shape (echo).
  public var echoTimes: UnsafePointer<Float>
  /// 1, Re c, Im c and |c|^2 of fat's signal c(t), these times tau, and these times tau^2 with the
  /// two in the middle doubled; tau is the time since the first echo, s. Shape (echo, 3, 4).
  public var moments: UnsafePointer<Float>
  public static let momentCount = 12
  /// Echo spacing, s, when the echoes are evenly spaced; 0 otherwise.
  public var evenSpacing: Float = 0
  /// Most Gauss-Newton steps.
  public var iterations = 12
  /// Bounds on R2*, 1/s.
  public var r2starMinimum: Float = -50
  public var r2starMaximum: Float = 1000
  /// Variance of the noise of one real channel, by which the fit knows when to stop.
  public var noiseVariance: Float = 1

  public init(echoTimes: UnsafePointer<Float>, moments: UnsafePointer<Float>) {
    self.echoTimes = echoTimes
    self.moments = moments
  }
}

/// The rows of a fit's result for one block, each of sixteen lanes.
public enum FitRow: Int, CaseIterable, Sendable {
  /// Water at TE = 0, real and imaginary.
  case waterReal, waterImaginary
  /// Fat at TE = 0, real and imaginary.
  case fatReal, fatImaginary
  /// Field map, Hz.
  case fieldMap
  /// R2*, 1/s.
  case r2star
  /// Sum of squared residuals, signal unit squared.
  case residual
  /// Covariance of (W, F): E|dW|^2, E|dF|^2, and E[dW conj(dF)] real and imaginary, per unit of
  /// noise variance of one real channel.
  case varianceWater, varianceFat, covarianceReal, covarianceImaginary
  /// 1 where the fit moved by less than its tolerance at the end, else 0.
  case converged
}
