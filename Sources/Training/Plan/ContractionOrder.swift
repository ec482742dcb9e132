import Graphs

/// The nodes of a graph as units that run one after the other, while units are joined to larger ones.
///
/// Units keep an order in which each comes after those that it reads. Joining two units looks only at units that lie
/// between them and depend on the first or are needed by the second.
/// Source: dynamic topological order, Pearce and Kelly 2006, doi:10.1145/1187436.1210590.
struct ContractionOrder {
  /// Nodes whose results are there only when their whole unit has run.
  let isBarrier: [Bool]
  private let graph: Graph
  /// The nodes that read each node: those of node n stand from `firstUser[n]` on.
  private var firstUser: [Int]
  private var users: [Int]
  /// The unit of each node, named by one of its nodes.
  private var units: [Int]
  /// The node after each one in a ring of its unit's nodes.
  private var successor: [Int]
  /// The number of nodes of each unit.
  private var sizes: [Int]
  /// The place of each unit in the order.
  private var positions: [Int]
  /// The number of the last search that met each unit.
  private var seen: [Int]
  private var search = 0

  /// More units between two make them too far apart to be joined.
  private static let reach = 1000

  init(_ graph: Graph, isBarrier: [Bool]) {
    self.graph = graph
    self.isBarrier = isBarrier
    let count = graph.nodes.count
    units = Array(0..<count)
    successor = units
    positions = units
    sizes = Array(repeating: 1, count: count)
    seen = Array(repeating: 0, count: count)
    firstUser = Array(repeating: 0, count: count + 1)
    for node in graph.nodes {
      for operand in node.operands {
        if case .node(let source, _) = operand.source { firstUser[source + 1] += 1 }
      }
    }
    for index in 0..<count { firstUser[index + 1] += firstUser[index] }
    users = Array(repeating: 0, count: firstUser[count])
    var next = firstUser
    for (index, node) in graph.nodes.enumerated() {
      for operand in node.operands {
        guard case .node(let source, _) = operand.source else { continue }
        users[next[source]] = index
        next[source] += 1
      }
    }
  }

  func unit(of node: Int) -> Int { units[node] }

  /// The number of nodes in the unit of a node.
  func size(of node: Int) -> Int { sizes[units[node]] }

  /// Makes one unit of a node's and of that of a node which reads it, unless they are one already or something outside
  /// has to run between them.
  mutating func join(_ source: Int, _ reader: Int) {
    let (first, second) = (units[source], units[reader])
    guard first != second, let later = followers(of: first, before: second),
      let earlier = requirements(of: second, after: first)
    else { return }
    // What the second unit needs moves before both, what depends on the first behind both.
    let joined = earlier + [first] + later
    let places = (joined + [second]).map { positions[$0] }.sorted()
    for (unit, place) in zip(joined, places) { positions[unit] = place }
    var node = second
    repeat {
      units[node] = first
      node = successor[node]
    } while node != second
    successor.swapAt(first, second)
    sizes[first] += sizes[second]
  }

  /// The units before `end` that depend on `start`, in order; nil where `end` depends on one of them or on the end of
  /// `start`, and where there are too many.
  private mutating func followers(of start: Int, before end: Int) -> [Int]? {
    search += 1
    var found: [Int] = []
    var next = 0
    var unit = start
    while true {
      var node = unit
      repeat {
        for place in firstUser[node]..<firstUser[node + 1] {
          let user = units[users[place]]
          if user == end {
            if unit != start || isBarrier[node] { return nil }
          } else if user != unit, positions[user] < positions[end], seen[user] != search {
            seen[user] = search
            found.append(user)
            if found.count > Self.reach { return nil }
          }
        }
        node = successor[node]
      } while node != unit
      guard next < found.count else { break }
      unit = found[next]
      next += 1
    }
    return found.sorted { positions[$0] < positions[$1] }
  }

  /// The units behind `start` that `end` depends on, in order; nil where there are too many.
  private mutating func requirements(of end: Int, after start: Int) -> [Int]? {
    search += 1
    var found: [Int] = []
    var next = 0
    var unit = end
    while true {
      var node = unit
      repeat {
        for operand in graph.nodes[node].operands {
          guard case .node(let source, _) = operand.source else { continue }
          let needed = units[source]
          guard needed != unit, positions[needed] > positions[start], seen[needed] != search else { continue }
          seen[needed] = search
          found.append(needed)
          if found.count > Self.reach { return nil }
        }
        node = successor[node]
      } while node != unit
      guard next < found.count else { break }
      unit = found[next]
      next += 1
    }
    return found.sorted { positions[$0] < positions[$1] }
  }
}
