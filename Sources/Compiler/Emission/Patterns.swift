import Hardware

/// Access patterns of tiles in the scratchpads.
///
/// They visit the words that a tile occupies, as often as the unit takes a step, and never leave it; where two loops
/// cannot say the exact order, they keep the number of accesses and spread them evenly.
struct Patterns: Sendable {
  let machine: Target
  private let array: MACArray

  init(machine: Target) {
    self.machine = machine
    array = machine.model.array
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
    /// Bytes of one pixel; those of an interleaved tensor need not be whole words.
    var pixelBytes: Int
    var blocks: Int
    /// Contiguous bytes of one block.
    var blockBytes: Int
    /// Rows of one block where there are gaps between them, else 1.
    var gappedRows = 1
  }

  /// A region of a tensor that stays on chip.
  func resident(_ tensor: StoredTensor, at address: Int, _ region: TensorRegion) -> Placed {
    let start = address + tensor.offset(channel: region.channel, pixel: region.pixel)
    if tensor.isInterleaved {
      return Placed(
        memory: machine.activations, address: start, planeBytes: 0, rowBytes: tensor.interleavedRowBytes,
        pixelBytes: tensor.channels * tensor.bits / 8, blocks: 1, blockBytes: tensor.bytes(of: region))
    }
    let (first, last) = tensor.blockRange(of: region)
    let pixel = pixelBytes(tensor, first)
    let isDense = region.rowStride == region.columns || region.rows == 1
    // Rows with gaps: only the first one is sure to be contiguous.
    return Placed(
      memory: machine.activations, address: start, planeBytes: tensor.planeBytes,
      rowBytes: region.rowStride * pixel,
      pixelBytes: pixel, blocks: last - first,
      blockBytes: (isDense ? region.rows : 1) * region.columns * pixelBytes(tensor, last - 1),
      gappedRows: isDense ? 1 : region.rows)
  }

  /// A region of a tensor in a buffer of its own, packed densely.
  func packed(_ tensor: StoredTensor, memory: Int, at address: Int, _ region: TensorRegion) -> Placed {
    let bytes = tensor.bytes(of: region)
    if tensor.isInterleaved {
      return Placed(
        memory: memory, address: address, planeBytes: 0, rowBytes: bytes / max(1, region.rows),
        pixelBytes: tensor.channels * tensor.bits / 8, blocks: 1, blockBytes: bytes)
    }
    let pixel = pixelBytes(tensor, tensor.blockRange(of: region).first)
    return Placed(
      memory: memory, address: address, planeBytes: region.rows * region.columns * pixel,
      rowBytes: region.columns * pixel, pixelBytes: pixel, blocks: 1, blockBytes: bytes)
  }

  private func pixelBytes(_ tensor: StoredTensor, _ block: Int) -> Int {
    block == tensor.blocksPerGroup - 1 ? tensor.lastBlockBytes : tensor.blockBytes
  }

  // MARK: Vector unit

  /// `steps` accesses of a full row of lanes, spread over a placed region.
  func lanes(_ placed: Placed, bits: Int, steps: Int, isWrite: Bool) -> AccessPattern {
    let word = machine.wordBytes(placed.memory)
    let wanted = max(1, machine.model.vector.lanes * bits / 8 / word)
    let perBlock = max(1, placed.blockBytes / word)
    let words = min(wanted, perBlock)
    // Three loops do not fit: rows with gaps are walked in the first block.
    let isGapped = placed.gappedRows > 1
    return spread(
      steps, memory: placed.memory, address: placed.address, words: words, perBlock: max(1, perBlock / words),
      blocks: isGapped ? placed.gappedRows : placed.blocks,
      planeWords: (isGapped ? placed.rowBytes : placed.planeBytes) / word, isWrite: isWrite)
  }

  /// `steps` accesses of a full row of lanes over accumulators for `pixels` pixels and `columns` sums each.
  func accumulators(address: Int, pixels: Int, columns: Int, steps: Int) -> AccessPattern {
    let word = machine.wordBytes(machine.accumulators)
    let rows = pixels * columns.dividedUp(by: array.columns)
    let bytes = rows * machine.accumulatorWords * word
    let step = machine.model.vector.lanes * machine.format.accumulatorBytes
    let words = min(max(1, step.dividedUp(by: word)), max(1, bytes / word))
    return spread(
      steps, memory: machine.accumulators, address: address, words: words,
      perBlock: max(1, bytes / word / words),
      blocks: 1, planeWords: 0, isWrite: false)
  }

  /// Accesses in order over blocks; more steps than accesses visit the same word several times.
  private func spread(
    _ steps: Int, memory: Int, address: Int, words: Int, perBlock: Int, blocks: Int, planeWords: Int,
    isWrite: Bool
  ) -> AccessPattern {
    let word = machine.wordBytes(memory)
    var pattern = AccessPattern(
      memory: memory, address: address / word * word, words: words, isWrite: isWrite)
    if steps <= perBlock * blocks {
      (pattern.innerCount, pattern.innerStride, pattern.outerStride) = (perBlock, words, planeWords)
    } else if blocks == 1 {
      (pattern.innerCount, pattern.innerStride, pattern.outerStride) = (
        steps.dividedUp(by: perBlock), 0, words
      )
    } else {
      // Several blocks, each visited several times: the sweeps stay in the first one.
      (pattern.innerCount, pattern.innerStride, pattern.outerStride) = (perBlock, words, 0)
    }
    return pattern
  }

