/// Every `steps`-th element of a range on each axis.
package struct Slice: Primitive {
  package static let name = "slice"
  /// The first index on each axis.
  package var starts: [Int]
  /// The index where each axis ends, not included; −1 where a negative step runs down to index 0.
  package var ends: [Int]
  package var steps: [Int]

  package init(starts: [Int], ends: [Int], steps: [Int]? = nil) {
    self.starts = starts
    self.ends = ends
    self.steps = steps ?? starts.map { _ in 1 }
  }

  /// The slice of some axes of a tensor, with ranges that count from the end where negative and are cut to the extent
  /// (the rules of ONNX and numpy).
  package init(
    of type: TensorType, axes: [Int], starts: [Int], ends: [Int], steps: [Int]? = nil
  ) throws(ShapeError) {
    let steps = steps ?? axes.map { _ in 1 }
    guard axes.count == starts.count, axes.count == ends.count, axes.count == steps.count else {
      throw ShapeError(
        Self.name,
        found: "\(axes.count) axes, \(starts.count) starts, \(ends.count) ends and \(steps.count) steps",
        expected: "as many of each")
    }
    self.init(starts: type.shape.map { _ in 0 }, ends: type.shape)
    for index in axes.indices {
      guard let axis = normalisedAxis(axes[index], rank: type.rank), steps[index] != 0 else {
        throw ShapeError(
          Self.name, found: "axis \(axes[index]), step \(steps[index]) for \(type)",
          expected: "an axis of the tensor and a step other than 0")
      }
      let extent = type.shape[axis]
      let (low, high) = steps[index] > 0 ? (0, extent) : (-1, extent - 1)
      func bounded(_ index: Int) -> Int {
        let counted = index < 0 ? max(index, -1 - extent) + extent : index
        return min(max(counted, low), high)
      }
      self.starts[axis] = bounded(starts[index])
      self.ends[axis] = bounded(ends[index])
      self.steps[axis] = steps[index]
    }
  }

  package func results(for operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try require(operands, count: 1)
    let x = operands[0]
    try require(
      starts.count == x.rank && ends.count == x.rank && steps.count == x.rank,
      found: "ranges of \(starts.count), \(ends.count) and \(steps.count) axes for \(x)",
      expected: "one start, end and step for each axis")
    var shape: [Int] = []
    for (axis, extent) in x.shape.enumerated() {
      let (start, end, step) = (starts[axis], ends[axis], steps[axis])
      let isValid =
        step > 0
        ? start >= 0 && start < end && end <= extent
        : step < 0 && step > -1 << 40 && end >= -1 && end < start && start < extent
      try require(
        isValid, found: "[\(start)..<\(end)] by \(step) on axis \(axis) of extent \(extent)",
        expected: "a range of at least one element inside the extent")
      shape.append(step > 0 ? (end - start - 1) / step + 1 : (start - end - 1) / -step + 1)
    }
    return [TensorType(shape, x.elementType)]
  }

  package func work(for operands: [TensorType], results: [TensorType]) -> [Work] {
    guard operands[0].shape != results[0].shape || steps.contains(where: { $0 < 0 }) else { return [] }
    var run = 1
    for axis in starts.indices.reversed() {
      guard steps[axis] == 1 || results[0].shape[axis] == 1 else { break }
      run *= results[0].shape[axis]
      if results[0].shape[axis] != operands[0].shape[axis] { break }
    }
    return [.movement(MovementNest(elements: results[0].count, run: run))]
  }
}
