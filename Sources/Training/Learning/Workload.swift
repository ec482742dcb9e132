package import Graphs
import Measures

/// A piece of work on a network that is run again and again, with random operands: what a profile measures.
package struct Workload: Sendable {
  package var graph: Graph
  package var updates: [Plan.Update]
  /// Elements of constants without bytes, by name.
  package var values: [String: [Float]]
  /// Numbers of inputs that are not random, by index.
  private var numbers: [Int: Float] = [:]
  private var classes = 1

  /// The network as it is.
  package init(inference network: Graph, seed: UInt64 = 1) {
    graph = network
    updates = []
    values = Initialization(seed: seed).values(for: network)
  }

  /// Forward pass, gradients and update of all parameters.
  ///
  /// - Throws: `ShapeError` for a network that cannot be trained.
  package init(training network: Graph, _ recipe: Recipe = Recipe(), seed: UInt64 = 1) throws(ShapeError) {
    let step = try TrainingStep(network, recipe)
    graph = step.graph
    updates = step.updates
    values = Initialization(seed: seed).values(for: network)
    values.merge(step.initialStates) { given, _ in given }
    numbers = [step.rateInput: 1e-4, step.stepInput: 1]
    classes = network.classes
  }

  /// One step of gradient matching; `real` and `synthetic` are the same network for two sizes of batch.
  ///
  /// - Throws: `ShapeError` for networks whose gradients cannot be matched.
  package init(matching real: Graph, synthetic: Graph, seed: UInt64 = 1) throws(ShapeError) {
    let matching = try GradientMatching(real: real, synthetic: synthetic)
    graph = matching.graph
    updates = matching.updates
    values = Initialization(seed: seed).values(for: real)
    var random = RandomStream(seed: seed)
    let count = synthetic.inputs[0].type.count
    values[GradientMatching.images] = (0..<count).map { _ in Float((random.uniform() * 2 - 1) * 1.7320508) }
    values[GradientMatching.momentum] = Array(repeating: 0, count: count)
    classes = real.classes
  }

  /// Memory for a plan of ``graph``, with random inputs.
  ///
  /// - Throws: ``PlanError`` for constants without value.
  package func execution(of plan: Plan, seed: UInt64 = 1) throws -> Execution {
    let execution = try Execution(plan, values: values)
    try execution.fillInputs(seed: seed, classes: classes)
    for (index, number) in numbers.sorted(by: { $0.key < $1.key }) {
      try execution.write([number], toInput: index)
    }
    return execution
  }
}

extension Graph {
  /// The extent of axis 1 of the first output.
  fileprivate var classes: Int {
    guard let output = outputs.first, type(of: output.value).rank > 1 else { return 1 }
    return type(of: output.value).shape[1]
  }
}
