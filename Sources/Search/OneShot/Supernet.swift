import Graphs
package import Networks
package import Training

/// A search network in training: shared weights, and rewards of the operations that are mixed in it.
///
/// Weights and rewards are computed by two plans on the same memory of weights.
package final class Supernet {
  private let trained: CellSupernet.Result
  private let batch: Int
  private let step: TrainingStep
  private let training: Execution
  private let rewarding: Execution
  /// Weights and optimizer states; a network with fewer operations goes on with them.
  package let store: WeightStore
  /// Where the losses' gradients by mixing weights come out of ``rewarding``, in the order of mixings.
  private let rewardOutputs: [Int?]
  private let rewardLoss: Int
  private let rewardTargets: Int
  private var stepCount: Int
  /// For each choice, the cells in which it is mixed when nothing is wiped.
  package let cells: [[Int]]
  /// The weight of auxiliary skips, where the network has them.
  package var auxiliaryShare = 0.0

  /// Compiles both plans.
  ///
  /// - Parameters:
  ///   - cells: For each choice, the cells in which it is mixed; nil where `network` has all operations.
  ///   - store: The weights of a network with more operations, to go on with; nil to begin at random by `seed`.
  /// - Throws: `ShapeError` or `PlanError` for a network that does not fit the images or the engine.
  package init(
    _ network: CellSupernet.Result, batch: Int, recipe: Recipe, cells: [[Int]]? = nil,
    store: WeightStore? = nil, stepCount: Int = 0, seed: UInt64, threads: Int
  ) throws {
    self.batch = batch
    self.stepCount = stepCount
    trained = network
    self.cells = cells ?? Self.cells(of: network)
    step = try TrainingStep(trained.graph, recipe)
    let shared: WeightStore
    if let store {
      shared = store
    } else {
      var initial = Initialization(seed: seed).values(for: trained.graph)
      initial.merge(step.initialStates) { first, _ in first }
      shared = try WeightStore(WeightLayout(of: step.graph), values: initial)
    }
    self.store = shared
    training = try Execution(
      Plan(step.graph, updates: step.updates, weights: shared.layout, threads: threads), store: shared)

    var graph = trained.graph
    let logits = graph.outputs[0].value
    rewardTargets = graph.inputs.count
    let targets = graph.addInput("targets", recipe.loss.targetType(for: graph.type(of: logits)))
    let loss = try recipe.loss.add(output: logits, targets: targets, to: &graph)
    let mixings = trained.mixing.indices.map { Value(.input(network.input(ofMixing: $0))) }
    let gradients = try graph.addGradients(of: [loss], withRespectTo: mixings)
    rewardLoss = graph.outputs.count
    graph.outputs.append(Graph.Output(name: "loss", value: loss))
    var outputs: [Int?] = []
    for (index, gradient) in gradients.enumerated() {
      outputs.append(gradient == nil ? nil : graph.outputs.count)
      if let gradient { graph.outputs.append(Graph.Output(name: "reward \(index)", value: gradient)) }
    }
    rewardOutputs = outputs
    rewarding = try Execution(
      Plan(graph, weights: shared.layout, threads: threads), store: shared)
  }

  /// One step of the weights on a batch; returns the mean loss before it.
  ///
  /// - Parameter mixtures: For each edge the weight of each operation, zero's among them.
  /// - Throws: `PlanError` for a batch of another size.
  package func train(_ pixels: [Float], labels: [Int], mixtures: [[Double]], rate: Double) throws -> Double {
    try write(mixtures, to: training)
    try training.write(pixels, toInput: 0)
    try training.write(labels, toInput: step.targetsInput)
    try training.write([Float(rate)], toInput: step.rateInput)
    try training.write([Float(stepCount + 1)], toInput: step.stepInput)
    training.run()
    stepCount += 1
    return Double(training.output(step.lossOutput)[0])
  }

  /// The rewards of a batch: for each choice and each of its cells, one round for each sample, with a reward for each option.
  ///
  /// R = −⟨∂loss/∂p, fᵢ⟩ of the loss of the sample alone; zero's is 0, since it adds nothing. Operations that are not in the
  /// network have 0 as well.
  /// - Returns: Rewards `[choice][cell][sample][option]` and the mean loss.
  package func rewards(
    _ pixels: [Float], labels: [Int], mixtures: [[Double]]
  ) throws -> (rounds: [[[[Double]]]], loss: Double) {
    try write(mixtures, to: rewarding)
    try rewarding.write(pixels, toInput: 0)
    try rewarding.write(labels, toInput: rewardTargets)
    rewarding.run()
    var rounds = mixtures.indices.map { choice in
      let blank = Array(repeating: Array(repeating: 0.0, count: mixtures[choice].count), count: batch)
      return Array(repeating: blank, count: cells[choice].count)
    }
    for (mixing, output) in zip(trained.mixing, rewardOutputs) {
      guard let output, let cell = cells[mixing.edge].firstIndex(of: mixing.cell) else { continue }
      // The loss is the mean over the batch: a sample's own gradient is that times the batch.
      for (sample, gradient) in rewarding.output(output).enumerated() {
        rounds[mixing.edge][cell][sample][mixing.operation] = -Double(gradient) * Double(batch)
      }
    }
    return (rounds, Double(rewarding.output(rewardLoss)[0]))
  }

  package var steps: Int { stepCount }

  /// Counts steps as not taken, after the store was put back to what it was before them.
  package func forgetSteps(_ count: Int) { stepCount -= count }

  /// The share of images whose class the network with these mixtures finds; `labels` of whole batches.
  package func accuracy(_ pixels: [Float], labels: [Int], mixtures: [[Double]]) throws -> Double {
    _ = try rewards(pixels, labels: labels, mixtures: mixtures)
    let logits = rewarding.output(0)
    let classes = logits.count / batch
    let right = labels.indices.count { sample in
      let row = logits[sample * classes..<(sample + 1) * classes]
      return row.max() == row[row.startIndex + labels[sample]]
    }
    return Double(right) / Double(labels.count)
  }

  private static func cells(of network: CellSupernet.Result) -> [[Int]] {
    let choices = (network.mixing.map(\.edge).max() ?? -1) + 1
    var cells: [[Int]] = Array(repeating: [], count: choices)
    for mixing in network.mixing where !cells[mixing.edge].contains(mixing.cell) {
      cells[mixing.edge].append(mixing.cell)
    }
    return cells
  }

  private func write(_ mixtures: [[Double]], to execution: Execution) throws {
    if trained.hasAuxiliarySkips {
      try execution.write(Array(repeating: Float(auxiliaryShare), count: batch), toInput: 1)
    }
    for (index, mixing) in trained.mixing.enumerated() {
      let weight = Float(mixtures[mixing.edge][mixing.operation])
      try execution.write(Array(repeating: weight, count: batch), toInput: trained.input(ofMixing: index))
    }
  }
}
