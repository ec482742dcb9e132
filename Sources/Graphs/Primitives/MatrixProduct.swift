/// A product of matrices with the broadcasting rules of numpy's `matmul`.
///
/// Operands: `[batch…, m, k]` and `[batch…, k, n]`, or `[k]` on either side; result `[batch…, m, n]` without the axes
/// that a one-dimensional operand lacks.
package struct MatrixProduct: Primitive {
  package static let name = "matrix-product"
  /// Whether the left operand is stored as `[batch…, k, m]`.
  package var transposesLeft: Bool
  /// Whether the right operand is stored as `[batch…, n, k]`.
  package var transposesRight: Bool

  package init(transposesLeft: Bool = false, transposesRight: Bool = false) {
    self.transposesLeft = transposesLeft
    self.transposesRight = transposesRight
  }

  package func results(for operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try require(operands, count: 2)
    let (left, right) = (operands[0].shape, operands[1].shape)
    try require(
      !left.isEmpty && !right.isEmpty, found: "\(operands[0]) and \(operands[1])",
      expected: "tensors of at least one axis")
    try require(
      !(transposesLeft && left.count == 1) && !(transposesRight && right.count == 1),
      found: "a transposed vector", expected: "a matrix")
    let loops = loops(left, right)
    try require(
      loops.k == loops.rightK, found: "\(left) × \(right), inner extents \(loops.k) and \(loops.rightK)",
      expected: "equal inner extents")
    let element = try accumulator(operands)
    let batch = try broadcast([Array(left.dropLast(2)), Array(right.dropLast(2))])
    try requireCountable(loops: batch + [loops.m, loops.k, loops.n])
    return [
      TensorType(
        batch + (left.count == 1 ? [] : [loops.m]) + (right.count == 1 ? [] : [loops.n]), element)
    ]
  }

  package func work(for operands: [TensorType], results: [TensorType]) -> [Work] {
    let (left, right) = (operands[0].shape, operands[1].shape)
    let loops = loops(left, right)
    let batch = results[0].count / (loops.m * loops.n)
    let sharesRight = right.dropLast(2).allSatisfy { $0 == 1 }
    return [
      .matrixProduct(
        MatrixProductNest(
          batch: sharesRight ? 1 : batch, m: sharesRight ? batch * loops.m : loops.m, k: loops.k, n: loops.n,
          sharesRight: sharesRight))
    ]
  }

  private func loops(_ left: [Int], _ right: [Int]) -> (m: Int, k: Int, rightK: Int, n: Int) {
    let (leftLast, rightLast) = (left[left.count - 1], right[right.count - 1])
    let (m, k) =
      left.count == 1
      ? (1, leftLast)
      : transposesLeft ? (leftLast, left[left.count - 2]) : (left[left.count - 2], leftLast)
    let (rightK, n) =
      right.count == 1
      ? (rightLast, 1)
      : transposesRight ? (rightLast, right[right.count - 2]) : (right[right.count - 2], rightLast)
    return (m, k, rightK, n)
  }
}
