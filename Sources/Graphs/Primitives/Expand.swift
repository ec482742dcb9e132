/// Axes of extent 1 repeated to a larger shape (numpy's `broadcast_to`).
package struct Expand: Primitive {
  package static let name = "expand"
  package var shape: [Int]

  package init(_ shape: [Int]) { self.shape = shape }

  package func results(for operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try require(operands, count: 1)
    try require(
      try broadcast([operands[0].shape, shape]) == shape, found: "\(operands[0].shape) to \(shape)",
      expected: "a shape that the operand broadcasts to")
    return [TensorType(shape, operands[0].elementType)]
  }

  package func work(for operands: [TensorType], results: [TensorType]) -> [Work] {
    repetition(of: operands[0], to: results[0])
  }
}

/// The whole tensor repeated along each axis.
package struct Tile: Primitive {
  package static let name = "tile"
  package var repeats: [Int]

  package init(_ repeats: [Int]) { self.repeats = repeats }

  package func results(for operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try require(operands, count: 1)
    let x = operands[0]
    try require(
      repeats.count == x.rank && repeats.allSatisfy { $0 >= 1 }, found: "repeats \(repeats) for \(x)",
      expected: "one of at least 1 for each axis")
    var shape: [Int] = []
    for (extent, count) in zip(x.shape, repeats) {
      let (product, overflows) = extent.multipliedReportingOverflow(by: count)
      try require(!overflows, found: "\(extent) × \(count)", expected: "at most 2^40 elements")
      shape.append(product)
    }
    return [TensorType(shape, x.elementType)]
  }

  package func work(for operands: [TensorType], results: [TensorType]) -> [Work] {
    repetition(of: operands[0], to: results[0])
  }
}

extension Primitive {
  /// Copies of a tensor; a run reaches to the innermost axis that is repeated.
  func repetition(of source: TensorType, to destination: TensorType) -> [Work] {
    guard source.count != destination.count else { return [] }
    var run = 1
    for (from, to) in zip(source.shape.reversed(), destination.shape.reversed()) {
      run *= from
      if from != to { break }
    }
    return [.movement(MovementNest(elements: destination.count, run: run))]
  }
}
