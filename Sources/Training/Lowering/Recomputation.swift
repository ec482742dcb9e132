import Graphs

/// Computes cheap element-wise values again where they are needed late, in place of keeping them.
///
/// A gradient reads again what the forward pass has computed: a normalised activation, what a ReLU was applied to. Each is
/// a few multiplications away from the result of a convolution that is kept anyway, and loops that are limited by memory
/// do those for nothing. Needs no more loads than before, and shortens the lives of large tensors.
/// Source: Chen et al. 2016, arXiv:1604.06174, section 3, for what is worth recomputing.
struct Recomputation: GraphPass {
  static let name = "recomputation"

  /// Smaller tensors stay in a cache.
  private static let smallest = 1024
  /// More functions than this cost more than a load.
  private static let longest = 8

  func applied(to graph: Graph) throws(ShapeError) -> Graph {
    let fusion = Fusion(graph)
    let uses = KeptValues(graph, fusion)
    let decisions = fusion.members.map { decision(for: $0, graph, fusion, uses) }
    guard decisions.contains(where: { !$0.isEmpty }) else { return graph }
    var copy = Graph(
      name: graph.name, inputs: graph.inputs, constants: graph.constants, nodes: [], outputs: [])
    // What stands in place of the first result of each node; further results follow it.
    var replacements: [Int] = []
    replacements.reserveCapacity(graph.nodes.count)
    copy.reserveCapacity(graph.nodes.count * 5 / 4)
    var clones: [Clone: Value] = [:]
    func replaced(_ value: Value) -> Value {
      guard case .node(let index, let result) = value.source else { return value }
      return Value(.node(replacements[index], result: result))
    }
    func clone(_ index: Int, _ group: Int, _ leaves: Set<Value>) -> Value {
      if let known = clones[Clone(group: group, node: index)] { return known }
      let node = graph.nodes[index]
      var operands: [Value] = []
      for operand in node.operands {
        if !leaves.contains(operand), case .node(let source, _) = operand.source {
          operands.append(clone(source, group, leaves))
        } else {
          operands.append(chosen(operand, group))
        }
      }
      let value = Value(.node(copy.append(node, on: operands), result: 0))
      clones[Clone(group: group, node: index)] = value
      return value
    }
    // What a group reads in place of a value, those included that others of its choices are computed from.
    func chosen(_ value: Value, _ group: Int) -> Value {
      switch decisions[group][value] {
      case .computed(let leaves)?:
        guard case .node(let source, _) = value.source else { return replaced(value) }
        return clone(source, group, leaves)
      case .rectified(let other)?: return replaced(other)
      case nil: return replaced(value)
      }
    }
    for (index, node) in graph.nodes.enumerated() {
      var operands = node.operands
      for place in operands.indices {
        if let group = fusion.groups[index], !decisions[group].isEmpty {
          operands[place] = chosen(operands[place], group)
        } else {
          operands[place] = replaced(operands[place])
        }
      }
      replacements.append(copy.append(node, on: operands))
    }
    copy.outputs = graph.outputs.map { Graph.Output(name: $0.name, value: replaced($0.value)) }
    return copy
  }

  private struct Clone: Hashable {
    var group: Int
    var node: Int
  }

  /// What a group reads in place of a value.
  private enum Choice {
    /// The value, computed again from these.
    case computed(from: Set<Value>)
    /// Its rectified form, which is positive where the value is.
    case rectified(Value)
  }

  private func decision(
    for members: [Int], _ graph: Graph, _ fusion: Fusion, _ uses: KeptValues
  ) -> [Value: Choice] {
    guard let first = members.first, let space = Fusion.space(of: graph.nodes[first], in: graph) else {
      return [:]
    }
    let count = space.reduce(1, *)
    guard count >= Self.smallest else { return [:] }
    let group = fusion.groups[first]
    // What the loops load in full, and those of it that loops have computed before.
    var loads: Set<Value> = []
    var candidates: [Value] = []
    for member in members {
      for operand in graph.nodes[member].operands where 4 * graph.type(of: operand).count > count {
        guard case .node(let source, _) = operand.source else {
          loads.insert(operand)
          continue
        }
        guard fusion.groups[source] != group, loads.insert(operand).inserted,
          fusion.groups[source] != nil, !Fusion.isReduction(graph.nodes[source]),
          Fusion.space(of: graph.nodes[source], in: graph) == space
        else { continue }
        candidates.append(operand)
      }
    }
    var choices: [Value: Choice] = [:]
    for value in candidates {
      guard case .node(let source, _) = value.source, !uses.isKept(source, until: first) else { continue }
      var (leaves, large, functions): (Set<Value>, Set<Value>, Int) = ([], [], 0)
      let others = loads.subtracting([value])
      let isCheap = trace(
        source, graph, fusion, space, uses, first, loads: others, &leaves, &large, &functions)
      if isCheap, large.subtracting(others).count <= 1 {
        choices[value] = .computed(from: leaves)
        loads = others.union(large)
      } else if let rectified = uses.rectified[source], uses.isKept(rectified, until: first),
        members.allSatisfy({ graph.nodes[$0].readsOnlySign(of: value, in: graph) })
      {
        choices[value] = .rectified(Value(.node(rectified, result: 0)))
        loads = others.union([Value(.node(rectified, result: 0))])
      }
    }
    return choices
  }

