import Faults

/// Which region is meant: by the number of its label, or by its name.
public enum RegionChoice: Hashable, Sendable {
  case label(Int)
  case name(String)

  /// A whole number above 0 is a label, other words are a name; nil for nothing, 0 and numbers below.
  public init?(_ text: String) {
    if let number = Int(text) {
      guard number > 0 else { return nil }
      self = .label(number)
    } else {
      guard let name = LabelNames.cleaned(text) else { return nil }
      self = .name(name)
    }
  }
}

extension RegionSet {
  /// The chosen region, which must have voxels on the scan. A name counts as it is written; where none
  /// is written so, capitals don't matter.
  public func region(_ choice: RegionChoice) throws(RegionsError) -> Region {
    switch choice {
    case .label(let label): return try region(labelled: label)
    case .name(let name):
      let exact = regions.filter { $0.name == name }
      let found =
        exact.isEmpty ? regions.filter { $0.name.lowercased() == name.lowercased() } : exact
      guard found.count < 2 else {
        let there = found.map { "\($0.label) (\($0.name))" }
        throw RegionsError(.nameAmbiguous, listed(there))
      }
      guard let region = found.first else {
        let there = regions.map { "\($0.label) (\($0.name))" }
        throw RegionsError(.labelAbsent, "\"\(name)\"; there are \(listed(there))")
      }
      return try self.region(labelled: region.label)
    }
  }
}
