/// The field map and the phase at TE = 0 of a recipe, at points in mm.
struct FieldModel: Sendable {
  let recipe: FieldOfRecipe
  /// Half the field of view, mm.
  let half: SIMD3<Double>
  /// Factor on the dipole-like terms, Hz; set so that the steepest step is the recipe's.
  var dipoleHz = 0.0

  /// Centre and softening length, mm, and relative weight of the dipole-like terms: over the
  /// dome of the liver and in the gas of the stomach.
  static let dipoles: [(centre: SIMD3<Double>, length: Double, weight: Double)] = [
    ([62, 4, 78], 26, 1), ([-58, 38, 12], 24, -0.6),
  ]

  /// The dipole-like terms at unit strength: sum of w (3 z^2 - r^2) l^3 / (r^2 + l^2)^(5/2), the
  /// field of a magnetised sphere along z, softened so that it is smooth inside as well.
  func unitDipoles(_ p: SIMD3<Double>) -> Double {
    var sum = 0.0
    for dipole in Self.dipoles {
      let d = p - dipole.centre
      let square = (d * d).sum()
      let soft = square + dipole.length * dipole.length
      let length = dipole.length
      sum +=
        dipole.weight * (3 * d.z * d.z - square) * length * length * length
        / (soft * soft * soft.squareRoot())
    }
    return sum
  }

  /// The field at a point of a tissue, Hz.
  func hertz(_ p: SIMD3<Double>, tissue: TissueClass) -> Double {
    let q = p / half
    let l = recipe.linearHz
    let s = recipe.quadraticHz
    let low =
      l[0] * q.x + l[1] * q.y + l[2] * q.z
      + s[0] * q.x * q.x + s[1] * q.y * q.y + s[2] * q.z * q.z + s[3] * q.x * q.y
    let arm = tissue.arm == 0 ? 0 : recipe.armOffsetHz[tissue.arm - 1]
    return low + arm + dipoleHz * unitDipoles(p)
  }

  /// The phase that water has at TE = 0, rad.
  func initialPhase(_ p: SIMD3<Double>) -> Double {
    let q = p / half
    let c = recipe.initialPhaseRad
    return c[0] + c[1] * q.x + c[2] * q.y + c[3] * q.z + c[4] * q.x * q.y
  }
}
