import Graphs
import Hardware

/// The elementwise nodes that follow an anchor and can share its pass over the data.
///
/// Grown node by node in topological order; a prefix is a valid layer if exactly one of its values is used outside.
/// That finds x · sigmoid(x), the erf form of GELU and residual sums without a pattern for each.
struct ElementwiseRegion {
  var nodes: [Int] = []
  /// Full tensors that come from elsewhere.
  var further: [Value] = []
  var result: Value

  static let largest = 24

  /// Complexity: linear in the region's size and its consumers, but for the search of cycles.
  init(
    growingFrom anchors: [Int], result start: Value, in graph: Graph, _ index: GraphIndex, taken: [Bool],
    furtherLimit: Int
  ) {
    result = start
    let extent = graph.type(of: start).count
    var region = Set(anchors)
    var values: Set<Value> = [start]
    var candidates = Set(index.consumers(of: start))
    var (grown, tensors) = ([Int](), [Value]())
    var refused: Set<Int> = []
    let first = anchors.min() ?? 0
    while grown.count < Self.largest, let node = candidates.subtracting(refused).min() {
      candidates.remove(node)
      guard !taken[node], !region.contains(node),
        let added = Self.furtherOperands(
          of: node, beside: values, in: graph, index, extent: extent, region: region, first: first)
      else {
        refused.insert(node)
        continue
      }
      let fresh = added.filter { !tensors.contains($0) }
      guard tensors.count + fresh.count <= furtherLimit else {
        refused.insert(node)
        continue
      }
      tensors += fresh
      region.insert(node)
      grown.append(node)
      let value = Value(.node(node, result: 0))
      values.insert(value)
      for consumer in index.consumers(of: value) where !region.contains(consumer) {
        candidates.insert(consumer)
        // A node refused for a missing operand may have it now.
        refused.remove(consumer)
      }
      let escaping = values.filter { value in
        index.isGraphOutput(value) || index.consumers(of: value).contains { !region.contains($0) }
      }
      if escaping.count == 1, let only = escaping.first, only == value {
        nodes = grown
        further = tensors
        result = only
      }
    }
  }

  /// The tensors from elsewhere that a node would bring in, or nil if it cannot join.
  private static func furtherOperands(
    of position: Int, beside values: Set<Value>, in graph: Graph, _ index: GraphIndex, extent: Int,
    region: Set<Int>, first: Int
  ) -> [Value]? {
    let node = graph.nodes[position]
    switch NodeKind(node) {
    case .elementwise: break
    case .view where node.primitive is QuantizeLinear || node.primitive is DequantizeLinear: break
    case .view where node.primitive is Cast: break
    case .view where node.keepsOrder(of: graph): break
    default: return nil
    }
    guard node.resultTypes.count == 1, node.resultTypes[0].count == extent else { return nil }
    var added: [Value] = []
    for operand in node.operands where !values.contains(operand) {
      let type = graph.type(of: operand)
      if index.isConstant(operand) {
        // Numbers for each channel travel with the weights; a full tensor has to be read.
        if type.count > 1, type.count * 2 > extent { added.append(operand) }
        continue
      }
      guard !index.depends(operand, on: region, first: first) else { return nil }
      added.append(operand)
    }
    return added
  }
}

extension Node {
  /// Whether the node only adds or removes axes of extent 1.
  fileprivate func keepsOrder(of graph: Graph) -> Bool {
    let operand = graph.type(of: operands[0]).shape
    switch primitive {
    case is Reshape: return operand.filter { $0 > 1 } == resultTypes[0].shape.filter { $0 > 1 }
    case let transpose as Transpose:
      let moving = transpose.permutation.filter { operand[$0] > 1 }
      return moving == moving.sorted()
    default: return false
    }
  }
}
