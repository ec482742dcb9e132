import Foundation
import Graphs
import Testing
import Training

/// Training steps against PyTorch 2.13; scripts/golden/training_steps.py prints the numbers.
struct TrainingSteps {
  struct Golden: Sendable, CustomTestStringConvertible {
    var name: String
    var recipe: Recipe
    var rate: Double
    var losses: [Float]
    /// The running variance of channel 1 and the first weights after eight steps.
    var variance: Float
    var weights: [Float]
    /// Larger where an optimizer divides by small numbers.
    var tolerance: Float = 2e-5
    var testDescription: String { name }
  }

  static let cross = Loss.crossEntropy(smoothing: 0.1)

  static let goldens: [Golden] = [
    Golden(
      name: "sgd", recipe: Recipe(loss: cross, optimizer: .sgd()), rate: 0.1,
      losses: [1.562976, 1.484774, 1.420522, 1.364715, 1.313638, 1.265353, 1.219215, 1.17482],
      variance: 1.748164, weights: [0.097902, 0.267326, 0.305788]),
    Golden(
      name: "nesterov",
      recipe: Recipe(loss: cross, optimizer: .sgd(momentum: 0.9, nesterov: true), weightDecay: 0.01),
      rate: 0.1,
      losses: [1.562976, 1.422244, 1.279839, 1.138436, 1.007372, 0.881037, 0.767607, 0.675732],
      variance: 1.957485, weights: [0.156447, 0.318185, 0.308518]),
    Golden(
      name: "adam", recipe: Recipe(loss: cross, optimizer: .adam(), weightDecay: 0.01), rate: 0.02,
      losses: [1.562976, 1.358882, 1.222969, 1.119395, 1.022386, 0.920937, 0.827268, 0.746034],
      variance: 2.565031, weights: [0.14288, 0.307163, 0.415366], tolerance: 5e-4),
    Golden(
      name: "adamw", recipe: Recipe(loss: cross, optimizer: .adamW(), weightDecay: 0.1, clippingNorm: 0.5),
      rate: 0.02, losses: [1.562976, 1.359632, 1.223983, 1.119995, 1.023685, 0.922066, 0.824087, 0.739912],
      variance: 2.559458, weights: [0.145264, 0.308068, 0.408583], tolerance: 5e-4),
    Golden(
      name: "rmsprop", recipe: Recipe(loss: .softCrossEntropy, optimizer: .rmsProp(momentum: 0.5)),
      rate: 0.005,
      losses: [1.621909, 1.869138, 1.637594, 1.59813, 1.594695, 1.581373, 1.576396, 1.576254],
      variance: 3.767932, weights: [0.063466, 0.249238, 0.488423], tolerance: 2e-3),
    Golden(
      name: "mse", recipe: Recipe(loss: .meanSquare, optimizer: .sgd(momentum: 0.9)), rate: 0.1,
      losses: [0.036766, 0.016511, 0.004338, 0.010924, 0.020318, 0.01812, 0.008866, 0.003728],
      variance: 1.642949, weights: [0.058863, 0.235809, 0.303232]),
    Golden(
      name: "l1", recipe: Recipe(loss: .meanAbsolute, optimizer: .sgd()), rate: 0.1,
      losses: [0.147092, 0.089421, 0.125574, 0.133985, 0.151997, 0.132352, 0.150056, 0.130676],
      variance: 1.638646, weights: [0.055113, 0.232462, 0.302124]),
    Golden(
      name: "distillation",
      recipe: Recipe(loss: .distillation(temperature: 2), optimizer: .sgd(momentum: 0.5)), rate: 0.1,
      losses: [0.011743, 0.00774, 0.004145, 0.002324, 0.001745, 0.001602, 0.001496, 0.001359],
      variance: 1.663573, weights: [0.060509, 0.235691, 0.299981]),
  ]

  @Test(arguments: goldens)
  func `losses, weights and running statistics follow those of PyTorch`(_ golden: Golden) throws {
    let network = try Self.network()
    let step = try TrainingStep(network, golden.recipe)
    #expect(step.graph.verify().isEmpty)
    let trainer = try Trainer(network, golden.recipe, values: Self.values)
    let soft = (0..<4).flatMap { row -> [Float] in
      let row = Self.wave(20, 0.3, 0.5)[row * 5..<row * 5 + 5].map { exp($0) }
      return row.map { $0 / row.reduce(0, +) }
    }
    for expected in golden.losses {
      let batch = Self.wave(768, 0.1, 1.5)
      let loss =
        golden.recipe.loss == Self.cross
        ? try trainer.run(batch, labels: [0, 3, 1, 4], rate: golden.rate)
        : try trainer.run(batch, targets: soft, rate: golden.rate)
      #expect(abs(loss - expected) <= golden.tolerance, "step \(trainer.stepCount)")
    }
    let values = trainer.values
    #expect(abs((values["norm.running_var"]?[1] ?? 0) - golden.variance) <= golden.tolerance * 2)
    for (found, expected) in zip(values["conv.weight"] ?? [], golden.weights) {
      #expect(abs(found - expected) <= golden.tolerance)
    }
  }

