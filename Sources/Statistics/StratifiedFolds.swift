/// Folds in which every class has as equal a share as its count allows.
public enum StratifiedFolds {
  /// The fold of each member, 0..<count. Each class is put in a random order and dealt out; the next
  /// class goes on where the last ended, so that whole folds differ by one member at most.
  ///
  /// - Parameters:
  ///   - categories: the class of each member.
  ///   - count: 1 or more.
  public static func assign(_ categories: [Int], count: Int, seed: UInt64) -> [Int] {
    var random = SeededRandom(seed: seed)
    var folds = [Int](repeating: 0, count: categories.count)
    var next = 0
    for category in Set(categories).sorted() {
      let members = categories.indices.filter { categories[$0] == category }
      for member in random.shuffled(Array(members)) {
        folds[member] = next % count
        next += 1
      }
    }
    return folds
  }
}
