import Graphs
import Testing

/// Passes keep what a graph computes.
struct Passes {
  /// Passes that keep values; ``ConstantHoisting`` drops them by design.
  static let keepingValues: [any GraphPass] = [Simplification(), DeadNodeElimination(), CanonicalOrder()]

  @Test(arguments: UInt64(0)..<200)
  func `a random graph computes the same numbers after every pass`(_ seed: UInt64) throws {
    let graph = try RandomGraphs.graph(seed: seed)
    let interpreter = interpreter(for: graph)
    let expected = try interpreter.outputs(of: graph)
    for passes in Self.keepingValues.map({ [$0] }) + [GraphPasses.standard, Self.keepingValues] {
      let changed = try graph.applying(passes)
      #expect(changed.verify() == [])
      #expect(changed.inputs == graph.inputs)
      #expect(changed.nodes.count <= graph.nodes.count)
      #expect(try interpreter.outputs(of: changed) == expected)
    }
  }

  @Test(arguments: UInt64(0)..<100)
  func `a pass on its own result changes nothing`(_ seed: UInt64) throws {
    let graph = try RandomGraphs.graph(seed: seed)
    for pass in GraphPasses.all {
      let once = try graph.applying([pass])
      #expect(try once.applying([pass]).canonicalDescription == once.canonicalDescription)
    }
  }

  @Test(arguments: UInt64(0)..<100)
  func `hoisting leaves the types of outputs and no node of constants alone`(_ seed: UInt64) throws {
    let graph = try RandomGraphs.graph(seed: seed)
    let hoisted = try graph.applying([ConstantHoisting()])
    #expect(hoisted.verify() == [])
    let types = graph.outputs.map { graph.type(of: $0.value) }
    #expect(hoisted.outputs.map { hoisted.type(of: $0.value) } == types)
    for node in hoisted.nodes {
      let readsVariable = node.operands.contains {
        if case .constant = $0.source { false } else { true }
      }
      #expect(readsVariable)
    }
  }

  @Test func `integer weights stay integers when constants are hoisted`() throws {
    var graph = Graph(name: "quantised")
    let input = graph.addInput("x", TensorType([2, 4]))
    let weights = graph.addConstant("w", TensorType([4, 4], .int8))
    let scale = graph.addConstant("s", TensorType([]))
    let real = try graph.add(DequantizeLinear(), weights, scale, name: "dequantise")
    let product = try graph.add(MatrixProduct(), input, real, name: "product")
    graph.outputs = [.init(name: "y", value: product)]
    let hoisted = try graph.applying([ConstantHoisting()])
    #expect(hoisted.canonicalDescription == graph.canonicalDescription)
  }

  /// Primitives that follow each other on `[2, 1, 3, 4]`, and those that are left.
  static let simplifications: [([any Primitive], [any Primitive])] = [
    ([Reshape([6, 4]), Reshape([24])], [Reshape([24])]),
    ([Reshape([6, 4]), Reshape([2, 1, 3, 4])], []),
    ([Transpose([3, 2, 1, 0]), Transpose([3, 2, 1, 0])], []),
    ([Transpose([0, 3, 1, 2]), Transpose([0, 2, 1, 3])], [Transpose([0, 1, 3, 2])]),
    ([Transpose([1, 0, 2, 3])], [Reshape([1, 2, 3, 4])]),
    ([Transpose([1, 0, 2, 3]), Reshape([8, 3])], [Reshape([8, 3])]),
    ([Cast(to: .float32), Slice(starts: [0, 0, 0, 0], ends: [2, 1, 3, 4]), Tile([1, 1, 1, 1])], []),
    ([Cast(to: .float16), Cast(to: .float32)], [Cast(to: .float16), Cast(to: .float32)]),
    ([Concatenate(axis: 0), Expand([2, 1, 3, 4]), Pad(before: [0, 0, 0, 0], after: [0, 0, 0, 0])], []),
    ([Unary(.relu), Unary(.relu)], [Unary(.relu), Unary(.relu)]),
    (
      [
        Resize([2, 1, 3, 4], mode: .linear, coordinates: .halfPixel),
        DepthToSpace(blockSize: 1, order: .depthLast),
      ],
      []
    ),
  ]

  @Test(arguments: simplifications.indices)
  func `operations that do nothing vanish and views join`(_ index: Int) throws {
    var graph = Graph(name: "chain")
    var value = graph.addInput("x", TensorType([2, 1, 3, 4]))
    for (step, primitive) in Self.simplifications[index].0.enumerated() {
      value = try graph.add(primitive, value, name: "step\(step)")
    }
    graph.outputs = [.init(name: "y", value: value)]
    let left = try graph.applying().nodes.map { AnyHashable($0.primitive) }
    #expect(left == Self.simplifications[index].1.map { AnyHashable($0) })
  }

  @Test func `the order of independent nodes does not change the canonical graph`() throws {
    func diamond(leftFirst: Bool) throws -> Graph {
      var graph = Graph(name: leftFirst ? "left" : "right")
      let input = graph.addInput("x", TensorType([4]))
      let functions: [UnaryFunction] = leftFirst ? [.relu, .tanh] : [.tanh, .relu]
      var branches: [UnaryFunction: Value] = [:]
      for function in functions {
        branches[function] = try graph.add(Unary(function), input, name: "\(function)\(leftFirst)")
      }
      _ = try graph.add(Unary(.sine), input, name: "needless\(leftFirst)")
      let operands = [UnaryFunction.relu, .tanh].compactMap { branches[$0] }
      let sum = try graph.addNode(Binary(.add), operands, name: "sum")[0]
      graph.outputs = [.init(name: "y", value: sum)]
      return graph
    }
    let (left, right) = (try diamond(leftFirst: true), try diamond(leftFirst: false))
    #expect(left.canonicalDescription != right.canonicalDescription)
    let order = [CanonicalOrder()]
    #expect(try left.applying(order).canonicalDescription == right.applying(order).canonicalDescription)
  }

  @Test func `a chain of a hundred thousand nodes is no burden`() throws {
    var graph = Graph(name: "long")
    var value = graph.addInput("x", TensorType([4]))
    for index in 0..<100_000 { value = try graph.add(Unary(.relu), value, name: "relu\(index)") }
    graph.outputs = [.init(name: "y", value: value)]
    #expect(try graph.applying(GraphPasses.all).nodes.count == 100_000)
  }

  private func interpreter(for graph: Graph) -> ReferenceInterpreter {
    var random = SeededGenerator(state: 1)
    func numbers(_ type: TensorType) -> [Float] {
      (0..<type.count).map { _ in Float(Int.random(in: -9...9, using: &random)) }
    }
    let inputs = graph.inputs.map { numbers($0.type) }
    var constants: [String: [Float]] = [:]
    for constant in graph.constants { constants[constant.name] = numbers(constant.type) }
    return ReferenceInterpreter(inputs: inputs, constants: constants)
  }
}
