import Compiler
import Graphs
import Hardware
import Testing

/// Which nodes run as one layer.
@Suite struct FusionTests {
  private func image(_ graph: inout Graph, channels: Int = 32) -> Value {
    graph.addInput("x", TensorType([1, channels, 16, 16]))
  }

  private func convolution(_ graph: inout Graph, _ x: Value, _ outputs: Int, name: String) throws -> Value {
    let inputs = graph.type(of: x).shape[1]
    let weights = graph.addConstant("\(name).w", TensorType([outputs, inputs, 3, 3]))
    return try graph.add(Convolution(padding: 1), x, weights, name: name)
  }

  private func layers(_ graph: Graph) throws -> [Program.Layer] {
    try GraphCompiler(for: Fixtures.machine()).compile(graph).program.layers
  }

  private func finish(_ graph: inout Graph, _ value: Value) {
    graph.outputs = [Graph.Output(name: "y", value: value)]
  }

  @Test func `convolution, norm, sum and rectifier are one layer`() throws {
    var graph = Graph(name: "block")
    let x = image(&graph)
    var y = try convolution(&graph, x, 32, name: "conv")
    let statistics = (0..<4).map { graph.addConstant("s\($0)", TensorType([32])) }
    y = try graph.addNode(BatchNormalization(), [y] + statistics, name: "norm")[0]
    y = try graph.add(Binary(.add), y, x, name: "sum")
    y = try graph.add(Unary(.relu), y, name: "relu")
    finish(&graph, y)
    #expect(try layers(graph).map(\.operatorName) == ["convolution+batch-normalization+add+relu"])
  }

  @Test func `x times its sigmoid is found without a pattern`() throws {
    var graph = Graph(name: "silu")
    let c = try convolution(&graph, image(&graph), 32, name: "conv")
    let s = try graph.add(Unary(.sigmoid), c, name: "sigmoid")
    finish(&graph, try graph.add(Binary(.multiply), c, s, name: "product"))
    #expect(try layers(graph).map(\.operatorName) == ["convolution+sigmoid+multiply"])
  }

  @Test func `a function of one element is at most one table`() throws {
    var graph = Graph(name: "gelu")
    let c = try convolution(&graph, image(&graph), 32, name: "conv")
    func number(_ name: String) -> Value { graph.addConstant(name, TensorType([]), isParameter: false) }
    var y = try graph.add(Binary(.divide), c, number("root"), name: "divide")
    y = try graph.add(Unary(.erf), y, name: "erf")
    y = try graph.add(Binary(.add), y, number("one"), name: "add")
    y = try graph.add(Binary(.multiply), c, y, name: "product")
    y = try graph.add(Binary(.multiply), y, number("half"), name: "halve")
    // Something after it that cannot fold keeps the chain out of the weights.
    finish(&graph, y)
    let program = try GraphCompiler(for: Fixtures.machine()).compile(graph).program
    #expect(program.layers.count == 1)
    let classes = Set(program.vectorTiles.map(\.classes))
    #expect(classes == [[.multiply, .transcendental]])
  }

  @Test func `a sum whose other side comes later still waits for it`() throws {
    var graph = Graph(name: "branch")
    let x = image(&graph)
    let main = try convolution(&graph, x, 32, name: "main")
    let side = try convolution(&graph, x, 32, name: "side")
    finish(&graph, try graph.add(Binary(.add), main, side, name: "sum"))
    #expect(try layers(graph).map(\.name) == ["side", "main"])
  }

  @Test func `a value that two layers use is written once and not swallowed`() throws {
    var graph = Graph(name: "fork")
    let x = image(&graph)
    let a = try convolution(&graph, x, 32, name: "a")
    let r = try graph.add(Unary(.relu), a, name: "relu")
    let b = try convolution(&graph, r, 32, name: "b")
    finish(&graph, try graph.add(Binary(.add), b, r, name: "sum"))
    #expect(try layers(graph).map(\.operatorName) == ["convolution+relu", "convolution+add"])
  }

