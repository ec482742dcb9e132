package import Graphs

/// A network in training: weights, optimizer states and the compiled step.
package final class Trainer {
  package let step: TrainingStep
  private let execution: Execution
  /// Steps done.
  package private(set) var stepCount = 0

  /// Compiles the step of a network and sets its weights.
  ///
  /// - Throws: `ShapeError` or ``PlanError`` for a network that cannot be trained or computed.
  package convenience init(
    _ network: Graph, _ recipe: Recipe, initialization: Initialization, threads: Int = 2
  ) throws {
    try self.init(network, recipe, values: initialization.values(for: network), threads: threads)
  }

  /// Compiles the step of a network whose weights and running statistics are given by name, in row-major order.
  package init(_ network: Graph, _ recipe: Recipe, values: [String: [Float]], threads: Int = 2) throws {
    step = try TrainingStep(network, recipe)
    let plan = try Plan(step.graph, updates: step.updates, threads: threads)
    var values = values
    values.merge(step.initialStates) { given, _ in given }
    execution = try Execution(plan, values: values)
  }

  package var plan: Plan { execution.plan }

  /// One step on a batch with class numbers; returns the loss before it.
  ///
  /// - Throws: ``PlanError`` for a batch of another size, or a loss that is not finite.
  package func run(_ batch: [Float], labels: [Int], rate: Double) throws -> Float {
    if let classes = step.graph.outputs.first.map({ step.graph.type(of: $0.value).shape })?.dropFirst().first,
      let wrong = labels.first(where: { !(0..<classes).contains($0) })
    {
      throw PlanError("targets", found: "class \(wrong)", expected: "0 ..< \(classes)")
    }
    try execution.write(labels, toInput: step.targetsInput)
    return try run(batch, rate: rate)
  }

  /// One step on a batch with targets of real numbers; returns the loss before it.
  package func run(_ batch: [Float], targets: [Float], rate: Double) throws -> Float {
    try execution.write(targets, toInput: step.targetsInput)
    return try run(batch, rate: rate)
  }

  private func run(_ batch: [Float], rate: Double) throws -> Float {
    try execution.write(batch, toInput: 0)
    try execution.write([Float(rate)], toInput: step.rateInput)
    try execution.write([Float(stepCount + 1)], toInput: step.stepInput)
    execution.run()
    stepCount += 1
    let loss = execution.output(step.lossOutput)[0]
    guard loss.isFinite else {
      throw PlanError(
        "step \(stepCount)", found: "a loss of \(loss.isNaN ? "nan" : "\(loss)")",
        expected: "a finite number; lower the learning rate")
    }
    return loss
  }

  /// The present weights, running statistics and optimizer states, by name.
  package var values: [String: [Float]] {
    var values: [String: [Float]] = [:]
    for (index, constant) in plan.constants.enumerated() where constant.bytes == nil {
      values[constant.name] = execution.constant(index)
    }
    return values
  }

  /// Where the time of one run on the last batch goes, which it trains once more.
  package func profile() -> Profile { execution.profile() }
}
