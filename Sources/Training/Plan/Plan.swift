package import Graphs

/// A graph compiled for this machine: steps in order and a place in one arena for every tensor.
///
/// Compiled once, run many times by an ``Execution``; running allocates nothing.
package struct Plan: Sendable {
  /// A constant whose value becomes that of an output after each run: a weight, a momentum.
  package struct Update: Hashable, Sendable {
    /// The index of the constant.
    package var constant: Int
    /// The index of the output.
    package var output: Int

    package init(constant: Int, output: Int) {
      self.constant = constant
      self.output = output
    }
  }

  package let inputs: [Graph.Input]
  package let constants: [Graph.Constant]
  /// Names and types of the outputs.
  package let outputs: [Graph.Input]
  package let threads: Int

  let steps: [any PlanStep]
  let memory: MemoryPlan
  let inputViews: [TensorView]
  let constantViews: [TensorView]
  let outputViews: [TensorView]
  /// The smallest extent that each integer input is an index into.
  let indexBounds: [Int?]
  /// Chunks that fused loops need.
  let slots: Int

  /// Bytes of the arena: weights, activations and work space.
  package var byteCount: Int { memory.wordCount * 4 }

  /// The names of the steps, in order, for profiles and tests.
  package var stepLabels: [String] { steps.map(\.label) }

  /// Compiles a graph.
  ///
  /// - Throws: ``PlanError`` that lists what the engine does not compute, or that names an update of another type.
  package init(_ graph: Graph, updates: [Update] = [], threads: Int = 2) throws {
    let violations = graph.verify()
    if let first = violations.first {
      throw PlanError(first.place, found: first.found, expected: first.expected)
    }
    let lowered = try graph.applying([
      DeadNodeElimination(), Lowering(), CommonSubexpressionElimination(), Simplification(),
      DeadNodeElimination(),
    ])
    // Passes drop constants that nothing reads, so these are found again by name; the plan keeps those of the graph.
    var indices: [Int: Int] = [:]
    for (new, constant) in lowered.constants.enumerated() {
      if let old = graph.constants.firstIndex(of: constant), indices[old] == nil { indices[old] = new }
    }
    var builder = PlanBuilder(lowered, threads: threads)
    let preference = LayoutPreference(lowered)
    var views: (inputs: [TensorView], constants: [TensorView]) = ([], [])
    for (index, input) in lowered.inputs.enumerated() {
      let value = Value(.input(index))
      views.inputs.append(builder.tensor(input.type, order: preference.orders[value]))
      builder.place(value, views.inputs[index])
    }
    for (index, constant) in lowered.constants.enumerated() {
      let value = Value(.constant(index))
      views.constants.append(builder.tensor(constant.type, order: preference.orders[value]))
      builder.place(value, views.constants[index])
    }
    try builder.build()
    var outputViews: [TensorView] = []
    for output in lowered.outputs { outputViews.append(try builder.view(output.value)) }
    for update in updates {
      let (constant, output) = (graph.constants[update.constant], lowered.outputs[update.output])
      guard constant.type == lowered.type(of: output.value) else {
        throw PlanError(
          "update of '\(constant.name)'", found: "\(lowered.type(of: output.value))",
          expected: "\(constant.type)")
      }
      guard let index = indices[update.constant] else { continue }
      builder.appendCopy(of: outputViews[update.output], to: views.constants[index])
    }
    inputs = graph.inputs
    constants = lowered.constants
    outputs = lowered.outputs.map { Graph.Input(name: $0.name, type: lowered.type(of: $0.value)) }
    self.threads = max(1, threads)
    inputViews = views.inputs
    constantViews = views.constants
    self.outputViews = outputViews
    steps = builder.steps
    indexBounds = lowered.indexBounds
    slots = builder.steps.reduce(1) { max($0, ($1 as? NestStep)?.slots ?? 1) }
    let permanent = (inputViews + constantViews + outputViews).map(\.buffer)
    memory = MemoryPlan(
      sizes: builder.sizes,
      lifetimes: Plan.lifetimes(of: builder.sizes.count, in: builder.steps, permanent: permanent))
  }

  private static func lifetimes(of count: Int, in steps: [any PlanStep], permanent: [Int]) -> [Lifetime?] {
    var lifetimes: [Lifetime?] = Array(repeating: nil, count: count)
    for (index, step) in steps.enumerated() {
      for buffer in step.reads + step.writes {
        lifetimes[buffer] = Lifetime(first: lifetimes[buffer]?.first ?? index, last: index)
      }
    }
    for buffer in permanent { lifetimes[buffer] = Lifetime(first: 0, last: max(0, steps.count - 1)) }
    return lifetimes
  }
}

extension Graph {
  /// For each input the smallest extent that it is directly an index into.
  fileprivate var indexBounds: [Int?] {
    var bounds: [Int?] = inputs.map { _ in nil }
    func bound(_ value: Value, _ extent: Int) {
      guard case .input(let index) = value.source else { return }
      bounds[index] = min(bounds[index] ?? extent, extent)
    }
    for node in nodes {
      func extent(_ axis: Int) -> Int { type(of: node.operands[0]).shape[axis] }
      switch node.primitive {
      case let gather as Gather: bound(node.operands[1], extent(gather.axis))
      case let gather as GatherElements: bound(node.operands[1], extent(gather.axis))
      case let scatter as ScatterElements: bound(node.operands[1], extent(scatter.axis))
      case let scatter as ScatterSum: bound(node.operands[0], scatter.extent)
      default: break
      }
    }
    return bounds
  }
}
