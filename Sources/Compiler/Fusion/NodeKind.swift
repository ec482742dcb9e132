import Graphs
import Hardware

/// How the compiler sees a node before it looks at its neighbours.
enum NodeKind: Hashable, Sendable {
  /// The same data under another shape or number format.
  case view
  /// Work for the MAC array.
  case product
  /// A function of the elements at the same place of its operands.
  case elementwise([VectorClass])
  /// Anything else that the vector unit computes or moves.
  case other

  init(_ node: Node) {
    switch node.primitive {
    case is Reshape, is QuantizeLinear, is DequantizeLinear, is Transpose, is Slice: self = .view
    case is Convolution, is ConvolutionInputGradient, is ConvolutionWeightGradient, is MatrixProduct:
      self = .product
    case let cast as Cast:
      let from = node.operands.isEmpty ? cast.elementType : node.resultTypes[0].elementType
      self = from.isFloatingPoint || from.bits <= 16 ? .view : .elementwise([.simple])
    case let unary as Unary: self = .elementwise(unary.function.vectorClasses)
    case let binary as Binary: self = .elementwise([binary.function.vectorClass])
    case is Select, is PReLU, is BatchNormalization:
      self = .elementwise(node.primitive is Select ? [.simple] : [.multiply])
    default: self = .other
    }
  }
}

extension UnaryFunction {
  /// The vector classes of the function, one for each step of a lane.
  var vectorClasses: [VectorClass] {
    switch self {
    case .relu, .clamp, .negate, .absolute, .sign, .floor, .ceiling, .round, .not, .isNaN, .isInfinite:
      [.simple]
    case .thresholdedReLU: [.simple, .simple]
    case .leakyReLU, .hardSigmoid: [.multiply]
    case .hardSwish: [.multiply, .multiply]
    case .reciprocal, .squareRoot: [.divide]
    case .softsign: [.simple, .simple, .divide]
    case .selu, .sigmoid, .tanh, .silu, .mish, .softplus, .elu, .celu, .gelu, .exponential, .logarithm, .erf,
      .sine,
      .cosine:
      [.transcendental]
    }
  }
}

extension BinaryFunction {
  var vectorClass: VectorClass {
    switch self {
    case .add, .subtract, .minimum, .maximum, .equal, .less, .lessOrEqual, .greater, .greaterOrEqual, .and,
      .or, .xor:
      .simple
    case .multiply: .multiply
    case .divide, .remainder, .truncatedRemainder: .divide
    case .power: .transcendental
    }
  }
}

extension ScalarFunction {
  /// The vector class that pays for the function.
  var vectorClass: VectorClass {
    switch self {
    case .copy, .negate, .absolute, .sign, .not, .floor, .ceiling, .round, .clamp, .relu, .add, .subtract,
      .minimum,
      .maximum, .compare, .logic, .select, .cast:
      .simple
    case .multiply, .multiplyAdd, .hardSigmoid, .hardSwish, .leakyReLU, .quantize, .dequantize: .multiply
    case .divide, .reciprocal, .squareRoot, .remainder: .divide
    case .power, .exponential, .logarithm, .sigmoid, .tanh, .erf, .gelu, .silu, .softplus, .mish, .elu, .sine,
      .cosine:
      .transcendental
    }
  }
}