  /// Finds what a value is computed from by cheap functions; false where there are too many or dear ones.
  private func trace(
    _ index: Int, _ graph: Graph, _ fusion: Fusion, _ space: [Int], _ uses: KeptValues, _ reader: Int,
    loads: Set<Value>, _ leaves: inout Set<Value>, _ large: inout Set<Value>, _ functions: inout Int
  ) -> Bool {
    let node = graph.nodes[index]
    functions += 1
    guard functions <= Self.longest, node.primitive.isCheap else { return false }
    for operand in node.operands where !leaves.contains(operand) {
      let isLarge = 4 * graph.type(of: operand).count > space.reduce(1, *)
      if isLarge, !loads.contains(operand), case .node(let source, _) = operand.source,
        fusion.groups[source] != nil, !Fusion.isReduction(graph.nodes[source]),
        !uses.isKept(source, until: reader), Fusion.space(of: graph.nodes[source], in: graph) == space
      {
        var (deeper, deeperLarge, more) = (leaves, large, functions)
        let isTraced = trace(
          source, graph, fusion, space, uses, reader, loads: loads, &deeper, &deeperLarge, &more)
        if isTraced, deeperLarge.subtracting(loads).count <= 1 {
          (leaves, large, functions) = (deeper, deeperLarge, more)
          continue
        }
        // What other loops read and cannot compute again is there anyway.
        guard uses.isReadByOthers[source] else { return false }
      }
      leaves.insert(operand)
      if isLarge { large.insert(operand) }
    }
    return true
  }
}

/// How long values stay in memory for kernels and outputs, whatever loops do.
private struct KeptValues {
  /// The last node that reads each node's first result from memory; −1 where none does.
  private var last: [Int]
  /// Whether loops other than a node's own read its first result.
  private(set) var isReadByOthers: [Bool]
  /// The ReLU of each node.
  private(set) var rectified: [Int: Int] = [:]

  init(_ graph: Graph, _ fusion: Fusion) {
    last = graph.nodes.map { _ in -1 }
    isReadByOthers = graph.nodes.map { _ in false }
    for output in graph.outputs {
      if case .node(let source, _) = output.value.source { last[source] = .max }
    }
    for (index, node) in graph.nodes.enumerated().reversed() {
      for operand in node.operands {
        guard case .node(let source, _) = operand.source else { continue }
        if fusion.groups[source] != fusion.groups[index] { isReadByOthers[source] = true }
        // Views share the memory of their operand.
        if fusion.groups[index] == nil {
          last[source] = max(last[source], index, node.primitive.isView ? last[index] : -1)
        } else if fusion.groups[source] == nil, graph.nodes[source].primitive.isView {
          last[source] = max(last[source], index)
        }
      }
      if let unary = node.primitive as? Unary, unary.function == .relu,
        case .node(let source, _) = node.operands[0].source
      {
        rectified[source] = index
      }
    }
  }

  /// Whether a value is there until shortly before a later node runs.
  func isKept(_ node: Int, until reader: Int) -> Bool {
    last[node] >= reader || (last[node] >= 0 && 4 * (reader - last[node]) < reader - node)
  }
}

extension Node {
  /// Whether the node reads nothing of a value but whether it is positive.
  fileprivate func readsOnlySign(of value: Value, in graph: Graph) -> Bool {
    guard operands.contains(value) else { return true }
    guard let binary = primitive as? Binary, binary.function == .greater, operands[0] == value,
      operands[1] != value, case .constant(let index) = operands[1].source
    else { return false }
    return graph.constants[index].bytes?.allSatisfy { $0 == 0 } == true
  }
}

extension Primitive {
  /// Whether a processor does it as fast as it loads an element.
  fileprivate var isCheap: Bool {
    switch self {
    case let unary as Unary:
      switch unary.function {
      case .relu, .negate, .absolute, .sign, .clamp, .not: true
      default: false
      }
    case let binary as Binary:
      switch binary.function {
      case .power, .divide, .remainder, .truncatedRemainder: false
      default: true
      }
    case is Select: true
    default: false
    }
  }

  /// Whether the result is the operand's memory.
  var isView: Bool { self is Reshape || self is Transpose || self is Slice || self is Expand }
}
