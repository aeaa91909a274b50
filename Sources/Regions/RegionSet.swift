import Faults
import Volumes

/// Every region of a measurement, on the scan's grid, by ascending label.
///
/// Regions of different masks may overlap: each is measured as drawn, and that is said.
public struct RegionSet: Sendable {
  public let grid: VoxelGrid
  public let regions: [Region]
  public let notices: [Notice]

  public init(grid: VoxelGrid, regions: [Region], notices: [Notice] = []) {
    self.grid = grid
    self.regions = regions.sorted { $0.label < $1.label }
    self.notices = notices
  }

  /// Places masks on the scan's grid, and numbers and names their regions.
  ///
  /// Numbers: a label keeps its number unless an earlier mask took it; then it gets the lowest
  /// number that no mask uses. Several binary masks of one and the same value are 1, 2, ... in
  /// their order. Names: from `names` by the final number; else the mask's own; else a binary mask's
  /// file stem; else "label N", with the stem before it where there are several masks.
  /// - Parameters:
  ///   - masks: in the order of the command line.
  ///   - grid: the scan's.
  public init(_ masks: [LabelImage], names: LabelNames? = nil, on grid: VoxelGrid)
    throws(RegionsError)
  {
    guard !masks.isEmpty else { throw RegionsError(.noMask) }
    var notices = masks.flatMap(\.notices)
    let numbers = Numbering(masks)
    if !numbers.changes.isEmpty {
      notices.append(Notice(RegionsNotice.labelsRenumbered, listed(numbers.changes)))
    }
    let naming = Naming(masks, numbers: numbers, names: names)
    notices += naming.notices
    var regions: [[Region]] = []
    for (place, mask) in masks.enumerated() {
      let (found, said) = try mask.placed(on: grid) { label in
        let number = numbers.number(of: label, in: place)
        return (number, naming.names[number] ?? "label \(number)")
      }
      regions.append(found)
      notices += said
    }
    notices += overlaps(regions, grid: grid)
    self.init(grid: grid, regions: regions.flatMap { $0 }, notices: notices)
  }

  /// The region with a label, which must have voxels on the scan.
  public func region(labelled label: Int) throws(RegionsError) -> Region {
    guard let region = regions.first(where: { $0.label == label }) else {
      let there = regions.map { "\($0.label) (\($0.name))" }
      throw RegionsError(.labelAbsent, "\(label); there are \(listed(there))")
    }
    guard !region.voxels.isEmpty else {
      throw RegionsError(.labelWithoutVoxels, "\(label) (\(region.name))")
    }
    return region
  }
}

/// The final number of each label of each mask.
public struct Numbering {
  private var numbers: [[Int: Int]] = []
  /// "tumour.nii.gz: 1 is now 3".
  private(set) var changes: [String] = []

  public init(_ masks: [LabelImage]) {
    let values = Set(masks.flatMap(\.counts.keys))
    if masks.count > 1, values.count == 1, let value = values.first {
      numbers = masks.indices.map { [value: $0 + 1] }
      return
    }
    var taken = Set<Int>()
    var free = 1
    for mask in masks {
      var own: [Int: Int] = [:]
      for label in mask.counts.keys.sorted() {
        if taken.insert(label).inserted {
          own[label] = label
          continue
        }
        while values.contains(free) || taken.contains(free) { free += 1 }
        taken.insert(free)
        own[label] = free
        changes.append("\(mask.file ?? "mask"): \(label) is now \(free)")
      }
      numbers.append(own)
    }
  }

  public func number(of label: Int, in place: Int) -> Int { numbers[place][label] ?? label }
}

/// The name of each final number.
private struct Naming {
  private(set) var names: [Int: String] = [:]
  private(set) var notices: [Notice] = []

  init(_ masks: [LabelImage], numbers: Numbering, names given: LabelNames?) {
    var unnamed: [Int] = []
    for (place, mask) in masks.enumerated() {
      let stem = mask.file.map(fileStem)
      for label in mask.counts.keys.sorted() {
        let number = numbers.number(of: label, in: place)
        if let name = given?.names[number] {
          names[number] = name
          continue
        }
        if let name = mask.names[label] {
          names[number] = name
          continue
        }
        if given != nil { unnamed.append(number) }
        switch stem {
        case .some(let stem) where mask.isBinary: names[number] = stem
        case .some(let stem) where masks.count > 1: names[number] = "\(stem) label \(label)"
        default: names[number] = "label \(number)"
        }
      }
    }
    if !unnamed.isEmpty {
      notices.append(
        Notice(RegionsNotice.labelUnnamed, listed(unnamed.sorted().map(String.init))))
    }
    makeUnique()
  }

  /// A name that an earlier region has gets its number behind it.
  private mutating func makeUnique() {
    var seen = Set<String>()
    var repeated: [String] = []
    for number in names.keys.sorted() {
      guard let name = names[number], !seen.insert(name).inserted else { continue }
      var unique = "\(name) (\(number))"
      while !seen.insert(unique).inserted { unique += "'" }
      names[number] = unique
      repeated.append("\"\(name)\", now \"\(unique)\"")
    }
    if !repeated.isEmpty { notices.append(Notice(RegionsNotice.nameRepeated, listed(repeated))) }
  }
}

/// "tumour" of "tumour.nii.gz".
func fileStem(_ file: String) -> String {
  var stem = Substring(file)
  for ending in [".gz", ".nii", ".hdr", ".img", ".nrrd", ".seg", ".dcm"]
  where stem.lowercased().hasSuffix(ending) {
    stem = stem.dropLast(ending.count)
  }
  return stem.isEmpty ? file : String(stem)
}

/// Which regions of different masks share voxels.
private func overlaps(_ regions: [[Region]], grid: VoxelGrid) -> [Notice] {
  guard regions.count > 1 else { return [] }
  let all = regions.flatMap { $0 }
  var owner = [Int32](repeating: -1, count: grid.count)
  var shared: [SIMD2<Int>: Int] = [:]
  for (index, region) in all.enumerated() {
    for voxel in region.voxels {
      if owner[voxel] < 0 {
        owner[voxel] = Int32(index)
      } else {
        shared[SIMD2(Int(owner[voxel]), index), default: 0] += 1
      }
    }
  }
  guard !shared.isEmpty else { return [] }
  let words = shared.sorted { ($0.key.x, $0.key.y) < ($1.key.x, $1.key.y) }.map { pair, count in
    "\(all[pair.x].name) and \(all[pair.y].name) share \(count) voxels"
  }
  return [Notice(RegionsNotice.regionsOverlap, listed(words))]
}
