import Graphs

extension Unary: ONNXExportable {
  func export(to node: inout ONNXNodeDraft) {
    let x = node.x[0]
    switch function {
    case .silu:
      let gate = node.step("Sigmoid", [x])
      node.finish("Mul", [x, gate])
    case .clamp(let minimum, let maximum):
      let low = minimum.map { node.scalar($0) } ?? ""
      let high = maximum.map { [node.scalar($0)] } ?? []
      node.finish("Clip", [x, low] + high)
    default:
      let (type, attributes) = function.operation
      node.finish(type, [x], attributes)
    }
  }
}

extension UnaryFunction {
  /// The operator that computes the function, for all but those of several operators.
  fileprivate var operation: (type: String, attributes: [(String, ONNXNodeDraft.Attribute)]) {
    switch self {
    case .relu: ("Relu", [])
    case .selu: ("Selu", [])
    case .sigmoid, .silu: ("Sigmoid", [])
    case .hardSwish: ("HardSwish", [])
    case .tanh: ("Tanh", [])
    case .mish: ("Mish", [])
    case .softplus: ("Softplus", [])
    case .softsign: ("Softsign", [])
    case .leakyReLU(let slope): ("LeakyRelu", [("alpha", .real(slope))])
    case .elu(let alpha): ("Elu", [("alpha", .real(alpha))])
    case .celu(let alpha): ("Celu", [("alpha", .real(alpha))])
    case .thresholdedReLU(let alpha): ("ThresholdedRelu", [("alpha", .real(alpha))])
    case .hardSigmoid(let alpha, let beta):
      ("HardSigmoid", [("alpha", .real(alpha)), ("beta", .real(beta))])
    case .gelu(let approximates): ("Gelu", [("approximate", .text(approximates ? "tanh" : "none"))])
    case .clamp: ("Clip", [])
    case .negate: ("Neg", [])
    case .absolute: ("Abs", [])
    case .sign: ("Sign", [])
    case .reciprocal: ("Reciprocal", [])
    case .squareRoot: ("Sqrt", [])
    case .exponential: ("Exp", [])
    case .logarithm: ("Log", [])
    case .erf: ("Erf", [])
    case .sine: ("Sin", [])
    case .cosine: ("Cos", [])
    case .floor: ("Floor", [])
    case .ceiling: ("Ceil", [])
    case .round: ("Round", [])
    case .not: ("Not", [])
    case .isNaN: ("IsNaN", [])
    case .isInfinite: ("IsInf", [])
    }
  }
}

extension Binary: ONNXExportable {
  func export(to node: inout ONNXNodeDraft) {
    if function == .remainder, node.element.isFloatingPoint {
      // ONNX has only C's remainder for real numbers: a − ⌊a / b⌋ · b.
      let ratio = node.step("Div", node.x)
      let whole = node.step("Mul", [node.step("Floor", [ratio]), node.x[1]])
      node.finish("Sub", [node.x[0], whole])
      return
    }
    let isTruth = node.element == .bool
    let type: String =
      switch function {
      case .add: "Add"
      case .subtract: "Sub"
      case .multiply: "Mul"
      case .divide: "Div"
      case .power: "Pow"
      case .minimum: "Min"
      case .maximum: "Max"
      case .remainder, .truncatedRemainder: "Mod"
      case .equal: "Equal"
      case .less: "Less"
      case .lessOrEqual: "LessOrEqual"
      case .greater: "Greater"
      case .greaterOrEqual: "GreaterOrEqual"
      case .and: isTruth ? "And" : "BitwiseAnd"
      case .or: isTruth ? "Or" : "BitwiseOr"
      case .xor: isTruth ? "Xor" : "BitwiseXor"
      }
    node.finish(type, node.x, function == .truncatedRemainder ? [("fmod", .integer(1))] : [])
  }
}

extension Select: ONNXExportable {
  func export(to node: inout ONNXNodeDraft) { node.finish("Where", node.x) }
}

extension PReLU: ONNXExportable {
  func export(to node: inout ONNXNodeDraft) { node.finish("PRelu", node.x) }
}

extension Cast: ONNXExportable {
  func export(to node: inout ONNXNodeDraft) {
    node.finish("Cast", node.x, [("to", .integer(elementType.onnx))])
  }
}

extension Reduce: ONNXExportable {
  /// Without axes every element is reduced on its own, along an axis of extent 1 that is added for it.
  func export(to node: inout ONNXNodeDraft) {
    let names: [Function: String] = [
      .sum: "ReduceSum", .mean: "ReduceMean", .maximum: "ReduceMax", .minimum: "ReduceMin",
      .product: "ReduceProd", .sumOfSquares: "ReduceSumSquare", .l1Norm: "ReduceL1", .l2Norm: "ReduceL2",
      .logSum: "ReduceLogSum", .logSumExp: "ReduceLogSumExp",
    ]
    let type = names[function] ?? "ReduceSum"
    guard !axes.isEmpty else {
      let last = node.vector([node.types[0].rank], "axes")
      let x = node.step("Unsqueeze", [node.x[0], last])
      node.finish(type, [x, last], [("keepdims", .integer(0))])
      return
    }
    node.finish(type, [node.x[0], node.vector(axes, "axes")], [("keepdims", keepsDimensions.attribute)])
  }
}

extension Moments: ONNXExportable {
  /// The mean, and the mean of the squares of what is left.
  func export(to node: inout ONNXNodeDraft) {
    let along = node.vector(axes, "axes")
    let mean = node.step("ReduceMean", [node.x[0], along])
    let rest = node.step("Sub", [node.x[0], mean])
    let squares = node.step("Mul", [rest, rest])
    let keeps = [("keepdims", keepsDimensions.attribute)]
    node.finish("ReduceMean", [node.x[0], along], keeps)
    node.finishSecond("ReduceMean", [squares, along], keeps)
  }
}

extension ArgumentExtremum: ONNXExportable {
  func export(to node: inout ONNXNodeDraft) {
    node.finish(
      maximum ? "ArgMax" : "ArgMin", node.x,
      [
        ("axis", .integer(axis)), ("keepdims", keepsDimension.attribute),
        ("select_last_index", takesLast.attribute),
      ])
  }
}

extension TopK: ONNXExportable {
  func export(to node: inout ONNXNodeDraft) {
    node.finishAll(
      "TopK", [node.x[0], node.vector([k], "k")], [("axis", .integer(axis)), ("largest", largest.attribute)])
  }
}

extension CumulativeSum: ONNXExportable {
  func export(to node: inout ONNXNodeDraft) {
    node.finish(
      "CumSum", [node.x[0], node.scalar(Double(axis), .int64)],
      [("exclusive", isExclusive.attribute), ("reverse", isReversed.attribute)])
  }
}
