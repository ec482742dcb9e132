import Graphs
import Networks
import Testing

/// Every operator of the table on a small model: the shape of its result and the primitives that it becomes.
///
/// Expected shapes were checked against `onnx.shape_inference` of onnx 1.23 and the results of ONNX Runtime 1.32.
struct ONNXOperators {
  struct Sample: Sendable, CustomTestStringConvertible {
    var type: String
    var inputs: [[Int]] = [[2, 6, 8, 8]]
    var constants: [Constant] = []
    var attributes: @Sendable () -> [String: ONNXTestModel.Attribute] = { [:] }
    var results: [[Int]] = [[2, 6, 8, 8]]
    var primitives: [String]
    var opset: Int64 = 18
    var domain = ""
    /// Element type of the inputs; 1 is float, 7 int64, 9 bool.
    var element: Int32 = 1
    var testDescription: String { "\(domain.isEmpty ? "" : domain + ".")\(type) \(opset)" }
  }

  enum Constant: Sendable {
    case integers([Int64])
    case scalar(Float)
    case weight([Int])
    case bytes([UInt8], [Int], Int32)
    case absent
  }

  private static func model(_ sample: Sample) -> ONNXTestModel {
    var model = ONNXTestModel(opset: sample.opset)
    if !sample.domain.isEmpty { model.addOpset(sample.domain, 1) }
    var names: [String] = []
    for (index, shape) in sample.inputs.enumerated() {
      names.append("x\(index)")
      model.message.graph.input.append(
        ONNXTestModel.declaration("x\(index)", shape.map { .number($0) }, type: sample.element))
    }
    for (index, constant) in sample.constants.enumerated() {
      let name = "c\(index)"
      names.append(name)
      switch constant {
      case .integers(let values): model.integers(name, values)
      case .scalar(let value): model.floats(name, [value], shape: [])
      case .weight(let shape):
        model.message.graph.initializer.append(
          ONNXTestModel.floats((0..<shape.reduce(1, *)).map { Float($0 + 1) }, shape, name))
      case .bytes(let bytes, let shape, let type): model.bytes(name, bytes, shape: shape, type: type)
      case .absent: names[names.count - 1] = ""
      }
    }
    let outputs = sample.results.indices.map { "y\($0)" }
    model.node(sample.type, names, outputs, name: "n", domain: sample.domain, sample.attributes())
    for output in outputs { model.output(output) }
    return model
  }

  @Test(arguments: samples)
  func `an operator becomes primitives with the right results`(_ sample: Sample) throws {
    let graph = try Self.model(sample).graph()
    #expect(graph.outputs.map { graph.type(of: $0.value).shape } == sample.results)
    #expect(graph.nodes.map(\.primitive.name) == sample.primitives)
  }

  @Test func `every operator of the table has a sample`() {
    // Those without a sample are nodes of constants and control; ONNXFolding has them.
    let folded = [
      "Constant", "ConstantOfShape", "Dropout", "Identity", "If", "NonZero", "Range", "Shape", "Size",
    ]
    let sampled = Set(Self.samples.map { $0.domain.isEmpty ? $0.type : "\($0.domain).\($0.type)" })
    #expect(sampled.union(folded).sorted() == OperatorTable.operatorNames)
  }

  static let samples: [Sample] =
    products + unary + binary + poolings + normalizations + reductions + movements + indexing + quantized

