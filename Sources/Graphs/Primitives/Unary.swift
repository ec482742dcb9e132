/// A function applied to every element of one tensor.
package struct Unary: Primitive {
  package static let name = "unary"
  package var function: UnaryFunction

  package init(_ function: UnaryFunction) { self.function = function }

  package func results(for operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try require(operands, count: 1)
    var type = operands[0]
    switch function.domain {
    case .numbers:
      try require(type.elementType != .bool, found: "\(type)", expected: "numbers")
    case .floatingPoint: try requireFloatingPoint(type)
    case .truthValues: try require(type.elementType == .bool, found: "\(type)", expected: "bool elements")
    }
    if function.isTest { type.elementType = .bool }
    return [type]
  }

  package func work(for operands: [TensorType], results: [TensorType]) -> [Work] {
    function.steps.map { .elementwise(ElementwiseNest($0, elements: results[0].count, operands: 1)) }
  }
}

/// A function of one element.
package enum UnaryFunction: Hashable, Sendable {
  case relu, selu, sigmoid, hardSwish, tanh, silu, mish, softplus, softsign
  case leakyReLU(slope: Double)
  case elu(alpha: Double)
  case celu(alpha: Double)
  case thresholdedReLU(alpha: Double)
  case hardSigmoid(alpha: Double, beta: Double)
  case gelu(approximatesWithTanh: Bool)
  case clamp(minimum: Double?, maximum: Double?)
  case negate, absolute, sign, reciprocal, squareRoot, exponential, logarithm, erf, sine, cosine
  case floor, ceiling
  /// To the nearest whole number, ties to even.
  case round
  case not, isNaN, isInfinite
}

extension UnaryFunction {
  /// The elements that a function is defined for.
  enum Domain { case numbers, floatingPoint, truthValues }

  var domain: Domain {
    switch self {
    case .relu, .clamp, .negate, .absolute, .sign: .numbers
    case .not: .truthValues
    default: .floatingPoint
    }
  }

  /// Whether the result is a truth value.
  var isTest: Bool { self == .not || self == .isNaN || self == .isInfinite }

  /// The functions of a vector lane that compute it, in order; mostly one.
  var steps: [ScalarFunction] {
    switch self {
    case .relu: [.relu]
    case .thresholdedReLU: [.compare, .select]
    case .selu, .elu, .celu: [.elu]
    case .sigmoid: [.sigmoid]
    case .hardSwish: [.hardSwish]
    case .tanh: [.tanh]
    case .silu: [.silu]
    case .mish: [.mish]
    case .softplus: [.softplus]
    case .softsign: [.absolute, .add, .divide]
    case .leakyReLU: [.leakyReLU]
    case .hardSigmoid: [.hardSigmoid]
    case .gelu: [.gelu]
    case .clamp: [.clamp]
    case .negate: [.negate]
    case .absolute: [.absolute]
    case .sign: [.sign]
    case .reciprocal: [.reciprocal]
    case .squareRoot: [.squareRoot]
    case .exponential: [.exponential]
    case .logarithm: [.logarithm]
    case .erf: [.erf]
    case .sine: [.sine]
    case .cosine: [.cosine]
    case .floor: [.floor]
    case .ceiling: [.ceiling]
    case .round: [.round]
    case .not: [.not]
    case .isNaN, .isInfinite: [.compare]
    }
  }
}
