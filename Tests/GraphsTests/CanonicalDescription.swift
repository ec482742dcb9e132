import Graphs
import Testing

/// What the key of cached results says and leaves out.
struct CanonicalDescription {
  private func graph(
    named name: String = "g", _ primitive: any Primitive = Unary(.leakyReLU(slope: 0.1)), extent: Int = 4,
    bytes: [UInt8]? = nil
  ) throws -> Graph {
    var graph = Graph(name: name)
    let input = graph.addInput("\(name)-input", TensorType([extent]))
    let constant = graph.addConstant("\(name)-constant", TensorType([extent], .float32), bytes: bytes)
    let sum = try graph.add(Binary(.add), input, constant, name: "\(name)-sum")
    let result = try graph.add(primitive, sum, name: "\(name)-result")
    graph.outputs = [.init(name: "\(name)-output", value: result)]
    return graph
  }

  @Test func `names and values of constants are left out`() throws {
    let plain = try graph().canonicalDescription
    #expect(try graph(named: "other").canonicalDescription == plain)
    #expect(try graph(bytes: Array(repeating: 7, count: 16)).canonicalDescription == plain)
  }

  @Test func `shapes, attributes and outputs are told apart`() throws {
    let plain = try graph().canonicalDescription
    #expect(try graph(extent: 5).canonicalDescription != plain)
    #expect(try graph(Unary(.leakyReLU(slope: 0.2))).canonicalDescription != plain)
    #expect(try graph(Unary(.relu)).canonicalDescription != plain)
    var other = try graph()
    other.outputs[0].value = Value(.node(0, result: 0))
    #expect(other.canonicalDescription != plain)
  }

  @Test func `different primitives have different descriptions`() {
    var primitives: Set<AnyHashable> = []
    var descriptions: Set<String> = []
    for sample in PrimitiveCatalog.samples {
      primitives.insert(AnyHashable(sample.primitive))
      descriptions.insert("\(sample.primitive)")
    }
    #expect(primitives.count == descriptions.count)
  }

  @Test func `the form is stable`() throws {
    #expect(
      try graph().canonicalDescription == """
        graph 1
        input float32[4]
        constant float32[4]
        binary Binary(function: Graphs.BinaryFunction.add) i0 c0
        unary Unary(function: Graphs.UnaryFunction.leakyReLU(slope: 0.1)) n0.0
        outputs n1.0

        """)
  }
}
