import Graphs

/// Puts one primitive of integer arithmetic in place of each layer between conversions.
///
/// What it computes is what ONNX's QLinear operators compute, to the bit, and not the product of real numbers that the
/// conversions around it would give.
struct IntegerLowering: GraphPass {
  static let name = "integer-lowering"

  func applied(to graph: Graph) throws(ShapeError) -> Graph {
    let layers = graph.quantizedLayers
    guard !layers.isEmpty else { return graph }
    var copy = Graph(
      name: graph.name, inputs: graph.inputs, constants: graph.constants, nodes: [], outputs: [])
    var replacements: [[Value]] = []
    func replaced(_ value: Value) -> Value {
      guard case .node(let index, let result) = value.source else { return value }
      return replacements[index][result]
    }
    for (index, node) in graph.nodes.enumerated() {
      if let layer = layers[index] {
        let operands = layer.operands.map { replaced($0.value) }
        replacements.append(try copy.addNode(IntegerLayer(layer), operands, name: node.name))
      } else {
        replacements.append(try copy.addNode(node.primitive, node.operands.map(replaced), name: node.name))
      }
    }
    copy.outputs = graph.outputs.map { Graph.Output(name: $0.name, value: replaced($0.value)) }
    return copy
  }
}

/// A layer on integers of 8 bits, as the engine computes it.
struct IntegerLayer: Primitive {
  static let name = "integer-layer"
  var operation: QuantizedLayer.Operation
  /// The zero point of each operand.
  var zeroPoints: [Int]
  /// The scale of each operand that has one scale.
  var scales: [Float]
  var requantization: Requantization
  var element: ElementType

  init(_ layer: QuantizedLayer) {
    operation = layer.operation
    zeroPoints = layer.operands.map(\.zeroPoint)
    scales = layer.operands.map { $0.scales[0] } + [layer.result.scales[0]]
    element = layer.resultElement
    requantization = Requantization(
      factors: layer.operands.count == 2 ? layer.factors : [], bias: layer.bias ?? [],
      zeroPoint: layer.result.zeroPoint, range: element.range)
  }

  func results(for operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    let types: [TensorType]
    switch operation {
    case .convolution(let convolution): types = try convolution.results(for: operands)
    case .matrixProduct(let product): types = try product.results(for: operands)
    case .add: types = operands
    case .globalAverage:
      types = [TensorType(operands[0].shape.prefix(2) + operands[0].shape.dropFirst(2).map { _ in 1 })]
    }
    return [TensorType(types[0].shape, element)]
  }

  func work(for operands: [TensorType], results: [TensorType]) -> [Work] {
    switch operation {
    case .convolution(let convolution): convolution.work(for: operands, results: results)
    case .matrixProduct(let product): product.work(for: operands, results: results)
    case .add: Binary(.add).work(for: operands, results: results)
    case .globalAverage: Cast(to: element).work(for: operands, results: results)
    }
  }
}

/// How 32-bit sums become integers of 8 bits: times a factor, rounded to even, plus the zero point, cut to the range.
struct Requantization: Hashable, Sendable {
  /// One factor, or one for each channel.
  var factors: [Float]
  /// What is added to the sums, one for each channel; empty for nothing.
  var bias: [Int32]
  var zeroPoint: Int
  var range: ClosedRange<Int>

  /// The result of one sum.
  @inline(__always)
  func apply(_ sum: Int32, channel: Int) -> Int32 {
    let whole = bias.isEmpty ? sum : sum &+ bias[channel]
    return rounded(Float(whole) * factors[factors.count == 1 ? 0 : channel])
  }

  @inline(__always)
  func rounded(_ value: Float) -> Int32 {
    let (low, high) = (Float(range.lowerBound - zeroPoint), Float(range.upperBound - zeroPoint))
    return Int32(min(max(value, low), high).rounded(.toNearestOrEven)) + Int32(zeroPoint)
  }
}
