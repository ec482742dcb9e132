import Graphs

/// What each ONNX operator becomes: one row for each type and range of operator sets.
///
/// Rows stand in the order of their families; inside a family the book's order (onnx.ai/onnx/operators) is kept
/// where nothing else is clearer.
package enum OperatorTable {
  /// How a node becomes primitives.
  typealias Lowering = @Sendable (inout NodeLowering) throws(NodeFinding) -> [Binding]

  struct Row: Sendable {
    var domain: String
    var type: String
    /// Versions of the operator set in which the row's rule holds.
    var versions: ClosedRange<Int64>
    /// Whether the node is replaced by one of its subgraphs.
    var isBranch = false
    /// Whether a node whose operands the file determines is computed during the import.
    var folds: @Sendable (NodeLowering) -> Bool = { _ in true }
    var lower: Lowering
  }

  /// All rows.
  static let rows: [Row] = families.flatMap(\.rows)

  /// The families, each with its title.
  private static let families: [(title: String, rows: [Row])] = [
    ("convolutions", convolutions), ("matrix products", matrixProducts), ("activations", activations),
    ("elementwise", elementwise), ("pooling", poolings), ("normalisation", normalizations),
    ("reductions", reductions), ("movement", movements), ("indexing", indexing), ("constants", constants),
    ("quantisation", quantizations), ("control flow", control),
  ]

  /// An operator with the operator sets in which it is understood.
  package struct Entry: Hashable, Sendable {
    /// The type, behind its domain where that is not ONNX's own.
    package var name: String
    /// "operator sets from 13 on", or of any.
    package var versions: String
  }

  /// The operators by family, in the order of the table, each once.
  package static var groups: [(title: String, operators: [Entry])] {
    families.map { family in
      var names: [String] = []
      var spans: [String: ClosedRange<Int64>] = [:]
      for row in family.rows {
        let name = row.domain.isEmpty ? row.type : "\(row.domain).\(row.type)"
        if let span = spans[name] {
          spans[name] =
            min(span.lowerBound, row.versions.lowerBound)...max(span.upperBound, row.versions.upperBound)
        } else {
          names.append(name)
          spans[name] = row.versions
        }
      }
      return (
        family.title,
        names.map { name in
          let first = spans[name]?.lowerBound ?? 1
          return Entry(
            name: name, versions: first > 1 ? "operator sets from \(first) on" : "all operator sets")
        }
      )
    }
  }

  /// The row for a node, nil where the type is not supported in that version.
  static func row(domain: String, type: String, version: Int64) -> Row? {
    rowsByName[domain + "." + type]?.first { $0.versions.contains(version) }
  }

  private static let rowsByName: [String: [Row]] = Dictionary(
    grouping: rows, by: { $0.domain + "." + $0.type })

  /// The names of all supported operators, sorted, each once; other domains than ONNX's own are written before.
  package static var operatorNames: [String] {
    Set(rows.map { $0.domain.isEmpty ? $0.type : "\($0.domain).\($0.type)" }).sorted()
  }

  private static func row(
    _ type: String, since first: Int64 = 1, until last: Int64 = .max, domain: String = "",
    _ lower: @escaping Lowering
  ) -> Row {
    Row(domain: domain, type: type, versions: first...last, lower: lower)
  }

  private static let convolutions: [Row] = [
    row("Conv", ConvolutionOperators.convolution),
    row("ConvTranspose", ConvolutionOperators.transposedConvolution),
  ]

  private static let matrixProducts: [Row] = [
    row("MatMul", MatrixOperators.matrixProduct),
    row("Gemm", MatrixOperators.gemm),
    row("Einsum", since: 12, EinsumOperator.einsum),
  ]

  private static let activations: [Row] = [
    row("Relu", ElementwiseOperators.unary(.relu)),
    row("Clip", ActivationOperators.clip),
    row("LeakyRelu", ActivationOperators.leakyReLU),
    row("PRelu", ActivationOperators.prelu),
    row("Elu", ActivationOperators.elu),
    row("Celu", since: 12, ActivationOperators.celu),
    row("Selu", ActivationOperators.selu),
    row("ThresholdedRelu", ActivationOperators.thresholdedReLU),
    row("Sigmoid", ElementwiseOperators.unary(.sigmoid)),
    row("HardSigmoid", ActivationOperators.hardSigmoid),
    row("HardSwish", since: 14, ElementwiseOperators.unary(.hardSwish)),
    row("Tanh", ElementwiseOperators.unary(.tanh)),
    row("Gelu", since: 20, ActivationOperators.gelu),
    row("Gelu", domain: "com.microsoft", ActivationOperators.gelu),
    row("Mish", since: 18, ElementwiseOperators.unary(.mish)),
    row("Shrink", ActivationOperators.shrink),
    row("Softplus", ElementwiseOperators.unary(.softplus)),
    row("Softsign", ElementwiseOperators.unary(.softsign)),
    row("Softmax", until: 12, SoftmaxOperators.flattened(logarithmic: false)),
    row("Softmax", since: 13, SoftmaxOperators.alongAxis(logarithmic: false)),
    row("LogSoftmax", until: 12, SoftmaxOperators.flattened(logarithmic: true)),
    row("LogSoftmax", since: 13, SoftmaxOperators.alongAxis(logarithmic: true)),
    row("Hardmax", since: 13, SoftmaxOperators.hard),
  ]

  private static let elementwise: [Row] = [
    row("Neg", ElementwiseOperators.unary(.negate)),
    row("Abs", ElementwiseOperators.unary(.absolute)),
    row("Sign", ElementwiseOperators.unary(.sign)),
    row("Reciprocal", ElementwiseOperators.unary(.reciprocal)),
    row("Sqrt", ElementwiseOperators.unary(.squareRoot)),
    row("Exp", ElementwiseOperators.unary(.exponential)),
    row("Log", ElementwiseOperators.unary(.logarithm)),
    row("Erf", ElementwiseOperators.unary(.erf)),
    row("Sin", ElementwiseOperators.unary(.sine)),
    row("Cos", ElementwiseOperators.unary(.cosine)),
    row("Tan", TrigonometricOperators.tangent),
    row("Sinh", TrigonometricOperators.hyperbolic(cosine: false)),
    row("Cosh", TrigonometricOperators.hyperbolic(cosine: true)),
    row("Asinh", TrigonometricOperators.inverseHyperbolic(cosine: false)),
    row("Acosh", TrigonometricOperators.inverseHyperbolic(cosine: true)),
    row("Atanh", TrigonometricOperators.inverseTangent),
    row("Floor", ElementwiseOperators.unary(.floor)),
    row("Ceil", ElementwiseOperators.unary(.ceiling)),
    row("Round", ElementwiseOperators.unary(.round)),
    row("Not", ElementwiseOperators.unary(.not)),
    row("IsNaN", ElementwiseOperators.unary(.isNaN)),
    row("IsInf", ElementwiseOperators.isInfinite),
    row("Add", ElementwiseOperators.binary(.add)),
    row("Sub", ElementwiseOperators.binary(.subtract)),
    row("Mul", ElementwiseOperators.binary(.multiply)),
    row("Div", ElementwiseOperators.binary(.divide)),
    row("Pow", ElementwiseOperators.power),
    row("Mod", ElementwiseOperators.remainder),
    row("Min", ElementwiseOperators.chain(.minimum)),
    row("Max", ElementwiseOperators.chain(.maximum)),
    row("Sum", ElementwiseOperators.chain(.add)),
    row("Mean", ElementwiseOperators.mean),
    row("Equal", ElementwiseOperators.binary(.equal)),
    row("Less", ElementwiseOperators.binary(.less)),
    row("LessOrEqual", since: 12, ElementwiseOperators.binary(.lessOrEqual)),
    row("Greater", ElementwiseOperators.binary(.greater)),
    row("GreaterOrEqual", since: 12, ElementwiseOperators.binary(.greaterOrEqual)),
    row("And", ElementwiseOperators.binary(.and)),
    row("Or", ElementwiseOperators.binary(.or)),
    row("Xor", ElementwiseOperators.binary(.xor)),
    row("BitwiseAnd", since: 18, ElementwiseOperators.binary(.and)),
    row("BitwiseOr", since: 18, ElementwiseOperators.binary(.or)),
    row("BitwiseXor", since: 18, ElementwiseOperators.binary(.xor)),
    row("Where", ElementwiseOperators.select),
    row("Cast", ElementwiseOperators.cast),
    row("CastLike", since: 15, ElementwiseOperators.castLike),
  ]

  private static let poolings: [Row] = [
    row("MaxPool", PoolingOperators.maximum),
    row("AveragePool", PoolingOperators.average),
    row("GlobalMaxPool", PoolingOperators.global(.maximum)),
    row("GlobalAveragePool", PoolingOperators.global(.mean)),
  ]

  private static let normalizations: [Row] = [
    row("BatchNormalization", NormalizationOperators.batch),
    row("InstanceNormalization", NormalizationOperators.instance),
    row("LayerNormalization", since: 17, NormalizationOperators.layer),
    row("GroupNormalization", since: 18, NormalizationOperators.group),
    row("LRN", NormalizationOperators.localResponse),
    row("LpNormalization", NormalizationOperators.norm),
    row("MeanVarianceNormalization", NormalizationOperators.meanVariance),
  ]

  private static let reductions: [Row] = [
    row("ReduceSum", ReductionOperators.reduce(.sum)),
    row("ReduceMean", ReductionOperators.reduce(.mean)),
    row("ReduceMax", ReductionOperators.reduce(.maximum)),
    row("ReduceMin", ReductionOperators.reduce(.minimum)),
    row("ReduceProd", ReductionOperators.reduce(.product)),
    row("ReduceSumSquare", ReductionOperators.reduce(.sumOfSquares)),
    row("ReduceL1", ReductionOperators.reduce(.l1Norm)),
    row("ReduceL2", ReductionOperators.reduce(.l2Norm)),
    row("ReduceLogSum", ReductionOperators.reduce(.logSum)),
    row("ReduceLogSumExp", ReductionOperators.reduce(.logSumExp)),
    row("ArgMax", ReductionOperators.argument(maximum: true)),
    row("ArgMin", ReductionOperators.argument(maximum: false)),
    row("TopK", ReductionOperators.topK),
    row("CumSum", ReductionOperators.cumulativeSum),
  ]

  private static let movements: [Row] = [
    row("Reshape", ShapeOperators.reshape),
    row("Flatten", ShapeOperators.flatten),
    row("Squeeze", ShapeOperators.squeeze),
    row("Unsqueeze", ShapeOperators.unsqueeze),
    row("Transpose", ShapeOperators.transpose),
    row("Expand", ShapeOperators.expand),
    row("Tile", ShapeOperators.tile),
    row("Concat", MovementOperators.concatenate),
    row("Split", MovementOperators.split),
    row("Slice", MovementOperators.slice),
    row("Pad", MovementOperators.pad),
    row("DepthToSpace", MovementOperators.depthToSpace),
    row("SpaceToDepth", MovementOperators.spaceToDepth),
    row("Resize", since: 11, ResizeOperator.resize),
    row("Upsample", until: 9, ResizeOperator.upsample),
  ]

  private static let indexing: [Row] = [
    row("Gather", IndexingOperators.gather),
    row("GatherElements", IndexingOperators.gatherElements),
    row("GatherND", since: 11, IndexingOperators.gatherND),
    row("Scatter", until: 10, IndexingOperators.scatterElements),
    row("ScatterElements", IndexingOperators.scatterElements),
    row("ScatterND", IndexingOperators.scatterND),
    row("OneHot", IndexingOperators.oneHot),
    row("Trilu", since: 14, IndexingOperators.trilu),
  ]

  private static let constants: [Row] = [
    row("Constant", ConstantOperators.constant),
    row("ConstantOfShape", ConstantOperators.constantOfShape),
    row("Shape", ConstantOperators.shape),
    row("Size", ConstantOperators.size),
    row("Range", ConstantOperators.range),
    row("NonZero", ConstantOperators.nonZero),
    row("Identity", ConstantOperators.identity),
    row("Dropout", ConstantOperators.dropout),
  ]

  /// Quantised weights stay quantised: their conversions are nodes for the compiler, not folded.
  private static let quantizations: [Row] = [
    Row(
      domain: "", type: "QuantizeLinear", versions: 1...(.max), folds: { _ in false },
      lower: QuantizationOperators.quantize),
    Row(
      domain: "", type: "DequantizeLinear", versions: 1...(.max),
      folds: QuantizationOperators.foldsDequantization, lower: QuantizationOperators.dequantize),
    row("DynamicQuantizeLinear", QuantizationOperators.dynamicQuantize),
    row("ConvInteger", IntegerOperators.convolution),
    row("MatMulInteger", IntegerOperators.matrixProduct),
    row("QLinearConv", QuantizedOperators.convolution),
    row("QLinearMatMul", QuantizedOperators.matrixProduct),
    row("QGemm", domain: "com.microsoft", QuantizedOperators.gemm),
    row("QLinearAdd", domain: "com.microsoft", QuantizedOperators.binary(.add)),
    row("QLinearMul", domain: "com.microsoft", QuantizedOperators.binary(.multiply)),
    row("QLinearSigmoid", domain: "com.microsoft", QuantizedOperators.sigmoid),
    row("QLinearLeakyRelu", domain: "com.microsoft", QuantizedOperators.leakyReLU),
    row("QLinearConcat", domain: "com.microsoft", QuantizedOperators.concatenate),
    row("QLinearAveragePool", domain: "com.microsoft", QuantizedOperators.averagePool),
    row("QLinearGlobalAveragePool", domain: "com.microsoft", QuantizedOperators.globalAveragePool),
  ]

  private static let control: [Row] = [
    Row(
      domain: "", type: "If", versions: 1...(.max), isBranch: true,
      lower: { (_) throws(NodeFinding) in [] })
  ]
}
