import Graphs
import Networks
import Testing
import Training

/// Networks that use leading slices of the weights of a larger one.
struct SharedWeights {
  /// A small network whose widths can be chosen: convolutions of all kinds, normalisation and a product.
  static func network(_ width: Int, _ inner: Int, kernel: Int = 3) throws -> Graph {
    var graph = Graph(name: "elastic")
    let x = graph.addInput("x", TensorType([4, 16, 8, 8]))
    func parameter(_ name: String, _ shape: [Int]) -> Value { graph.addConstant(name, TensorType(shape)) }
    let first = parameter("first.weight", [width, 16, 3, 3])
    let scale = parameter("norm.weight", [width])
    let shift = parameter("norm.bias", [width])
    let depthwise = parameter("depthwise.weight", [width, 1, kernel, kernel])
    let point = parameter("point.weight", [inner, width, 1, 1])
    let last = parameter("last.weight", [width, inner, 3, 3])
    let product = parameter("fc.weight", [5, width])
    var y = try graph.add(Convolution(stride: 1, padding: 1), x, first, name: "first")
    y = try graph.add(GroupNormalization(groups: width), y, scale, shift, name: "norm")
    y = try graph.add(
      Convolution(stride: 1, padding: kernel / 2, groups: width), y, depthwise, name: "depthwise")
    y = try graph.add(Convolution(stride: 1, padding: 0), y, point, name: "point")
    y = try graph.add(Unary(.tanh), y, name: "tanh")
    y = try graph.add(Convolution(stride: 2, padding: 1), y, last, name: "last")
    y = try graph.add(Reduce(.mean, axes: [2, 3], keepsDimensions: false), y, name: "mean")
    y = try graph.add(MatrixProduct(transposesRight: true), y, product, name: "fc")
    graph.outputs = [Graph.Output(name: "y", value: y)]
    return graph
  }

  static func values(for graph: Graph) -> [String: [Float]] {
    var values: [String: [Float]] = [:]
    for (index, constant) in graph.constants.enumerated() where constant.bytes == nil {
      values[constant.name] = TrainingSteps.wave(constant.type.count, Double(index), 0.3, plus: 0.05)
    }
    return values
  }

  /// The leading slice of elements in row-major order.
  static func slice(_ elements: [Float], _ full: [Int], _ shape: [Int]) -> [Float] {
    places(full, shape).map { elements[$0] }
  }

  /// Where the elements of a leading slice stand in the whole.
  static func places(_ full: [Int], _ shape: [Int]) -> [Int] {
    (0..<shape.reduce(1, *)).map { index in
      var (rest, place, step) = (index, 0, 1)
      for axis in shape.indices.reversed() {
        place += rest % shape[axis] * step
        rest /= shape[axis]
        step *= full[axis]
      }
      return place
    }
  }

  @Test(arguments: [(32, 32, 3), (16, 16, 3), (24, 10, 3), (32, 48, 5), (17, 3, 1)])
  func `a slice learns as a copy does, and nothing else changes`(
    _ width: Int, _ inner: Int, _ kernel: Int
  ) throws {
    let recipe = Recipe(loss: .meanSquare, optimizer: .sgd(momentum: 0.9))
    let largest = try TrainingStep(Self.network(32, 48, kernel: 5), recipe)
    let sampled = try TrainingStep(Self.network(width, inner, kernel: kernel), recipe)
    let layout = WeightLayout(of: largest.graph)
    let full = Self.values(for: largest.graph)
    let store = try WeightStore(layout, values: full)
    let shared = try Execution(
      Plan(sampled.graph, updates: sampled.updates, weights: layout), store: store)
    var shapes: [String: ([Int], [Int])] = [:]
    var copies: [String: [Float]] = [:]
    for constant in sampled.graph.constants where constant.bytes == nil {
      guard let whole = largest.graph.constants.first(where: { $0.name == constant.name }) else { continue }
      shapes[constant.name] = (whole.type.shape, constant.type.shape)
      copies[constant.name] = Self.slice(full[constant.name] ?? [], whole.type.shape, constant.type.shape)
    }
    let twin = try Execution(Plan(sampled.graph, updates: sampled.updates), values: copies)
    for execution in [shared, twin] {
      try execution.write(TrainingSteps.wave(4 * 16 * 64, 0.3, 1), toInput: 0)
      try execution.write(TrainingSteps.wave(20, 0.7, 1), toInput: sampled.targetsInput)
      try execution.write([0.1] as [Float], toInput: sampled.rateInput)
      try execution.write([1] as [Float], toInput: sampled.stepInput)
      for _ in 0..<3 { execution.run() }
    }
    #expect(shared.output(sampled.lossOutput) == twin.output(sampled.lossOutput))
    for (index, constant) in twin.plan.constants.enumerated() {
      guard let (whole, part) = shapes[constant.name], var expected = full[constant.name] else { continue }
      for (place, element) in zip(Self.places(whole, part), twin.constant(index)) {
        expected[place] = element
      }
      #expect(store.values(constant.name) == expected, "\(constant.name)")
    }
  }

  @Test func `what is no slice is refused`() throws {
    let layout = WeightLayout(of: try Self.network(16, 16))
    let wide = #expect(throws: PlanError.self) { try Plan(Self.network(32, 16), weights: layout) }
    #expect(
      wide?.description
        == "constant 'first.weight': found float32[32, 16, 3, 3], expected a leading slice of [16, 16, 3, 3]")
    let plan = try Plan(Self.network(16, 8), weights: layout)
    let missing = #expect(throws: PlanError.self) { try Execution(plan) }
    #expect(
      missing?.description
        == "execution: found no shared weights, expected those that the plan was made for")
    let size = #expect(throws: PlanError.self) { try WeightStore(layout, values: ["fc.weight": [1]]) }
    #expect(
      size?.description == "shared weight 'fc.weight': found 1 elements, expected 80 for [5, 16]")
  }

  @Test func `a network that was planned before is not compiled again`() throws {
    let cache = PlanCache(capacity: 2)
    _ = try cache.plan(Self.network(16, 16))
    _ = try cache.plan(Self.network(16, 16))
    #expect(cache.hits == 1)
    _ = try cache.plan(Self.network(16, 8))
    _ = try cache.plan(Self.network(16, 16))
    #expect(cache.hits == 2)
    // The third network drives out the one that was used least recently.
    _ = try cache.plan(Self.network(16, 4))
    _ = try cache.plan(Self.network(16, 8))
    #expect(cache.hits == 2)
    _ = try cache.plan(Self.network(16, 8), threads: 1)
    #expect(cache.hits == 2)
  }
}