  // MARK: Array

  /// The array's walk over the streamed operand: an access takes the operands of all rows for `pixels` pixels.
  func streamed(_ placed: Placed, shape: ArrayShape, rows: Int, columns: Int, isInterleaved: Bool)
    -> AccessPattern
  {
    let word = machine.wordBytes(placed.memory)
    let slots = min(
      array.rows, shape.stored(channels: shape.channels, positions: shape.kernelPositions))
    let operands = (shape.storage.choices(slots) * machine.bits).dividedUp(by: 8)
    let pixels = max(1, array.pixels)
    let available = max(1, placed.blockBytes / word)
    let words = min(available, max(1, operands.dividedUp(by: word)) * pixels)
    let steps = (rows * columns).dividedUp(by: pixels)
    if isInterleaved {
      // Neighbouring pixels share words: the steps are spread over all places where an access can start.
      let starts = available - words + 1
      let repeats = steps.dividedUp(by: starts)
      return AccessPattern(
        memory: placed.memory, address: placed.address / word * word, words: words,
        innerCount: repeats > 1 ? repeats : starts, innerStride: repeats > 1 ? 0 : 1, outerStride: 1)
    }
    let pixelWords = placed.pixelBytes / word
    let rowWords = placed.rowBytes * shape.strideRows / word
    let fold = shape.kernelPositions == 1 ? placed.planeBytes / word : pixelWords * shape.dilationColumns
    // Rows of one pixel, as in a matrix, are one long inner loop.
    let inner = columns == 1 ? rows : columns
    let stride = columns == 1 ? rowWords : pixelWords * shape.strideColumns
    return AccessPattern(
      memory: placed.memory, address: placed.address / word * word, words: words,
      innerCount: inner.dividedUp(by: pixels), innerStride: stride * pixels, outerStride: rowWords,
      foldStride: fold)
  }

  /// The array's walk over packed weights: an access takes the stationary rows that are loaded in one cycle.
  func stationary(
    memory: Int, address: Int, channels: Int, positions: Int, n: Int, packs: Bool, isChannelwise: Bool
  ) -> AccessPattern {
    let word = machine.wordBytes(memory)
    if isChannelwise {
      let bytes = (min(n, max(1, array.depthwiseChannels)) * machine.bits).dividedUp(by: 8)
      let words = bytes.dividedUp(by: word)
      return AccessPattern(
        memory: memory, address: address / word * word, words: words, foldStride: bytes / word)
    }
    let rowBytes = max(1, (min(n, array.columns) * machine.bits).dividedUp(by: 8))
    let accessBytes = rowBytes * max(1, array.preloadRowsPerCycle)
    let rows = channels * positions
    let all = (rows * n * machine.bits).dividedUp(by: 8).dividedUp(by: word)
    let folds =
      (packs ? rows.dividedUp(by: array.rows) : positions * channels.dividedUp(by: array.rows))
      * n.dividedUp(by: array.columns)
    let perFold = max(1, all / max(1, folds))
    let accesses = min(rows, array.rows).dividedUp(by: max(1, array.preloadRowsPerCycle))
    let words = min(perFold, max(1, accessBytes / word))
    var pattern = spread(
      accesses, memory: memory, address: address, words: words, perBlock: max(1, perFold / words), blocks: 1,
      planeWords: 0, isWrite: false)
    pattern.foldStride = all / max(1, folds)
    return pattern
  }

  /// The array's walk over a stationary operand that is a tensor, by rows or by columns.
  func stationary(_ placed: Placed) -> AccessPattern {
    let word = machine.wordBytes(placed.memory)
    let available = max(1, placed.blockBytes / word)
    let bytes = (array.columns * machine.bits).dividedUp(by: 8) * max(1, array.preloadRowsPerCycle)
    let words = min(available, max(1, bytes.dividedUp(by: word)))
    // Folds start anew: operands of a tile lie close together.
    return AccessPattern(
      memory: placed.memory, address: placed.address / word * word, words: words,
      innerCount: max(1, available / words), innerStride: words, outerStride: 0)
  }

  /// The array's walk over accumulators of `pixels` pixels.
  func sums(address: Int, pixels: Int) -> AccessPattern {
    let words = machine.accumulatorWords
    let parallel = max(1, min(array.pixels, pixels))
    return AccessPattern(
      memory: machine.accumulators, address: address, words: words * parallel,
      innerCount: max(1, pixels.dividedUp(by: parallel)), innerStride: words * parallel, outerStride: 0,
      foldStride: words * pixels, isWrite: true)
  }
}
