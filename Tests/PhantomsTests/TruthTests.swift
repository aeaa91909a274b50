import Phantoms
import Testing
import Volumes

@Suite struct TruthTests {
  @Test(arguments: ["liver-3t", "partial-volume", "t1-weighted"])
  func mapsAgreeWithEachOther(_ name: String) throws {
    let truth = try make(try small(name)).truth
    for voxel in truth.labels.values.indices {
      let (w, f) = (truth.water.values[voxel], truth.fat.values[voxel])
      let fraction = truth.fatFraction.values[voxel]
      if truth.labels.values[voxel] == 0 {
        guard
          fraction.isNaN && w.isNaN && f.isNaN && truth.r2star.values[voxel].isNaN
            && truth.fieldMap.values[voxel].isNaN
        else {
          Issue.record("voxel \(voxel) holds a value without tissue")
          return
        }
      } else if abs(fraction - f / (w + f)) > 1e-6 {
        Issue.record("voxel \(voxel): \(fraction) is not \(f) of \(w + f)")
        return
      }
    }
  }

  @Test func tissuesHoldWhatTheRecipeSays() throws {
    let recipe = try Recipe.named("liver-3t")
    let truth = try make(recipe).truth
    let ranges: [(TissueClass, ClosedRange<Float>, ClosedRange<Float>)] = [
      (.liver, 0.08...0.16, 40...55), (.tumour, 0.04...0.04, 35...35),
      (.subcutaneousFat, 0.9...1, 30...60), (.leftArmFat, 0.9...1, 30...60),
      (.marrow, 0.4...0.6, 70...110), (.spleen, 0...0, 20...30),
    ]
    for (tissue, fractions, decays) in ranges {
      let voxels = truth.labels.values.indices.filter {
        truth.labels.values[$0] == tissue.rawValue
      }
      #expect(voxels.count >= 400, "\(tissue.name)")
      #expect(voxels.allSatisfy { fractions.contains(truth.fatFraction.values[$0]) })
      #expect(voxels.allSatisfy { decays.contains(truth.r2star.values[$0]) })
    }
  }

  @Test(arguments: ["liver-3t", "steep-3t"])
  func dipolesAreAsSteepAsTheRecipeSays(_ name: String) throws {
    var recipe = try small(name)
    recipe.field.linearHz = [0, 0, 0]
    recipe.field.quadraticHz = [0, 0, 0, 0]
    recipe.arms = false
    let field = try make(recipe).truth.fieldMap
    var most: Float = 0
    for z in 0..<field.grid.nz {
      for y in 0..<field.grid.ny {
        for x in 0..<field.grid.nx {
          let here = field[x, y, z]
          let next = [
            x + 1 < field.grid.nx ? field[x + 1, y, z] : .nan,
            y + 1 < field.grid.ny ? field[x, y + 1, z] : .nan,
            z + 1 < field.grid.nz ? field[x, y, z + 1] : .nan,
          ]
          for there in next where !(there - here).isNaN { most = max(most, abs(there - here)) }
        }
      }
    }
    #expect(abs(Double(most) - recipe.field.steepestHzPerVoxel) < 1e-3)
  }

  @Test func armsAreIslands() throws {
    let phantom = try make(try small("islands", [64, 64, 8]))
    let sizes = connectedSizes(phantom.tissue, phantom.grid)
    #expect(sizes.count { $0 > 100 } == 3, "body and two arms, found \(sizes)")
  }

  @Test func partialVolumeMixesOnlyAtEdges() throws {
    let mixed = try make(try small("partial-volume"))
    let plain = try make(try small("liver-3t"))
    let tumour = TissueClass.tumour.rawValue
    var pure = 0
    var blended = 0
    for voxel in mixed.truth.labels.values.indices
    where mixed.truth.labels.values[voxel] == tumour {
      if abs(mixed.truth.fatFraction.values[voxel] - 0.04) < 1e-6 {
        pure += 1
      } else {
        blended += 1
      }
    }
    #expect(pure > 0 && blended > 0)
    #expect(plain.truth.labels.values.count { $0 == tumour } > 0)
  }

  /// Sizes of the face-connected parts of a mask.
  private func connectedSizes(_ mask: [Bool], _ grid: VoxelGrid) -> [Int] {
    var left = mask
    var sizes: [Int] = []
    for seed in left.indices where left[seed] {
      var queue = [seed]
      left[seed] = false
      var size = 0
      while let voxel = queue.popLast() {
        size += 1
        let x = voxel % grid.nx
        let y = voxel / grid.nx % grid.ny
        let z = voxel / (grid.nx * grid.ny)
        let near = [
          (x - 1, y, z), (x + 1, y, z), (x, y - 1, z), (x, y + 1, z), (x, y, z - 1), (x, y, z + 1),
        ]
        for (a, b, c) in near
        where (0..<grid.nx).contains(a) && (0..<grid.ny).contains(b) && (0..<grid.nz).contains(c) {
          let next = grid.index(a, b, c)
          if left[next] {
            left[next] = false
            queue.append(next)
          }
        }
      }
      sizes.append(size)
    }
    return sizes
  }
}
