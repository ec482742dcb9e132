/// More elements before and after each axis.
package struct Pad: Primitive {
  package static let name = "pad"

  /// What the new elements are.
  package enum Mode: Hashable, Sendable {
    case constant(Double)
    /// The mirror image without the edge itself.
    case reflection
    /// The edge, repeated.
    case edge
    /// The other end of the axis.
    case wrap
  }

  package var before: [Int]
  package var after: [Int]
  package var mode: Mode

  package init(before: [Int], after: [Int], mode: Mode = .constant(0)) {
    self.before = before
    self.after = after
    self.mode = mode
  }

  package func results(for operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try require(operands, count: 1)
    let x = operands[0]
    try require(
      before.count == x.rank && after.count == x.rank,
      found: "padding of \(before.count) and \(after.count) axes for \(x)", expected: "one for each axis")
    var shape: [Int] = []
    for (axis, extent) in x.shape.enumerated() {
      try require(
        (0...TensorType.maximumCount).contains(before[axis])
          && (0...TensorType.maximumCount).contains(after[axis]),
        found: "padding \(before[axis]) and \(after[axis]) on axis \(axis)",
        expected: "0 to 2^40; a slice cuts an axis")
      let reach = max(before[axis], after[axis])
      try require(
        mode != .reflection || reach < extent, found: "reflection by \(reach) on an axis of \(extent)",
        expected: "less than the extent")
      try require(
        mode != .wrap || reach <= extent, found: "wrapping by \(reach) on an axis of \(extent)",
        expected: "at most the extent")
      shape.append(before[axis] + extent + after[axis])
    }
    return [TensorType(shape, x.elementType)]
  }

  package func work(for operands: [TensorType], results: [TensorType]) -> [Work] {
    guard operands[0].shape != results[0].shape else { return [] }
    var run = 1
    for (source, destination) in zip(operands[0].shape, results[0].shape).reversed() {
      run *= source
      if source != destination { break }
    }
    return [.movement(MovementNest(elements: results[0].count, run: run))]
  }
}
