/// Where the elements of a tensor lie: a buffer, and the steps between neighbours on each axis, in elements of four bytes.
struct TensorView: Hashable, Sendable {
  var buffer: Int
  var offset: Int = 0
  var shape: [Int]
  var strides: [Int]
  /// Whether elements are 32-bit integers; all others are single-precision numbers, truth values as 0 and 1.
  var isInteger = false

  /// A dense tensor whose axes are laid out in the given order, outermost first; by default their own.
  init(dense shape: [Int], order: [Int]? = nil, buffer: Int, isInteger: Bool = false) {
    self.buffer = buffer
    self.shape = shape
    self.isInteger = isInteger
    strides = shape
    var step = 1
    for axis in (order ?? Array(shape.indices)).reversed() {
      strides[axis] = step
      step *= shape[axis]
    }
  }

  var count: Int { shape.reduce(1, *) }

  /// Whether the elements lie without gaps with the axes in the given order.
  func isDense(order: [Int]? = nil) -> Bool {
    var step = 1
    for axis in (order ?? Array(shape.indices)).reversed() where shape[axis] != 1 {
      guard strides[axis] == step else { return false }
      step *= shape[axis]
    }
    return true
  }

  /// The order of the axes from the largest step to the smallest; axes that are repeated come first, those of extent 1
  /// stay beside their neighbours.
  var order: [Int] {
    var steps = strides
    for axis in shape.indices.reversed() where shape[axis] == 1 {
      steps[axis] = axis + 1 < shape.count ? steps[axis + 1] : 0
    }
    return shape.indices.sorted { left, right in
      let (a, b) = (
        steps[left] == 0 ? Int.max : abs(steps[left]), steps[right] == 0 ? Int.max : abs(steps[right])
      )
      return (b, left) < (a, right)
    }
  }

  func transposed(_ permutation: [Int]) -> TensorView {
    var view = self
    view.shape = permutation.map { shape[$0] }
    view.strides = permutation.map { strides[$0] }
    return view
  }

  func sliced(starts: [Int], steps: [Int], shape: [Int]) -> TensorView {
    var view = self
    view.shape = shape
    for axis in shape.indices {
      view.offset += starts[axis] * strides[axis]
      view.strides[axis] = strides[axis] * steps[axis]
    }
    return view
  }

  /// The view repeated to a shape that it broadcasts to.
  func expanded(_ target: [Int]) -> TensorView {
    var view = self
    let shift = target.count - shape.count
    view.shape = target
    view.strides = target.indices.map { axis in
      axis < shift || (shape[axis - shift] == 1 && target[axis] != 1) ? 0 : strides[axis - shift]
    }
    return view
  }

  /// The same elements under another shape, or nil where steps of this view cannot say it.
  func reshaped(_ target: [Int]) -> TensorView? {
    var view = self
    view.shape = target
    view.strides = target.map { _ in 0 }
    let kept = shape.indices.filter { shape[$0] != 1 }
    var (source, destination) = (0, 0)
    while source < kept.count {
      // The shortest runs of axes on both sides with the same number of elements.
      var sourceEnd = source + 1
      var sourceCount = shape[kept[source]]
      while destination < target.count, target[destination] == 1 { destination += 1 }
      guard destination < target.count else { return nil }
      var destinationEnd = destination + 1
      var destinationCount = target[destination]
      while sourceCount != destinationCount {
        if sourceCount < destinationCount {
          guard sourceEnd < kept.count else { return nil }
          sourceCount *= shape[kept[sourceEnd]]
          sourceEnd += 1
        } else {
          guard destinationEnd < target.count else { return nil }
          destinationCount *= target[destinationEnd]
          destinationEnd += 1
        }
      }
      for index in source..<sourceEnd - 1 {
        let (outer, inner) = (kept[index], kept[index + 1])
        guard strides[outer] == strides[inner] * shape[inner] else { return nil }
      }
      var step = strides[kept[sourceEnd - 1]]
      for axis in (destination..<destinationEnd).reversed() {
        view.strides[axis] = step
        step *= target[axis]
      }
      (source, destination) = (sourceEnd, destinationEnd)
    }
    return view
  }
}
