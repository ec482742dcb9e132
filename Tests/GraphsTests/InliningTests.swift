import Graphs
import Testing

/// A graph inside another one.
struct Inlining {
  private func graph(_ name: String, weight: String, factor: Float) throws -> Graph {
    var graph = Graph(name: name)
    let x = graph.addInput("x", TensorType([2]))
    let w = graph.addConstant(weight, TensorType([2]), isParameter: true)
    let c = graph.addConstant(
      "constant", TensorType([2]),
      bytes: [factor, factor].flatMap { ElementType.float32.bytes(of: Double($0)) }, isParameter: false)
    let y = try graph.add(Binary(.multiply), x, w, name: "product")
    graph.outputs = [Graph.Output(name: "y", value: try graph.add(Binary(.add), y, c, name: "sum"))]
    return graph
  }

  @Test func `weights of one name are one, contents of one name are not`() throws {
    var whole = try graph("whole", weight: "w", factor: 1)
    let x = Value(.input(0))
    _ = try whole.inline(graph("same", weight: "w", factor: 1), inputs: [x], prefix: "a")
    #expect(whole.constants.count == 2)
    let y = try whole.inline(graph("other", weight: "w", factor: 2), inputs: [x], prefix: "b")
    #expect(whole.constants.count == 3)
    // A third of the kind finds its own contents again.
    let z = try whole.inline(graph("other", weight: "w", factor: 2), inputs: [x], prefix: "c")
    #expect(whole.constants.count == 3)
    func added(_ value: Value) -> Value? {
      guard case .node(let index, _) = value.source else { return nil }
      return whole.nodes[index].operands[1]
    }
    #expect(added(y[0]) == Value(.constant(2)) && added(z[0]) == added(y[0]))
  }

  @Test func `a weight of another type than its namesake is refused`() throws {
    var whole = try graph("whole", weight: "w", factor: 1)
    var other = Graph(name: "other")
    other.outputs = [Graph.Output(name: "w", value: other.addConstant("w", TensorType([3])))]
    let error = #expect(throws: ShapeError.self) { try whole.inline(other, inputs: [], prefix: "a") }
    #expect("\(error as Any)".contains("inlining 'other', constant 'w'"))
  }
}
