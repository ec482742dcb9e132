import Foundation
import Graphs
import Measures
import Testing
import Training

/// Augmentation inside the graph, against PyTorch 2.13 (scripts/golden/differentiable_augmentation.py).
struct DifferentiableAugmentations {
  static let shape = DifferentiableAugmentation(batch: 2, channels: 3, height: 5, width: 6)

  /// Changed images, and the gradient of their product with a wave.
  private func run(_ draw: DifferentiableAugmentation.Draw) throws -> (images: [Float], gradient: [Float]) {
    var graph = Graph(name: "augmented")
    let x = graph.addConstant("x", TensorType([2, 3, 5, 6]))
    let seed = graph.addConstant("seed", TensorType([2, 3, 5, 6]))
    let (images, inputs) = try Self.shape.add(to: &graph, x)
    let sum = try graph.add(
      (Formula.value(images) * .value(seed)).reduced(.sum, [0, 1, 2, 3], keeps: false), .float32, name: "sum")
    graph.outputs = [.init(name: "images", value: images)]
    let plan = try Plan(graph.differentiated(sum, withRespectTo: [x]), threads: 1)
    let execution = try Execution(
      plan, values: ["x": TrainingSteps.wave(180, 0.1, 1), "seed": TrainingSteps.wave(180, 0.5, 1)])
    try Self.shape.write(draw, to: inputs, of: execution)
    execution.run()
    return (execution.output(0), execution.output(1))
  }

