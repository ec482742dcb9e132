import Graphs

/// A small generator with a seed (SplitMix64), so that a failing case can be made again.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// Graphs of views, movements and arithmetic, with nodes that no output needs.
enum RandomGraphs {
  static func graph(seed: UInt64) throws -> Graph {
    var random = SeededGenerator(state: seed)
    var graph = Graph(name: "random")
    var values: [Value] = []
    for index in 0..<2 {
      let shape = (0..<Int.random(in: 1...4, using: &random)).map { _ in Int.random(in: 1...3, using: &random)
      }
      values.append(graph.addInput("input\(index)", TensorType(shape)))
      values.append(graph.addConstant("weight\(index)", TensorType(shape)))
    }
    for index in 0..<Int.random(in: 3...25, using: &random) {
      let operand = values[Int.random(in: max(0, values.count - 4)..<values.count, using: &random)]
      let (primitive, operands) = step(on: operand, graph, &random)
      values += try graph.addNode(primitive, operands, name: "node\(index)")
    }
    for index in 0..<2 {
      let value = values[values.count - 1 - Int.random(in: 0..<3, using: &random)]
      graph.outputs.append(Graph.Output(name: "output\(index)", value: value))
    }
    return graph
  }

  private static func step(
    on operand: Value, _ graph: Graph, _ random: inout SeededGenerator
  ) -> (any Primitive, [Value]) {
    let type = graph.type(of: operand)
    let axis = Int.random(in: 0..<type.rank, using: &random)
    switch Int.random(in: 0..<9, using: &random) {
    case 0, 1: return (Transpose(type.shape.indices.shuffled(using: &random)), [operand])
    case 2: return (Reshape(type.shape.shuffled(using: &random)), [operand])
    case 3: return (Reshape([1, type.count, 1]), [operand])
    case 4: return (Cast(to: .float32), [operand])
    case 5: return (Unary(.negate), [operand])
    case 6: return (Binary(.subtract), [operand, operand])
    case 7 where type.shape[axis] > 1:
      var starts = type.shape.map { _ in 0 }
      starts[axis] = 1
      return (Slice(starts: starts, ends: type.shape), [operand])
    case 7: return (Slice(starts: type.shape.map { _ in 0 }, ends: type.shape), [operand])
    default:
      let isSmall = type.count < 200
      return (Concatenate(axis: axis), isSmall ? [operand, operand] : [operand])
    }
  }
}
