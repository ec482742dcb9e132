import Graphs

/// A plan under construction: buffers, where values lie in them, and steps in order.
struct PlanBuilder {
  let graph: Graph
  let threads: Int
  let fusion: Fusion
  private(set) var steps: [any PlanStep] = []
  /// The size of each buffer in words of four bytes.
  private(set) var sizes: [Int] = []
  /// Where each value lies that is already computed.
  private(set) var views: ValueTable<TensorView>
  /// Values that loops read as blocks of equal elements; nobody else has asked for them yet.
  private var blocks: [Value: BlockedView] = [:]
  /// The same elements in other layouts, made on demand.
  private var copies: [Copy: TensorView] = [:]
  /// What reads a value outside its group; nil where nothing does.
  let readers: ValueTable<Reader>
  private var isEmitted: [Bool]

  /// The reader of a value outside its group.
  enum Reader {
    /// A single node.
    case node(Int)
    /// Several nodes, or an output of the graph.
    case several
  }

  private struct Copy: Hashable {
    var view: TensorView
    var order: [Int]
  }

  init(_ graph: Graph, threads: Int) {
    self.graph = graph
    self.threads = threads
    fusion = Fusion(graph)
    isEmitted = graph.nodes.map { _ in false }
    views = ValueTable(graph)
    var readers = ValueTable<Reader>(graph)
    for output in graph.outputs { readers[output.value] = .several }
    for (index, node) in graph.nodes.enumerated() {
      for operand in node.operands {
        guard case .node(let source, _) = operand.source else { continue }
        if fusion.groups[source] == nil || fusion.groups[source] != fusion.groups[index] {
          readers[operand] = readers[operand] == nil ? .node(index) : .several
        }
      }
    }
    self.readers = readers
  }

  /// Adds a buffer of some words.
  mutating func buffer(_ words: Int) -> Int {
    sizes.append(max(1, words))
    return sizes.count - 1
  }

  /// A dense tensor in a buffer of its own.
  mutating func tensor(_ type: TensorType, order: [Int]? = nil) -> TensorView {
    TensorView(
      dense: type.shape, order: order, buffer: buffer(type.count),
      isInteger: type.elementType.isStoredAsInteger)
  }

  mutating func append(_ step: some PlanStep) { steps.append(step) }

  mutating func place(_ value: Value, _ view: TensorView) { views[value] = view }

  /// Says that a value is a smaller tensor with its elements repeated; it is written out only where loops cannot read it so.
  mutating func place(_ value: Value, blocks view: BlockedView) { blocks[value] = view }

  /// The smaller tensor behind a value that is not written out.
  func blockedView(_ value: Value) -> BlockedView? { views[value] == nil ? blocks[value] : nil }

  /// Marks a node as done that another step computes as well.
  mutating func markEmitted(_ index: Int) { isEmitted[index] = true }

  /// Where a value lies.
  mutating func view(_ value: Value) throws(PlanError) -> TensorView {
    if let blocked = blockedView(value) {
      let target = TensorView(
        dense: blocked.shape, order: channelsLast(blocked.shape.count),
        buffer: buffer(blocked.shape.reduce(1, *)))
      appendCopy(of: blocked, to: target)
      views[value] = target
    }
    guard let view = views[value] else {
      throw PlanError("value \(value)", found: "no place", expected: "a value that is computed by then")
    }
    return view
  }

  /// A value as a dense tensor with the axes in the given order, copied if it lies differently.
  mutating func dense(_ value: Value, order: [Int]? = nil) throws(PlanError) -> TensorView {
    dense(try view(value), order: order)
  }

  mutating func dense(_ view: TensorView, order: [Int]? = nil) -> TensorView {
    if view.isDense(order: order) { return view }
    let order = order ?? Array(view.shape.indices)
    let key = Copy(view: view, order: order)
    if let copy = copies[key] { return copy }
    let copy = TensorView(
      dense: view.shape, order: order, buffer: buffer(view.count), isInteger: view.isInteger)
    appendCopy(of: view, to: copy)
    copies[key] = copy
    return copy
  }