  private func expect(
    _ draw: DifferentiableAugmentation.Draw, _ images: [Float], _ gradient: [Float],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let found = try run(draw)
    for (index, expected) in images.enumerated() {
      #expect(
        abs(found.images[index * 7] - expected) < 2e-5, "pixel \(index * 7)", sourceLocation: sourceLocation)
    }
    for (index, expected) in gradient.enumerated() {
      #expect(
        abs(found.gradient[index * 7] - expected) < 2e-5, "gradient \(index * 7)",
        sourceLocation: sourceLocation)
    }
  }

  @Test func `rotate changes images and passes gradients as PyTorch does`() throws {
    var draw = Self.shape.identity
    for (image, angle) in [0.2, -0.25].enumerated() {
      Self.shape.affine(&draw, image, [cos(angle), -sin(angle), sin(angle), cos(angle)])
    }
    try expect(
      draw,
      [
        0.26607, -0.47437, -0.46895, 0.78677, 0.35357, -0.28945, -0.47025, -0.04551, 0.76385,
        0.31114, -0.60928, 0.10072, -0.02764, -0.0226, -0.52534, -0.84072, -0.34178, 0.03077,
        -0.30352, -0.59402, -0.63989, 0.05531, 0.421, 0.19969, -0.31864, -0.35944,
      ],
      [
        -0.13833, -0.64262, -0.63609, 0.21549, 0.5565, -0.27676, -0.41399, -0.09922, 0.60834,
        0.21969, -0.41764, -0.52826, 0.02212, 0.70302, 0.23375, -0.87047, 0.13605, 0.51445, 0.41505,
        -0.14937, -0.67408, 0.55752, 0.48551, -0.40297, 0.03289, -0.31764,
      ])
  }

  @Test func `scale changes images and passes gradients as PyTorch does`() throws {
    var draw = Self.shape.identity
    for (image, scale) in [[1.15, 0.85], [0.9, 1.2]].enumerated() {
      Self.shape.affine(&draw, image, [scale[0], 0, 0, scale[1]])
    }
    try expect(
      draw,
      [
        -0.1281, -0.75405, -0.4065, 0.49416, 0.58131, -0.31629, -0.58814, 0.1072, 0.54863, -0.10467,
        -0.69766, -0.34924, 0.13055, 0.50973, -0.09912, -0.95553, 0.2621, 0.5728, 0.4699, -0.78749,
        -0.34273, 0.38452, 0.48507, -0.15301, -0.67903, -0.10284,
      ],
      [
        0.35654, -0.28268, -0.60567, 0.52758, 0.54236, -0.17442, -0.67205, 0.03478, 0.58853,
        0.37501, -0.28171, -0.50193, 0.11843, 0.43164, -0.0648, -1.07552, -0.41415, 0.25329,
        0.40253, -0.75671, -0.7677, -0.0703, 0.54018, 0.06149, -0.5749, -0.34265,
      ])
  }

  @Test func `color changes images and passes gradients as PyTorch does`() throws {
    var draw = Self.shape.identity
    draw.colors = [[0.3, -0.2], [1.4, 0.5], [0.7, 1.3]]
    try expect(
      draw,
      [
        0.40463, -0.63309, -0.15292, 1.06392, 1.03766, -0.2024, -0.63073, 0.45499, 1.28833, 0.5032,
        -0.59919, -0.23884, 0.99797, 0.33502, -0.4825, -0.8404, -0.15639, 0.45667, 0.00714,
        -0.74519, -0.61051, 0.19206, 0.39314, -0.37721, -0.85925, -0.26871,
      ],
      [
        0.47423, -0.74862, -0.75317, 0.46797, 0.92805, -0.13069, -0.98723, -0.23726, 0.89904,
        0.55887, -0.68083, -0.81253, 0.37805, 0.64399, -0.02757, -0.6548, -0.21721, 0.57325,
        0.42188, -0.38006, -0.56417, 0.16909, 0.66009, 0.08467, -0.62903, -0.31983,
      ])
  }

  @Test func `nothing drawn is nothing changed`() throws {
    let found = try run(Self.shape.identity)
    #expect(zip(found.images, TrainingSteps.wave(180, 0.1, 1)).allSatisfy { abs($0 - $1) < 1e-6 })
    #expect(zip(found.gradient, TrainingSteps.wave(180, 0.5, 1)).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test func `a flip and a crop move whole pixels`() throws {
    var random = RandomStream(seed: 1)
    let original = TrainingSteps.wave(180, 0.1, 1)
    var seen: Set<Bool> = []
    for _ in 0..<20 {
      let found = try run(Self.shape.draw(.flip, isShared: true, &random)).images
      let isFlipped = abs(found[0] - original[5]) < 1e-6
      let expected = original.indices.map { isFlipped ? original[$0 / 6 * 6 + 5 - $0 % 6] : original[$0] }
      #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-6 })
      seen.insert(isFlipped)
      let crop = try run(Self.shape.draw(.crop, &random)).images
      #expect(crop.allSatisfy { number in number == 0 || original.contains { abs($0 - number) < 1e-6 } })
    }
    #expect(seen.count == 2)
  }

  @Test func `a cutout leaves out a square, and a shared draw is the same for all images`() throws {
    var random = RandomStream(seed: 2)
    let shape = DifferentiableAugmentation(batch: 3, channels: 1, height: 8, width: 8)
    var counts: Set<Int> = []
    for _ in 0..<50 {
      let draw = shape.draw(.cutout, isShared: true, &random)
      #expect(draw.weights[0].prefix(64) == draw.weights[0].suffix(64))
      counts.insert(draw.weights[0].prefix(64).count { $0 == 0 })
    }
    #expect(counts.contains(16) && counts.allSatisfy { (1...16).contains($0) })
    for kind in DifferentiableAugmentation.Kind.allCases {
      let draws = (0..<6).map { _ in shape.draw(kind, &random) }
      #expect(draws.contains { $0 != draws[0] }, "\(kind)")
    }
  }

  @Test func `images of other extents are refused`() {
    var graph = Graph(name: "x")
    let x = graph.addInput("x", TensorType([2, 3, 5, 5]))
    #expect(
      throws: ShapeError("augmentation", found: "float32[2, 3, 5, 5]", expected: "float32[2, 3, 5, 6]")
    ) { try Self.shape.add(to: &graph, x) }
  }
}
