import Graphs
import Testing
import Training

@testable import Networks

/// Whole trainings against PyTorch.
struct PyTorchGoldens {
  struct Golden: Sendable, CustomTestStringConvertible {
    var name: String
    var recipe: Recipe
    var rate: Double
    var labels: [Int]
    /// Relative to 1 and to the value; larger where an optimizer divides by small numbers.
    var tolerance: Double
    var testDescription: String { name }

    func network() throws -> Graph {
      switch name {
      case "resnet": try GoldenNetworks.builtIn(SmallResNet(depth: 1), name: name, 8, [3, 16, 16])
      case "vit":
        try GoldenNetworks.builtIn(
          VisionTransformer(patch: 4, features: 24, depth: 2, heads: 3), name: name, 4, [3, 16, 16])
      case "unet":
        try GoldenNetworks.builtIn(UNet(width: 4, depth: 2, classes: 3), name: name, 2, [3, 16, 16])
      case "cell": try GoldenNetworks.cell()
      default: try GoldenNetworks.graphConvolution()
      }
    }
  }

  private static func recipe(_ optimizer: Optimizer, decay: Double = 0) -> Recipe {
    Recipe(
      loss: .crossEntropy(smoothing: 0), optimizer: optimizer, weightDecay: decay, decaysVectors: false)
  }

  static let goldens: [Golden] = [
    Golden(
      // In PyTorch itself a change of 1e-7 in the weights grows to 1e-2 at rate 0.02, and stays at 1e-7 here.
      name: "resnet", recipe: recipe(.sgd(momentum: 0.9), decay: 5e-4), rate: 0.005,
      labels: GoldenValues.labels(8, 10), tolerance: 1e-3),
    Golden(
      name: "cell", recipe: recipe(.sgd(momentum: 0.9), decay: 3e-4), rate: 0.02,
      labels: GoldenValues.labels(6, 5), tolerance: 1e-4),
    Golden(
      name: "vit", recipe: recipe(.adam()), rate: 1e-3, labels: GoldenValues.labels(4, 10), tolerance: 1e-3),
    Golden(
      name: "unet", recipe: recipe(.sgd(momentum: 0.9)), rate: 0.05, labels: GoldenValues.labels(512, 3),
      tolerance: 1e-4),
    Golden(
      name: "gcn", recipe: recipe(.adam()), rate: 0.01, labels: GoldenValues.labels(30, 4), tolerance: 1e-3),
  ]

  @Test(arguments: goldens)
  func `fifty steps follow those of PyTorch`(_ golden: Golden) throws {
    let file = try GoldenFile(golden.name)
    let network = try golden.network()
    let trainer = try Trainer(network, golden.recipe, values: GoldenValues.weights(of: network))
    let batch = GoldenValues.wave(network.inputs[0].type.count, 0.1, 1.5)
    for expected in file.values("loss") {
      let loss = Double(try trainer.run(batch, labels: golden.labels, rate: golden.rate))
      let difference = abs(loss - expected)
      #expect(
        difference <= golden.tolerance * max(1, expected), "step \(trainer.stepCount): \(loss), \(expected)")
    }
    #expect(trainer.stepCount == 50)
    let values = trainer.values
    func compare(_ kind: String, _ number: ([Float]) -> Double) throws {
      for (name, expected) in file.entries(kind) {
        let found = number(try #require(values[name], "\(name)"))
        #expect(
          abs(found - expected) <= 10 * golden.tolerance * max(1, abs(expected)),
          "\(kind) of \(name): \(found), \(expected)")
      }
    }
    try compare("norm") { $0.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot() }
    try compare("first") { Double($0[0]) }
    try compare("last") { Double($0[$0.count - 1]) }
  }

  @Test func `the gradient of a distance between gradients follows that of PyTorch`() throws {
    let file = try GoldenFile("matching")
    var network = GoldenNetworks.Matching()
    let real = network.graph.addInput("real", TensorType([4, 3, 8, 8]))
    let synthetic = network.graph.addInput("synthetic", TensorType([3, 3, 8, 8]))
    let goal = try network.gradients(real, labels: [0, 3, 1, 4], name: "real")
    let found = try network.gradients(synthetic, labels: [2, 0, 1], name: "synthetic")
    let distance = try network.distance(found, goal)
    let gradient = try #require(
      try network.graph.addGradients(of: [distance], withRespectTo: [synthetic])[0])
    network.graph.outputs = [("distance", distance), ("gradient", gradient)].map {
      Graph.Output(name: $0, value: $1)
    }
    let execution = try Execution(
      Plan(network.graph), values: GoldenValues.weights(of: network.graph))
    try execution.write(GoldenValues.wave(768, 0.1, 1.5), toInput: 0)
    try execution.write(GoldenValues.wave(576, 0.9, 1.2), toInput: 1)
    execution.run()
    let loss = try #require(file.values("loss").first)
    #expect(abs(Double(execution.output(0)[0]) - loss) <= 1e-5 * loss)
    let expected = file.values("gradient")
    let scale = expected.reduce(0) { max($0, abs($1)) }
    #expect(expected.count == 576)
    for (found, expected) in zip(execution.output(1), expected) {
      #expect(abs(Double(found) - expected) <= 1e-4 * scale)
    }
  }
}
