import Graphs
import Testing

/// The rules of a graph, each broken once.
struct Verifier {
  private func valid() throws -> Graph {
    var graph = Graph(name: "g")
    let x = graph.addInput("x", TensorType([2, 3]))
    let w = graph.addConstant("w", TensorType([3, 4]), bytes: Array(repeating: 0, count: 48))
    let product = try graph.add(MatrixProduct(), x, w, name: "product")
    let result = try graph.add(Unary(.relu), product, name: "relu")
    graph.outputs = [.init(name: "y", value: result)]
    return graph
  }

  /// The violations after a change of the parts.
  private func violations(
    _ change: (inout [Graph.Input], inout [Graph.Constant], inout [Node], inout [Graph.Output]) -> Void
  ) throws -> [String] {
    let graph = try valid()
    var (inputs, constants, nodes, outputs) = (graph.inputs, graph.constants, graph.nodes, graph.outputs)
    change(&inputs, &constants, &nodes, &outputs)
    return Graph(name: "g", inputs: inputs, constants: constants, nodes: nodes, outputs: outputs)
      .verify().map(\.description)
  }

  @Test func `a graph that nodes were added to is valid`() throws {
    #expect(try valid().verify() == [])
  }

  @Test func `an operand comes from before`() throws {
    let later = try violations { _, _, nodes, _ in nodes[0].operands[0] = Value(.node(1, result: 0)) }
    #expect(
      later == ["node 0 'product': found operand result 0 of node 1, expected a value that exists by then"])
    let missing = try violations { _, _, nodes, outputs in
      nodes[1].operands[0] = Value(.constant(7))
      outputs[0].value = Value(.node(1, result: 1))
    }
    #expect(
      missing == [
        "node 1 'relu': found operand constant 7, expected a value that exists by then",
        "output 0 'y': found result 1 of node 1, expected a value of the graph",
      ])
  }

  @Test func `a stored type is what the primitive says`() throws {
    let found = try violations { _, _, nodes, _ in nodes[1].resultTypes = [TensorType([2, 5])] }
    #expect(found == ["node 1 'relu': found results [float32[2, 5]], expected [float32[2, 4]]"])
    let refused = try violations { _, _, nodes, _ in nodes[1].primitive = Unary(.not) }
    #expect(refused == ["node 1 'relu' (unary): found float32[2, 4], expected bool elements"])
  }

  @Test func `names are there and each once`() throws {
    let found = try violations { inputs, _, nodes, outputs in
      nodes[0].name = ""
      inputs[0].name = ""
      outputs.append(outputs[0])
    }
    #expect(
      found == [
        "input 0: found no name, expected a name",
        "output 1 'y': found a name that is taken, expected each name once",
        "node 0: found no name, expected a name",
      ])
  }

  @Test func `constants have the bytes of their type and tensors have elements`() throws {
    #expect(
      try violations { _, constants, _, _ in constants[0].bytes = [0] }
        == ["constant 0 'w': found 1 bytes, expected 48 for float32[3, 4]"])
    let found = try violations { inputs, _, nodes, _ in inputs[0].type = TensorType([0, 3]) }
    #expect(
      found.first?.hasPrefix("input 0 'x': found float32[0, 3], expected extents of at least 1") == true)
  }

  @Test func `a graph has an output`() throws {
    #expect(
      try violations { _, _, _, outputs in outputs = [] }
        == ["graph 'g': found no outputs, expected at least 1"])
  }

  @Test func `an error of a shape rule names the node`() throws {
    var graph = try valid()
    let error = #expect(throws: ShapeError.self) {
      try graph.add(Unary(.not), Value(.input(0)), name: "broken")
    }
    #expect(
      error?.description == "node 'broken' (unary): found float32[2, 3], expected bool elements")
  }

  @Test func `empty and enormous tensors are refused with the reason`() {
    let empty = #expect(throws: ShapeError.self) { try TensorType([2, 0]).validate("x") }
    #expect(
      empty?.description
        == "x: found float32[2, 0], expected extents of at least 1; empty tensors are not supported")
    for shape in [[1 << 41], [1 << 30, 1 << 30], [.max, .max], [-1, 4]] {
      #expect(throws: ShapeError.self) { try TensorType(shape).validate("x") }
    }
    #expect(throws: Never.self) { try TensorType([1 << 40]).validate("x") }
  }

  @Test func `sums of operations never overflow`() throws {
    var graph = Graph(name: "large")
    let side = 1 << 17
    let x = graph.addInput("x", TensorType([side, side]))
    let y = try graph.add(MatrixProduct(), x, x, name: "product")
    for index in 0..<5000 { _ = try graph.add(MatrixProduct(), y, y, name: "product\(index)") }
    #expect(graph.macs == .max)
  }
}
