import Graphs
import Hardware

/// The transfers of a step, in the order in which Gemmini's loop unrollers ask for them.
///
/// A command moves at most as many rows as the array has, of at most a burst each: 64 bytes of channels of a pixel, or of
/// output channels of an input channel (LoopConv.scala and LoopMatmul.scala of ucb-bar/gemmini). Which piece of a tensor
/// follows which decides what caches and pages of main memory see; where tensors are wider than a burst, neighbours in
/// memory are apart in time.
extension ExplicitProgramBuilder {
  /// A walk over one operand: blocks of channels, for each of them some rows.
  private struct Walk {
    var address: Int
    /// Bytes of channels, cut into blocks of at most `block`.
    var channels: Int
    var block: Int
    /// Pieces of one block: how many, and the bytes from one to the next.
    var count: Int
    var stride: Int

    /// Bytes of whole blocks, and of the last one where it is shorter.
    var parts: [(offset: Int, run: Int, blocks: Int)] {
      let (whole, rest) = channels.quotientAndRemainder(dividingBy: block)
      return [(0, block, whole), (whole * block, rest, rest > 0 ? 1 : 0)].filter { $0.blocks > 0 }
    }

    func transfers(_ memory: Int, at address: inout Int, wordBytes: Int) -> [Transfer] {
      var result: [Transfer] = []
      for part in parts {
        let transfer = Transfer(
          address: self.address + part.offset, runBytes: part.run, innerCount: count, innerStride: stride,
          outerCount: part.blocks, outerStride: block, memory: memory, scratchpadAddress: address)
        address += transfer.bytes.roundedUp(to: wordBytes)
        result.append(transfer)
      }
      return result
    }
  }

  /// Bytes of a row of the longest load, and of a store.
  private var loadBlock: Int { machine.model.dma.burstBytes }
  /// A convolution stores a block of the array's columns at a time, a matrix product as much as a burst takes.
  private var storeBlock: Int {
    tiling.layer.isProduct ? machine.model.dma.burstBytes : bytes(machine.model.array.columns)
  }

  /// Groups of at most as many columns as the array has rows.
  private func groups(_ columns: Range<Int>) -> [Range<Int>] {
    let size = machine.model.array.rows
    return stride(from: columns.lowerBound, to: columns.upperBound, by: size).map {
      $0..<min($0 + size, columns.upperBound)
    }
  }

  /// Pixels, group by group of a row, and of each group block by block of channels; of a matrix product all pixels of a
  /// block.
  private func pixels(
    rows: Range<Int>, columns: Range<Int>, width: Int, channels: Range<Int>, of total: Int, block: Int,
    from start: Int, memory: Int, at address: Int
  ) -> [Transfer] {
    guard !rows.isEmpty, !columns.isEmpty else { return [] }
    let length = bytes(channels.count)
    let first = { (row: Int, column: Int) in
      start + bytes((row * width + column) * total + channels.lowerBound)
    }
    let word = machine.wordBytes(memory)
    if length <= block {
      return [
        Transfer(
          address: first(rows.lowerBound, columns.lowerBound), runBytes: length, innerCount: columns.count,
          innerStride: bytes(total), outerCount: rows.count, outerStride: bytes(width * total),
          memory: memory,
          scratchpadAddress: address)
      ]
    }
    var address = address
    var result: [Transfer] = []
    for row in rows {
      for group in tiling.layer.isProduct ? [columns] : groups(columns) {
        let walk = Walk(
          address: first(row, group.lowerBound), channels: length, block: block, count: group.count,
          stride: bytes(total))
        result += walk.transfers(memory, at: &address, wordBytes: word)
      }
    }
    return result
  }

  func input(of step: ExplicitTiling.Step, at address: Int) -> [Transfer] {
    let region = tiling.inputRegion(of: step)
    return pixels(
      rows: region.rows, columns: region.columns, width: tiling.layer.input.width,
      channels: step.inputChannels, of: tiling.layer.extents[.inputChannel], block: loadBlock,
      from: places.input(of: tiling.layer),
      memory: machine.activations, at: address)
  }

  func output(of step: ExplicitTiling.Step, at address: Int) -> [Transfer] {
    pixels(
      rows: step.rows, columns: step.columns, width: tiling.layer.extents[.column],
      channels: step.outputChannels, of: tiling.layer.extents[.outputChannel], block: storeBlock,
      from: places.output(of: tiling.layer), memory: machine.accumulators, at: address)
  }

  /// Of a convolution a block of output channels for all input channels of all kernel positions, then the next; of a
  /// matrix product all blocks for as many input channels as the array has rows.
  func weights(of step: ExplicitTiling.Step, at address: Int) -> [Transfer] {
    let (inputs, outputs) = (tiling.layer.extents[.inputChannel], tiling.layer.extents[.outputChannel])
    let length = bytes(step.outputChannels.count)
    let word = machine.wordBytes(machine.weights)
    let first = { (position: Int, channel: Int) in
      places.weights(of: tiling.layer)
        + bytes((position * inputs + channel) * outputs + step.outputChannels.lowerBound)
    }
    var address = address
    var result: [Transfer] = []
    if tiling.layer.isProduct, length > loadBlock {
      for group in groups(step.inputChannels) {
        let walk = Walk(
          address: first(0, group.lowerBound), channels: length, block: loadBlock, count: group.count,
          stride: bytes(outputs))
        result += walk.transfers(machine.weights, at: &address, wordBytes: word)
      }
      return result
    }
    let columns = tiling.layer.extents[.kernelColumn]
    let isWhole = step.kernelColumns.count == columns
    for offset in stride(from: 0, to: length, by: loadBlock) {
      for row in isWhole ? step.kernelRows.prefix(1) : step.kernelRows[...] {
        let transfer = Transfer(
          address: first(row * columns + step.kernelColumns.lowerBound, step.inputChannels.lowerBound)
            + offset,
          runBytes: min(loadBlock, length - offset), innerCount: step.inputChannels.count,
          innerStride: bytes(outputs),
          outerCount: isWhole ? step.kernelRows.count * columns : step.kernelColumns.count,
          outerStride: bytes(inputs * outputs), memory: machine.weights, scratchpadAddress: address)
        address += transfer.bytes.roundedUp(to: word)
        result.append(transfer)
      }
    }
    return result
  }
}
