import Graphs

/// The layers of a network that integer arithmetic can compute, before they are quantised.
struct FloatLayers {
  /// A product with known weights, a sum, or a mean, with the bias and the activation that follow it.
  struct Layer {
    enum Operation {
      case product(node: Int, bias: [Float]?)
      case add(node: Int)
      case globalAverage(node: Int)
    }
    var operation: Operation
    /// The activations that enter.
    var operands: [Value]
  }

  /// Layers by the node that ends them.
  private(set) var layers: [Int: Layer] = [:]
  /// Nodes inside layers, which are not emitted on their own.
  private(set) var inner: Set<Int> = []
  /// Values whose ranges are needed, in order, each once.
  private(set) var observed: [Value] = []

  init(_ graph: Graph) {
    let uses = graph.useCounts
    var readers: [Value: Int] = [:]
    for (index, node) in graph.nodes.enumerated() {
      for operand in node.operands { readers[operand] = index }
    }
    /// The one node that reads a value, if only one does and no output is.
    func reader(_ value: Value) -> Int? { uses[value] == 1 ? readers[value] : nil }
    for (index, node) in graph.nodes.enumerated() where !inner.contains(index) {
      guard var layer = Self.layer(index, node, graph) else { continue }
      var end = index
      if case .product(let product, _) = layer.operation {
        let result = Value(.node(end, result: 0))
        if let next = reader(result), let bias = graph.bias(next, of: result) {
          layer.operation = .product(node: product, bias: bias)
          inner.insert(end)
          end = next
        }
      }
      if let next = reader(Value(.node(end, result: 0))), Self.isAbsorbed(graph.nodes[next].primitive) {
        inner.insert(end)
        end = next
      }
      layers[end] = layer
      for value in layer.operands + [Value(.node(end, result: 0))] where !observed.contains(value) {
        observed.append(value)
      }
    }
  }

  private static func layer(_ index: Int, _ node: Node, _ graph: Graph) -> Layer? {
    guard node.resultTypes[0].elementType == .float32 else { return nil }
    let isConstant = node.operands.map { if case .constant = $0.source { true } else { false } }
    switch node.primitive {
    case is Convolution where !isConstant[0] && graph.reals(node.operands[1]) != nil:
      return Layer(operation: .product(node: index, bias: nil), operands: [node.operands[0]])
    case let product as MatrixProduct
    where !product.transposesLeft && !isConstant[0] && graph.reals(node.operands[1]) != nil:
      guard graph.type(of: node.operands[0]).rank >= 2, graph.type(of: node.operands[1]).rank == 2 else {
        return nil
      }
      return Layer(operation: .product(node: index, bias: nil), operands: [node.operands[0]])
    case let binary as Binary where binary.function == .add && !isConstant.contains(true):
      guard graph.type(of: node.operands[0]) == graph.type(of: node.operands[1]),
        node.operands[0] != node.operands[1]
      else { return nil }
      return Layer(operation: .add(node: index), operands: node.operands)
    case let reduce as Reduce where reduce.function == .mean:
      let rank = graph.type(of: node.operands[0]).rank
      guard rank >= 3, reduce.axes == Array(2..<rank) else { return nil }
      return Layer(operation: .globalAverage(node: index), operands: node.operands)
    default: return nil
    }
  }

  /// Activations that are the lower end of the range of what they let through, and at most its upper end: rounding to
  /// integers cuts there anyway.
  private static func isAbsorbed(_ primitive: any Primitive) -> Bool {
    guard let unary = primitive as? Unary else { return false }
    switch unary.function {
    case .relu: return true
    case .clamp(let minimum, _): return minimum == 0
    default: return false
    }
  }
}

extension Graph {
  /// The numbers that a node adds along the channels of a product's result.
  fileprivate func bias(_ index: Int, of product: Value) -> [Float]? {
    let node = nodes[index]
    guard let binary = node.primitive as? Binary, binary.function == .add else { return nil }
    guard node.operands[0] == product, let numbers = reals(node.operands[1]) else { return nil }
    let sums = type(of: product)
    guard case .node(let source, _) = product.source else { return nil }
    let isConvolution = nodes[source].primitive is Convolution
    let channels = isConvolution ? sums.shape[1] : sums.shape[sums.rank - 1]
    let shape = isConvolution ? [channels] + Array(repeating: 1, count: sums.rank - 2) : [channels]
    let given = type(of: node.operands[1]).shape
    return given == shape || given == [1] + shape ? numbers : nil
  }
}