  private static let products: [Sample] = [
    Sample(
      type: "Conv", constants: [.weight([9, 2, 3, 3]), .weight([9])],
      attributes: {
        [
          "group": .int(3), "pads": .ints([1, 0, 2, 1]), "strides": .ints([2, 1]),
          "dilations": .ints([1, 2]),
        ]
      },
      results: [[2, 9, 5, 5]], primitives: ["convolution", "binary"]),
    Sample(
      type: "Conv", inputs: [[1, 3, 9]], constants: [.weight([4, 3, 2])],
      attributes: { ["auto_pad": .text("SAME_UPPER"), "strides": .ints([2])] },
      results: [[1, 4, 5]], primitives: ["convolution"]),
    Sample(
      type: "Conv", inputs: [[1, 2, 5, 6, 7]], constants: [.weight([4, 2, 3, 3, 3])],
      attributes: { ["auto_pad": .text("VALID")] },
      results: [[1, 4, 3, 4, 5]], primitives: ["convolution"]),
    Sample(
      type: "ConvTranspose", constants: [.weight([6, 2, 3, 3]), .weight([4])],
      attributes: {
        [
          "group": .int(2), "strides": .ints([2, 2]), "pads": .ints([1, 1, 1, 1]),
          "output_padding": .ints([1, 1]),
        ]
      },
      results: [[2, 4, 16, 16]], primitives: ["convolution-input-gradient", "binary"]),
    Sample(
      type: "ConvTranspose", constants: [.weight([6, 2, 4, 4])],
      attributes: { ["strides": .ints([2, 2]), "output_shape": .ints([17, 15])] },
      results: [[2, 2, 17, 15]], primitives: ["convolution-input-gradient"]),
    Sample(
      type: "MatMul", inputs: [[2, 1, 4, 5], [3, 5, 7]], results: [[2, 3, 4, 7]],
      primitives: ["matrix-product"]),
    Sample(
      type: "Gemm", inputs: [[5, 4]], constants: [.weight([7, 5]), .weight([7])],
      attributes: { ["transA": .int(1), "transB": .int(1)] }, results: [[4, 7]],
      primitives: ["matrix-product", "binary"]),
    Sample(
      type: "Gemm", inputs: [[4, 5]], constants: [.weight([5, 7]), .weight([4, 1])],
      attributes: { ["alpha": .float(0.5), "beta": .float(2)] }, results: [[4, 7]],
      primitives: ["matrix-product", "binary", "binary", "binary"]),
    Sample(
      type: "Einsum", inputs: [[2, 3, 4, 5], [2, 6, 4, 5]],
      attributes: { ["equation": .text("bihd,bjhd->bhij")] },
      results: [[2, 4, 3, 6]], primitives: ["transpose", "transpose", "matrix-product"]),
    Sample(
      type: "Einsum", inputs: [[3, 4], [5]], attributes: { ["equation": .text("ij,k")] },
      results: [[3, 4, 5]], primitives: ["reshape", "reshape", "matrix-product", "reshape"]),
    Sample(
      type: "Einsum", inputs: [[3, 4, 5]], attributes: { ["equation": .text("ijk->ki")] },
      results: [[5, 3]], primitives: ["reduce", "transpose"]),
  ]

  private static func each(_ types: [String], _ primitive: String = "unary", opset: Int64 = 20) -> [Sample] {
    types.map { Sample(type: $0, primitives: [primitive], opset: opset) }
  }

  private static let unary: [Sample] =
    each([
      "Relu", "LeakyRelu", "Elu", "Celu", "Selu", "ThresholdedRelu", "Sigmoid", "HardSigmoid", "HardSwish",
      "Tanh",
      "Gelu", "Mish", "Softplus", "Softsign", "Neg", "Abs", "Sign", "Reciprocal", "Sqrt", "Exp", "Log", "Erf",
      "Sin",
      "Cos", "Floor", "Ceil", "Round", "IsNaN", "IsInf",
    ]) + [
      Sample(type: "Tan", primitives: ["unary", "unary", "binary"]),
      Sample(type: "Sinh", primitives: ["unary", "unary", "binary", "binary"]),
      Sample(type: "Cosh", primitives: ["unary", "unary", "binary", "binary"]),
      Sample(type: "Asinh", primitives: ["binary", "binary", "unary", "binary", "unary"]),
      Sample(type: "Acosh", primitives: ["binary", "binary", "unary", "binary", "unary"]),
      Sample(type: "Atanh", primitives: ["binary", "binary", "binary", "unary", "binary"]),
      Sample(type: "Shrink", primitives: ["binary", "binary", "binary", "binary", "select", "select"]),
      Sample(type: "Hardmax", primitives: ["argument-extremum", "one-hot"]),
      Sample(type: "Not", primitives: ["unary"], element: 9),
      Sample(type: "Gelu", primitives: ["unary"], domain: "com.microsoft"),
      Sample(type: "Clip", constants: [.scalar(0), .scalar(6)], primitives: ["unary"]),
      Sample(type: "Clip", constants: [.absent, .scalar(6)], primitives: ["unary"]),
      Sample(type: "Clip", primitives: []),
      Sample(type: "Clip", inputs: [[2, 3], [], []], results: [[2, 3]], primitives: ["binary", "binary"]),
      Sample(type: "PRelu", constants: [.weight([6, 1, 1])], primitives: ["prelu"]),
      Sample(type: "Softmax", primitives: ["softmax"]),
      Sample(type: "LogSoftmax", attributes: { ["axis": .int(1)] }, primitives: ["log-softmax"]),
      Sample(type: "Softmax", primitives: ["reshape", "softmax", "reshape"], opset: 12),
      Sample(type: "Softmax", attributes: { ["axis": .int(-1)] }, primitives: ["softmax"], opset: 12),
      Sample(type: "LogSoftmax", primitives: ["reshape", "log-softmax", "reshape"], opset: 11),
      Sample(type: "Cast", attributes: { ["to": .int(10)] }, primitives: ["cast"]),
      Sample(type: "Cast", attributes: { ["to": .int(1)] }, primitives: []),
      Sample(type: "CastLike", constants: [.integers([1])], primitives: ["cast"]),
    ]

