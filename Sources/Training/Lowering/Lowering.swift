import Graphs

/// A primitive that the engine computes as other primitives.
protocol DecomposablePrimitive: Primitive {
  /// The same result as a formula of simpler primitives, or nil where a kernel takes it as it is.
  func decomposed(_ context: inout LoweringContext) throws(ShapeError) -> Formula?
}

/// What a decomposition sees of its node.
struct LoweringContext {
  private(set) var graph: Graph
  let x: [Formula]
  let types: [TensorType]
  let result: TensorType
  private let name: String

  init(_ graph: Graph, _ node: Node) {
    self.graph = graph
    x = node.operands.map { .value($0) }
    types = node.operands.map { graph.type(of: $0) }
    result = node.resultTypes[0]
    name = node.name
  }

  func shape(_ operand: Int) -> [Int] { types[operand].shape }

  mutating func value(_ formula: Formula) throws(ShapeError) -> Value {
    try graph.add(formula, .float32, name: name)
  }

  mutating func build(_ formula: Formula) throws(ShapeError) -> Formula { .value(try value(formula)) }

  mutating func moments(_ x: Formula, _ axes: [Int]) throws(ShapeError) -> (mean: Formula, variance: Formula)
  {
    let operand = try value(x)
    let results = try graph.addNode(Moments(axes: axes, keepsDimensions: true), [operand], name: name)
    return (.value(results[0]), .value(results[1]))
  }

  /// A constant of single-precision numbers, or of truth values.
  mutating func constant(_ numbers: [Float], _ type: TensorType) -> Formula {
    let bytes =
      type.elementType == .bool
      ? numbers.map { UInt8($0) } : numbers.flatMap { ElementType.float32.bytes(of: Double($0)) }
    return .value(graph.addConstant("\(name).constant", type, bytes: bytes, isParameter: false))
  }
}

/// Puts simpler primitives in place of those that the engine has no kernel for.
struct Lowering: GraphPass {
  static let name = "lowering"

  func applied(to graph: Graph) throws(ShapeError) -> Graph {
    var graph = graph
    // Parts of a decomposition may be decomposed again; each time they are simpler, so this ends.
    var kinds = Kinds()
    var mayGoOn = true
    while mayGoOn { (graph, mayGoOn) = try appliedOnce(to: graph, &kinds) }
    return graph
  }

  /// Which types of primitives can be decomposed: asked once for each.
  private struct Kinds {
    private var known: [ObjectIdentifier: Bool] = [:]

    mutating func decomposable(_ primitive: any Primitive) -> (any DecomposablePrimitive)? {
      let kind = ObjectIdentifier(type(of: primitive))
      if known[kind] == false { return nil }
      let found = primitive as? any DecomposablePrimitive
      known[kind] = found != nil
      return found
    }
  }

  /// The graph with each node decomposed that can be, and whether something that came of it may be decomposed again.
  private func appliedOnce(to graph: Graph, _ kinds: inout Kinds) throws(ShapeError) -> (Graph, Bool) {
    var isChanged = false
    var mayGoOn = false
    let simpler = try graph.rewritten { (node, copy) throws(ShapeError) in
      guard let primitive = kinds.decomposable(node.primitive) else { return nil }
      var context = LoweringContext(copy, node)
      let before = copy.nodes.count
      copy = Graph(name: "")
      defer { copy = context.graph }
      guard let formula = try primitive.decomposed(&context) else { return nil }
      isChanged = true
      let value = try context.value(formula)
      for new in context.graph.nodes[before...] where kinds.decomposable(new.primitive) != nil {
        mayGoOn = true
      }
      return [value]
    }
    return (isChanged ? simpler : graph, mayGoOn)
  }
}
