/// Blocks of channels laid out as blocks of pixels, the “pixel shuffle”.
///
/// Source: Shi et al. 2016, arXiv:1609.05158.
///
/// `[batch, channels, height, width]` to `[batch, channels / b², height · b, width · b]`.
package struct DepthToSpace: Primitive {
  package static let name = "depth-to-space"

  /// How the channels are ordered.
  package enum Order: String, Hashable, Sendable {
    /// ONNX's DCR: the block's row and column vary slowest.
    case depthLast
    /// ONNX's CRD, PyTorch's pixel shuffle: the result's channel varies slowest.
    case depthFirst
  }

  package var blockSize: Int
  package var order: Order

  package init(blockSize: Int, order: Order) {
    self.blockSize = blockSize
    self.order = order
  }

  package func results(for operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try require(operands, count: 1)
    let x = operands[0]
    try require(
      (1...1 << 15).contains(blockSize) && x.rank == 4 && x.shape[1] % (blockSize * blockSize) == 0,
      found: "\(x) in blocks of \(blockSize)", expected: "[batch, multiple of block², height, width]")
    return [
      TensorType(
        [x.shape[0], x.shape[1] / (blockSize * blockSize), x.shape[2] * blockSize, x.shape[3] * blockSize],
        x.elementType)
    ]
  }

  package func work(for operands: [TensorType], results: [TensorType]) -> [Work] {
    blockSize == 1 ? [] : [.movement(MovementNest(elements: results[0].count, run: 1))]
  }
}

/// Blocks of pixels laid out as channels: `[batch, channels, height, width]` to
/// `[batch, channels · b², height / b, width / b]`, the block's row and column varying slowest.
package struct SpaceToDepth: Primitive {
  package static let name = "space-to-depth"
  package var blockSize: Int

  package init(blockSize: Int) { self.blockSize = blockSize }

  package func results(for operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try require(operands, count: 1)
    let x = operands[0]
    try require(
      (1...1 << 15).contains(blockSize) && x.rank == 4 && x.shape[2] % blockSize == 0
        && x.shape[3] % blockSize == 0,
      found: "\(x) in blocks of \(blockSize)", expected: "[batch, channels, and multiples of the block]")
    return [
      TensorType(
        [x.shape[0], x.shape[1] * blockSize * blockSize, x.shape[2] / blockSize, x.shape[3] / blockSize],
        x.elementType)
    ]
  }

  package func work(for operands: [TensorType], results: [TensorType]) -> [Work] {
    blockSize == 1 ? [] : [.movement(MovementNest(elements: results[0].count, run: 1))]
  }
}
