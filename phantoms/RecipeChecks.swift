import Volumes

extension Recipe {
  /// The grid: stored as most scanners do, x to the patient's left, y to anterior, z to superior.
  var grid: VoxelGrid {
    let step = SIMD3(
      fieldOfViewMm[0] / Double(shape[0]), fieldOfViewMm[1] / Double(shape[1]),
      fieldOfViewMm[2] / Double(shape[2]))
    let half = SIMD3(Double(shape[0] - 1), Double(shape[1] - 1), Double(shape[2] - 1)) * step / 2
    return VoxelGrid(
      nx: shape[0], ny: shape[1], nz: shape[2],
      affine: Affine(
        [-step.x, 0, 0], [0, step.y, 0], [0, 0, step.z], origin: [half.x, -half.y, -half.z]))
  }

  /// Refuses what cannot be simulated; returns the spectrum.
  func checked() throws(PhantomsError) -> SimulatedSpectrum {
    try require(schema == "pdff.phantom-recipe/1", "schema is \(schema)")
    try checkGeometry()
    try checkTiming()
    try checkTissues()
    try require(snr >= 0 && snr.isFinite, "snr is \(snr)")
    try require(precession == "+" || precession == "-", "precession is \(precession)")
    try require((1...8).contains(departures.oversampling), "oversampling lies beyond 1...8")
    try require(seed < 1 << 53, "seed is 2^53 or more")
    try require(
      field.linearHz.count == 3 && field.quadraticHz.count == 4 && field.armOffsetHz.count == 2
        && field.initialPhaseRad.count == 5, "field has a list of the wrong length")
    let own = SimulatedSpectrum(shifts: spectrum.shiftsPpm, amplitudes: spectrum.amplitudes)
    let chosen = spectrum.name == "own" ? own : .named(spectrum.name)
    guard let chosen else {
      throw PhantomsError(.recipeInvalid, "spectrum \(spectrum.name) is unknown or empty")
    }
    return chosen
  }

  private func require(_ holds: Bool, _ words: String) throws(PhantomsError) {
    if !holds { throw PhantomsError(.recipeInvalid, words) }
  }

  private func checkGeometry() throws(PhantomsError) {
    try require(
      shape.count == 3 && shape.allSatisfy { (1...1024).contains($0) },
      "shape must be three numbers from 1 to 1024")
    try require(
      fieldOfViewMm.count == 3 && fieldOfViewMm.allSatisfy { (1...2000).contains($0) },
      "field_of_view_mm must be three lengths from 1 to 2000")
  }

  private func checkTiming() throws(PhantomsError) {
    try require((0.01...30).contains(fieldStrengthT), "field_strength_t lies beyond 0.01...30")
    try require(
      (1...64).contains(echoTimesMs.count) && echoTimesMs.allSatisfy { $0 > 0 && $0 < 500 },
      "echo_times_ms must be 1 to 64 times in 0...500")
    try require(
      zip(echoTimesMs, echoTimesMs.dropFirst()).allSatisfy { $0 < $1 },
      "echo_times_ms must ascend")
    try require(
      export.style != .twoPoint || echoTimesMs.count == 2, "two-point export needs two echoes")
    try require(
      departures.repetitionTimeMs > 0 && departures.fatT1Ms > 0
        && (0...180).contains(departures.flipDeg), "T1 weighting is out of range")
  }

  private func checkTissues() throws(PhantomsError) {
    for (key, tissue) in tissues {
      try require(tissue.density >= 0 && tissue.density.isFinite, "density of \(key)")
      try require(tissue.waterT1Ms > 0, "water_t1_ms of \(key)")
      try require(
        tissue.pdffPercent.count == 2 && tissue.pdffPercent.allSatisfy { (0...100).contains($0) },
        "pdff_percent of \(key) must be two numbers in 0...100")
      try require(
        tissue.r2starPerS.count == 2
          && tissue.r2starPerS.allSatisfy { (0...10_000).contains($0) },
        "r2star_per_s of \(key) must be two numbers in 0...10000")
    }
  }
}
