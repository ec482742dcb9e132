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

  init(_ graph: Graph) {
    groups = graph.nodes.map { _ in nil }
    var order = ContractionOrder(graph, isBarrier: graph.nodes.map(Fusion.isReduction))
    let spaces = graph.nodes.map { Fusion.space(of: $0, in: graph) }
    for (index, node) in graph.nodes.enumerated() {
      guard let space = spaces[index] else { continue }
      for operand in node.operands {
        guard case .node(let source, _) = operand.source, spaces[source] == space,
          index - source < Self.farthest, !order.isBarrier[source],
          order.size(of: source) + order.size(of: index) <= Self.largest
        else { continue }
        order.join(source, index)
      }
    }
    var numbers: [Int: Int] = [:]
    for index in graph.nodes.indices where spaces[index] != nil {
      let unit = order.unit(of: index)
      let number = numbers[unit] ?? members.count
      if number == members.count {
        numbers[unit] = number
        members.append([])
      }
      members[number].append(index)
      groups[index] = number
    }
  }

  /// More nodes than this are two steps.
  private static let largest = 40
  /// Nodes that are farther apart are two steps.
  ///
  /// The earlier one would have to wait, hold what it reads, and find none of it in caches any more. Of 60 to 1000 nodes this
  /// is best for search networks.
  private static let farthest = 100

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
}

extension ElementType {
  /// Whether loops compute with these elements: single-precision numbers, and truth values as 0 and 1.
  var isLoopElement: Bool { self == .float32 || self == .bool }

  /// Whether tensors of these elements hold 32-bit integers in memory; integers of 64 bits keep their lower half.
  var isStoredAsInteger: Bool { isInteger }
}
