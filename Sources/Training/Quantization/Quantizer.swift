package import Graphs

/// Turns a calibrated network into one whose layers integer arithmetic computes.
///
/// The result keeps its quantisation in the graph: weights and activations are integers of 8 bits, and each layer stands
/// between dequantisations and a quantisation, see ``Graphs/Graph/quantizedLayers``. Operations that integers do not have
/// stay on real numbers between conversions.
package struct Quantizer {
  private let source: Graph
  private let calibration: Calibration
  private let format: QuantizationFormat
  private let layers: FloatLayers
  private var graph: Graph
  /// The value of the new graph for each of the old one, as real numbers and as integers.
  private var reals: [Value: Value] = [:]
  private var integers: [Value: Integers] = [:]

  /// A tensor of integers and what one of them means.
  private struct Integers {
    var value: Value
    var scale: Float
    var zeroPoint: Int
  }

  private init(_ calibration: Calibration, _ format: QuantizationFormat) {
    source = calibration.network
    self.calibration = calibration
    self.format = format
    layers = FloatLayers(source)
    graph = Graph(name: source.name)
  }

  /// The quantised network; inputs and outputs stay real numbers.
  package static func quantized(
    _ calibration: Calibration, _ format: QuantizationFormat
  ) throws(ShapeError) -> Graph {
    var quantizer = Quantizer(calibration, format)
    return try quantizer.run()
  }

  private mutating func run() throws(ShapeError) -> Graph {
    for (index, input) in source.inputs.enumerated() {
      reals[Value(.input(index))] = graph.addInput(input.name, input.type)
    }
    for index in source.nodes.indices where !layers.inner.contains(index) {
      if let layer = layers.layers[index] {
        try emit(layer, endingAt: index)
      } else if try !emitOnIntegers(index) {
        try emitOnReals(index)
      }
    }
    for output in source.outputs {
      graph.outputs.append(Graph.Output(name: output.name, value: try real(output.value)))
    }
    return try DeadNodeElimination().applied(to: graph)
  }

  // MARK: Values

  /// A value as real numbers: itself, a constant, or what integers mean.
  private mutating func real(_ value: Value) throws(ShapeError) -> Value {
    if let known = reals[value] { return known }
    if case .constant(let index) = value.source {
      let constant = source.constants[index]
      let copy = graph.addConstant(
        constant.name, constant.type, bytes: constant.bytes, isParameter: constant.isParameter,
        sparsity: constant.sparsity)
      reals[value] = copy
      return copy
    }
    guard let known = integers[value] else {
      throw ShapeError("quantisation", found: "\(value)", expected: "a value that comes before")
    }
    let copy = try dequantized(known, name: "\(name(value)).real")
    reals[value] = copy
    return copy
  }

  /// A value as integers, quantised here where it is not yet.
  private mutating func integer(_ value: Value) throws(ShapeError) -> Integers {
    if let known = integers[value] { return known }
    let x = try real(value)
    let result = try quantized(x, of: value, name: "\(name(value)).quantized")
    integers[value] = result
    return result
  }

  private func name(_ value: Value) -> String {
    switch value.source {
    case .input(let index): source.inputs[index].name
    case .constant(let index): source.constants[index].name
    case .node(let index, _): source.nodes[index].name
    }
  }

  private mutating func dequantized(_ x: Integers, name: String) throws(ShapeError) -> Value {
    try graph.addNode(
      DequantizeLinear(), [x.value] + parameters(x.scale, x.zeroPoint, name: name), name: name)[0]
  }

  /// Real numbers as integers of the range that calibration found for a value of the old graph.
  private mutating func quantized(
    _ x: Value, of value: Value, name: String
  ) throws(ShapeError) -> Integers {
    let statistics = calibration.statistics[value] ?? ActivationStatistics()
    let (scale, zeroPoint) = format.parameters(statistics.range(format.method))
    let operands = [x] + parameters(scale, zeroPoint, name: name)
    let y = try graph.addNode(QuantizeLinear(to: format.activations), operands, name: name)[0]
    return Integers(value: y, scale: scale, zeroPoint: zeroPoint)
  }

  private mutating func parameters(_ scale: Float, _ zeroPoint: Int, name: String) -> [Value] {
    [
      graph.addConstant("\(name).scale", TensorType([]), bytes: [scale].bytes, isParameter: false),
      graph.addConstant(
        "\(name).zero_point", TensorType([], format.activations),
        bytes: [UInt8(truncatingIfNeeded: zeroPoint)],
        isParameter: false),
    ]
  }

  // MARK: Nodes

  private mutating func emitOnReals(_ index: Int) throws(ShapeError) {
    let node = source.nodes[index]
    var operands: [Value] = []
    for operand in node.operands { operands.append(try real(operand)) }
    let results = try graph.addNode(node.primitive, operands, name: node.name)
    for (result, value) in results.enumerated() { reals[Value(.node(index, result: result))] = value }
  }

  /// Operations that move integers or choose among them run on integers where their operand is there as such.
  private mutating func emitOnIntegers(_ index: Int) throws(ShapeError) -> Bool {
    let node = source.nodes[index]
    let passes: Bool =
      switch node.primitive {
      case is Reshape, is Transpose, is Slice, is DepthToSpace, is SpaceToDepth: true
      case let pooling as Pooling: pooling.kind == .maximum
      default: false
      }
    guard passes, let x = integers[node.operands[0]] else { return false }
    let y = try graph.add(node.primitive, x.value, name: node.name)
    integers[Value(.node(index, result: 0))] = Integers(value: y, scale: x.scale, zeroPoint: x.zeroPoint)
    return true
  }

  private mutating func emit(_ layer: FloatLayers.Layer, endingAt end: Int) throws(ShapeError) {
    let result = Value(.node(end, result: 0))
    let name = source.nodes[end].name
    switch layer.operation {
    case .product(let node, let bias):
      integers[result] = try product(node, bias, layer.operands[0], result, name: name)
    case .add:
      var operands: [Value] = []
      for (index, operand) in layer.operands.enumerated() {
        operands.append(try dequantized(try integer(operand), name: "\(name).operand\(index)"))
      }
      let sum = try graph.addNode(Binary(.add), operands, name: "\(name).sum")[0]
      integers[result] = try quantized(sum, of: result, name: name)
    case .globalAverage(let node):
      guard let reduce = source.nodes[node].primitive as? Reduce else { return }
      let x = try dequantized(try integer(layer.operands[0]), name: "\(name).operand")
      let mean = Reduce(.mean, axes: reduce.axes, keepsDimensions: true)
      let y = try graph.add(mean, x, name: "\(name).mean")
      var found = try quantized(y, of: result, name: name)
      let shape = source.type(of: result).shape
      if graph.type(of: found.value).shape != shape {
        found.value = try graph.add(Reshape(shape), found.value, name: "\(name).shape")
      }
      integers[result] = found
    }
  }

  /// A convolution or a product of matrices; more axes than two become rows and come back.
  private mutating func product(
    _ index: Int, _ bias: [Float]?, _ operand: Value, _ result: Value, name: String
  ) throws(ShapeError) -> Integers {
    let node = source.nodes[index]
    var x = try integer(operand)
    let weights = node.operands[1]
    let type = source.type(of: weights)
    let isOutermost = (node.primitive as? MatrixProduct)?.transposesRight ?? true
    let axis = isOutermost ? 0 : 1
    let channels = type.shape[axis]
    let (integers, scales, whole) = QuantizationFormat.weights(
      source.reals(weights) ?? [], channels: channels, isOutermost: isOutermost, bias: bias,
      inputScale: x.scale)
    let isMatrix = node.primitive is MatrixProduct
    let shape = graph.type(of: x.value).shape
    if isMatrix, shape.count > 2 {
      let rows = [shape.dropLast().reduce(1, *), shape[shape.count - 1]]
      x.value = try graph.add(Reshape(rows), x.value, name: "\(name).rows")
    }
    let real = try dequantized(x, name: "\(name).operand")
    let weightName = self.name(weights)
    let stored = graph.addConstant(
      weightName, TensorType(type.shape, .int8), bytes: integers.map { UInt8(bitPattern: $0) })
    let scale = graph.addConstant(
      "\(weightName).scale", TensorType([channels]), bytes: scales.bytes, isParameter: false)
    let w = try graph.add(DequantizeLinear(axis: axis), stored, scale, name: "\(weightName).real")
    var y = try graph.add(node.primitive, real, w, name: "\(name).product")
    if let whole {
      let extents = [channels] + (isMatrix ? [] : Array(repeating: 1, count: type.rank - 2))
      let constant = graph.addConstant("\(name).bias", TensorType(extents), bytes: whole.bytes)
      y = try graph.add(Binary(.add), y, constant, name: "\(name).biased")
    }
    var found = try quantized(y, of: result, name: name)
    let expected = source.type(of: result).shape
    if graph.type(of: found.value).shape != expected {
      found.value = try graph.add(Reshape(expected), found.value, name: "\(name).shape")
    }
    return found
  }
}