  private static let binary: [Sample] =
    ["Add", "Sub", "Mul", "Div", "Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual"].map {
      Sample(type: $0, inputs: [[2, 1, 4], [3, 1]], results: [[2, 3, 4]], primitives: ["binary"])
    }
    + ["And", "Or", "Xor"].map {
      Sample(
        type: $0, inputs: [[2, 1, 4], [3, 1]], results: [[2, 3, 4]], primitives: ["binary"], element: 9)
    }
    + ["BitwiseAnd", "BitwiseOr", "BitwiseXor"].map {
      Sample(
        type: $0, inputs: [[2, 1, 4], [3, 1]], results: [[2, 3, 4]], primitives: ["binary"], element: 7)
    }
    + ["Min", "Max", "Sum"].map {
      Sample(
        type: $0, inputs: [[2, 1, 4], [3, 1], [1]], results: [[2, 3, 4]], primitives: ["binary", "binary"])
    } + [
      Sample(
        type: "Mean", inputs: [[3], [2, 1]], results: [[2, 3]], primitives: ["binary", "binary"]),
      Sample(type: "Pow", constants: [.scalar(2)], primitives: ["binary"]),
      Sample(type: "Pow", constants: [.scalar(3)], primitives: ["binary", "binary"]),
      Sample(type: "Pow", constants: [.scalar(0.5)], primitives: ["unary"]),
      Sample(type: "Pow", constants: [.scalar(1.5)], primitives: ["binary"]),
      Sample(
        type: "Mod", inputs: [[4], [4]], attributes: { ["fmod": .int(1)] }, results: [[4]],
        primitives: ["binary"]),
      Sample(
        type: "Where", inputs: [[2, 1], [3], [1]], results: [[2, 3]], primitives: ["select"], element: 9),
    ]

  private static let poolings: [Sample] = [
    Sample(
      type: "MaxPool",
      attributes: {
        ["kernel_shape": .ints([3, 3]), "strides": .ints([2, 2]), "pads": .ints([1, 1, 0, 0])]
      },
      results: [[2, 6, 4, 4]], primitives: ["pooling"]),
    Sample(
      type: "MaxPool",
      attributes: { ["kernel_shape": .ints([3, 3]), "strides": .ints([2, 2]), "ceil_mode": .int(1)] },
      results: [[2, 6, 4, 4]], primitives: ["pooling"]),
    Sample(
      type: "AveragePool",
      attributes: {
        ["kernel_shape": .ints([2, 2]), "auto_pad": .text("SAME_LOWER"), "count_include_pad": .int(1)]
      },
      primitives: ["pooling"]),
    Sample(type: "GlobalAveragePool", results: [[2, 6, 1, 1]], primitives: ["reduce"]),
    Sample(type: "GlobalMaxPool", results: [[2, 6, 1, 1]], primitives: ["reduce"]),
  ]

