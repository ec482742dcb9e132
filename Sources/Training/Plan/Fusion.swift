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

  /// How many nodes back a path between two groups is looked for; a group too far away is not joined.
  private static let reach = 2000

  init(_ graph: Graph) {
    self.graph = graph
    groups = graph.nodes.map { _ in nil }
    for (index, node) in graph.nodes.enumerated() {
      guard let space = Fusion.space(of: node, in: graph) else { continue }
      members.append([index])
      groups[index] = members.count - 1
      for operand in node.operands {
        guard case .node(let source, _) = operand.source, let other = groups[source],
          let mine = groups[index], other != mine, !Fusion.isReduction(graph.nodes[source]),
          Fusion.space(of: graph.nodes[source], in: graph) == space,
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
    case is Reduce, is Moments: return graph.type(of: node.operands[0]).shape
    default: return nil
    }
  }

  static func isReduction(_ node: Node) -> Bool { node.primitive is Reduce || node.primitive is Moments }

  /// Whether a path from one of two groups to the other leaves both, so that they cannot be one step.
  private func isSeparated(_ left: Int, _ right: Int) -> Bool {
    let both = members[left] + members[right]
    guard let oldest = both.min(), let newest = both.max(), newest - oldest < Self.reach else { return true }
    func isInside(_ node: Int) -> Bool { groups[node] == left || groups[node] == right }
    var seen: Set<Int> = []
    var open: [Int] = []
    func follow(_ value: Value, from node: Int) -> Bool {
      guard case .node(let source, _) = value.source, source >= oldest else { return false }
      if isInside(source) {
        // Results of a reduction are there only when the loops have ended.
        return !isInside(node) || Fusion.isReduction(graph.nodes[source])
      }
      if seen.insert(source).inserted { open.append(source) }
      return false
    }
    for member in both {
      for operand in graph.nodes[member].operands where follow(operand, from: member) { return true }
    }
    while let node = open.popLast() {
      // A group runs as one: what any of its members needs comes before all of them.
      let unit = groups[node].map { members[$0] } ?? [node]
      for part in unit {
        for operand in graph.nodes[part].operands where follow(operand, from: part) { return true }
      }
    }
    return false
  }
}

extension ElementType {
  /// Whether loops compute with these elements: single-precision numbers, and truth values as 0 and 1.
  var isLoopElement: Bool { self == .float32 || self == .bool }

  /// Whether tensors of these elements hold 32-bit integers in memory.
  var isStoredAsInteger: Bool { isInteger && bits >= 32 }
}
