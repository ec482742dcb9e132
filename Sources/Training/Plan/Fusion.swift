import Graphs

/// Which nodes of a lowered graph run in the same loops.
///
/// Element-wise nodes over one shape share a group with the reductions of that shape. A group is one step, so nothing
/// outside may stand between two of its members.
struct Fusion {
  /// The group of each node; nil for nodes with a kernel of their own and for views.
  private(set) var groups: [Int?]
  /// The nodes of each group, ascending.
  private(set) var members: [[Int]] = []

  private let graph: Graph
  private let isReduction: [Bool]
  /// The last search that met each node, the number of the present one, and where it goes on.
  private var seen: [Int]
  private var search = 0
  private var open: [Int] = []

  /// How many nodes back a path between two groups is looked for; a group too far away is not joined.
  private static let reach = 2000

  init(_ graph: Graph) {
    self.graph = graph
    groups = graph.nodes.map { _ in nil }
    isReduction = graph.nodes.map { Fusion.isReduction($0) }
    seen = graph.nodes.map { _ in 0 }
    let spaces = graph.nodes.map { Fusion.space(of: $0, in: graph) }
    for (index, node) in graph.nodes.enumerated() {
      guard let space = spaces[index] else { continue }
      members.append([index])
      groups[index] = members.count - 1
      for operand in node.operands {
        guard case .node(let source, _) = operand.source, let other = groups[source],
          let mine = groups[index], other != mine, !isReduction[source], spaces[source] == space,
          members[other].count + members[mine].count <= 40, !isSeparated(other, mine)
        else { continue }
        for member in members[mine] { groups[member] = other }
        members[other] = (members[other] + members[mine]).sorted()
        members[mine] = []
      }
    }
  }

  /// The shape that a node's loops run over, or nil where it has a kernel of its own.
  static func space(of node: Node, in graph: Graph) -> [Int]? {
    switch node.primitive {
    case is Unary, is Binary, is Select:
      return node.resultTypes[0].elementType.isLoopElement ? node.resultTypes[0].shape : nil
    case let cast as Cast: return cast.elementType.isLoopElement ? node.resultTypes[0].shape : nil
    case is Reduce, is Moments:
      let type = graph.type(of: node.operands[0])
      return type.elementType.isLoopElement ? type.shape : nil
    default: return nil
    }
  }

  static func isReduction(_ node: Node) -> Bool { node.primitive is Reduce || node.primitive is Moments }

  /// Whether a path from one of two groups to the other leaves both, so that they cannot be one step.
  private mutating func isSeparated(_ left: Int, _ right: Int) -> Bool {
    guard let first = members[left].first, let second = members[right].first, let third = members[left].last,
      let fourth = members[right].last
    else { return true }
    let (oldest, newest) = (min(first, second), max(third, fourth))
    guard newest - oldest < Self.reach else { return true }
    search += 1
    open.removeAll(keepingCapacity: true)
    for group in [left, right] {
      for member in members[group] where finds(left, right, from: member, oldest) { return true }
    }
    while let node = open.popLast() {
      guard let group = groups[node] else {
        if finds(left, right, from: node, oldest) { return true }
        continue
      }
      // A group runs as one: what any of its members needs comes before all of them.
      for part in members[group] where finds(left, right, from: part, oldest) { return true }
    }
    return false
  }

  /// Follows the operands of a node back, and says whether one of them is in either of two groups again.
  private mutating func finds(_ left: Int, _ right: Int, from node: Int, _ oldest: Int) -> Bool {
    let startsInside = groups[node] == left || groups[node] == right
    for operand in graph.nodes[node].operands {
      guard case .node(let source, _) = operand.source, source >= oldest else { continue }
      if groups[source] == left || groups[source] == right {
        // Results of a reduction are there only when the loops have ended.
        if !startsInside || isReduction[source] { return true }
      } else if seen[source] != search {
        seen[source] = search
        open.append(source)
      }
    }
    return false
  }
}

extension ElementType {
  /// Whether loops compute with these elements: single-precision numbers, and truth values as 0 and 1.
  var isLoopElement: Bool { self == .float32 || self == .bool }

  /// Whether tensors of these elements hold 32-bit integers in memory; integers of 64 bits keep their lower half.
  var isStoredAsInteger: Bool { isInteger }
}