  @Test func `nodes that reach no output do not run`() throws {
    var graph = Graph(name: "dead")
    let x = image(&graph)
    let y = try convolution(&graph, x, 32, name: "kept")
    _ = try convolution(&graph, x, 32, name: "dropped")
    finish(&graph, y)
    #expect(try layers(graph).map(\.name) == ["kept"])
  }

  @Test func `quantised layers cost no passes of their own`() throws {
    var graph = Graph(name: "qdq")
    let x = graph.addInput("x", TensorType([1, 32, 16, 16]))
    func scale(_ name: String) -> Value { graph.addConstant(name, TensorType([]), isParameter: false) }
    func zero(_ name: String) -> Value {
      graph.addConstant(name, TensorType([], .int8), isParameter: false)
    }
    func requantised(_ value: Value, _ name: String) throws -> Value {
      let q = try graph.add(
        QuantizeLinear(to: .int8), value, scale("\(name).s"), zero("\(name).z"), name: "\(name).q")
      return try graph.add(DequantizeLinear(), q, scale("\(name).s2"), zero("\(name).z2"), name: "\(name).dq")
    }
    let weights = graph.addConstant("w", TensorType([32, 32, 3, 3], .int8))
    let w = try graph.add(DequantizeLinear(), weights, scale("w.s"), zero("w.z"), name: "w.dq")
    var y = try graph.add(Convolution(padding: 1), try requantised(x, "in"), w, name: "conv")
    y = try graph.add(Unary(.relu), y, name: "relu")
    y = try requantised(y, "out")
    finish(&graph, y)
    let result = try GraphCompiler(for: Fixtures.machine()).compile(graph)
    #expect(result.program.layers.count == 1)
    #expect(result.program.format == .int8)
    #expect(result.notes == [])
    #expect(Set(result.program.vectorTiles.map(\.classes)) == [[.multiply]])
  }

  @Test func `a float network says that it runs as the array's integers`() throws {
    var graph = Graph(name: "float")
    finish(&graph, try convolution(&graph, image(&graph), 32, name: "conv"))
    let notes = try GraphCompiler(for: Fixtures.machine()).compile(graph).notes
    #expect(notes == ["float32 network simulated as int8, the array's native format"])
  }

  @Test func `normalisation in single steps becomes one layer of three passes`() throws {
    var graph = Graph(name: "norm")
    let x = graph.addInput("x", TensorType([1, 64, 128]))
    let mean = try graph.add(Reduce(.mean, axes: [2], keepsDimensions: true), x, name: "mean")
    let d = try graph.add(Binary(.subtract), x, mean, name: "centre")
    let square = try graph.add(Binary(.multiply), d, d, name: "square")
    let variance = try graph.add(Reduce(.mean, axes: [2], keepsDimensions: true), square, name: "variance")
    let epsilon = graph.addConstant("e", TensorType([]), isParameter: false)
    let shifted = try graph.add(Binary(.add), variance, epsilon, name: "shift")
    let root = try graph.add(Unary(.squareRoot), shifted, name: "root")
    var y = try graph.add(Binary(.divide), d, root, name: "divide")
    y = try graph.add(Binary(.multiply), y, graph.addConstant("g", TensorType([128])), name: "scale")
    y = try graph.add(Binary(.add), y, graph.addConstant("b", TensorType([128])), name: "bias")
    finish(&graph, y)
    let program = try GraphCompiler(for: Fixtures.machine()).compile(graph).program
    #expect(program.layers.map(\.operatorName) == ["layer-normalization+multiply+add"])
    let writes = program.vectorTiles.filter { $0.result.memory >= 0 }
    #expect(writes.reduce(0) { $0 + $1.elements } == 64 * 128)
  }

  @Test func `attention's softmax runs on the tiles of its scores`() throws {
    let layers = try layers(Fixtures.network("vit-b16"))
    #expect(
      layers.filter { $0.operatorName.hasSuffix("softmax") }.allSatisfy {
        $0.operatorName.hasPrefix("matrix-product")
      })
    #expect(!layers.contains { $0.operatorName == "softmax" })
  }
}
