import Graphs

/// Computes the outputs of ``RandomGraphs`` one element at a time, by the definitions and nothing else.
struct ReferenceInterpreter {
  /// Elements in row-major order.
  var inputs: [[Float]]
  /// Values of the constants by name, so that passes may renumber them.
  var constants: [String: [Float]]

  func outputs(of graph: Graph) throws -> [[Float]] {
    var results: [[Float]] = []
    func elements(_ value: Value) throws -> [Float] {
      switch value.source {
      case .input(let index): return inputs[index]
      case .constant(let index):
        guard let values = constants[graph.constants[index].name] else {
          throw ShapeError("interpreter", found: "\(value)", expected: "a constant with a value")
        }
        return values
      case .node(let index, _): return results[index]
      }
    }
    for node in graph.nodes {
      let operands = try node.operands.map { (graph.type(of: $0).shape, try elements($0)) }
      results.append(try evaluate(node.primitive, operands, shape: node.resultTypes[0].shape))
    }
    return try graph.outputs.map { try elements($0.value) }
  }

  private func evaluate(
    _ primitive: any Primitive, _ operands: [([Int], [Float])], shape: [Int]
  ) throws -> [Float] {
    let (source, x) = operands[0]
    func each(_ origin: ([Int]) -> Float) -> [Float] {
      (0..<shape.reduce(1, *)).map { origin(coordinates(of: $0, in: shape)) }
    }
    switch primitive {
    case is Reshape, is Cast: return x
    case let unary as Unary where unary.function == .negate: return x.map { -$0 }
    case let binary as Binary where binary.function == .subtract:
      return zip(x, operands[1].1).map { $0 - $1 }
    case let transpose as Transpose:
      return each { place in
        var origin = place
        for (axis, from) in transpose.permutation.enumerated() { origin[from] = place[axis] }
        return x[offset(of: origin, in: source)]
      }
    case let slice as Slice:
      return each { place in
        x[offset(of: place.indices.map { slice.starts[$0] + place[$0] * slice.steps[$0] }, in: source)]
      }
    case let concatenate as Concatenate:
      return each { place in
        var origin = place
        var index = 0
        while origin[concatenate.axis] >= operands[index].0[concatenate.axis] {
          origin[concatenate.axis] -= operands[index].0[concatenate.axis]
          index += 1
        }
        return operands[index].1[offset(of: origin, in: operands[index].0)]
      }
    default: throw ShapeError("interpreter", found: primitive.name, expected: "an operation of random graphs")
    }
  }

  private func coordinates(of offset: Int, in shape: [Int]) -> [Int] {
    var rest = offset
    var place = shape
    for axis in shape.indices.reversed() {
      place[axis] = rest % shape[axis]
      rest /= shape[axis]
    }
    return place
  }

  private func offset(of place: [Int], in shape: [Int]) -> Int {
    zip(place, shape).reduce(0) { $0 * $1.1 + $1.0 }
  }
}