  private static let normalizations: [Sample] = [
    Sample(
      type: "BatchNormalization", constants: [.weight([6]), .weight([6]), .weight([6]), .weight([6])],
      primitives: ["batch-normalization"]),
    Sample(
      type: "InstanceNormalization", constants: [.weight([6]), .weight([6])],
      primitives: ["instance-normalization"]),
    Sample(
      type: "LayerNormalization", constants: [.weight([8, 8])], attributes: { ["axis": .int(2)] },
      primitives: ["layer-normalization"]),
    Sample(
      type: "GroupNormalization", constants: [.weight([6]), .weight([6])],
      attributes: { ["num_groups": .int(3)] },
      primitives: ["group-normalization"], opset: 21),
    Sample(
      type: "GroupNormalization", constants: [.weight([3]), .weight([3])],
      attributes: { ["num_groups": .int(3)] },
      primitives: ["reshape", "expand", "reshape", "reshape", "expand", "reshape", "group-normalization"]),
    Sample(type: "LRN", attributes: { ["size": .int(5)] }, primitives: ["local-response-normalization"]),
    Sample(type: "LpNormalization", primitives: ["reduce", "binary"]),
    Sample(
      type: "MeanVarianceNormalization",
      primitives: ["reduce", "binary", "binary", "reduce", "binary", "unary", "binary"]),
  ]

  private static let reductions: [Sample] =
    [
      "ReduceSumSquare", "ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceMax", "ReduceMin",
      "ReduceProd", "ReduceMean", "ReduceSum",
    ].map {
      Sample(
        type: $0, constants: [.integers([-1, 1])], attributes: { ["keepdims": .int(0)] }, results: [[2, 8]],
        primitives: ["reduce"])
    } + [
      Sample(
        type: "ReduceMean", attributes: { ["axes": .ints([2, 3])] }, results: [[2, 6, 1, 1]],
        primitives: ["reduce"],
        opset: 13),
      Sample(type: "ReduceSum", results: [[1, 1, 1, 1]], primitives: ["reduce"]),
      Sample(type: "ReduceSum", attributes: { ["noop_with_empty_axes": .int(1)] }, primitives: []),
      Sample(
        type: "ArgMax", attributes: { ["axis": .int(1)] }, results: [[2, 1, 8, 8]],
        primitives: ["argument-extremum"]),
      Sample(
        type: "ArgMin", attributes: { ["axis": .int(-1), "keepdims": .int(0)] }, results: [[2, 6, 8]],
        primitives: ["argument-extremum"]),
      Sample(
        type: "TopK", constants: [.integers([3])], attributes: { ["axis": .int(1)] },
        results: [[2, 3, 8, 8], [2, 3, 8, 8]], primitives: ["top-k"]),
      Sample(type: "CumSum", constants: [.integers([1])], primitives: ["cumulative-sum"]),
    ]

