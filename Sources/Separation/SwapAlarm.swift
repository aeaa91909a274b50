import Foundation
import KernelTypes
import Volumes

/// Finds regions in which fat and water may be exchanged, from the finished maps alone.
///
/// Where one side of a border is exchanged, two things happen at once between bright neighbours: the
/// fat fraction jumps by most of its range, and the field map jumps by fat's frequency (wrapped as
/// the echoes allow). Tissue borders do the first, steep fields may do the second; both together
/// along a good part of a region's border mark the region. It cannot say which side is wrong, and a
/// region without bright neighbours stays unseen.
package struct SwapAlarm {
  let voxels: SignalVoxels
  let neighbours: Buffer<Int32>
  /// Trust in each voxel, 0...1, shape (voxel).
  let trust: Buffer<Float>
  /// Field map in Hz and fat fraction of each voxel, shape (voxel).
  let fieldMap: [Float]
  let fatFraction: [Float]
  /// Fat's main frequency, wrapped into the field map's period, Hz, without sign.
  let swapStep: Float
  /// Period of the field map, Hz; 0 when it has none.
  let period: Float

  /// Least trust of a voxel that may raise or carry an alarm.
  private let leastTrust: Float = 0.3
  /// Least jump of the fat fraction at the border of a swap.
  private let leastJump: Float = 0.5
  /// Least share of a region's border that has to look like a swap, and least number of such pairs.
  private let leastShare = 0.2
  private let leastPairs = 12

  package init(
    voxels: SignalVoxels, neighbours: Buffer<Int32>, trust: Buffer<Float>, fieldMap: [Float],
    fatFraction: [Float], swapStep: Float, period: Float
  ) {
    self.voxels = voxels
    self.neighbours = neighbours
    self.trust = trust
    self.fieldMap = fieldMap
    self.fatFraction = fatFraction
    self.swapStep = swapStep
    self.period = period
  }

  /// Voxels of suspected regions, shape (voxel).
  package func suspects() -> [Bool] {
    var flags = [Bool](repeating: false, count: voxels.count)
    var seen = [Bool](repeating: false, count: voxels.count)
    var largest = (count: 0, suspected: [Int32]())
    for seed in 0..<voxels.count where !seen[seed] && trust[seed] >= leastTrust {
      var members = [Int32(seed)]
      seen[seed] = true
      var next = 0
      var (border, swaps) = (0, 0)
      while next < members.count {
        let i = Int(members[next])
        next += 1
        for direction in 0..<6 {
          let j = Int(neighbours[i * 6 + direction])
          if j < 0 || trust[j] < leastTrust { continue }
          if belongTogether(i, j) {
            if !seen[j] {
              seen[j] = true
              members.append(Int32(j))
            }
          } else {
            border += 1
            if looksLikeSwap(i, j) { swaps += 1 }
          }
        }
      }
      let suspected = swaps >= leastPairs && Double(swaps) >= leastShare * Double(border)
      if suspected { for i in members { flags[Int(i)] = true } }
      if members.count > largest.count {
        largest = (members.count, suspected ? members : [])
      }
    }
    // The largest region is the reference that the others are suspected against.
    for i in largest.suspected { flags[Int(i)] = false }
    return flags
  }

  private func step(_ i: Int, _ j: Int) -> Float {
    let d = fieldMap[i] - fieldMap[j]
    return abs(period > 0 ? d - (d / period).rounded() * period : d)
  }

  private func belongTogether(_ i: Int, _ j: Int) -> Bool {
    step(i, j) < 0.4 * swapStep && abs(fatFraction[i] - fatFraction[j]) < 0.4
  }

  private func looksLikeSwap(_ i: Int, _ j: Int) -> Bool {
    abs(step(i, j) - swapStep) < 0.35 * swapStep
      && abs(fatFraction[i] - fatFraction[j]) > leastJump
  }
}

extension ComplexSeparation {
  /// Sets `swap-suspected` where the alarm says so.
  func raiseAlarm(
    in maps: inout SeparatedMaps, voxels: SignalVoxels, trust: Buffer<Float>, spectrum: FatSpectrum
  ) {
    guard let field = maps.fieldMap else { return }
    let period = echoProtocol.evenSpacing.map { 1 / $0.value } ?? 0
    let main = spectrum.peaks.max { $0.amplitude < $1.amplitude }?.shift.value ?? -3.4
    var step = abs(main * frequency.megahertz)
    if period > 0 { step = abs(step - (step / period).rounded() * period) }
    // Where a swap shifts the field by next to nothing, there is no jump to see.
    guard step > 30 else { return }
    let alarm = SwapAlarm(
      voxels: voxels, neighbours: voxels.neighbours(), trust: trust,
      fieldMap: voxels.indices.map { field.values[Int($0)] },
      fatFraction: voxels.indices.map { maps.fatFraction.values[Int($0)] },
      swapStep: Float(step), period: Float(period))
    for (suspected, index) in zip(alarm.suspects(), voxels.indices) where suspected {
      maps.quality.values[Int(index)] |= Quality.swapSuspected.rawValue
    }
  }
}
