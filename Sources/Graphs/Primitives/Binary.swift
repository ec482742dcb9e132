/// A function of two elements with the broadcasting rules of numpy.
package struct Binary: Primitive {
  package static let name = "binary"
  package var function: BinaryFunction

  package init(_ function: BinaryFunction) { self.function = function }

  package func results(for operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try require(operands, count: 2)
    let (left, right) = (operands[0], operands[1])
    // As in ONNX, an exponent may have another type than its base.
    if function != .power { try requireSameElements(left, right) }
    let isTruth = left.elementType == .bool || right.elementType == .bool
    try require(
      !isTruth || function.acceptsTruthValues, found: "\(left) and \(right)", expected: "numbers")
    try require(
      !function.isLogic || !left.elementType.isFloatingPoint, found: "\(left) and \(right)",
      expected: "bool or integer elements")
    return [
      TensorType(
        try broadcast([left.shape, right.shape]), function.isComparison ? .bool : left.elementType)
    ]
  }

  package func work(for operands: [TensorType], results: [TensorType]) -> [Work] {
    [.elementwise(ElementwiseNest(function.step, operands, result: results[0]))]
  }
}

/// A function of two elements.
package enum BinaryFunction: String, Hashable, Sendable, CaseIterable {
  case add, subtract, multiply, divide, power, minimum, maximum
  /// The remainder with the sign of the divisor (Python's `%`).
  case remainder
  /// The remainder with the sign of the dividend (C's `fmod`).
  case truncatedRemainder
  case equal, less, lessOrEqual, greater, greaterOrEqual
  /// Logic on truth values, bit by bit on integers.
  case and, or, xor

  package var isComparison: Bool {
    switch self {
    case .equal, .less, .lessOrEqual, .greater, .greaterOrEqual: true
    default: false
    }
  }

  package var isLogic: Bool { self == .and || self == .or || self == .xor }

  var acceptsTruthValues: Bool { isLogic || self == .equal }

  /// The function of a vector lane that computes it.
  var step: ScalarFunction {
    switch self {
    case .add: .add
    case .subtract: .subtract
    case .multiply: .multiply
    case .divide: .divide
    case .power: .power
    case .minimum: .minimum
    case .maximum: .maximum
    case .remainder, .truncatedRemainder: .remainder
    case .equal, .less, .lessOrEqual, .greater, .greaterOrEqual: .compare
    case .and, .or, .xor: .logic
    }
  }
}

extension ElementwiseNest {
  /// A nest over the elements of a result; operands of one element are held, not read again and again.
  init(_ function: ScalarFunction, _ operands: [TensorType], result: TensorType) {
    let elements = result.count
    let read = elements == 1 ? operands.count : operands.count { $0.count > 1 }
    self.init(function, elements: elements, operands: read)
  }
}
