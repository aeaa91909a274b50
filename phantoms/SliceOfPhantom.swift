/// Truth and signal of one slice while it is made: x fastest, then y, then echo.
struct SliceOfPhantom: Sendable {
  var fatFraction: [Float] = []
  var r2star: [Float] = []
  var fieldMap: [Float] = []
  var water: [Float] = []
  var fat: [Float] = []
  var initialPhase: [Float] = []
  var labels: [UInt8] = []
  var real: [Float] = []
  var imaginary: [Float] = []

  init() {}

  init(voxels: Int, echoes: Int) {
    let nothing = [Float](repeating: .nan, count: voxels)
    fatFraction = nothing
    r2star = nothing
    fieldMap = nothing
    water = nothing
    fat = nothing
    initialPhase = nothing
    labels = [UInt8](repeating: 0, count: voxels)
    real = [Float](repeating: 0, count: voxels * echoes)
    imaginary = real
  }

  /// Writes down the truth of a voxel that averages `parts`: the mean water and fat, the mean of
  /// R2*, field and phase weighted by signal, the most frequent tissue. A voxel less than half of
  /// which is tissue counts as no tissue.
  mutating func record(_ parts: [Spins], voxel: Int) {
    let filled = parts.filter { $0.tissue != .none }
    guard filled.count * 2 >= parts.count else { return }
    let count = Double(parts.count)
    let w = filled.reduce(0) { $0 + $1.water } / count
    let f = filled.reduce(0) { $0 + $1.fat } / count
    guard w + f > 0 else { return }
    func mean(_ quantity: (Spins) -> Double) -> Float {
      if filled.count == 1 { return Float(quantity(filled[0])) }
      let sum = filled.reduce(0) { $0 + ($1.water + $1.fat) * quantity($1) }
      return Float(sum / count / (w + f))
    }
    water[voxel] = Float(w)
    fat[voxel] = Float(f)
    fatFraction[voxel] = Float(f / (w + f))
    r2star[voxel] = mean(\.r2star)
    fieldMap[voxel] = mean(\.field)
    initialPhase[voxel] = mean(\.phase)
    labels[voxel] = Self.mostFrequent(filled)
  }

  private static func mostFrequent(_ parts: [Spins]) -> UInt8 {
    var best = parts[0].tissue
    var most = 0
    for part in parts {
      let count = parts.count { $0.tissue == part.tissue }
      if count > most { (best, most) = (part.tissue, count) }
    }
    return best.rawValue
  }
}