  private static let movements: [Sample] = [
    Sample(
      type: "Reshape", constants: [.integers([0, -1, 16])], results: [[2, 24, 16]], primitives: ["reshape"]),
    Sample(type: "Flatten", attributes: { ["axis": .int(2)] }, results: [[12, 64]], primitives: ["reshape"]),
    Sample(type: "Flatten", attributes: { ["axis": .int(4)] }, results: [[768, 1]], primitives: ["reshape"]),
    Sample(type: "Squeeze", inputs: [[1, 3, 1]], results: [[3]], primitives: ["reshape"]),
    Sample(
      type: "Squeeze", inputs: [[1, 3, 1]], attributes: { ["axes": .ints([-1])] }, results: [[1, 3]],
      primitives: ["reshape"], opset: 11),
    Sample(
      type: "Unsqueeze", inputs: [[3, 4]], constants: [.integers([0, -1])], results: [[1, 3, 4, 1]],
      primitives: ["reshape"]),
    Sample(type: "Transpose", results: [[8, 8, 6, 2]], primitives: ["transpose"]),
    Sample(
      type: "Transpose", attributes: { ["perm": .ints([0, 2, 3, 1])] }, results: [[2, 8, 8, 6]],
      primitives: ["transpose"]),
    Sample(
      type: "Expand", inputs: [[3, 1]], constants: [.integers([2, 1, 4])], results: [[2, 3, 4]],
      primitives: ["expand"]),
    Sample(
      type: "Tile", inputs: [[3, 4]], constants: [.integers([2, 1])], results: [[6, 4]], primitives: ["tile"]),
    Sample(
      type: "Concat", inputs: [[2, 3], [2, 5]], attributes: { ["axis": .int(-1)] }, results: [[2, 8]],
      primitives: ["concatenate"]),
    Sample(
      type: "Split", constants: [.integers([1, 5])], attributes: { ["axis": .int(1)] },
      results: [[2, 1, 8, 8], [2, 5, 8, 8]], primitives: ["slice", "slice"]),
    Sample(
      type: "Split", inputs: [[7, 2]], attributes: { ["num_outputs": .int(3)] },
      results: [[3, 2], [3, 2], [1, 2]],
      primitives: ["slice", "slice", "slice"]),
    Sample(
      type: "Split", inputs: [[4]], attributes: { ["split": .ints([1, 3])] }, results: [[1], [3]],
      primitives: ["slice", "slice"], opset: 11),
    Sample(
      type: "Slice",
      constants: [.integers([-1, 1]), .integers([.min, .max]), .integers([3, 1]), .integers([-2, 2])],
      results: [[2, 3, 8, 4]], primitives: ["slice"]),
    Sample(
      type: "Pad", constants: [.integers([0, 0, 1, 2, 0, 0, 3, 0]), .scalar(1)], results: [[2, 6, 12, 10]],
      primitives: ["pad"]),
    Sample(
      type: "Pad", constants: [.integers([-1, 2, 0, -3]), .absent, .integers([2, -1])],
      attributes: { ["mode": .text("edge")] },
      results: [[2, 6, 7, 7]], primitives: ["slice", "pad"]),
    Sample(
      type: "DepthToSpace", inputs: [[1, 8, 2, 3]],
      attributes: { ["blocksize": .int(2), "mode": .text("CRD")] },
      results: [[1, 2, 4, 6]], primitives: ["depth-to-space"]),
    Sample(
      type: "SpaceToDepth", attributes: { ["blocksize": .int(4)] }, results: [[2, 96, 2, 2]],
      primitives: ["space-to-depth"]),
    Sample(
      type: "Upsample", constants: [.weight([4])], results: [[2, 12, 24, 32]], primitives: ["resize"],
      opset: 9),
    Sample(
      type: "Resize", constants: [.absent, .weight([4])], results: [[2, 12, 24, 32]], primitives: ["resize"]),
    Sample(
      type: "Resize", constants: [.absent, .absent, .integers([2, 6, 5, 20])],
      attributes: { ["mode": .text("cubic"), "coordinate_transformation_mode": .text("align_corners")] },
      results: [[2, 6, 5, 20]], primitives: ["resize"]),
    Sample(
      type: "Resize", constants: [.absent, .absent, .integers([5, 20])],
      attributes: { ["axes": .ints([2, 3]), "mode": .text("linear")] },
      results: [[2, 6, 5, 20]], primitives: ["resize"]),
  ]

  private static let indexing: [Sample] = [
    Sample(
      type: "Gather", inputs: [[5, 4]], constants: [.bytes([0, 1, 2, 3, 4, 0], [2, 3], 3)],
      results: [[2, 3, 4]],
      primitives: ["gather"], opset: 18),
    Sample(
      type: "Gather", inputs: [[5, 4]], constants: [.bytes(Array(repeating: 255, count: 8), [], 7)],
      attributes: { ["axis": .int(1)] }, results: [[5]], primitives: ["slice", "reshape"]),
    Sample(
      type: "GatherElements", inputs: [[2, 3], [2, 2]], attributes: { ["axis": .int(1)] }, results: [[2, 2]],
      primitives: ["gather-elements"], element: 7),
    Sample(
      type: "GatherND", inputs: [[4, 5, 6], [3, 2]], results: [[3, 6]], primitives: ["gather-nd"], element: 7),
    Sample(
      type: "ScatterElements", inputs: [[2, 3], [2, 2], [2, 2]],
      attributes: { ["axis": .int(1), "reduction": .text("add")] },
      results: [[2, 3]], primitives: ["scatter-elements"], element: 7),
    Sample(
      type: "Scatter", inputs: [[2, 3], [2, 2], [2, 2]], attributes: { ["axis": .int(1)] },
      results: [[2, 3]],
      primitives: ["scatter-elements"], opset: 10, element: 7),
    Sample(
      type: "ScatterND", inputs: [[4, 5, 6], [3, 2], [3, 6]], results: [[4, 5, 6]],
      primitives: ["scatter-nd"],
      element: 7),
    Sample(
      type: "OneHot", inputs: [[2, 3]], constants: [.integers([10]), .weight([2])], results: [[2, 3, 10]],
      primitives: ["one-hot"], element: 7),
    Sample(type: "Trilu", constants: [.integers([1])], primitives: ["trilu"]),
  ]

  private static let half = Constant.scalar(0.5)
  private static let u8 = Constant.bytes([128], [], 2)
  private static let s8 = Constant.bytes([0], [], 3)

