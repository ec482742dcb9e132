/// One number for all elements along some axes.
package struct Reduce: Primitive {
  package static let name = "reduce"

  /// How elements are combined.
  package enum Function: String, Hashable, Sendable, CaseIterable {
    case sum, mean, maximum, minimum, product
    case sumOfSquares, l1Norm, l2Norm, logSum, logSumExp
  }

  package var function: Function
  /// Axes that are combined, ascending.
  package var axes: [Int]
  /// Whether combined axes stay with extent 1.
  package var keepsDimensions: Bool

  package init(_ function: Function, axes: [Int], keepsDimensions: Bool) {
    self.function = function
    self.axes = axes
    self.keepsDimensions = keepsDimensions
  }

  package func results(for operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try require(operands, count: 1)
    let x = operands[0]
    for axis in axes { try require(axis: axis, of: x) }
    try require(
      zip(axes, axes.dropFirst()).allSatisfy(<), found: "axes \(axes)", expected: "ascending axes, each once")
    try require(x.elementType != .bool, found: "\(x)", expected: "numbers")
    if function == .mean || function == .l2Norm || function == .logSum || function == .logSumExp {
      try requireFloatingPoint(x)
    }
    return [TensorType(x.shape.reduced(axes, keepsDimensions: keepsDimensions), x.elementType)]
  }

  package func work(for operands: [TensorType], results: [TensorType]) -> [Work] {
    let (n, r) = (operands[0].count, results[0].count)
    return switch function {
    case .sum: [.reduce(.add, n, r)]
    case .mean: [.reduce(.add, n, r), .map(.multiply, r)]
    case .maximum: [.reduce(.maximum, n, r)]
    case .minimum: [.reduce(.minimum, n, r)]
    case .product: [.reduce(.multiply, n, r)]
    case .sumOfSquares: [.reduce(.multiplyAdd, n, r)]
    case .l1Norm: [.map(.absolute, n), .reduce(.add, n, r)]
    case .l2Norm: [.reduce(.multiplyAdd, n, r), .map(.squareRoot, r)]
    case .logSum: [.reduce(.add, n, r), .map(.logarithm, r)]
    case .logSumExp:
      [
        .reduce(.maximum, n, r), .map(.subtract, n, 2), .map(.exponential, n), .reduce(.add, n, r),
        .map(.logarithm, r), .map(.add, r, 2),
      ]
    }
  }
}

/// The index of the largest or smallest element along an axis, as int64; the first of equals, or the last.
package struct ArgumentExtremum: Primitive {
  package static let name = "argument-extremum"
  /// Whether the largest element is meant, else the smallest.
  package var maximum: Bool
  package var axis: Int
  package var keepsDimension: Bool
  /// Whether the last of equal elements is meant, else the first.
  package var takesLast: Bool

  package init(maximum: Bool, axis: Int, keepsDimension: Bool, takesLast: Bool = false) {
    self.maximum = maximum
    self.axis = axis
    self.keepsDimension = keepsDimension
    self.takesLast = takesLast
  }

  package func results(for operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try require(operands, count: 1)
    try require(axis: axis, of: operands[0])
    return [TensorType(operands[0].shape.reduced([axis], keepsDimensions: keepsDimension), .int64)]
  }

  package func work(for operands: [TensorType], results: [TensorType]) -> [Work] {
    [.reduce(.compare, operands[0].count, results[0].count)]
  }
}

extension [Int] {
  /// The shape after combining some axes.
  func reduced(_ axes: [Int], keepsDimensions: Bool) -> [Int] {
    var shape: [Int] = []
    for (axis, extent) in enumerated() {
      if !axes.contains(axis) { shape.append(extent) } else if keepsDimensions { shape.append(1) }
    }
    return shape
  }
}

extension Work {
  static func map(_ function: ScalarFunction, _ elements: Int, _ operands: Int = 1) -> Work {
    .elementwise(ElementwiseNest(function, elements: elements, operands: operands))
  }

  static func reduce(_ function: ScalarFunction, _ inputs: Int, _ outputs: Int) -> Work {
    .reduction(ReductionNest(function, inputs: inputs, outputs: outputs))
  }
}
