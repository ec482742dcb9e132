import Datasets
import Foundation
import Graphs
import Networks
import Testing
import Training

/// What recipes add to a step: averages, masks, a teacher.
struct Regularisations {
  private func labels(_ step: Int) -> [Int] { [step % 5, 3, 1, 4] }

  @Test func `averages follow their definition`() throws {
    let recipe = Recipe(optimizer: .sgd(momentum: 0.9), averaging: 0.9)
    let trainer = try Trainer(TrainingSteps.network(), recipe, values: TrainingSteps.values)
    var expected = TrainingSteps.values["conv.weight", default: []].map { Double($0) }
    for step in 1...6 {
      _ = try trainer.run(TrainingSteps.wave(768, 0.1, 1.5), labels: labels(step), rate: 0.1)
      let kept = min(0.9, Double(1 + step) / Double(10 + step))
      let weights = trainer.values["conv.weight", default: []]
      for index in expected.indices {
        expected[index] = kept * expected[index] + (1 - kept) * Double(weights[index])
      }
    }
    let values = trainer.values
    let found = values.inUse["conv.weight", default: []]
    #expect(zip(found, expected).allSatisfy { abs(Double($0) - $1) < 1e-5 })
    #expect(found != values["conv.weight"])
    #expect(values["norm.running_var.average"] != nil)
    #expect(values["conv.weight.momentum.average"] == nil)
  }

  @Test func `averages do not change the weights`() throws {
    func weights(_ averaging: Double) throws -> [Float]? {
      let trainer = try Trainer(
        TrainingSteps.network(), Recipe(averaging: averaging), values: TrainingSteps.values)
      for step in 0..<3 {
        _ = try trainer.run(TrainingSteps.wave(768, 0.1, 1.5), labels: labels(step), rate: 0.1)
      }
      return trainer.values["conv.weight"]
    }
    #expect(try weights(0) == weights(0.99))
  }

