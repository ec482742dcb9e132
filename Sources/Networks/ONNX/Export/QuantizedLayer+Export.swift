import Graphs

extension QuantizedLayer {
  /// The operator for the whole layer: those of ONNX, and of ONNX Runtime (`com.microsoft`) where ONNX has none.
  func export(to node: inout ONNXNodeDraft) {
    let x = node.quantized(operands[0])
    let y = node.parameters(result, resultElement)
    switch operation {
    case .convolution(let convolution):
      let kernel = Array(node.type(of: operands[1].value).shape.dropFirst(2))
      node.finish(
        "QLinearConv", x + node.quantized(operands[1]) + y + node.biases(bias),
        [
          ("kernel_shape", .integers(kernel)), ("strides", .integers(convolution.strides)),
          ("pads", .integers(convolution.padding.map(\.before) + convolution.padding.map(\.after))),
          ("dilations", .integers(convolution.dilations)), ("group", .integer(convolution.groups)),
        ])
    case .matrixProduct(let product) where bias == nil && !product.transposesRight:
      node.finish("QLinearMatMul", x + node.quantized(operands[1]) + y)
    case .matrixProduct(let product):
      let addend = bias == nil ? [""] : node.biases(bias)
      node.finish(
        "QGemm", x + node.quantized(operands[1]) + addend + y,
        [("transB", product.transposesRight.attribute)], domain: "com.microsoft")
    case .add:
      node.finish("QLinearAdd", x + node.quantized(operands[1]) + y, domain: "com.microsoft")
    case .globalAverage:
      node.finish(
        "QLinearGlobalAveragePool", x + y, [("channels_last", .integer(0))], domain: "com.microsoft")
    }
  }
}

extension ONNXNodeDraft {
  /// A tensor with its scale and zero point.
  fileprivate mutating func quantized(_ tensor: QuantizedTensor) -> [String] {
    [name(of: tensor.value)] + parameters(tensor, type(of: tensor.value).elementType)
  }

  /// Scale and zero point; these operators want both.
  fileprivate mutating func parameters(_ tensor: QuantizedTensor, _ element: ElementType) -> [String] {
    let names = tensor.parameters.map { name(of: $0) }
    guard names.count == 1 else { return names }
    let shape = type(of: tensor.parameters[0]).shape
    let zeros = Literal(Array(repeating: 0, count: shape.reduce(1, *)), shape: shape, element)
    return names + [literal(zeros, "zero_point")]
  }

  /// The bias as integers of 32 bits, one for each channel.
  fileprivate mutating func biases(_ bias: [Int32]?) -> [String] {
    guard let bias else { return [] }
    return [literal(Literal(bias.map { Int($0) }, shape: [bias.count], .int32), "bias")]
  }
}

extension Graph {
  /// Nodes that the outputs need where a quantised layer reads its integers and no conversions.
  func needed(_ layers: [Int: QuantizedLayer]) -> (nodes: Set<Int>, constants: Set<Int>) {
    var (nodes, constants): (Set<Int>, Set<Int>) = ([], [])
    func need(_ value: Value) {
      switch value.source {
      case .node(let index, _): nodes.insert(index)
      case .constant(let index): constants.insert(index)
      case .input: break
      }
    }
    for output in outputs { need(output.value) }
    for index in self.nodes.indices.reversed() where nodes.contains(index) {
      if let layer = layers[index] {
        for tensor in layer.operands + [layer.result] {
          if tensor.value != Value(.node(index, result: 0)) { need(tensor.value) }
          tensor.parameters.forEach(need)
        }
      } else {
        self.nodes[index].operands.forEach(need)
      }
    }
    return (nodes, constants)
  }
}
