/// An ellipsoid or, with an infinite half-axis, an elliptic cylinder; mm, RAS+.
struct Ellipsoid: Sendable {
  let centre: SIMD3<Double>
  let halfAxes: SIMD3<Double>

  init(_ centre: SIMD3<Double>, _ halfAxes: SIMD3<Double>) {
    self.centre = centre
    self.halfAxes = halfAxes
  }

  func contains(_ point: SIMD3<Double>) -> Bool {
    let q = (point - centre) / halfAxes
    return (q * q).sum() <= 1
  }
}

/// Which tissue lies where: an upper abdomen in mm, x to the patient's right, y anterior,
/// z superior, origin in the middle of the field of view.
struct Anatomy: Sendable {
  var arms = true

  static let endless = Double.infinity
  static let skin = Ellipsoid([0, 0, 0], [158, 110, endless])
  static let muscleWall = Ellipsoid([0, -2, 0], [141, 92, endless])
  static let cavity = Ellipsoid([0, -2, 0], [129, 80, endless])
  static let rightLung = Ellipsoid([68, -4, 112], [60, 70, 78])
  static let leftLung = Ellipsoid([-68, -4, 112], [60, 70, 78])
  static let liverRightLobe = Ellipsoid([62, 4, -14], [66, 68, 76])
  static let liverLeftLobe = Ellipsoid([4, 32, -2], [58, 36, 40])
  static let tumour = Ellipsoid([74, 2, -26], [28, 26, 30])
  static let secondLesion = Ellipsoid([28, 34, 4], [13, 13, 14])
  static let spleen = Ellipsoid([-92, -28, 2], [30, 38, 46])
  static let gas = Ellipsoid([-58, 38, 10], [26, 20, 24])
  static let stomachWall = Ellipsoid([-58, 36, 8], [33, 27, 31])
  static let marrow = Ellipsoid([0, -58, 0], [21, 18, endless])
  static let aorta = Ellipsoid([-16, -30, 0], [10, 10, endless])
  static let cavalVein = Ellipsoid([18, -28, 0], [11, 9, endless])
  static let portalVein = Ellipsoid([46, 22, 14], [34, 6, 6])
  static let rightArm = Ellipsoid([198, -8, 0], [26, 38, endless])
  static let rightArmMuscle = Ellipsoid([198, -8, 0], [19, 30, endless])
  static let leftArm = Ellipsoid([-198, -4, 0], [26, 38, endless])
  static let leftArmMuscle = Ellipsoid([-198, -4, 0], [19, 30, endless])

  func tissue(at p: SIMD3<Double>) -> TissueClass {
    if Self.skin.contains(p) { return torso(at: p) }
    guard arms else { return .none }
    if Self.rightArm.contains(p) {
      return Self.rightArmMuscle.contains(p) ? .rightArmMuscle : .rightArmFat
    }
    if Self.leftArm.contains(p) {
      return Self.leftArmMuscle.contains(p) ? .leftArmMuscle : .leftArmFat
    }
    return .none
  }

  private func torso(at p: SIMD3<Double>) -> TissueClass {
    if !Self.muscleWall.contains(p) { return .subcutaneousFat }
    if Self.marrow.contains(p) { return .marrow }
    if !Self.cavity.contains(p) { return .muscle }
    if Self.liverRightLobe.contains(p) || Self.liverLeftLobe.contains(p) {
      if Self.tumour.contains(p) { return .tumour }
      if Self.secondLesion.contains(p) { return .secondLesion }
      return Self.portalVein.contains(p) ? .vessel : .liver
    }
    if Self.rightLung.contains(p) || Self.leftLung.contains(p) { return .none }
    if Self.gas.contains(p) { return .none }
    if Self.stomachWall.contains(p) { return .muscle }
    if Self.spleen.contains(p) { return .spleen }
    if Self.aorta.contains(p) || Self.cavalVein.contains(p) { return .vessel }
    return .visceralFat
  }

  /// A value between the ends of `range` at point `p`, for a tissue. In the liver the fat runs
  /// along x and R2* along y, so that the two do not go together; elsewhere a slow wave.
  static func value(
    in range: [Double], of tissue: TissueClass, at p: SIMD3<Double>, alongY: Bool
  ) -> Double {
    let share: Double
    if tissue == .liver {
      share = alongY ? (p.y + 64) / 136 : (p.x + 54) / 182
    } else {
      let wave = alongY ? p.y / 31 - p.z / 47 + 1 : p.x / 43 + p.y / 53 + p.z / 61
      share = 0.5 + 0.5 * cosine(wave + Double(tissue.rawValue))
    }
    return range[0] + (range[1] - range[0]) * min(max(share, 0), 1)
  }
}