  @Test func `a teacher's share of the loss is the divergence from its outputs`() throws {
    func loss(_ recipe: Recipe, teacher: [Float]?) throws -> Float {
      let trainer = try Trainer(TrainingSteps.network(), recipe, values: TrainingSteps.values)
      return try trainer.run(
        TrainingSteps.wave(768, 0.1, 1.5), labels: [0, 3, 1, 4], teacher: teacher, rate: 0.1)
    }
    func divergence(_ targets: [Float]) throws -> Float {
      let trainer = try Trainer(
        TrainingSteps.network(), Recipe(loss: .distillation(temperature: 3)), values: TrainingSteps.values)
      return try trainer.run(TrainingSteps.wave(768, 0.1, 1.5), targets: targets, rate: 0.1)
    }
    let teacher = TrainingSteps.wave(20, 0.3, 2)
    let plain = try loss(Recipe(), teacher: nil)
    let mixed = try loss(Recipe(distillation: .init(share: 0.25, temperature: 3)), teacher: teacher)
    #expect(abs(mixed - (0.75 * plain + 0.25 * (try divergence(teacher)))) < 1e-5)
    #expect(throws: PlanError.self) {
      try loss(Recipe(distillation: .init(share: 0.25, temperature: 3)), teacher: nil)
    }
  }

  @Test func `masks leave out what their chance says and keep the expectation`() throws {
    var masks: [Regularisation.Mask] = []
    let network = try TrainingRuns.network(4)
    let graph = try Regularisation(dropout: 0.25, dropPath: 0.3).apply(to: network, &masks)
    #expect(graph.verify().isEmpty)
    // Three residual blocks, each sample one number; the 64 features of the last layer, each its own.
    #expect(masks.map(\.count) == [4, 4, 4, 4 * 64])
    #expect(zip(masks.map(\.probability), [0.1, 0.2, 0.3, 0.25]).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(
      graph.inputs.map(\.name).suffix(4) == [
        "layer1.0.add.path", "layer2.0.add.path", "layer3.0.add.path", "fc.dropout",
      ])
    #expect(try Regularisation().apply(to: network, &masks).nodes.count == network.nodes.count)
  }

  /// With a branch left out, what is behind it gets no gradient; the mask of each sample counts alone.
  @Test func `a residual branch that is left out does not learn`() throws {
    var masks: [Regularisation.Mask] = []
    let network = try TrainingRuns.network(2)
    let graph = try Regularisation(dropPath: 0.5).apply(to: network, &masks)
    let index = try #require(graph.constants.firstIndex { $0.name == "layer3.0.conv2.weight" })
    let first = try #require(graph.constants.firstIndex { $0.name == "conv1.weight" })
    var step = graph
    let axes = [0, 1]
    let loss = try step.add(
      Formula.value(step.outputs[0].value).reduced(.sum, axes, keeps: false), .float32, name: "sum")
    step.outputs = []
    step = try step.differentiated(loss, withRespectTo: [Value(.constant(index)), Value(.constant(first))])
    func gradients(_ mask: [Float]) throws -> [[Float]] {
      let values = Initialization(seed: 1).values(for: network)
      let execution = try Execution(Plan(step, threads: 1), values: values)
      try execution.write(TrainingSteps.wave(128, 0.1, 1), toInput: 0)
      for (place, input) in masks.map(\.input).enumerated() {
        try execution.write(place == 2 ? mask : [1, 1], toInput: input)
      }
      execution.run()
      return (0..<2).map { execution.output($0) }
    }
    let dropped = try gradients([0, 0])
    #expect(dropped[0].allSatisfy { $0 == 0 })
    #expect(dropped[1].contains { $0 != 0 })
    let (left, right, both) = (
      try gradients([2, 0])[0], try gradients([0, 2])[0], try gradients([2, 2])[0]
    )
    #expect(left != right)
    #expect(both.indices.allSatisfy { abs(both[$0] - left[$0] - right[$0]) < 1e-4 })
  }

  @Test func `masks of a step come from the seed and the step`() throws {
    func losses(_ seed: UInt64) throws -> [Float] {
      let trainer = try Trainer(
        TrainingSteps.network(), Recipe(regularisation: .init(dropout: 0.5)), values: TrainingSteps.values,
        seed: seed)
      return try (0..<3).map { _ in
        try trainer.run(TrainingSteps.wave(768, 0.1, 1.5), labels: [0, 3, 1, 4], rate: 0)
      }
    }
    let first = try losses(1)
    #expect(try losses(1) == first)
    #expect(try losses(2) != first)
    #expect(first[0] != first[1])
  }

  @Test func `what cannot be left out is refused`() throws {
    var masks: [Regularisation.Mask] = []
    let plain = try TrainingSteps.network()
    #expect(
      throws: ShapeError("drop-path of 'small'", found: "no residual branches", expected: "at least 1; use 0")
    ) { try Regularisation(dropPath: 0.1).apply(to: plain, &masks) }
    var graph = Graph(name: "none")
    graph.outputs = [.init(name: "y", value: graph.addInput("x", TensorType([2, 3])))]
    #expect(throws: ShapeError("dropout of 'none'", found: "no product", expected: "at least 1; use 0")) {
      try Regularisation(dropout: 0.1).apply(to: graph, &masks)
    }
  }

  /// All regularisers at once resume to the bit, as nothing is drawn from a stream that runs along.
  @Test func `a regularised training that stops ends with the same bytes`() throws {
    var settings = TrainingRuns.settings
    settings.dropout = 0.2
    settings.dropPath = 0.2
    settings.mixup = 0.4
    settings.cutmix = 1
    settings.labelSmoothing = 0.1
    settings.averaging = 0.9
    settings.clippingNorm = 1
    func run(from checkpoint: Checkpoint? = nil, loadsAhead: Bool = true) throws -> TrainingRun {
      try TrainingRun(
        { try TrainingRuns.network($0) }, on: TrainingRuns.dataset(), settings: settings, threads: 1,
        loadsAhead: loadsAhead, from: checkpoint)
    }
    let whole = try run()
    while try whole.advance() != nil {}
    var part = try run(loadsAhead: false)
    for _ in 0..<4 { _ = try part.advance() }
    part = try run(from: Checkpoint(TrainingRuns.checkpoint(of: part).bytes, source: "x"))
    while try part.advance() != nil {}
    #expect(TrainingRuns.checkpoint(of: part).bytes == TrainingRuns.checkpoint(of: whole).bytes)
  }
}
