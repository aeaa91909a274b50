import Foundation

/// Weighted moments of one row's complete-data gradient and Hessian over the true value.
struct RowMoments {
  private let count: Int
  private let response: Int
  private let gradient: UnsafeMutableBufferPointer<Double>
  private let responseHessian: UnsafeMutableBufferPointer<Double>
  private let meanGradient: UnsafeMutableBufferPointer<Double>
  private let meanSquare: UnsafeMutableBufferPointer<Double>
  private let z: UnsafeMutableBufferPointer<Double>
  private var nodes: LatentQuadrature.Nodes
  private(set) var logIntegral = 0.0

  /// How many values `memory` holds for p parameters.
  static func room(_ p: Int) -> Int { 2 * p * p + 2 * p + 2 + LatentQuadrature.Nodes.room }

  /// - Parameters:
  ///   - memory: as much as `room` says.
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
    meanSquare = part(2 * count + 2, count * count)
    responseHessian = part(2 * count + 2 + count * count, response * response)
    nodes = LatentQuadrature.Nodes(
      part(2 * count + 2 + 2 * count * count, LatentQuadrature.Nodes.room))
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
    LatentQuadrature.fill(&nodes, row.value, shape)
    var total = 0.0
    for index in 0..<nodes.count {
      let t = nodes.t[index]
      z[0] = t
      let probability = Response.probability(
        of: row.category, classes: classes, z: UnsafeBufferPointer(z),
        parameters: responseParameters, gradient: responseGradient, hessian: responseHessian)
      let weight = nodes.weight[index] * probability
      total += weight
      let curvature = densityDerivatives(shape, t, background: row.background)
      accumulate(weight, curvature, background: row.background)
    }
    logIntegral = nodes.logUnit + log(total)
    for i in 0..<count { meanGradient[i] /= total }
    for i in 0..<count * count { meanSquare[i] /= total }
  }

  /// Adds the row's gradient and Hessian.
  func add(to gradient: inout [Double], _ hessian: inout SmallMatrix) {
    for i in 0..<count {
      gradient[i] += meanGradient[i]
      for j in i..<count {
        let element = meanSquare[i * count + j] - meanGradient[i] * meanGradient[j]
        hessian[i, j] += element
        if i != j { hessian[j, i] += element }
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
      for j in i..<count { meanSquare[i * count + j] += weighted * gradient[j] }
    }
    for i in 0..<response {
      for j in i..<response {
        meanSquare[i * count + j] += weight * responseHessian[i * response + j]
      }
    }
    let scale = count - 1
    func add(_ i: Int, _ j: Int, _ value: Double) {
      meanSquare[i * count + j] += weight * value
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
}
