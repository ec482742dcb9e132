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
  /// Steps that run once, before all others: what depends on constants only.
  let preparation: [any PlanStep]
  let memory: MemoryPlan
  let inputViews: [TensorView]
  let constantViews: [TensorView]
  /// Where shared weights lie, and the buffers of constants that are slices of them, by name; nil where nothing is shared.
  let weights: WeightLayout?
  let sharedBuffers: [(name: String, buffer: Int)]
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
  /// Constants of the names in `weights` are leading slices of shared tensors, read and updated where those lie.
  /// Where the plan would need more than `memoryLimit` bytes, results of the forward pass are thrown away and computed again
  /// for gradients, as few as possible.
  /// - Throws: ``PlanError`` that lists what the engine does not compute, or that names an update of another type, or a
  ///   constant that is no slice of the shared one; also where all that can be computed again leaves a need of more than
  ///   `memoryLimit` bytes.
  package init(
    _ graph: Graph, updates: [Update] = [], weights: WeightLayout? = nil, threads: Int = 2,
    memoryLimit: Int? = nil
  ) throws {
    let violations = graph.verify()
    if let first = violations.first {
      throw PlanError(first.place, found: first.found, expected: first.expected)
    }
    // What no update changes can be computed once.
    let isFixed = updates.isEmpty && weights == nil
    let folding: [any GraphPass] = isFixed ? [FixedNormalizationFolding()] : []
    let finishing: [any GraphPass] = isFixed ? [ConvolutionFinishing()] : []
    let lowered = try graph.applying(
      [DeadNodeElimination()] + folding + [
        IntegerLowering(), Lowering(), CommonSubexpressionElimination(), Simplification(), SparseProducts(),
        DeadNodeElimination(),
      ] + finishing + [Recomputation(), DeadNodeElimination()])
    try self.init(lowered: lowered, of: graph, updates: updates, weights: weights, threads: threads)
    guard let memoryLimit, byteCount > memoryLimit else { return }
    var least = byteCount
    for depth in KernelRecomputation.depths {
      let smaller = try Plan(
        lowered: lowered.applying([KernelRecomputation(depth: depth), DeadNodeElimination()]), of: graph,
        updates: updates, weights: weights, threads: threads)
      least = min(least, smaller.byteCount)
      guard smaller.byteCount > memoryLimit else {
        self = smaller
        return
      }
    }
    throw PlanError(
      "memory of '\(graph.name)'",
      found: "a need of \(least >> 20) MiB beside what can be computed again",
      expected: "at most the \(memoryLimit >> 20) MiB that are free; train in smaller batches",
      isShortOfMemory: true)
  }

  /// Compiles a graph of primitives that have kernels, made of `graph`.
  private init(
    lowered: Graph, of graph: Graph, updates: [Update], weights: WeightLayout?, threads: Int
  ) throws {
    // Passes drop constants that nothing reads, so these are found again by name; the plan keeps those of the graph.
    var olds: [String: [Int]] = [:]
    for (old, constant) in graph.constants.enumerated() { olds[constant.name, default: []].append(old) }
    var indices: [Int: Int] = [:]
    for (new, constant) in lowered.constants.enumerated() {
      if let old = olds[constant.name]?.first(where: { graph.constants[$0] == constant }), indices[old] == nil
      {
        indices[old] = new
      }
    }
    var builder = PlanBuilder(lowered, threads: threads)
    let preference = LayoutPreference(lowered)
    var views: (inputs: [TensorView], constants: [TensorView]) = ([], [])
    var shared: [(name: String, buffer: Int)] = []
    for (index, input) in lowered.inputs.enumerated() {
      let value = Value(.input(index))
      views.inputs.append(builder.tensor(input.type, order: preference.orders[value]))
      builder.place(value, views.inputs[index])
    }
    for (index, constant) in lowered.constants.enumerated() {
      let value = Value(.constant(index))
      if let weights, constant.bytes == nil {
        let buffer = builder.buffer(constant.type.count)
        if let slice = try weights.slice(for: constant, buffer: buffer) {
          shared.append((constant.name, buffer))
          views.constants.append(slice)
          builder.place(value, slice)
          continue
        }
      }
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
    self.weights = weights
    sharedBuffers = shared
    inputViews = views.inputs
    constantViews = views.constants
    self.outputViews = outputViews
    var (preparation, steps): ([any PlanStep], [any PlanStep]) = ([], builder.steps)
    if updates.isEmpty, weights == nil {
      let preparing = Preparation(
        builder.steps, bufferCount: builder.sizes.count, fixed: views.constants.map(\.buffer)
      ).isOnce
      preparation = zip(builder.steps, preparing).filter(\.1).map(\.0)
      steps = zip(builder.steps, preparing).filter { !$0.1 }.map(\.0)
    }
    self.preparation = preparation
    self.steps = steps
    indexBounds = lowered.indexBounds
    slots = builder.steps.reduce(1) { max($0, ($1 as? NestStep)?.slots ?? 1) }
    let prepared: Set<Int> =
      preparation.isEmpty ? [] : Set(preparation.flatMap(\.writes)).intersection(steps.flatMap(\.reads))
    let permanent = (inputViews + constantViews + outputViews).map(\.buffer) + prepared.sorted()
    // Shared weights have no place in the arena.
    var lifetimes = Plan.lifetimes(of: builder.sizes.count, in: preparation + steps, permanent: permanent)
    for constant in shared { lifetimes[constant.buffer] = nil }
    let inPlace = InPlaceResults(
      preparation + steps, sizes: builder.sizes, lifetimes: lifetimes,
      permanent: Set(permanent + shared.map(\.buffer)))
    memory = MemoryPlan(sizes: builder.sizes, lifetimes: inPlace.lifetimes, places: inPlace.places)
  }

  private static func lifetimes(of count: Int, in steps: [any PlanStep], permanent: [Int]) -> [Lifetime?] {
    var lifetimes: [Lifetime?] = Array(repeating: nil, count: count)
    for (index, step) in steps.enumerated() {
      for buffers in [step.reads, step.writes] {
        for buffer in buffers {
          lifetimes[buffer] = Lifetime(first: lifetimes[buffer]?.first ?? index, last: index)
        }
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
      case let product as SparseProduct:
        bound(node.operands[0], product.extent)
        bound(node.operands[1], type(of: node.operands[3]).shape[product.axis])
      default: break
      }
    }
    return bounds
  }
}
