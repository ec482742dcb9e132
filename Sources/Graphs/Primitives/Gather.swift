/// Slices of a tensor at given indices along an axis.
///
/// Operands: data, indices. Result: `data.shape[..<axis] + indices.shape + data.shape[axis + 1...]`.
package struct Gather: Primitive {
  package static let name = "gather"
  package var axis: Int

  package init(axis: Int) { self.axis = axis }

  package func results(for operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try require(operands, count: 2)
    let (data, indices) = (operands[0], operands[1])
    try require(axis: axis, of: data)
    try requireInteger(indices, "indices")
    return [
      TensorType(
        Array(data.shape[..<axis]) + indices.shape + Array(data.shape[(axis + 1)...]), data.elementType)
    ]
  }

  package func work(for operands: [TensorType], results: [TensorType]) -> [Work] {
    let run = operands[0].shape[(axis + 1)...].product
    return [.gather(GatherNest(indices: results[0].count / run, run: run))]
  }
}

/// Single elements of a tensor, each at its own index along an axis.
///
/// Operands: data, indices of the same rank, no larger than data on the other axes. Result: the indices' shape.
package struct GatherElements: Primitive {
  package static let name = "gather-elements"
  package var axis: Int

  package init(axis: Int) { self.axis = axis }

  package func results(for operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try require(operands, count: 2)
    let (data, indices) = (operands[0], operands[1])
    try require(axis: axis, of: data)
    try requireInteger(indices, "indices")
    try requireWithin(indices.shape, data.shape, except: axis, "indices")
    return [TensorType(indices.shape, data.elementType)]
  }

  package func work(for operands: [TensorType], results: [TensorType]) -> [Work] {
    [.gather(GatherNest(indices: results[0].count, run: 1))]
  }
}

/// Slices of a tensor at index tuples, the last axis of the indices.
///
/// Operands: data, indices `[batch…, outer…, q]`. Result: `batch… + outer… + data.shape[(batchDimensions + q)...]`.
package struct GatherND: Primitive {
  package static let name = "gather-nd"
  package var batchDimensions: Int

  package init(batchDimensions: Int = 0) { self.batchDimensions = batchDimensions }

  package func results(for operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try require(operands, count: 2)
    let (data, indices) = (operands[0], operands[1])
    let depth = try tupleExtent(data: data, indices: indices, batchDimensions: batchDimensions)
    return [
      TensorType(
        indices.shape.dropLast() + data.shape.dropFirst(batchDimensions + depth), data.elementType)
    ]
  }

  package func work(for operands: [TensorType], results: [TensorType]) -> [Work] {
    let indices = operands[1].shape.dropLast().product
    return [.gather(GatherNest(indices: indices, run: results[0].count / indices))]
  }
}

extension Primitive {
  /// Checks that a shape has the rank of a bound and exceeds it on no axis but one.
  func requireWithin(_ shape: [Int], _ bound: [Int], except axis: Int, _ role: String) throws(ShapeError) {
    try require(
      shape.count == bound.count
        && shape.indices.allSatisfy { $0 == axis || shape[$0] <= bound[$0] },
      found: "\(role) \(shape) for data \(bound)", expected: "the same rank and no larger extents")
  }

  /// The number of leading axes of `data` that each index tuple names, checked.
  func tupleExtent(
    data: TensorType, indices: TensorType, batchDimensions: Int
  ) throws(ShapeError) -> Int {
    try requireInteger(indices, "indices")
    let isValid =
      batchDimensions >= 0 && batchDimensions < indices.rank && batchDimensions < data.rank
      && indices.shape.prefix(batchDimensions) == data.shape.prefix(batchDimensions)
    try require(
      isValid, found: "data \(data), indices \(indices), \(batchDimensions) batch axes",
      expected: "indices [batch…, outer…, tuple]")
    let depth = indices.shape[indices.rank - 1]
    try require(
      depth <= data.rank - batchDimensions, found: "index tuples of \(depth) for \(data)",
      expected: "at most \(data.rank - batchDimensions)")
    return depth
  }
}