  private static func weights(_ shape: [Int], _ type: Int32 = 3) -> Constant {
    .bytes((0..<shape.reduce(1, *)).map { UInt8($0 & 63) }, shape, type)
  }

  private static let quantized: [Sample] = [
    Sample(type: "QuantizeLinear", constants: [half, s8], primitives: ["quantize-linear"]),
    Sample(
      type: "QuantizeLinear", constants: [.weight([6]), .bytes([0, 0, 0, 0, 0, 0], [6], 2)],
      attributes: { ["axis": .int(-3)] }, primitives: ["quantize-linear"]),
    Sample(type: "DequantizeLinear", constants: [half, u8], primitives: ["dequantize-linear"], element: 2),
    Sample(
      type: "DynamicQuantizeLinear", results: [[2, 6, 8, 8], [], []],
      primitives: [
        "reduce", "binary", "reduce", "binary", "binary", "binary", "binary", "unary", "unary", "unary",
        "cast",
        "quantize-linear",
      ]),
    Sample(
      type: "ConvInteger", constants: [weights([4, 6, 3, 3])], results: [[2, 4, 6, 6]],
      primitives: ["convolution"],
      element: 2),
    Sample(
      type: "MatMulInteger", inputs: [[3, 4]], constants: [weights([4, 5]), u8, s8], results: [[3, 5]],
      primitives: ["cast", "cast", "binary", "matrix-product"], element: 2),
    Sample(
      type: "QLinearConv",
      constants: [
        half, u8, weights([4, 6, 3, 3]), half, s8, half, u8, .bytes(Array(repeating: 1, count: 16), [4], 6),
      ],
      results: [[2, 4, 6, 6]],
      primitives: ["dequantize-linear", "dequantize-linear", "convolution", "binary", "quantize-linear"],
      element: 2),
    Sample(
      type: "QLinearMatMul", inputs: [[3, 4]], constants: [half, u8, weights([4, 5]), half, s8, half, u8],
      results: [[3, 5]],
      primitives: ["dequantize-linear", "dequantize-linear", "matrix-product", "quantize-linear"], element: 2),
    Sample(
      type: "QGemm", inputs: [[3, 4]],
      constants: [
        half, u8, weights([5, 4]), half, s8, .bytes(Array(repeating: 1, count: 20), [5], 6), half, u8,
      ],
      attributes: { ["transB": .int(1)] }, results: [[3, 5]],
      primitives: ["dequantize-linear", "dequantize-linear", "matrix-product", "binary", "quantize-linear"],
      domain: "com.microsoft", element: 2),
    Sample(
      type: "QLinearAdd", constants: [half, u8, weights([6, 1, 1], 2), half, u8, half, u8],
      primitives: ["dequantize-linear", "dequantize-linear", "binary", "quantize-linear"],
      domain: "com.microsoft",
      element: 2),
    Sample(
      type: "QLinearMul", constants: [half, u8, weights([6, 1, 1], 2), half, u8, half, u8],
      primitives: ["dequantize-linear", "dequantize-linear", "binary", "quantize-linear"],
      domain: "com.microsoft",
      element: 2),
    Sample(
      type: "QLinearSigmoid", constants: [half, u8, half, u8],
      primitives: ["dequantize-linear", "unary", "quantize-linear"], domain: "com.microsoft", element: 2),
    Sample(
      type: "QLinearLeakyRelu", constants: [half, u8, half, u8],
      primitives: ["dequantize-linear", "unary", "quantize-linear"], domain: "com.microsoft", element: 2),
    Sample(
      type: "QLinearAveragePool", constants: [half, u8, half, u8],
      attributes: { ["kernel_shape": .ints([8, 8])] },
      results: [[2, 6, 1, 1]], primitives: ["dequantize-linear", "pooling", "quantize-linear"],
      domain: "com.microsoft", element: 2),
    Sample(
      type: "QLinearGlobalAveragePool", constants: [half, u8, half, u8], results: [[2, 6, 1, 1]],
      primitives: ["dequantize-linear", "reduce", "quantize-linear"], domain: "com.microsoft", element: 2),
    Sample(
      type: "QLinearConcat", inputs: [],
      constants: [half, u8, weights([2, 3], 2), half, u8, weights([2, 4], 2), half, u8],
      attributes: { ["axis": .int(1)] }, results: [[2, 7]], primitives: [], domain: "com.microsoft"),
  ]
}
