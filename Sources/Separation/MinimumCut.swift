/// Minimum cut of a graph whose nodes each choose label 0 or 1 at least total cost, by augmenting
/// paths between two search trees that are kept from one path to the next (Boykov and Kolmogorov
/// 2004, 10.1109/TPAMI.2004.60).
///
/// Costs are whole numbers, so that the search ends.
struct MinimumCut {
  /// Cost of label 1 over label 0 still to be paid, shape (node): positive leans to 0.
  private var excess: [Int32]
  /// Arcs come in pairs: arc 2 e runs from a to b, arc 2 e + 1 back.
  private var head: [Int32] = []
  private var capacity: [Int32] = []
  private var next: [Int32] = []
  private var first: [Int32]

  // Search trees. A node's tree: 0 free, 1 grown from label 0's side, 2 from label 1's.
  private var tree: [UInt8]
  private var parent: [Int32]
  private var seen: [Int32]
  private var time: Int32 = 0
  private var active: [Int32] = []
  private var isActive: [Bool]
  private var orphans: [Int32] = []

  private static let none: Int32 = -1
  private static let terminal: Int32 = -2
  private static let orphan: Int32 = -3

  init(nodes: Int) {
    excess = [Int32](repeating: 0, count: nodes)
    first = [Int32](repeating: Self.none, count: nodes)
    tree = [UInt8](repeating: 0, count: nodes)
    parent = [Int32](repeating: Self.none, count: nodes)
    seen = [Int32](repeating: 0, count: nodes)
    isActive = [Bool](repeating: false, count: nodes)
  }

  /// Adds the cost of label 1 over label 0 of a node.
  mutating func add(node: Int, cost: Int32) { excess[node] += cost }

  /// Adds a cost for node `a` at 0 while `b` is at 1, and one for the reverse. Neither is negative.
  mutating func add(from a: Int, to b: Int, cost: Int32, reverse: Int32) {
    head.append(Int32(b))
    head.append(Int32(a))
    capacity.append(cost)
    capacity.append(reverse)
    next.append(first[a])
    next.append(first[b])
    first[a] = Int32(head.count - 2)
    first[b] = Int32(head.count - 1)
  }

  /// Labels of least cost, shape (node). A node that may have either has 0.
  mutating func solve() -> [UInt8] {
    for node in excess.indices where excess[node] != 0 {
      tree[node] = excess[node] > 0 ? 1 : 2
      parent[node] = Self.terminal
      activate(Int32(node))
    }
    var at = 0
    while at < active.count {
      let node = active[at]
      if tree[Int(node)] == 0 {
        isActive[Int(node)] = false
        at += 1
        continue
      }
      if let bridge = grow(node) {
        augment(bridge)
        adopt()
      } else {
        isActive[Int(node)] = false
        at += 1
      }
      if at > 1 << 20 {
        active.removeFirst(at)
        at = 0
      }
    }
    return tree.map { $0 == 2 ? 1 : 0 }
  }

  private mutating func activate(_ node: Int32) {
    if isActive[Int(node)] { return }
    isActive[Int(node)] = true
    active.append(node)
  }

  /// What arc `arc`, leaving a node of tree `side`, can carry away from that tree's terminal.
  private func room(_ arc: Int32, _ side: UInt8) -> Int32 {
    side == 1 ? capacity[Int(arc)] : capacity[Int(arc ^ 1)]
  }

  /// Extends a node's tree to its free neighbours. An arc from tree 1 to tree 2 ends the search.
  private mutating func grow(_ node: Int32) -> Int32? {
    let side = tree[Int(node)]
    var arc = first[Int(node)]
    while arc != Self.none {
      let other = Int(head[Int(arc)])
      if room(arc, side) > 0 {
        if tree[other] == 0 {
          tree[other] = side
          parent[other] = arc ^ 1
          activate(Int32(other))
        } else if tree[other] != side {
          return side == 1 ? arc : arc ^ 1
        }
      }
      arc = next[Int(arc)]
    }
    return nil
  }

  /// Sends the most that fits along the path through `bridge`; nodes cut off become orphans.
  private mutating func augment(_ bridge: Int32) {
    var least = capacity[Int(bridge)]
    let start = head[Int(bridge ^ 1)]
    let end = head[Int(bridge)]
    // parent[v] is the arc from v towards its terminal's side.
    var v = Int(start)
    while parent[v] != Self.terminal {
      least = min(least, capacity[Int(parent[v] ^ 1)])
      v = Int(head[Int(parent[v])])
    }
    least = min(least, excess[v])
    v = Int(end)
    while parent[v] != Self.terminal {
      least = min(least, capacity[Int(parent[v])])
      v = Int(head[Int(parent[v])])
    }
    least = min(least, -excess[v])
    capacity[Int(bridge)] -= least
    capacity[Int(bridge ^ 1)] += least
    v = Int(start)
    while parent[v] != Self.terminal {
      let arc = parent[v]
      capacity[Int(arc ^ 1)] -= least
      capacity[Int(arc)] += least
      if capacity[Int(arc ^ 1)] == 0 { disown(v) }
      v = Int(head[Int(arc)])
    }
    excess[v] -= least
    if excess[v] == 0 { disown(v) }
    v = Int(end)
    while parent[v] != Self.terminal {
      let arc = parent[v]
      capacity[Int(arc)] -= least
      capacity[Int(arc ^ 1)] += least
      if capacity[Int(arc)] == 0 { disown(v) }
      v = Int(head[Int(arc)])
    }
    excess[v] += least
    if excess[v] == 0 { disown(v) }
  }

  private mutating func disown(_ node: Int) {
    parent[node] = Self.orphan
    orphans.append(Int32(node))
  }
}

extension MinimumCut {
  /// Gives every orphan a new parent in its tree, or frees it.
  private mutating func adopt() {
    time += 1
    var at = 0
    while at < orphans.count {
      let node = Int(orphans[at])
      at += 1
      let side = tree[node]
      var found = Self.none
      var arc = first[node]
      while arc != Self.none {
        let other = Int(head[Int(arc)])
        // The neighbour must be able to carry towards this node.
        if tree[other] == side, room(arc ^ 1, side) > 0, isRooted(other) {
          found = arc
          break
        }
        arc = next[Int(arc)]
      }
      if found != Self.none {
        parent[node] = found
        seen[node] = time
        continue
      }
      release(node, side)
    }
    orphans.removeAll(keepingCapacity: true)
  }

  private mutating func release(_ node: Int, _ side: UInt8) {
    var arc = first[node]
    while arc != Self.none {
      let other = Int(head[Int(arc)])
      if tree[other] == side {
        if room(arc ^ 1, side) > 0 { activate(Int32(other)) }
        if parent[other] >= 0, Int(head[Int(parent[other])]) == node { disown(other) }
      }
      arc = next[Int(arc)]
    }
    tree[node] = 0
    parent[node] = Self.none
  }

  /// Whether a node's chain of parents ends at its terminal; marks the chain as known to.
  private mutating func isRooted(_ node: Int) -> Bool {
    var v = node
    while true {
      if seen[v] == time { break }
      let p = parent[v]
      if p == Self.terminal { break }
      if p < 0 { return false }
      v = Int(head[Int(p)])
    }
    var w = node
    while seen[w] != time {
      seen[w] = time
      if parent[w] == Self.terminal { break }
      w = Int(head[Int(parent[w])])
    }
    return true
  }
}