  @Test func `a class that the network does not have is refused`() throws {
    let trainer = try Trainer(Self.network(), Recipe(loss: Self.cross), values: Self.values)
    let error = #expect(throws: PlanError.self) {
      try trainer.run(Self.wave(768, 0, 1), labels: [0, 1, 2, 5], rate: 0.1)
    }
    #expect(error?.description == "targets: found class 5, expected 0 ..< 5")
  }

  @Test func `a loss that is not finite stops the training`() throws {
    let trainer = try Trainer(Self.network(), Recipe(loss: Self.cross), values: Self.values)
    var batch = Self.wave(768, 0, 1)
    batch[7] = .nan
    let error = #expect(throws: PlanError.self) { try trainer.run(batch, labels: [0, 1, 2, 3], rate: 0.1) }
    #expect(
      error?.description == "step 1: found a loss of nan, expected a finite number; lower the learning rate")
  }

  @Test func `networks without output or parameters are refused`() throws {
    var graph = Graph(name: "none")
    let x = graph.addInput("x", TensorType([2, 3]))
    #expect(throws: ShapeError("training of 'none'", found: "no outputs", expected: "at least 1")) {
      try TrainingStep(graph, Recipe())
    }
    graph.outputs = [Graph.Output(name: "y", value: x)]
    #expect(throws: ShapeError("training of 'none'", found: "no parameters", expected: "at least 1")) {
      try TrainingStep(graph, Recipe())
    }
  }

  @Test func `targets of another type are refused`() throws {
    var graph = Graph(name: "loss")
    let x = graph.addInput("x", TensorType([2, 3]))
    let error = #expect(throws: ShapeError.self) {
      try Loss.crossEntropy(smoothing: 0).add(output: x, targets: x, to: &graph)
    }
    #expect(
      error?.description
        == "loss: found outputs float32[2, 3] and targets float32[2, 3], expected outputs [batch, classes, …] and targets int64[2]"
    )
  }

  /// sin(0.7 i + phase) · scale.
  static func wave(_ count: Int, _ phase: Double, _ scale: Double, plus: Float = 0) -> [Float] {
    (0..<count).map { Float(sin(Double($0) * 0.7 + phase) * scale) + plus }
  }

  static let values: [String: [Float]] = [
    "conv.weight": wave(162, 0.2, 0.3), "norm.weight": wave(6, 0.3, 0.5, plus: 1),
    "norm.bias": wave(6, 0.4, 0.2),
    "norm.running_mean": Array(repeating: 0, count: 6), "norm.running_var": Array(repeating: 1, count: 6),
    "depthwise.weight": wave(54, 0.5, 0.4), "depthwise.bias": wave(6, 0.6, 0.1),
    "instance.weight": wave(6, 0.7, 0.5, plus: 1), "instance.bias": wave(6, 0.8, 0.2),
    "fc.weight": wave(120, 0.9, 0.3),
    "fc.bias": wave(5, 1.0, 0.1),
  ]

  static func network() throws -> Graph {
    var graph = Graph(name: "small")
    func parameter(_ name: String, _ shape: Int..., trained: Bool = true) -> Value {
      graph.addConstant(name, TensorType(shape), isParameter: trained)
    }
    let x = graph.addInput("x", TensorType([4, 3, 8, 8]))
    var y = try graph.add(Convolution(padding: 1), x, parameter("conv.weight", 6, 3, 3, 3), name: "conv")
    y = try graph.add(
      BatchNormalization(), y, parameter("norm.weight", 6), parameter("norm.bias", 6),
      parameter("norm.running_mean", 6, trained: false), parameter("norm.running_var", 6, trained: false),
      name: "norm")
    y = try graph.add(Unary(.relu), y, name: "relu")
    y = try graph.add(Pooling(.maximum, window: 2, stride: 2), y, name: "pool")
    y = try graph.add(
      Convolution(padding: 1, groups: 6), y, parameter("depthwise.weight", 6, 1, 3, 3), name: "depthwise")
    let bias = try graph.add(Reshape([6, 1, 1]), parameter("depthwise.bias", 6), name: "bias")
    y = try graph.add(Binary(.add), y, bias, name: "depthwise.bias")
    y = try graph.add(
      GroupNormalization(groups: 6), y, parameter("instance.weight", 6), parameter("instance.bias", 6),
      name: "instance")
    y = try graph.add(Unary(.gelu(approximatesWithTanh: false)), y, name: "gelu")
    y = try graph.add(Pooling(.average(countsPadding: true), window: 2, stride: 2), y, name: "mean")
    y = try graph.add(Reshape([4, 24]), y, name: "flatten")
    y = try graph.add(MatrixProduct(transposesRight: true), y, parameter("fc.weight", 5, 24), name: "fc")
    y = try graph.add(Binary(.add), y, parameter("fc.bias", 5), name: "logits")
    graph.outputs = [Graph.Output(name: "logits", value: y)]
    return graph
  }
}
