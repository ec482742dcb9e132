extension ArraySearch {
  /// The layer as one tile, where the other units take so little beside the array that cutting it saves next to
  /// nothing: no more than the 1 % within which mappings count as equal, or a few cycles.
  ///
  /// No cut makes the array faster, for a tile cannot take fewer folds than its share.
  func wholeLayer() -> Choice? {
    let problem = cost.problem
    let shape = problem.shape
    // A block-diagonal matrix has a tile for each block.
    guard shape.diagonalChannels == 0 else { return nil }
    let isSingle = problem.items * shape.images == 1
    var best: Choice?
    for dataflow in dataflows {
      let mapping = ArrayMapping(
        dataflow: dataflow, order: .weightsOuter, rowTile: shape.rows, columnTile: shape.columns,
        channelTile: shape.outputChannels, reductionTile: shape.channels, positionTile: shape.kernelPositions,
        inputSlots: problem.inputIsOnChip ? 0 : isSingle ? 1 : 2,
        rightSlots: problem.rightIsOnChip ? 0 : problem.items == 1 ? 1 : 2, accumulatorSlots: isSingle ? 1 : 2
      )
      let buffers = cost.buffers(mapping)
      guard cost.fits(mapping, buffers) else { continue }
      let estimate = cost.estimate(mapping, buffers)
      guard estimate.cycles < best?.estimate.cycles ?? .infinity else { continue }
      best = Choice(mapping: mapping, estimate: estimate)
    }
    guard let best else { return nil }
    let others = best.estimate.cycles - best.estimate.arrayCycles - Double(cost.timing.skew)
    return others <= max(0.01 * best.estimate.arrayCycles, 4) ? best : nil
  }
}
