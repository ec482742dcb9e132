import Hardware

/// Access patterns of tiles in the scratchpads.
struct Patterns: Sendable {
  let machine: Target

  /// A walk of the vector unit over `blocks` pieces of `blockBytes` contiguous bytes, `stride` bytes apart.
  ///
  /// A step takes what its lanes need: several words, or a part of one.
  func lanes(
    memory: Int, address: Int, bits: Int, blocks: Int, blockBytes: Int, stride: Int, isWrite: Bool
  ) -> AccessPattern {
    let word = machine.wordBytes(memory)
    let step = max(1, machine.model.vector.lanes * bits / 8)
    if step >= word {
      let words = step / word
      return AccessPattern(
        memory: memory, address: address / word * word, words: words,
        innerCount: max(1, blockBytes.dividedUp(by: words * word)), innerStride: words,
        outerStride: max(stride, blockBytes) / word, isWrite: isWrite)
    }
    return AccessPattern(
      memory: memory, address: address / word * word, words: 1, innerCount: word / step, innerStride: 0,
      outerStride: 1, isWrite: isWrite)
  }

  /// A walk of the vector unit over accumulators of `rows` rows of `columns` sums each.
  func accumulators(address: Int, isWrite: Bool = false) -> AccessPattern {
    lanes(
      memory: machine.accumulators, address: address, bits: machine.format.accumulatorBytes * 8, blocks: 1,
      blockBytes: 1 << 40, stride: 0, isWrite: isWrite)
  }

  /// Where a region of a tensor lies in a scratchpad.
  struct Placed {
    var memory: Int
    /// First byte.
    var address: Int
    /// Bytes from one block of channels to the next.
    var planeBytes: Int
    /// Bytes from one row to the next.
    var rowBytes: Int
    /// Bytes of one pixel.
    var pixelBytes: Int
    var blocks: Int
    /// Contiguous bytes of one block.
    var blockBytes: Int
  }

  /// A region of a tensor that stays on chip.
  func resident(_ tensor: StoredTensor, at address: Int, _ region: TensorRegion) -> Placed {
    let start = address + tensor.offset(channel: region.channel, pixel: region.pixel)
    let (first, last) = tensor.isInterleaved ? (0, 1) : tensor.blockRange(of: region)
    let pixel = tensor.isInterleaved ? tensor.channels * tensor.bits / 8 : pixelBytes(tensor, first)
    return Placed(
      memory: machine.activations, address: start, planeBytes: tensor.isInterleaved ? 0 : tensor.planeBytes,
      rowBytes: tensor.isInterleaved ? tensor.interleavedRowBytes : region.rowStride * pixel,
      pixelBytes: pixel,
      blocks: last - first,
      blockBytes: tensor.isInterleaved
        ? region.rows * tensor.interleavedRowBytes : region.rows * region.columns * pixel)
  }

  /// A region of a tensor in a buffer of its own, packed densely.
  func packed(_ tensor: StoredTensor, memory: Int, at address: Int, _ region: TensorRegion) -> Placed {
    let (first, last) = tensor.isInterleaved ? (0, 1) : tensor.blockRange(of: region)
    let pixel = tensor.isInterleaved ? tensor.channels * tensor.bits / 8 : pixelBytes(tensor, first)
    let row =
      tensor.isInterleaved
      ? (region.columns * tensor.channels * tensor.bits).dividedUp(by: 8).roundedUp(to: tensor.wordBytes)
      : region.columns * pixel
    return Placed(
      memory: memory, address: address, planeBytes: region.rows * row, rowBytes: row, pixelBytes: pixel,
      blocks: last - first, blockBytes: region.rows * row)
  }

  private func pixelBytes(_ tensor: StoredTensor, _ block: Int) -> Int {
    block == tensor.blocksPerGroup - 1 ? tensor.lastBlockBytes : tensor.blockBytes
  }

  /// The vector unit's walk over a placed region.
  func lanes(_ placed: Placed, bits: Int, isWrite: Bool) -> AccessPattern {
    lanes(
      memory: placed.memory, address: placed.address, bits: bits, blocks: placed.blocks,
      blockBytes: placed.blockBytes, stride: placed.planeBytes, isWrite: isWrite)
  }

  /// The array's walk over the streamed operand.
  func streamed(_ placed: Placed, shape: ArrayShape, rows: Int, columns: Int, isInterleaved: Bool)
    -> AccessPattern
  {
    let word = machine.wordBytes(placed.memory)
    let operands = (min(machine.model.array.rows, shape.channels * shape.kernelPositions) * machine.bits)
      .dividedUp(by: 8)
    let words = max(1, operands.dividedUp(by: word))
    let pixelWords = isInterleaved ? 0 : placed.pixelBytes / word
    let fold: Int
    if shape.kernelPositions == 1 {
      fold = placed.planeBytes / word
    } else {
      fold = pixelWords * shape.dilationColumns
    }
    let rowWords = placed.rowBytes * shape.strideRows / word
    // Rows of one pixel, as in a matrix, are one long inner loop.
    return AccessPattern(
      memory: placed.memory, address: placed.address / word * word, words: words,
      innerCount: max(1, columns == 1 ? rows : columns),
      innerStride: columns == 1 ? rowWords : pixelWords * shape.strideColumns, outerStride: rowWords,
      foldStride: fold)
  }

  /// The array's walk over packed weights.
  func stationary(
    memory: Int, address: Int, channels: Int, positions: Int, n: Int, packs: Bool
  ) -> AccessPattern {
    let word = machine.wordBytes(memory)
    let array = machine.model.array
    let rowBytes = max(1, (min(n, array.columns) * machine.bits).dividedUp(by: 8))
    let rows = channels * positions
    let folds = packs ? rows.dividedUp(by: array.rows) : positions * channels.dividedUp(by: array.rows)
    let fold = rows * rowBytes / word / max(1, folds)
    guard rowBytes >= word else {
      // Several rows share a word.
      return AccessPattern(
        memory: memory, address: address / word * word, innerCount: word / rowBytes, innerStride: 0,
        outerStride: 1,
        foldStride: fold)
    }
    let words = rowBytes / word
    return AccessPattern(
      memory: memory, address: address / word * word, words: words,
      innerCount: max(1, min(rows, array.rows)), innerStride: words, outerStride: words, foldStride: fold)
  }

  /// The array's walk over a stationary operand that is a tensor: by rows or by columns.
  func stationary(_ placed: Placed) -> AccessPattern {
    let word = machine.wordBytes(placed.memory)
    let array = machine.model.array
    let words = max(1, (array.columns * machine.bits).dividedUp(by: word * 8))
    let stride = max(1, placed.rowBytes / word)
    return AccessPattern(
      memory: placed.memory, address: placed.address / word * word, words: words, innerCount: array.rows,
      innerStride: stride, outerStride: stride, foldStride: array.rows * stride)
  }

  /// The array's walk over `pixels` rows of accumulators.
  func sums(address: Int, pixels: Int) -> AccessPattern {
    let words = machine.accumulatorWords
    return AccessPattern(
      memory: machine.accumulators, address: address, words: words, innerCount: max(1, pixels),
      innerStride: words,
      outerStride: words * pixels, foldStride: words * pixels, isWrite: true)
  }
}
