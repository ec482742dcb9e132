/// The k largest or smallest elements along an axis, in order, and their indices as int64.
package struct TopK: Primitive {
  package static let name = "top-k"
  package var k: Int
  package var axis: Int
  package var largest: Bool

  package init(k: Int, axis: Int, largest: Bool = true) {
    self.k = k
    self.axis = axis
    self.largest = largest
  }

  package func results(for operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try require(operands, count: 1)
    try require(axis: axis, of: operands[0])
    var shape = operands[0].shape
    try require(
      k >= 1 && k <= shape[axis], found: "k = \(k) along an axis of \(shape[axis])",
      expected: "1 to \(shape[axis])")
    shape[axis] = k
    return [TensorType(shape, operands[0].elementType), TensorType(shape, .int64)]
  }

  /// A bounded heap of k entries: one comparison of each element for each level of the heap.
  package func work(for operands: [TensorType], results: [TensorType]) -> [Work] {
    let levels = Int.bitWidth - k.leadingZeroBitCount
    return Array(repeating: .reduce(.compare, operands[0].count, results[0].count), count: levels)
  }
}

/// Running sums along an axis.
package struct CumulativeSum: Primitive {
  package static let name = "cumulative-sum"
  package var axis: Int
  /// Whether an element's own value is left out of its sum.
  package var isExclusive: Bool
  /// Whether sums run from the end.
  package var isReversed: Bool

  package init(axis: Int, isExclusive: Bool = false, isReversed: Bool = false) {
    self.axis = axis
    self.isExclusive = isExclusive
    self.isReversed = isReversed
  }

  package func results(for operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try require(operands, count: 1)
    try require(axis: axis, of: operands[0])
    try require(operands[0].elementType != .bool, found: "\(operands[0])", expected: "numbers")
    return operands
  }

  package func work(for operands: [TensorType], results: [TensorType]) -> [Work] {
    [.reduce(.add, operands[0].count, results[0].count)]
  }
}
