/// A layer that integer arithmetic computes: operands are dequantised, an operation follows, and its result is quantised.
///
/// In the graph these are several nodes; ONNX has an operator for the whole (QLinearConv and others), and so do NPUs.
package struct QuantizedLayer: Sendable {
  /// The operation between the conversions.
  package enum Operation: Hashable, Sendable {
    /// Operands: x and weights, which may have one scale for each output channel.
    case convolution(Convolution)
    /// Operands: a matrix and a matrix of weights, which may have one scale for each column of the result.
    case matrixProduct(MatrixProduct)
    /// Operands of one shape.
    case add
    /// The mean over all spatial axes, which stay with extent 1.
    case globalAverage
  }

  package var operation: Operation
  package var operands: [QuantizedTensor]
  /// What is added to the sums of products, in units of both scales: one number for each output channel.
  package var bias: [Int32]?
  package var result: QuantizedTensor
  package var resultElement: ElementType
  /// The nodes between the conversions, for which the layer stands.
  package var name: String

  /// The factor from sums of products to the result, for each output channel: sx · sw / sy in single precision, as ONNX
  /// Runtime computes it.
  package var factors: [Float] {
    let (x, y) = (operands[0].scales[0], result.scales[0])
    return operands[1].scales.map { x * $0 / y }
  }
}

extension Graph {
  /// The layers that integer arithmetic computes, by the index of the node that quantises the result.
  ///
  /// A layer needs scales that are known, integers of 8 bits, one scale for activations and results, scales of weights
  /// along their output channels, and inner results that nothing else reads. A bias must be a whole number of units.
  package var quantizedLayers: [Int: QuantizedLayer] {
    var uses: [Value: Int] = [:]
    for node in nodes { for operand in node.operands { uses[operand, default: 0] += 1 } }
    for output in outputs { uses[output.value, default: 0] += 1 }
    var layers: [Int: QuantizedLayer] = [:]
    for (index, node) in nodes.enumerated() where node.primitive is QuantizeLinear {
      layers[index] = quantizedLayer(endingAt: index, uses)
    }
    return layers
  }

  private func quantizedLayer(endingAt index: Int, _ uses: [Value: Int]) -> QuantizedLayer? {
    let node = nodes[index]
    let inner = node.operands[0]
    guard let quantize = node.primitive as? QuantizeLinear, quantize.elementType.bits == 8,
      type(of: inner).elementType == .float32, uses[inner] == 1,
      let result = quantizedTensor(
        Value(.node(index, result: 0)), node.operands, axis: quantize.axis), result.axis == nil,
      case .node(let last, _) = inner.source
    else { return nil }
    var layer = QuantizedLayer(
      operation: .add, operands: [], result: result, resultElement: quantize.elementType, name: node.name)
    if let found = product(last, layer) { return found }
    switch nodes[last].primitive {
    case let binary as Binary where binary.function == .add:
      let operands = nodes[last].operands.compactMap { dequantized($0) }
      if operands.count == 2, operands.allSatisfy({ $0.axis == nil }),
        Set(operands.map { type(of: $0.value) }).count == 1,
        type(of: operands[0].value).elementType == quantize.elementType
      {
        layer.operands = operands
        return layer
      }
      return biased(last, layer, uses)
    case let reduce as Reduce where reduce.function == .mean && reduce.keepsDimensions:
      let rank = type(of: nodes[last].operands[0]).rank
      guard let x = dequantized(nodes[last].operands[0]), x.axis == nil, rank >= 3,
        reduce.axes == Array(2..<rank), type(of: x.value).elementType == quantize.elementType
      else { return nil }
      layer.operation = .globalAverage
      layer.operands = [x]
      return layer
    default: return nil
    }
  }

  /// A product of two dequantised tensors.
  private func product(_ index: Int, _ draft: QuantizedLayer) -> QuantizedLayer? {
    let node = nodes[index]
    var layer = draft
    let channels: Int
    switch node.primitive {
    case let convolution as Convolution:
      layer.operation = .convolution(convolution)
      channels = 0
    case let product as MatrixProduct where !product.transposesLeft:
      guard node.operands.allSatisfy({ type(of: $0).rank == 2 }) else { return nil }
      layer.operation = .matrixProduct(product)
      channels = product.transposesRight ? 0 : 1
    default: return nil
    }
    layer.operands = node.operands.compactMap { dequantized($0) }
    guard layer.operands.count == 2, layer.operands[0].axis == nil,
      layer.operands[1].axis == nil || layer.operands[1].axis == channels
    else { return nil }
    return layer
  }

  /// A product and a constant that is added along its output channels.
  private func biased(_ index: Int, _ draft: QuantizedLayer, _ uses: [Value: Int]) -> QuantizedLayer? {
    let operands = nodes[index].operands
    guard case .node(let inner, _) = operands[0].source, uses[operands[0]] == 1,
      var layer = product(inner, draft), let numbers = reals(operands[1])
    else { return nil }
    let sums = type(of: operands[0])
    let shape = type(of: operands[1]).shape
    let isConvolution = sums.rank > 2
    let channels = isConvolution ? sums.shape[1] : sums.shape[sums.rank - 1]
    let expected = isConvolution ? [channels] + Array(repeating: 1, count: sums.rank - 2) : [channels]
    guard shape == expected || shape == [1] + expected else { return nil }
    let (x, weights) = (Double(layer.operands[0].scales[0]), layer.operands[1].scales)
    var bias: [Int32] = []
    for (channel, number) in numbers.enumerated() {
      let unit = x * Double(weights[weights.count == 1 ? 0 : channel])
      let whole = (Double(number) / unit).rounded()
      // Below 2²² the number, rounded to single precision, still says which integer it was.
      guard whole.magnitude < 0x1p22, abs(Double(number) - whole * unit) <= Double(abs(number)) * 0x1p-22
      else {
        return nil
      }
      bias.append(Int32(whole))
    }
    layer.bias = bias
    return layer
  }
}
