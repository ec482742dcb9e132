/// Exponentials along an axis, scaled to the sum 1.
package struct Softmax: Primitive {
  package static let name = "softmax"
  package var axis: Int

  package init(axis: Int) { self.axis = axis }

  package func results(for operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try require(operands, count: 1)
    try require(axis: axis, of: operands[0])
    try requireFloatingPoint(operands[0])
    return operands
  }

  package func work(for operands: [TensorType], results: [TensorType]) -> [Work] {
    let n = operands[0].count
    let rows = n / operands[0].shape[axis]
    return [
      .reduce(.maximum, n, rows), .map(.subtract, n, 2), .map(.exponential, n), .reduce(.add, n, rows),
      .map(.divide, n, 2),
    ]
  }
}

/// The logarithm of ``Softmax``, computed without leaving the logarithmic scale.
package struct LogSoftmax: Primitive {
  package static let name = "log-softmax"
  package var axis: Int

  package init(axis: Int) { self.axis = axis }

  package func results(for operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try require(operands, count: 1)
    try require(axis: axis, of: operands[0])
    try requireFloatingPoint(operands[0])
    return operands
  }

  package func work(for operands: [TensorType], results: [TensorType]) -> [Work] {
    let n = operands[0].count
    let rows = n / operands[0].shape[axis]
    return [
      .reduce(.maximum, n, rows), .map(.subtract, n, 2), .map(.exponential, n), .reduce(.add, n, rows),
      .map(.logarithm, rows), .map(.subtract, n, 2),
    ]
  }
}
