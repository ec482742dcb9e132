/// A tensor whose elements come in blocks: each is that of a smaller tensor, divided by the size of a block.
///
/// Read, it is the gradient of average pooling; written, blocks are added up and it is average pooling itself.
struct BlockedView: Hashable, Sendable {
  /// The smaller tensor.
  var view: TensorView
  /// The extent of a block along each axis.
  var block: [Int]

  init(_ view: TensorView, block: [Int]) {
    self.view = view
    self.block = block
  }

  /// The shape with all elements of the blocks.
  var shape: [Int] { zip(view.shape, block).map { $0 * $1 } }

  var factor: Float { 1 / Float(block.reduce(1, *)) }
}

/// The loops over a space, with two in place of each one that runs over blocks: over the blocks, and within one.
struct SplitLoops {
  let space: [Int]
  let order: [Int]
  private let block: [Int]

  init(space: [Int], order: [Int], block: [Int]?) {
    let block = block ?? space.map { _ in 1 }
    self.block = block
    self.space = zip(space, block).flatMap { $1 == 1 ? [$0] : [$0 / $1, $1] }
    var first: [Int] = []
    var count = 0
    for extent in block {
      first.append(count)
      count += extent == 1 ? 1 : 2
    }
    self.order = order.flatMap { block[$0] == 1 ? [first[$0]] : [first[$0], first[$0] + 1] }
  }

  /// The steps of a tensor in each loop; those of a blocked one do not move within a block.
  func strides(of view: TensorView, isBlocked: Bool) -> [Int] {
    zip(view.strides, block).flatMap { stride, extent in
      extent == 1 ? [stride] : isBlocked ? [stride, 0] : [stride * extent, stride]
    }
  }
}
