/// Yes-no choices that cost something alone and in pairs, made for the least sum as far as that can be
/// said: quadratic pseudo-Boolean optimisation (Kolmogorov and Rother 2007, 10.1109/TPAMI.2007.1031). A
/// choice that stays undecided is no. The sum never exceeds that of no everywhere.
///
/// Choices that no pair connects are decided apart, all at once.
package struct BinaryChoices {
  /// Cost of yes over no, shape (choice).
  private var alone: [Int32]
  private var pairs: [Pair] = []

  /// A cost for no to `a` with yes to `b`.
  private struct Pair {
    let a: Int32
    let b: Int32
    let cost: Int32
  }

  package init(count: Int) { alone = [Int32](repeating: 0, count: count) }

  /// Adds the cost of yes over no.
  package mutating func add(_ choice: Int, cost: Int32) { alone[choice] += cost }

  /// Adds a cost, of either sign, for no to `a` with yes to `b`.
  package mutating func add(_ a: Int, _ b: Int, cost: Int32) {
    if cost != 0 { pairs.append(Pair(a: Int32(a), b: Int32(b), cost: cost)) }
  }

  package func solve() -> [Bool] {
    var isYes = alone.map { $0 < 0 }
    let groups = groups()
    let answers = inPieces(groups.count, piece: 1) { groups[$0.lowerBound].solve(alone) }
    for (group, answer) in zip(groups, answers) {
      for (member, yes) in zip(group.members, answer) { isYes[Int(member)] = yes }
    }
    return isYes
  }

  /// Choices that pairs connect, and their pairs by place among them.
  private struct Group {
    var members: [Int32] = []
    var pairs: [Pair] = []

    func solve(_ alone: [Int32]) -> [Bool] {
      // Nodes i stand for a choice, nodes count + i for its opposite.
      let count = members.count
      var cut = MinimumCut(nodes: 2 * count)
      func add(_ choice: Int, cost: Int32) {
        cut.add(node: choice, cost: cost)
        cut.add(node: count + choice, cost: -cost)
      }
      for (i, member) in members.enumerated() { add(i, cost: alone[Int(member)]) }
      for pair in pairs {
        let (a, b) = (Int(pair.a), Int(pair.b))
        if pair.cost >= 0 {
          cut.add(from: a, to: b, cost: pair.cost, reverse: 0)
          cut.add(from: count + b, to: count + a, cost: pair.cost, reverse: 0)
        } else {
          // -c (not a) b = -c b + c a b.
          add(b, cost: pair.cost)
          cut.add(from: count + a, to: b, cost: -pair.cost, reverse: 0)
          cut.add(from: count + b, to: a, cost: -pair.cost, reverse: 0)
        }
      }
      let labels = cut.solve()
      return (0..<count).map { labels[$0] == 1 && labels[count + $0] == 0 }
    }
  }

  /// Groups of two choices and more.
  private func groups() -> [Group] {
    let sets = DisjointSets(count: alone.count)
    for pair in pairs { sets.join(Int(pair.a), Int(pair.b)) }
    var isPaired = [Bool](repeating: false, count: alone.count)
    for pair in pairs { (isPaired[Int(pair.a)], isPaired[Int(pair.b)]) = (true, true) }
    var groupOf = [Int32](repeating: -1, count: alone.count)
    var place = groupOf
    var groups: [Group] = []
    for choice in alone.indices where isPaired[choice] {
      let first = sets.first(of: choice)
      if groupOf[first] < 0 {
        groupOf[first] = Int32(groups.count)
        groups.append(Group())
      }
      let group = Int(groupOf[first])
      place[choice] = Int32(groups[group].members.count)
      groups[group].members.append(Int32(choice))
    }
    for pair in pairs {
      let group = Int(groupOf[sets.first(of: Int(pair.a))])
      groups[group].pairs.append(
        Pair(a: place[Int(pair.a)], b: place[Int(pair.b)], cost: pair.cost))
    }
    return groups
  }
}
