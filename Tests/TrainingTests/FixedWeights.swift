import Graphs
import Testing
import Training

/// Plans of graphs whose weights stay as they are.
struct FixedWeights {
  static let shapes = [[16, 16, 3, 3], [16], [16], [16], [16]]

  /// A convolution and a normalisation; weights are constants or inputs.
  static func graph(batch: Int, areConstants: Bool) throws -> Graph {
    var graph = Graph(name: "fixed")
    let x = graph.addInput("x", TensorType([batch, 16, 9, 7]))
    let operands = shapes.enumerated().map { index, shape in
      areConstants
        ? graph.addConstant("p\(index)", TensorType(shape)) : graph.addInput("p\(index)", TensorType(shape))
    }
    let y = try graph.add(Convolution(stride: 1, padding: 1), x, operands[0], name: "convolution")
    let z = try graph.addNode(BatchNormalization(), [y] + operands[1...], name: "normalization")[0]
    graph.outputs = [Graph.Output(name: "y", value: try graph.add(Unary(.relu), z, name: "relu"))]
    return graph
  }

  @Test(arguments: [1, 3, 9])
  func `a fixed normalisation becomes part of the weights`(_ batch: Int) throws {
    let values = Self.shapes.enumerated().map { index, shape in
      TrainingSteps.wave(shape.reduce(1, *), Double(index), 0.4, plus: index == 4 ? 1 : 0.1)
    }
    let named = Dictionary(uniqueKeysWithValues: values.enumerated().map { ("p\($0)", $1) })
    let plan = try Plan(Self.graph(batch: batch, areConstants: true))
    #expect(plan.stepLabels == ["winograd convolution"])
    let fixed = try Execution(plan, values: named)
    let free = try Execution(Plan(Self.graph(batch: batch, areConstants: false)))
    let x = TrainingSteps.wave(batch * 16 * 63, 0.5, 1)
    try fixed.write(x, toInput: 0)
    try free.write(x, toInput: 0)
    for (index, elements) in values.enumerated() { try free.write(elements, toInput: index + 1) }
    for _ in 0..<2 {
      fixed.run()
      free.run()
      let scale = free.output(0).reduce(1) { max($0, abs($1)) }
      for (a, b) in zip(fixed.output(0), free.output(0)) { #expect(abs(a - b) <= 5e-6 * scale) }
    }
  }

  @Test func `what depends on constants only is computed once and stays`() throws {
    var graph = Graph(name: "constant")
    let x = graph.addInput("x", TensorType([4]))
    let w = graph.addConstant("w", TensorType([4]))
    let e = try graph.add(Unary(.exponential), w, name: "exponential")
    let m = try graph.add(Reduce(.sum, axes: [0], keepsDimensions: true), e, name: "sum")
    let y = try graph.add(Binary(.multiply), x, m, name: "product")
    graph.outputs = [Graph.Output(name: "y", value: y), Graph.Output(name: "e", value: e)]
    let plan = try Plan(graph)
    #expect(plan.stepLabels == ["binary"])
    let execution = try Execution(plan, values: ["w": [0, 0, 0, 0]])
    for factor: Float in [1, 2, 3] {
      try execution.write([factor, 0, 0, 1], toInput: 0)
      execution.run()
      #expect(execution.output(0) == [4 * factor, 0, 0, 4])
      #expect(execution.output(1) == [1, 1, 1, 1])
    }
  }
}
