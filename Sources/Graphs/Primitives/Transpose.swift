/// The axes in another order: result axis i is operand axis `permutation[i]`.
package struct Transpose: Primitive {
  package static let name = "transpose"
  package var permutation: [Int]

  package init(_ permutation: [Int]) { self.permutation = permutation }

  package func results(for operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try require(operands, count: 1)
    let x = operands[0]
    try require(
      permutation.sorted() == Array(x.shape.indices), found: "permutation \(permutation) of \(x)",
      expected: "each of 0 ..< \(x.rank) once")
    return [TensorType(permutation.map { x.shape[$0] }, x.elementType)]
  }

  /// Axes of extent 1 do not move anything; what is left moves in runs of the axes that stay last.
  package func work(for operands: [TensorType], results: [TensorType]) -> [Work] {
    let shape = operands[0].shape
    let moving = permutation.filter { shape[$0] != 1 }
    let sorted = moving.sorted()
    guard moving != sorted else { return [] }
    var run = 1
    for (axis, original) in zip(moving, sorted).reversed() {
      guard axis == original else { break }
      run *= shape[axis]
    }
    return [.movement(MovementNest(elements: operands[0].count, run: run))]
  }
}
