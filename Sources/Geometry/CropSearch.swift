import Regions
import Volumes

/// The place in the scan at which a cropped mask's edge follows the images best, and its inside differs
/// most from its outside, where one place stands out; else nothing.
///
/// Every whole-voxel offset that keeps nine tenths on tissue is tried with some hundred faces, the best
/// again with all.
func searchCrop(
  _ mask: ExaminedMask, _ hypotheses: Hypotheses, _ images: ScanImages
) throws(RegionsError) -> [Hypothesis] {
  let (grid, own) = (images.grid, mask.grid)
  let room = SIMD3(grid.nx - own.nx, grid.ny - own.ny, grid.nz - own.nz)
  var placing = Placing(images)
  let first = try placing.place(mask, on: hypotheses.cropped(at: SIMD3(0, 0, 0)).grid)
  let places = (room.x + 1) * (room.y + 1) * (room.z + 1)
  guard first.faces.count >= 60, places <= 4_000_000 else { return [] }
  // Faces on the rim of the cropped image may leave the scan when moved: they are left out.
  let last = images.grid.count - 1 - grid.index(room.x, room.y, room.z)
  let faces = first.faces.filter { $0.voxel + grid.steps[$0.axis] <= last }
  let few = PlacedMask.thinned(faces, to: max(48, min(200, 60_000_000 / places)))
  let voxels = PlacedMask.thinned(first.voxels, to: 30)
  var best: [(edge: Double, offset: SIMD3<Int>)] = []
  for z in 0...room.z {
    for y in 0...room.y {
      for x in 0...room.x {
        let step = grid.index(x, y, z)
        guard voxels.count(where: { images.isTissue($0 + step) }) * 10 >= voxels.count * 9,
          let change = images.edge(few, to: few.count, offset: step)
        else { continue }
        let edge = change + images.contrast(few, offset: step)
        if best.count < 60 || edge > best[best.count - 1].edge {
          let at = best.firstIndex { $0.edge < edge } ?? best.count
          best.insert((edge, SIMD3(x, y, z)), at: at)
          if best.count > 60 { best.removeLast() }
        }
      }
    }
  }
  let again = best.map { one -> (edge: Double, offset: SIMD3<Int>) in
    let step = grid.index(one.offset.x, one.offset.y, one.offset.z)
    let some = PlacedMask.thinned(faces, to: ScanImages.mostFaces)
    let edge = images.edge(some, to: some.count, offset: step) ?? 0
    return (edge + images.contrast(some, offset: step), one.offset)
  }.sorted { $0.edge > $1.edge }
  guard let winner = again.first else { return [] }
  // A second place elsewhere that is nearly as good: the images don't tell.
  let rival = again.first { one in
    let apart = one.offset &- winner.offset
    return max(abs(apart.x), abs(apart.y), abs(apart.z)) > 2
  }
  if let rival, rival.edge > 0.93 * winner.edge { return [] }
  return winner.offset == SIMD3(0, 0, 0) ? [] : [hypotheses.cropped(at: winner.offset)]
}
