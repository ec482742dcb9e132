package import Graphs
import Measures

/// A network in training: weights, optimizer states and the compiled step.
package final class Trainer {
  package let step: TrainingStep
  private let execution: Execution
  private let updated: Set<String>
  private let masks: RandomStream
  /// Whether each step is looked over for numbers that are not finite.
  private let checksNumerics: Bool
  private var written: [(index: Int, written: NumericsInspector.Written)] = []
  /// Steps done.
  package private(set) var stepCount: Int

  /// Compiles the step of a network and sets its weights.
  ///
  /// - Throws: `ShapeError` or ``PlanError`` for a network that cannot be trained or computed.
  package convenience init(
    _ network: Graph, _ recipe: Recipe, initialization: Initialization, threads: Int = 2
  ) throws {
    try self.init(network, recipe, values: initialization.values(for: network), threads: threads)
  }

  /// Compiles the step of a network whose weights and running statistics are given by name, in row-major order.
  ///
  /// Values of optimizer states may be among them, to go on behind `stepCount` steps. Masks come from `seed` and the step.
  /// With several `parts`, `network` is for one of them, and the parts of a batch go through it one after the other.
  /// With `checksNumerics`, a step that leaves a number that is not finite says which node made the first one.
  /// - Throws: ``PlanError`` also where the plan needs more than `memoryLimit` bytes.
  package init(
    _ network: Graph, _ recipe: Recipe, values: [String: [Float]], stepCount: Int = 0, seed: UInt64 = 0,
    threads: Int = 2, memoryLimit: Int? = nil, parts: Int = 1, checksNumerics: Bool = false
  ) throws {
    step = try TrainingStep(network, recipe, parts: parts)
    let plan = try Plan(step.graph, updates: step.updates, threads: threads, memoryLimit: memoryLimit)
    var values = values
    values.merge(step.initialStates) { given, _ in given }
    for (name, original) in step.averages where values[name] == nil {
      values[name] =
        values[original]
        ?? step.graph.constants.first { $0.name == original }?.bytes.map(floats(littleEndian:))
    }
    masks = RandomStream(seed: seed)
    execution = try Execution(plan, values: values)
    updated = Set(step.updates.map { [graph = step.graph] in graph.constants[$0.constant].name })
    self.stepCount = stepCount
    self.checksNumerics = checksNumerics
  }

  package var plan: Plan { execution.plan }

  /// One step on a batch with class numbers; returns the loss before it.
  ///
  /// - Throws: ``PlanError`` for a batch of another size, or a loss that is not finite.
  package func run(_ batch: [Float], labels: [Int], teacher: [Float]? = nil, rate: Double) throws -> Float {
    if let classes = step.graph.outputs.first.map({ step.graph.type(of: $0.value).shape })?.dropFirst().first,
      let wrong = labels.first(where: { !(0..<classes).contains($0) })
    {
      throw PlanError("targets", found: "class \(wrong)", expected: "0 ..< \(classes)")
    }
    try write(.integers(labels), toInput: step.targetsInput)
    return try run(batch, teacher, rate: rate)
  }

  /// One step on a batch with targets of real numbers; returns the loss before it.
  package func run(_ batch: [Float], targets: [Float], teacher: [Float]? = nil, rate: Double) throws -> Float
  {
    try write(.numbers(targets), toInput: step.targetsInput)
    return try run(batch, teacher, rate: rate)
  }

  private func run(_ batch: [Float], _ teacher: [Float]?, rate: Double) throws -> Float {
    if let input = step.teacherInput { try write(.numbers(teacher ?? []), toInput: input) }
    if let (augmentation, places) = step.augmentation {
      var random = masks.child(UInt64(stepCount)).child(1 << 32)
      let kinds = DifferentiableAugmentation.Kind.allCases
      let draw = augmentation.draw(kinds[random.below(kinds.count)], &random)
      try augmentation.write(
        draw, to: places, integers: { try write(.integers($0), toInput: $1) }
      ) { try write(.numbers($0), toInput: $1) }
    }
    for (index, mask) in step.masks.enumerated() {
      let stream = masks.child(UInt64(stepCount)).child(UInt64(index))
      try write(.numbers(drawn(mask, stream)), toInput: mask.input)
    }
    try write(.numbers(batch), toInput: 0)
    try write(.numbers([Float(rate)]), toInput: step.rateInput)
    try write(.numbers([Float(stepCount + 1)]), toInput: step.stepInput)
    let before = checksNumerics ? values : [:]
    execution.run()
    stepCount += 1
    let loss = execution.output(step.lossOutput)[0]
    if checksNumerics { try requireFinite(loss, before) }
    guard loss.isFinite else {
      throw PlanError(
        "step \(stepCount)", found: "a loss of \(loss.isNaN ? "nan" : "\(loss)")",
        expected: "a finite number; lower the learning rate")
    }
    return loss
  }

  private func write(_ value: NumericsInspector.Written, toInput index: Int) throws {
    if checksNumerics {
      written.removeAll { $0.index == index }
      written.append((index, value))
    }
    switch value {
    case .numbers(let numbers): try execution.write(numbers, toInput: index)
    case .integers(let integers): try execution.write(integers, toInput: index)
    }
  }

  /// - Throws: ``PlanError`` with the first node that made a number that is not finite, where loss or a weight is none.
  private func requireFinite(_ loss: Float, _ before: [String: [Float]]) throws {
    guard !loss.isFinite || tensors.contains(where: { !$0.elements.allSatisfy(\.isFinite) }) else { return }
    let inspector = NumericsInspector(
      graph: step.graph, values: before, inputs: written, threads: plan.threads)
    let offender = try inspector.firstOffender()
    throw PlanError(
      "step \(stepCount), \(offender?.place ?? "loss")", found: offender?.found ?? "a loss of \(loss)",
      expected: "finite numbers; lower the learning rate, warm up, or clip gradients")
  }

  private func drawn(_ mask: Regularisation.Mask, _ stream: RandomStream) -> [Float] {
    var random = stream
    let kept = Float(1 / (1 - mask.probability))
    return (0..<mask.count).map { _ in random.uniform() < mask.probability ? 0 : kept }
  }

  /// What the network said to the last batch: its first output, in row-major order.
  package var logits: [Float] { execution.output(0) }

  /// The present weights, running statistics and optimizer states, by name.
  package var values: [String: [Float]] {
    Dictionary(uniqueKeysWithValues: tensors.map { ($0.name, $0.elements) })
  }

  /// The same with their extents, in the order of the plan: everything that a run changes or that has no fixed value.
  package var tensors: [(name: String, shape: [Int], elements: [Float])] {
    plan.constants.enumerated().filter { $1.bytes == nil || updated.contains($1.name) }.map {
      index, constant in
      (constant.name, constant.type.shape, execution.constant(index))
    }
  }

  /// Where the time of one run on the last batch goes, which it trains once more.
  package func profile() -> Profile { execution.profile(runs: 3) }
}

extension [String: [Float]] {
  /// The values that a trained network is used with: averages in place of what they average, and no other states.
  package var inUse: [String: [Float]] {
    var values = self
    for (name, average) in self where name.hasSuffix(TrainingStep.averageSuffix) {
      values[String(name.dropLast(TrainingStep.averageSuffix.count))] = average
    }
    return values
  }
}

/// Single-precision numbers of little-endian bytes.
private func floats(littleEndian bytes: [UInt8]) -> [Float] {
  bytes.withUnsafeBytes { buffer in
    (0..<buffer.count / 4).map {
      Float(bitPattern: UInt32(littleEndian: buffer.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self)))
    }
  }
}
