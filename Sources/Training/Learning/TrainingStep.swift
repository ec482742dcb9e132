package import Graphs

/// One step of training as one graph: forward pass, loss, gradients and the update of all weights.
///
/// Weights and the optimizer's states are constants of ``graph``; ``updates`` says which output each of them becomes after
/// a run. Being a graph, a step can be verified, planned, described, and simulated on a machine.
package struct TrainingStep: Sendable {
  package let graph: Graph
  package let updates: [Plan.Update]
  /// The inputs after the network's own: targets, learning rate, number of the step (from 1).
  package let targetsInput: Int
  package let rateInput: Int
  package let stepInput: Int
  /// The output that holds the loss; those of the network come before it.
  package let lossOutput: Int
  /// The input that holds a teacher's outputs, where the recipe has one.
  package let teacherInput: Int?
  /// Where the draws of augmentation inside the graph go, where the recipe has it.
  package let augmentation: (DifferentiableAugmentation, DifferentiableAugmentation.Inputs)?
  /// The inputs that hold masks.
  package let masks: [Regularisation.Mask]
  /// The elements of constants that start at zero, by name.
  package let initialStates: [String: [Float]]
  /// Constants that start as copies of others and become their averages: the average's name, then the original's.
  package let averages: [(name: String, original: String)]
  /// What the name of an average adds to that of its original.
  package static let averageSuffix = ".average"

  /// Adds to a network what its training needs.
  ///
  /// Batch normalisation takes the statistics of the batch and keeps running ones. The loss is that of output 0.
  /// With several `parts`, `network` is for one part of a batch: forward pass and gradients of one part come after those of
  /// the other, gradients are added up, and batch normalisation takes the statistics of a part; running ones follow their
  /// mean.
  /// - Throws: `ShapeError` where the loss does not fit the network's first output, or there is nothing to train.
  package init(_ network: Graph, _ recipe: Recipe, parts: Int = 1) throws(ShapeError) {
    guard !network.outputs.isEmpty else {
      throw ShapeError("training of '\(network.name)'", found: "no outputs", expected: "at least 1")
    }
    let parameters = network.constants.indices.filter { network.constants[$0].isParameter }
    guard !parameters.isEmpty else {
      throw ShapeError("training of '\(network.name)'", found: "no parameters", expected: "at least 1")
    }
    var statistics: [(constant: Int, value: Value)] = []
    var masks: [Regularisation.Mask] = []
    let network = try recipe.regularisation.apply(to: network, &masks)
    self.masks = masks.map {
      Regularisation.Mask(input: $0.input, count: $0.count * parts, probability: $0.probability)
    }
    let (augmented, augmentation) = try network.augmented(if: recipe.augmentsInGraph)
    self.augmentation = augmentation
    let single = try augmented.withBatchStatistics(momentum: recipe.statisticsMomentum, &statistics)
    let batches = try MicroBatches(single, statistics: statistics.map(\.value), parts: parts)
    var graph = batches.start
    targetsInput = graph.inputs.count
    let targets = graph.addInput("targets", recipe.loss.targetType(for: batches.outputType))
    rateInput = graph.inputs.count
    let rate = Formula.value(graph.addInput("learning rate", TensorType([])))
    stepInput = graph.inputs.count
    let step = Formula.value(graph.addInput("step", TensorType([])))
    var teacher: Value?
    if recipe.distillation != nil {
      teacherInput = graph.inputs.count
      teacher = graph.addInput("teacher", batches.outputType)
    } else {
      teacherInput = nil
    }
    let pass = try batches.run(in: &graph, parameters: parameters) {
      (output, part, graph) throws(ShapeError) in
      let loss = try recipe.loss.add(
        output: output, targets: batches.slice(targets, part, in: &graph), to: &graph)
      guard let distillation = recipe.distillation, let teacher else { return loss }
      let other = try Loss.distillation(temperature: distillation.temperature).add(
        output: output, targets: batches.slice(teacher, part, in: &graph), to: &graph, name: "distillation")
      return try graph.add(
        .number(1 - distillation.share) * .value(loss) + .number(distillation.share) * .value(other),
        .float32,
        name: "loss")
    }
    let loss = pass.loss
    var gradients = pass.gradients
    statistics = zip(statistics, pass.statistics).map { ($0.constant, $1) }
    lossOutput = graph.outputs.count
    graph.outputs.append(Graph.Output(name: "loss", value: loss))
    if let norm = recipe.clippingNorm { gradients = try graph.clipped(gradients, norm: norm) }
    var updates: [Plan.Update] = []
    var initial: [String: [Float]] = [:]
    var averages: [(name: String, original: String)] = []
    func update(_ constant: Int, _ value: Value, in graph: inout Graph) {
      updates.append(Plan.Update(constant: constant, output: graph.outputs.count))
      graph.outputs.append(Graph.Output(name: "next \(graph.constants[constant].name)", value: value))
    }
    for (index, gradient) in zip(parameters, gradients) {
      guard let gradient else { continue }
      let constant = graph.constants[index]
      var states: [(index: Int, value: Formula)] = []
      for state in recipe.optimizer.states {
        let name = "\(constant.name).\(state)"
        initial[name] = Array(repeating: 0, count: constant.type.count)
        let value = graph.addConstant(name, constant.type, isParameter: false)
        states.append((graph.constants.count - 1, .value(value)))
      }
      let isDecayed = recipe.decaysVectors || constant.type.shape.count { $0 > 1 } >= 2
      var next = graph
      graph = Graph(name: "")
      let result = try recipe.optimizer.update(
        weight: .value(Value(.constant(index))), gradient: .value(gradient), states: states.map(\.value),
        rate: rate,
        step: step, decay: isDecayed ? recipe.weightDecay : 0
      ) { formula throws(ShapeError) in
        .value(try next.add(formula, .float32, name: "\(constant.name).update"))
      }
      let weight = try next.add(result.weight, .float32, name: "\(constant.name).update")
      graph = next
      for (state, formula) in zip(states, result.states) {
        if case .value(let value) = formula { update(state.index, value, in: &graph) }
      }
      update(index, weight, in: &graph)
    }
    for statistic in statistics { update(statistic.constant, statistic.value, in: &graph) }
    if recipe.averaging > 0 {
      // The first steps keep less, so that the first weights are soon forgotten.
      let kept = try graph.add(
        .node(Binary(.minimum), [.number(recipe.averaging), (1 + step) / (10 + step)]), .float32,
        name: "average")
      let tested = Set(parameters + statistics.map(\.constant))
      for change in updates where tested.contains(change.constant) {
        let constant = graph.constants[change.constant]
        let next = graph.outputs[change.output].value
        averages.append((constant.name + Self.averageSuffix, constant.name))
        let average = graph.addConstant(constant.name + Self.averageSuffix, constant.type, isParameter: false)
        let index = graph.constants.count - 1
        let value = Formula.value(next) + .value(kept) * (.value(average) - .value(next))
        update(index, try graph.add(value, .float32, name: "\(constant.name).average"), in: &graph)
      }
    }
    self.averages = averages
    self.graph = graph
    self.updates = updates
    initialStates = initial
  }
}

