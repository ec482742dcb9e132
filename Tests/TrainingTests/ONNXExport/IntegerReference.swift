import Graphs
import Testing
import Training

/// A quantised network computed one integer after the other, in the words of ONNX's operators.
///
/// Layers are found by the graph's own rule; what they compute is written here once more, on plain integers. Everything
/// else, conversions included, runs on the engine node by node.
struct IntegerReference {
  let output: ReferenceTensor

  init(_ graph: Graph, _ input: ReferenceTensor) throws {
    let layers = graph.quantizedLayers
    var values: [Value: ReferenceTensor] = [Value(.input(0)): input]
    for (index, node) in graph.nodes.enumerated() {
      let result = Value(.node(index, result: 0))
      if let layer = layers[index] {
        let operands = try layer.operands.map { tensor in
          try values[tensor.value] ?? Self.constant(graph, tensor.value)
        }
        values[result] = Self.result(of: layer, operands, graph.type(of: result).shape)
        continue
      }
      // One node on its own: the engine finds no layer in it.
      var single = Graph(name: "single")
      var operands: [Value] = []
      var inputs: [ReferenceTensor] = []
      for operand in node.operands {
        if case .constant(let constant) = operand.source {
          let source = graph.constants[constant]
          operands.append(single.addConstant("c\(operands.count)", source.type, bytes: source.bytes))
        } else {
          operands.append(single.addInput("x\(operands.count)", graph.type(of: operand)))
          inputs.append(try #require(values[operand]))
        }
      }
      let results = try single.addNode(node.primitive, operands, name: "node")
      single.outputs = [Graph.Output(name: "y", value: results[0])]
      var sample = PlanCase(single, seed: 0)
      sample.inputs = inputs
      let execution = try sample.execution()
      execution.run()
      values[result] = ReferenceTensor(
        node.resultTypes[0].shape, execution.output(0).map { Double($0) })
    }
    output = try #require(values[graph.outputs[0].value])
  }

  private static func constant(_ graph: Graph, _ value: Value) throws -> ReferenceTensor {
    ReferenceTensor(graph.type(of: value).shape, try #require(graph.integers(value)).map { Double($0) })
  }

  private static func result(
    of layer: QuantizedLayer, _ operands: [ReferenceTensor], _ shape: [Int]
  ) -> ReferenceTensor {
    // Zero points are taken off first; padding is then 0.
    let shifted = zip(operands, layer.operands).map { tensor, quantized in
      ReferenceTensor(tensor.shape, tensor.elements.map { $0 - Double(quantized.zeroPoint) })
    }
    let (low, high) = layer.resultElement == .int8 ? (-128.0, 127.0) : (0.0, 255.0)
    let point = Double(layer.result.zeroPoint)
    let scales = layer.operands.map(\.scales)
    let y = layer.result.scales[0]
    func saturated(_ value: Float) -> Double {
      min(max(Double(value.rounded(.toNearestOrEven)) + point, low), high)
    }
    func requantized(_ sums: ReferenceTensor, channelAxis: Int) -> ReferenceTensor {
      ReferenceTensor(sums.shape) { place in
        let channel = place[channelAxis]
        let weight = scales[1][scales[1].count == 1 ? 0 : channel]
        let sum = sums[place] + Double(layer.bias?[channel] ?? 0)
        return saturated(Float(sum) * (scales[0][0] * weight / y))
      }
    }
    switch layer.operation {
    case .convolution(let convolution):
      let sums = convolution.reference(shifted, [TensorType(shape)])[0]
      return requantized(sums, channelAxis: 1)
    case .matrixProduct(let product):
      return requantized(product.reference(shifted, [TensorType(shape)])[0], channelAxis: 1)
    case .add:
      // Fused multiply-adds round once: products of 8 and 24 bits are exact in double precision, sums nearly.
      let (a, b) = (scales[0][0] / y, scales[1][0] / y)
      let (az, bz) = (Float(layer.operands[0].zeroPoint), Float(layer.operands[1].zeroPoint))
      let fixed = Float(point) - Float(Double(a) * Double(az) + Double(b * bz))
      return ReferenceTensor(shape) { place in
        let inner = Float(Double(b) * operands[1][place] + Double(fixed))
        let sum = Float(Double(a) * operands[0][place] + Double(inner))
        return min(max(Double(sum.rounded(.toNearestOrEven)), low), high)
      }
    case .globalAverage:
      let count = shifted[0].count / shape.reduce(1, *)
      return ReferenceTensor(shape) { place in
        let first = shape.offset(of: place) * count
        let sum = shifted[0].elements[first..<first + count].reduce(0, +)
        return saturated(Float(sum) * (scales[0][0] / (y * Float(count))))
      }
    }
  }
}
