/// Disjoint sets of the numbers 0..<count, each told by its least.
///
/// Threads may join numbers at once as long as their sets have none in common.
final class DisjointSets: Sendable {
  /// A number of the same set that is no greater; the least one is its own.
  private let parent: Buffer<Int32>

  init(count: Int) {
    parent = Buffer(unwritten: count)
    inParallel(count, piece: 1 << 16) { [parent] range in
      for i in range { parent[i] = Int32(i) }
    }
  }

  /// The least number of a number's set.
  func first(of i: Int) -> Int {
    var i = i
    while Int(parent[i]) != i { i = Int(parent[i]) }
    return i
  }

  func join(_ a: Int, _ b: Int) {
    let (a, b) = (root(of: a), root(of: b))
    if a < b { parent[b] = Int32(a) } else { parent[a] = Int32(b) }
  }

  /// `first(of:)`, with the way to it halved for the next who asks: not while others ask.
  func root(of i: Int) -> Int {
    var i = i
    while Int(parent[i]) != i {
      parent[i] = parent[Int(parent[i])]
      i = Int(parent[i])
    }
    return i
  }
}
