import Graphs
import Testing
import Training

/// What an execution takes and keeps.
struct Executions {
  /// y = x · w + n and a running sum n.
  static func counter() throws -> (graph: Graph, updates: [Plan.Update]) {
    var graph = Graph(name: "counter")
    let x = graph.addInput("x", TensorType([2, 2]))
    let i = graph.addInput("i", TensorType([3], .int64))
    let w = graph.addConstant("w", TensorType([2, 2]))
    let y = try graph.add(MatrixProduct(), x, w, name: "y")
    let sum = try graph.add(Binary(.add), w, y, name: "sum")
    let rows = try graph.add(Gather(axis: 0), sum, i, name: "rows")
    graph.outputs = [Graph.Output(name: "sum", value: sum), Graph.Output(name: "rows", value: rows)]
    return (graph, [Plan.Update(constant: 0, output: 0)])
  }

  @Test func `a constant takes the value of its output after each run`() throws {
    let (graph, updates) = try Self.counter()
    let execution = try Execution(Plan(graph, updates: updates), values: ["w": [1, 2, 3, 4]])
    try execution.write([1, 0, 0, 1] as [Float], toInput: 0)
    try execution.write([1, 0, -1], toInput: 1)
    execution.run()
    #expect(execution.output(0) == [2, 4, 6, 8])
    #expect(execution.output(1) == [6, 8, 2, 4, 6, 8])
    #expect(execution.constant(0) == [2, 4, 6, 8])
    execution.run()
    #expect(execution.output(0) == [4, 8, 12, 16])
  }

  @Test func `values of the wrong kind or size are refused`() throws {
    let (graph, updates) = try Self.counter()
    let plan = try Plan(graph, updates: updates)
    func message(_ body: () throws -> Void) -> String? {
      do {
        try body()
        return nil
      } catch { return "\(error)" }
    }
    #expect(message { _ = try Execution(plan) } == "constant 'w': found no value, expected 4 elements")
    #expect(
      message { _ = try Execution(plan, values: ["w": [1]]) }
        == "constant 'w': found 1 elements, expected 4 for [2, 2]")
    let execution = try Execution(plan, values: ["w": [1, 2, 3, 4]])
    #expect(
      message { try execution.write([1.5], toInput: 0) }
        == "input 'x': found 1 elements, expected 4 for [2, 2]")
    #expect(
      message { try execution.write([1] as [Int], toInput: 0) }
        == "input 'x': found integers, expected real numbers")
    #expect(
      message { try execution.write([0.5, 1, 2], toInput: 1) }
        == "input 'i': found real numbers, expected integers")
    #expect(
      message { try execution.write([0, 1, 2] as [Int], toInput: 1) }
        == "input 'i': found index 2, expected -2 ..< 2")
  }

  @Test func `an update of another type is refused`() throws {
    var (graph, updates) = try Self.counter()
    updates[0].output = 1
    graph.name = "wrong"
    let error = #expect(throws: PlanError.self) { try Plan(graph, updates: updates) }
    #expect(error?.description == "update of 'w': found float32[3, 2], expected float32[2, 2]")
  }

  @Test func `a graph that does not verify is refused`() {
    let error = #expect(throws: PlanError.self) { try Plan(Graph(name: "empty")) }
    #expect(error?.description == "graph 'empty': found no outputs, expected at least 1")
  }

  @Test func `tensors that live at different times share memory`() throws {
    var graph = Graph(name: "chain")
    var x = graph.addInput("x", TensorType([64, 64]))
    let w = graph.addInput("w", TensorType([64, 64]))
    for index in 0..<50 { x = try graph.add(MatrixProduct(), x, w, name: "product\(index)") }
    graph.outputs = [Graph.Output(name: "y", value: x)]
    // Inputs, output, and two between which the chain goes back and forth.
    #expect(try Plan(graph).byteCount <= 5 * 64 * 64 * 4)
  }

  @Test func `a chain of element-wise functions is one step`() throws {
    var graph = Graph(name: "chain")
    let x = graph.addInput("x", TensorType([4, 1000]))
    let b = graph.addInput("b", TensorType([1000]))
    let y = try graph.add(Binary(.add), x, b, name: "bias")
    let z = try graph.add(Unary(.gelu(approximatesWithTanh: false)), y, name: "gelu")
    let sum = try graph.add(Reduce(.sum, axes: [0], keepsDimensions: false), z, name: "sum")
    graph.outputs = [Graph.Output(name: "z", value: z), Graph.Output(name: "sum", value: sum)]
    #expect(try Plan(graph).stepLabels == ["fused loops"])
  }
}
