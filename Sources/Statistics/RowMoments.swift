import Foundation

/// log of a sum of exponentials, term by term, without overflow.
struct LogSum {
  private var largest = -Double.infinity
  private var sum = 0.0

  /// Adds exp(term). Returns the factor by which what was summed before must be scaled, and the
  /// term's weight beside it.
  @inline(__always)
  @discardableResult
  mutating func add(_ term: Double) -> (earlier: Double, weight: Double) {
    if term <= largest {
      let weight = exp(term - largest)
      sum += weight
      return (1, weight)
    }
    let earlier = largest == -.infinity ? 0 : exp(largest - term)
    sum = sum * earlier + 1
    largest = term
    return (earlier, 1)
  }

  var value: Double { largest == -.infinity ? -.infinity : largest + log(sum) }
  /// The sum in units of its largest term.
  var scaled: Double { sum }
}

/// Weighted moments of one row's complete-data gradient and Hessian over the true value.
struct RowMoments {
  private let count: Int
  private let response: Int
  private let gradient: UnsafeMutableBufferPointer<Double>
  private let responseHessian: UnsafeMutableBufferPointer<Double>
  private let meanGradient: UnsafeMutableBufferPointer<Double>
  private let meanSquare: UnsafeMutableBufferPointer<Double>
  private let z: UnsafeMutableBufferPointer<Double>
  private(set) var logIntegral = 0.0

  /// - Parameters:
  ///   - memory: room for 3 p^2 + 3 p + 2 values, p = `count`.
  ///   - count: parameters in all; `response`: those of the response.
  init(_ memory: UnsafeMutableBufferPointer<Double>, count: Int, response: Int) {
    func part(_ start: Int, _ length: Int) -> UnsafeMutableBufferPointer<Double> {
      UnsafeMutableBufferPointer(rebasing: memory[start..<start + length])
    }
    self.count = count
    self.response = response
    gradient = part(0, count)
    meanGradient = part(count, count)
    z = part(2 * count, 2)
    meanSquare = part(3 * count + 2, count * count)
    responseHessian = part(3 * count + 2 + count * count, response * response)
  }

  mutating func sum<Response: CategoricalResponse>(
    _: Response.Type, _ row: LatentRow, _ shape: LatentDensity.LogDensity,
    parameters: UnsafeBufferPointer<Double>, classes: Int
  ) {
    meanGradient.update(repeating: 0)
    meanSquare.update(repeating: 0)
    let z = UnsafeMutableBufferPointer(rebasing: z[..<(row.background == nil ? 1 : 2)])
    if let background = row.background { z[1] = background }
    let responseParameters = UnsafeBufferPointer(rebasing: parameters[..<response])
    let responseGradient = UnsafeMutableBufferPointer(rebasing: gradient[..<response])
    var total = LogSum()
    LatentQuadrature.forEach(row.value, shape) { t, logWeight in
      z[0] = t
      let logP = Response.logProbability(
        of: row.category, classes: classes, z: UnsafeBufferPointer(z),
        parameters: responseParameters, gradient: responseGradient, hessian: responseHessian)
      let (earlier, weight) = total.add(logWeight + logP)
      if earlier != 1 { scale(by: earlier) }
      let curvature = densityDerivatives(shape, t, background: row.background)
      accumulate(weight, curvature, background: row.background)
    }
    logIntegral = total.value
    scale(by: 1 / total.scaled)
  }

  /// Adds the row's gradient and Hessian.
  func add(to gradient: inout [Double], _ hessian: inout SymmetricMatrix) {
    for i in 0..<count {
      gradient[i] += meanGradient[i]
      for j in 0..<count {
        hessian.elements[i * count + j] +=
          meanSquare[i * count + j] - meanGradient[i] * meanGradient[j]
      }
    }
  }

  /// Second derivatives of log p in mu and s = log sigma.
  private struct Curvature {
    let meanMean, meanScale, scaleScale: Double
  }

  @inline(__always)
  private func densityDerivatives(
    _ shape: LatentDensity.LogDensity, _ t: Double, background: Double?
  ) -> Curvature {
    let sigma = shape.deviation
    let r = (t - shape.centre) / sigma
    let slope = r / sigma - shape.zMean
    gradient[response] = slope
    if let background { gradient[response + 1] = slope * background }
    gradient[count - 1] = r * r - 1 - shape.zScale
    return Curvature(
      meanMean: -1 / (sigma * sigma) - shape.zMeanMean,
      meanScale: -2 * r / sigma - shape.zMeanScale, scaleScale: -2 * r * r - shape.zScaleScale)
  }

  @inline(__always)
  private func accumulate(_ weight: Double, _ curvature: Curvature, background: Double?) {
    for i in 0..<count {
      let weighted = weight * gradient[i]
      meanGradient[i] += weighted
      for j in 0..<count { meanSquare[i * count + j] += weighted * gradient[j] }
    }
    for i in 0..<response {
      for j in 0..<response {
        meanSquare[i * count + j] += weight * responseHessian[i * response + j]
      }
    }
    let scale = count - 1
    func add(_ i: Int, _ j: Int, _ value: Double) {
      meanSquare[i * count + j] += weight * value
      if i != j { meanSquare[j * count + i] += weight * value }
    }
    add(response, response, curvature.meanMean)
    add(response, scale, curvature.meanScale)
    add(scale, scale, curvature.scaleScale)
    if let background {
      add(response, response + 1, curvature.meanMean * background)
      add(response + 1, response + 1, curvature.meanMean * background * background)
      add(response + 1, scale, curvature.meanScale * background)
    }
  }

  private func scale(by factor: Double) {
    for i in 0..<count { meanGradient[i] *= factor }
    for i in 0..<count * count { meanSquare[i] *= factor }
  }
}
