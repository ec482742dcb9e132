/// The one list of all primitives, each with operands that it takes.
///
/// Tests of every room walk it: what they promise holds for each primitive or they fail.
package enum PrimitiveCatalog {
  /// A primitive with operand types that it accepts.
  package struct Sample: Sendable {
    package var primitive: any Primitive
    package var operandTypes: [TensorType]

    package init(_ primitive: any Primitive, _ operandTypes: TensorType...) {
      self.primitive = primitive
      self.operandTypes = operandTypes
    }
  }

  /// The names of all primitives, each once, in the order of the list.
  package static var names: [String] {
    var names: [String] = []
    for sample in samples where !names.contains(sample.primitive.name) { names.append(sample.primitive.name) }
    return names
  }

  /// All samples: products first, then arithmetic, normalisation, movement and quantisation.
  package static var samples: [Sample] { groups.flatMap(\.samples) }

  /// The samples by family, each with its title.
  package static var groups: [(title: String, samples: [Sample])] {
    [
      ("products", products), ("arithmetic", arithmetic), ("normalisation and pooling", normalizations),
      ("movement", movements), ("quantisation", quantizations),
    ]
  }

  private static var products: [Sample] {
    [
      Sample(Convolution(stride: 2, padding: 1), t(2, 4, 9, 8), t(6, 4, 3, 3)),
      Sample(Convolution(padding: 1, groups: 4), t(1, 4, 5, 5), t(8, 1, 3, 3)),
      Sample(Convolution(strides: [1], padding: [.none], dilations: [2]), t(1, 3, 16), t(5, 3, 3)),
      Sample(
        Convolution(
          strides: [1, 2, 2], padding: [Padding(1), Padding(0, 1), Padding(1)], dilations: [1, 1, 1]),
        t(1, 2, 4, 6, 6), t(3, 2, 3, 2, 3)),
      Sample(
        Convolution(padding: 1), TensorType([1, 4, 5, 5], .uint8), TensorType([2, 4, 3, 3], .int8)),
      Sample(ConvolutionInputGradient(stride: 2), t(1, 6, 5, 4), t(6, 3, 2, 2)),
      Sample(
        ConvolutionInputGradient(stride: 2, padding: 1, groups: 2, outputPadding: 1), t(1, 4, 5, 5),
        t(4, 3, 3, 3)),
      Sample(
        ConvolutionWeightGradient(
          kernel: [3, 2], strides: [2, 1], padding: [Padding(1), .none], dilations: [1, 2], groups: 2),
        t(2, 4, 9, 8), t(2, 6, 5, 6)),
      Sample(MatrixProduct(), t(7, 5), t(5, 3)),
      Sample(MatrixProduct(transposesRight: true), t(2, 3, 7, 5), t(2, 3, 4, 5)),
      Sample(MatrixProduct(transposesLeft: true), t(3, 5, 7), t(5, 4)),
      Sample(MatrixProduct(), t(5), t(5)),
    ]
  }

  private static var arithmetic: [Sample] {
    let unary: [UnaryFunction] = [
      .relu, .selu, .sigmoid, .hardSwish, .tanh, .silu, .mish, .softplus, .softsign, .leakyReLU(slope: 0.1),
      .elu(alpha: 1), .celu(alpha: 1), .thresholdedReLU(alpha: 1), .hardSigmoid(alpha: 0.2, beta: 0.5),
      .gelu(approximatesWithTanh: false), .gelu(approximatesWithTanh: true), .clamp(minimum: 0, maximum: 6),
      .clamp(minimum: nil, maximum: 1), .negate, .absolute, .sign, .reciprocal, .squareRoot, .exponential,
      .logarithm, .erf, .sine, .cosine, .floor, .ceiling, .round, .isNaN, .isInfinite,
    ]
    let truth = TensorType([3, 4], .bool)
    return unary.map { Sample(Unary($0), t(3, 4)) } + [Sample(Unary(.not), truth)]
      + BinaryFunction.allCases.map {
        $0.isLogic
          ? Sample(Binary($0), truth, TensorType([4], .bool)) : Sample(Binary($0), t(2, 3, 4), t(3, 1))
      }
      + [
        Sample(Select(), truth, t(3, 4), t(1)), Sample(PReLU(), t(1, 3, 4, 4), t(3, 1, 1)),
        Sample(Cast(to: .float16), t(3, 4)),
      ]
      + Reduce.Function.allCases.map { Sample(Reduce($0, axes: [1, 2], keepsDimensions: true), t(2, 3, 4)) }
      + [
        Sample(Reduce(.mean, axes: [2, 3], keepsDimensions: false), t(1, 8, 7, 7)),
        Sample(Moments(axes: [0, 2], keepsDimensions: false), t(2, 3, 4)),
        Sample(ArgumentExtremum(maximum: true, axis: 1, keepsDimension: false), t(2, 10)),
        Sample(ArgumentExtremum(maximum: false, axis: 0, keepsDimension: true, takesLast: true), t(4, 3)),
        Sample(TopK(k: 3, axis: 1), t(2, 10)), Sample(CumulativeSum(axis: 1), t(2, 10)),
      ]
  }

  private static var normalizations: [Sample] {
    [
      Sample(Softmax(axis: 2), t(2, 4, 8)), Sample(LogSoftmax(axis: 1), t(2, 10)),
      Sample(LayerNormalization(axis: 2, epsilon: 1e-5), t(1, 4, 8), t(8), t(8)),
      Sample(RMSNormalization(axis: 2, epsilon: 1e-6), t(1, 4, 8), t(8)),
      Sample(BatchNormalization(), t(1, 6, 4, 4), t(6), t(6), t(6), t(6)),
      Sample(InstanceNormalization(), t(1, 6, 4, 4), t(6), t(6)),
      Sample(GroupNormalization(groups: 3), t(1, 6, 4, 4), t(6), t(6)),
      Sample(LocalResponseNormalization(size: 5), t(1, 8, 4, 4)),
      Sample(Pooling(.maximum, window: 3, stride: 2, padding: 1), t(1, 4, 9, 9)),
      Sample(Pooling(.average(countsPadding: true), window: 2, stride: 2, ceilMode: true), t(1, 4, 7, 7)),
      Sample(
        AveragePoolingGradient(
          of: Pooling(.average(countsPadding: false), window: 3, stride: 2, padding: 1), shape: [1, 4, 7, 6]),
        t(1, 4, 4, 3)),
      Sample(
        MaximumPoolingGradient(of: Pooling(.maximum, window: 3, stride: 2, padding: 1)), t(1, 4, 7, 6),
        t(1, 4, 4, 3)),
      Sample(
        MaximumPoolingSelection(of: Pooling(.maximum, window: 3, stride: 2, padding: 1)), t(1, 4, 7, 6),
        t(1, 4, 7, 6)),
    ]
  }

  private static var movements: [Sample] {
    let indices = TensorType([2, 3], .int64)
    return [
      Sample(Reshape([6, 4]), t(2, 3, 4)), Sample(Transpose([0, 2, 1, 3]), t(2, 3, 4, 5)),
      Sample(Concatenate(axis: 1), t(2, 3, 4), t(2, 5, 4)),
      Sample(Slice(starts: [0, 4], ends: [2, 0], steps: [1, -2]), t(2, 5)),
      Sample(Pad(before: [0, 0, 1, 1], after: [0, 0, 1, 2]), t(1, 2, 3, 3)),
      Sample(Expand([2, 3, 4]), t(3, 1)), Sample(Tile([1, 2]), t(3, 4)),
      Sample(DepthToSpace(blockSize: 2, order: .depthFirst), t(1, 8, 3, 3)),
      Sample(SpaceToDepth(blockSize: 2), t(1, 2, 6, 4)),
      Sample(Resize([1, 2, 6, 6], mode: .nearest(.floor), coordinates: .asymmetric), t(1, 2, 3, 3)),
      Sample(Resize([1, 2, 6, 6], mode: .linear, coordinates: .halfPixel), t(1, 2, 3, 3)),
      Sample(
        Resize(
          [1, 2, 4, 5], mode: .cubic(coefficient: -0.5), coordinates: .halfPixelSymmetric,
          scales: [1, 1, 0.7, 1.7], excludesOutside: true), t(1, 2, 6, 3)),
      Sample(
        SliceGradient(of: Slice(starts: [0, 4], ends: [2, 0], steps: [1, -2]), shape: [2, 5]), t(2, 2)),
      Sample(
        PadGradient(of: Pad(before: [1, 2], after: [0, 1], mode: .reflection), shape: [2, 4]), t(3, 7)),
      Sample(
        ResizeGradient(
          of: Resize([1, 2, 6, 5], mode: .linear, coordinates: .halfPixel), shape: [1, 2, 3, 3]),
        t(1, 2, 6, 5)),
      Sample(ScatterSum(axis: 0, extent: 10), indices, t(2, 3, 4)),
      Sample(Gather(axis: 0), t(10, 4), indices), Sample(GatherElements(axis: 1), t(2, 5), indices),
      Sample(GatherND(), t(4, 5, 6, 7), indices),
      Sample(ScatterElements(axis: 1, reduction: .add), t(2, 5), indices, t(2, 3)),
      Sample(ScatterND(), t(4, 5, 6, 7), indices, t(2, 7)),
      Sample(OneHot(depth: 7, axis: 1), TensorType([5], .int64), t(2)),
      Sample(Trilu(upper: true, k: 1), t(2, 4, 4)),
    ]
  }

  private static var quantizations: [Sample] {
    [
      Sample(QuantizeLinear(to: .int8), t(1, 4, 3, 3), t(), TensorType([], .int8)),
      Sample(DequantizeLinear(axis: 0), TensorType([6, 4, 3, 3], .int8), t(6)),
    ]
  }

  /// A float32 tensor of a shape.
  private static func t(_ shape: Int...) -> TensorType { TensorType(shape) }
}
