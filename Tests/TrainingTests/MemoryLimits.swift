import Graphs
import Testing
import Training

@testable import Networks

/// Training in less memory than a step would take.
struct MemoryLimits {
  /// Some layers of convolution and normalisation, by which a gradient has to come back.
  private func network(batch: Int, layers: Int = 8, normalizesBatch: Bool = false) throws -> Graph {
    var network = NetworkBuilder(name: "deep")
    var x = try network.input("input", [batch, 3, 16, 16])
    for layer in 0..<layers {
      x = try network.convolution(x, 16, kernel: 3, name: "conv\(layer)")
      if normalizesBatch { x = try network.batchNormalization(x, name: "norm\(layer)") }
      x = try network.apply(Unary(.relu), x, name: "relu\(layer)")
    }
    x = try network.globalAveragePooling(x, name: "pool")
    network.output("logits", try network.linear(x, 5, name: "head"))
    return network.graph
  }

  private func execution(
    of step: TrainingStep, network: Graph, batch: Int, memoryLimit: Int? = nil
  ) throws -> Execution {
    let plan = try Plan(step.graph, updates: step.updates, memoryLimit: memoryLimit)
    var values = Initialization(seed: 3).values(for: network)
    values.merge(step.initialStates) { given, _ in given }
    let execution = try Execution(plan, values: values)
    try execution.fillInputs(seed: 5, classes: 5)
    try execution.write((0..<batch).map { $0 % 5 }, toInput: step.targetsInput)
    try execution.write([Float(0.1)], toInput: step.rateInput)
    try execution.write([Float(1)], toInput: step.stepInput)
    return execution
  }

  private func weights(_ execution: Execution) -> [String: [Float]] {
    // Weights, running statistics and optimizer states; numbers in formulas have bytes.
    Dictionary(
      uniqueKeysWithValues: execution.plan.constants.indices.compactMap { index in
        let constant = execution.plan.constants[index]
        return constant.bytes == nil ? (constant.name, execution.constant(index)) : nil
      })
  }

  private func distance(_ left: [String: [Float]], _ right: [String: [Float]]) -> Float {
    #expect(left.keys.sorted() == right.keys.sorted())
    var worst: Float = 0
    for (name, elements) in left {
      let scale = elements.reduce(Float(1e-3)) { max($0, abs($1)) }
      for (a, b) in zip(elements, right[name] ?? []) { worst = max(worst, abs(a - b) / scale) }
    }
    return worst
  }

  @Test(arguments: [0.95, 0.85])
  func `results computed again give the same weights in less memory`(_ share: Double) throws {
    let network = try network(batch: 32, layers: 12, normalizesBatch: true)
    let step = try TrainingStep(network, Recipe(optimizer: .sgd(momentum: 0.9)))
    let free = try execution(of: step, network: network, batch: 32)
    let limit = Int(Double(free.plan.byteCount) * share)
    let limited = try execution(of: step, network: network, batch: 32, memoryLimit: limit)
    #expect(limited.plan.byteCount <= limit)
    for _ in 0..<3 {
      free.run()
      limited.run()
    }
    #expect(distance(weights(free), weights(limited)) < 2e-5)
  }

  @Test func `memory that nothing can save is an error`() throws {
    let network = try network(batch: 4)
    let step = try TrainingStep(network, Recipe())
    let error = #expect(throws: PlanError.self) {
      try execution(of: step, network: network, batch: 4, memoryLimit: 1000)
    }
    #expect(error?.place == "memory of 'deep'" && error?.isShortOfMemory == true)
    #expect(error?.found.hasSuffix("MiB beside what can be computed again") == true)
  }

  @Test(arguments: [2, 8])
  func `the parts of a batch together change weights as the batch does`(_ parts: Int) throws {
    let batch = 64
    let (whole, part) = (
      try network(batch: batch, layers: 3), try network(batch: batch / parts, layers: 3)
    )
    let recipe = Recipe(optimizer: .sgd(momentum: 0.9), weightDecay: 1e-3, clippingNorm: 1)
    let step = try TrainingStep(whole, recipe)
    let split = try TrainingStep(part, recipe, parts: parts)
    let (first, second) = (
      try execution(of: step, network: whole, batch: batch),
      try execution(of: split, network: whole, batch: batch)
    )
    if parts == 8 { #expect(second.plan.byteCount < first.plan.byteCount * 9 / 10) }
    for _ in 0..<3 {
      first.run()
      second.run()
    }
    #expect(distance(weights(first), weights(second)) < 2e-5)
    let (a, b) = (first.output(step.lossOutput)[0], second.output(split.lossOutput)[0])
    #expect(abs(a - b) < 1e-5)
    #expect(zip(first.output(0), second.output(0)).allSatisfy { abs($0 - $1) < 1e-4 })
  }

  @Test func `running statistics follow the mean of those of the parts`() throws {
    let (whole, part) = (
      try network(batch: 16, layers: 1, normalizesBatch: true),
      try network(batch: 4, layers: 1, normalizesBatch: true)
    )
    let recipe = Recipe(optimizer: .sgd())
    let step = try TrainingStep(whole, recipe)
    let split = try TrainingStep(part, recipe, parts: 4)
    let (first, second) = (
      try execution(of: step, network: whole, batch: 16), try execution(of: split, network: whole, batch: 16)
    )
    first.run()
    second.run()
    // The mean over the batch is that of the parts' means; the variance is more than that of theirs.
    let (a, b) = (weights(first), weights(second))
    let name = try #require(a.keys.sorted().first { $0.contains("norm0") && $0.contains("mean") })
    #expect(zip(a[name] ?? [], b[name] ?? []).allSatisfy { abs($0 - $1) < 1e-5 })
  }

  @Test func `a network whose inputs have no common batch is not split`() throws {
    var graph = Graph(name: "pair")
    let x = graph.addInput("x", TensorType([4, 8]))
    let other = graph.addInput("scale", TensorType([8]))
    let weight = graph.addConstant("weight", TensorType([8, 3]))
    let scaled = try graph.add(Binary(.multiply), x, other, name: "scaled")
    let y = try graph.add(MatrixProduct(), scaled, weight, name: "product")
    graph.outputs = [Graph.Output(name: "y", value: y)]
    #expect(
      throws: ShapeError(
        "input 'scale'", found: "float32[8]",
        expected: "a first extent of 4, the batch, which is split into 2 parts")
    ) { try TrainingStep(graph, Recipe(), parts: 2) }
  }
}