extension Graph {
  /// The network with the statistics of the batch in place of fixed ones, and what the running ones become.
  ///
  /// Running variances follow the unbiased estimate, as in PyTorch and in ONNX's training mode.
  fileprivate func withBatchStatistics(
    momentum: Double, _ updates: inout [(constant: Int, value: Value)]
  ) throws(ShapeError) -> Graph {
    var found: [(constant: Int, value: Value)] = []
    let graph = try rewritten { (node, copy) throws(ShapeError) in
      guard let normalization = node.primitive as? BatchNormalization else { return nil }
      let x = node.operands[0]
      let shape = copy.type(of: x).shape
      let axes = shape.indices.filter { $0 != 1 }
      let moments = try copy.addNode(
        Moments(axes: axes, keepsDimensions: false), [x], name: "\(node.name).moments")
      let count = Double(copy.type(of: x).count / shape[1])
      for (operand, moment, scale) in [(3, 0, 1.0), (4, 1, count / max(1, count - 1))] {
        guard case .constant(let constant) = node.operands[operand].source else { continue }
        let running = Formula.value(node.operands[operand])
        let next = .number(1 - momentum) * running + .number(momentum * scale) * .value(moments[moment])
        found.append((constant, try copy.add(next, .float32, name: "\(node.name).running")))
      }
      return try copy.addNode(
        normalization, Array(node.operands.prefix(3)) + moments, name: node.name)
    }
    updates = found
    return graph
  }

  /// The network with its first input, images, changed at random; the network as it is where this is not wanted.
  fileprivate func augmented(
    if isWanted: Bool
  ) throws(ShapeError) -> (Graph, (DifferentiableAugmentation, DifferentiableAugmentation.Inputs)?) {
    guard isWanted else { return (self, nil) }
    let shape = inputs.first?.type.shape ?? []
    guard shape.count == 4 else {
      throw ShapeError(
        "augmentation of '\(name)'", found: "input \(shape)", expected: "[batch, channels, height, width]")
    }
    let augmentation = DifferentiableAugmentation(
      batch: shape[0], channels: shape[1], height: shape[2], width: shape[3])
    var base = self
    let places = augmentation.addInputs(to: &base)
    let images = Value(.input(0))
    var changed: Value?
    let graph = try base.rewritten { (node, copy) throws(ShapeError) in
      guard node.operands.contains(images) else { return nil }
      let value: Value
      if let changed { value = changed } else { value = try augmentation.addNodes(to: &copy, images, places) }
      changed = value
      return try copy.addNode(
        node.primitive, node.operands.map { $0 == images ? value : $0 }, name: node.name)
    }
    return (graph, (augmentation, places))
  }

  /// Gradients scaled so that their norm together is at most `norm`.
  ///
  /// Source: Pascanu et al. 2013, arXiv:1211.5063, algorithm 1.
  fileprivate mutating func clipped(_ gradients: [Value?], norm: Double) throws(ShapeError) -> [Value?] {
    var sum: Formula = 0
    for gradient in gradients.compactMap({ $0 }) {
      let axes = Array(type(of: gradient).shape.indices)
      sum = .value(
        try add(
          sum + (.value(gradient) * .value(gradient)).reduced(.sum, axes, keeps: false), .float32,
          name: "norm"))
    }
    let ratio = (.number(norm) / (sum.map(.squareRoot) + 1e-6)).map(.clamp(minimum: nil, maximum: 1))
    let scale = Formula.value(try add(ratio, .float32, name: "clip"))
    var clipped: [Value?] = []
    for gradient in gradients {
      guard let gradient else {
        clipped.append(nil)
        continue
      }
      clipped.append(try add(.value(gradient) * scale, .float32, name: "clip"))
    }
    return clipped
  }
}
