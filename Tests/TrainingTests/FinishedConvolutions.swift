import Graphs
import Measures
import Testing
import Training

/// Convolutions with what follows them, in one step, against the reference in double precision.
struct FinishedConvolutions {
  /// A random convolution with bias, addend and activation, as far as the draw has them, in any order that a network has.
  static func graph(_ random: inout RandomStream) throws -> Graph {
    func pick(_ choices: [Int]) -> Int { choices[random.below(choices.count)] }
    var graph = Graph(name: "finished")
    let isDepthwise = random.below(4) == 0
    let groups = isDepthwise ? 0 : pick([1, 1, 1, 2])
    var inputs = isDepthwise ? pick([5, 16, 48]) : groups * pick([1, 3, 16, 20])
    let outputs = isDepthwise ? inputs : groups * pick([1, 5, 16, 33, 64, 100])
    let kernel = pick([1, 1, 3, 3, 5])
    // More inputs than a kernel takes at once.
    if kernel == 1, groups == 1, random.below(2) == 0 { inputs = 300 }
    let batch = pick([1, 1, 3])
    let extents = [1 + random.below(12), 1 + random.below(12)]
    let x = graph.addInput("x", TensorType([batch, inputs] + extents))
    let w = graph.addInput(
      "w", TensorType([outputs, inputs / (isDepthwise ? inputs : groups), kernel, kernel]))
    let convolution = Convolution(
      stride: pick([1, 1, 2]), padding: kernel / 2, groups: isDepthwise ? inputs : groups)
    var y = try graph.add(convolution, x, w, name: "convolution")
    let type = graph.type(of: y)
    if random.below(4) > 0 {
      let bias = graph.addInput("bias", TensorType([outputs, 1, 1]))
      y = try graph.add(Binary(.add), y, bias, name: "biased")
    }
    if random.below(2) > 0 {
      let addend = graph.addInput("addend", type)
      y =
        try random.below(2) > 0
        ? graph.add(Binary(.add), y, addend, name: "sum") : graph.add(Binary(.add), addend, y, name: "sum")
    }
    switch random.below(4) {
    case 0: y = try graph.add(Unary(.relu), y, name: "activated")
    case 1: y = try graph.add(Unary(.clamp(minimum: 0, maximum: 6)), y, name: "activated")
    case 2: y = try graph.add(Unary(.clamp(minimum: nil, maximum: 1)), y, name: "activated")
    default: break
    }
    graph.outputs = [Graph.Output(name: "y", value: y)]
    return graph
  }

  @Test func `bias, addend and activation change results as their own steps do`() throws {
    var random = RandomStream(seed: 21)
    for seed in 0..<80 {
      try PlanCase(Self.graph(&random), seed: UInt64(seed)).check(tolerance: 5e-6, "draw \(seed)")
    }
  }

  @Test func `a sum of two convolutions goes with the first, and nothing is left for loops`() throws {
    var graph = Graph(name: "residual")
    let x = graph.addInput("x", TensorType([1, 40, 7, 6]))
    func convolution(_ value: Value, _ kernel: Int, _ name: String) throws -> Value {
      let w = graph.addInput("\(name).w", TensorType([40, 40, kernel, kernel]))
      let bias = graph.addInput("\(name).b", TensorType([1, 40, 1, 1]))
      let y = try graph.add(Convolution(stride: 1, padding: kernel / 2), value, w, name: name)
      return try graph.add(Binary(.add), y, bias, name: "\(name).biased")
    }
    let first = try convolution(x, 3, "a")
    let second = try convolution(x, 1, "b")
    let sum = try graph.add(Binary(.add), first, second, name: "sum")
    graph.outputs = [Graph.Output(name: "y", value: try graph.add(Unary(.relu), sum, name: "relu"))]
    let labels = try Plan(graph).stepLabels
    #expect(labels.count { $0 == "packed convolution" } == 2)
    #expect(!labels.contains("fused loops") && !labels.contains("binary"))
    try PlanCase(graph, seed: 1).check(tolerance: 5e-6)
  }

  @Test func `what others read too, or a step of training changes, stays as it is`() throws {
    var graph = Graph(name: "read twice")
    let x = graph.addInput("x", TensorType([1, 8, 5, 5]))
    let w = graph.addConstant("w", TensorType([8, 8, 1, 1]))
    let y = try graph.add(Convolution(stride: 1, padding: 0), x, w, name: "convolution")
    let z = try graph.add(Unary(.relu), y, name: "relu")
    graph.outputs = [Graph.Output(name: "z", value: z)]
    #expect(try Plan(graph).stepLabels == ["packed convolution"])
    graph.outputs.append(Graph.Output(name: "y", value: y))
    #expect(try Plan(graph).stepLabels == ["convolution", "unary"])
  }
}