  /// Adds the steps of all nodes and returns the steps' order.
  mutating func build() throws(PlanError) {
    let unsupported = graph.unsupportedNodes
    guard unsupported.isEmpty else {
      throw PlanError(
        unsupported.map(\.place).joined(separator: ", "), found: unsupported[0].found,
        expected: unsupported[0].expected)
    }
    // A group runs as late as it may, so that what it reads of later parts of the graph does not come early.
    for index in graph.nodes.indices
    where fusion.groups[index].map({ fusion.members[$0].last == index }) ?? true {
      try emit(index)
    }
  }

  /// Emits a node, or its group, after all that they need.
  private mutating func emit(_ first: Int) throws(PlanError) {
    // An explicit stack: groups may depend on each other in long chains.
    var open = [first]
    while let index = open.last {
      if isEmitted[index] {
        open.removeLast()
        continue
      }
      let unit = fusion.groups[index].map { fusion.members[$0] } ?? [index]
      var missing: [Int] = []
      for member in unit {
        for operand in graph.nodes[member].operands {
          guard case .node(let source, _) = operand.source, !isEmitted[source], !unit.contains(source) else {
            continue
          }
          missing.append(source)
        }
      }
      guard missing.isEmpty else {
        open += missing
        continue
      }
      open.removeLast()
      for member in unit { isEmitted[member] = true }
      if fusion.groups[index] != nil {
        try emitNest(unit)
      } else {
        try emitKernel(
          graph.nodes[index],
          results: graph.nodes[index].resultTypes.indices.map {
            Value(.node(index, result: $0))
          })
      }
    }
  }
}

/// A primitive that the engine computes with a kernel of its own, or as a view.
protocol ExecutablePrimitive: Primitive {
  /// Adds the steps and places the results.
  func emit(_ node: Node, _ results: [Value], in builder: inout PlanBuilder) throws(PlanError)
}

extension PlanBuilder {
  private mutating func emitKernel(_ node: Node, results: [Value]) throws(PlanError) {
    guard let primitive = node.primitive as? any ExecutablePrimitive else {
      throw PlanError(
        "node '\(node.name)' (\(node.primitive.name))", found: "\(node.resultTypes[0])",
        expected: "an operation on float32 tensors that the engine computes")
    }
    try primitive.emit(node, results, in: &self)
  }
}

extension Graph {
  /// What the engine does not compute: operations without a kernel, and formats other than float32, bool and integers.
  fileprivate var unsupportedNodes: [PlanError] {
    nodes.compactMap { node in
      var place: String { "node '\(node.name)' (\(node.primitive.name))" }
      func isComputed(_ type: TensorType) -> Bool {
        type.elementType.isLoopElement || type.elementType.isStoredAsInteger
      }
      let unknown =
        node.operands.first { !isComputed(type(of: $0)) }.map { type(of: $0) }
        ?? node.resultTypes.first { !isComputed($0) }
      if let unknown {
        return PlanError(place, found: "\(unknown)", expected: "float32, bool, or integers")
      }
      let first = node.operands.first.map { type(of: $0) } ?? node.resultTypes[0]
      if first.elementType.isInteger, !node.primitive.takesIntegers {
        return PlanError(
          place, found: "\(first)", expected: "real numbers; the engine has no integer form of it")
      }
      if Fusion.space(of: node, in: self) == nil, !(node.primitive is any ExecutablePrimitive) {
        return PlanError(
          place, found: "\(node.resultTypes[0])",
          expected: "an operation on float32 tensors that the engine computes")
      }
      return nil
    }
  }
}

extension Primitive {
  /// Whether the engine computes the operation on integers in its first operand: movement, indices, and arithmetic that has
  /// an integer form.
  fileprivate var takesIntegers: Bool {
    switch self {
    case is Reshape, is Transpose, is Slice, is Expand, is Concatenate, is Cast, is Pad, is Resize, is Gather,
      is GatherElements, is GatherND, is Binary, is Unary, is Select, is Reduce, is Convolution,
      is MatrixProduct,
      is IntegerLayer, is QuantizeLinear, is DequantizeLinear, is ScatterSum, is OneHot, is SparseProduct:
      true
    case let pooling as Pooling: pooling.kind == .maximum
    case let scatter as ScatterElements: scatter.reduction == .replace
    case let scatter as ScatterND: scatter.reduction == .replace
    default: false
    }
  }
}
