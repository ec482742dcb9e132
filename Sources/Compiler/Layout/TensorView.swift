/// A value as a way to read a stored tensor: each axis as loops over its channels or its pixels.
///
/// Reshapes, transpositions and slices only change the view; data move when a consumer cannot read a view as it is.
struct TensorView: Hashable, Sendable {
  /// The two directions in which a stored tensor extends.
  enum Direction: Hashable, Sendable { case channel, pixel }

  /// One loop: `extent` steps of `stride` channels or pixels.
  struct Factor: Hashable, Sendable {
    var extent: Int
    var direction: Direction
    var stride: Int
  }

  /// Index of the tensor.
  var tensor: Int
  var channelOffset = 0
  var pixelOffset = 0
  /// The loops of each axis, outermost first; an axis of extent 1 has none.
  var axes: [[Factor]]

  /// The extents of the axes.
  var shape: [Int] { axes.map { $0.reduce(1) { $0 * $1.extent } } }

  /// The view with its axes in another order.
  func transposed(_ permutation: [Int]) -> TensorView {
    var view = self
    view.axes = permutation.map { axes[$0] }
    return view
  }

  /// The same elements in the same order under another shape, or nil where a loop would have to be cut unevenly.
  func reshaped(to shape: [Int]) -> TensorView? {
    var loops = axes.flatMap { $0 }.reversed().map { $0 }
    var result: [[Factor]] = []
    for extent in shape {
      var axis: [Factor] = []
      var left = extent
      while left > 1 {
        guard let loop = loops.popLast() else { return nil }
        if left % loop.extent == 0 {
          axis.append(loop)
          left /= loop.extent
        } else if loop.extent % left == 0 {
          let inner = loop.extent / left
          axis.append(Factor(extent: left, direction: loop.direction, stride: loop.stride * inner))
          loops.append(Factor(extent: inner, direction: loop.direction, stride: loop.stride))
          left = 1
        } else {
          return nil
        }
      }
      result.append(axis)
    }
    guard loops.isEmpty else { return nil }
    var view = self
    view.axes = result
    return view
  }

  /// The part of an axis from `start` on, `count` elements, `step` apart; nil where the axis is several loops.
  func sliced(axis: Int, start: Int, count: Int, step: Int) -> TensorView? {
    let loops = axes[axis]
    var view = self
    if loops.isEmpty { return self }
    guard let loop = Self.merged(loops) else {
      // Whole steps of the outermost loop.
      let inner = loops.dropFirst().reduce(1) { $0 * $1.extent }
      guard step == 1, start % inner == 0, count % inner == 0, let outer = loops.first else { return nil }
      view.move(outer.direction, by: start / inner * outer.stride)
      view.axes[axis][0].extent = count / inner
      if count == inner { view.axes[axis].removeFirst() }
      return view
    }
    guard step >= 1 else { return nil }
    view.move(loop.direction, by: start * loop.stride)
    view.axes[axis] =
      count == 1 ? [] : [Factor(extent: count, direction: loop.direction, stride: loop.stride * step)]
    return view
  }

  private mutating func move(_ direction: Direction, by distance: Int) {
    if direction == .channel { channelOffset += distance } else { pixelOffset += distance }
  }

  /// Loops as one, or nil where they do not chain.
  static func merged(_ loops: some Collection<Factor>) -> Factor? {
    guard var result = loops.first else { return nil }
    for loop in loops.dropFirst() {
      guard loop.direction == result.direction, result.stride == loop.stride * loop.extent else { return nil }
      result = Factor(extent: result.extent * loop.extent, direction: loop.direction, stride: loop.stride)
    }
    return result
  }

  /// Loops with neighbours that chain merged.
  static func simplified(_ loops: some Collection<Factor>) -> [Factor] {
    var result: [Factor] = []
    for loop in loops {
      if let last = result.last, let both = merged([last, loop]) {
        result[result.count - 1] = both
      } else {
        result.append(loop)
      }
    }
    return result
  }

  /// Channel and pixel of one element.
  func position(of index: [Int]) -> (channel: Int, pixel: Int) {
    var (channel, pixel) = (channelOffset, pixelOffset)
    for (axis, position) in index.enumerated() {
      var rest = position
      for loop in axes[axis].reversed() {
        let step = rest % loop.extent
        rest /= loop.extent
        if loop.direction == .channel { channel += step * loop.stride } else { pixel += step * loop.stride }
      }
    }
    return (channel, pixel)
  }
}
