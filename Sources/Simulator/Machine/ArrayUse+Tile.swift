import Hardware

extension ArrayUse {
  /// What a tile makes the array do.
  ///
  /// Operands are counted where they leave or enter a scratchpad: an element counts once in each fold that takes it.
  init(_ tile: ArrayTile, _ plan: FoldPlan, on array: MACArray) {
    self.init(dataflow: tile.dataflow)
    folds = plan.folds
    streamSteps = plan.folds * plan.streamAccesses
    storage = tile.storage
    if tile.depthwiseChannels > 0 {
      countChannelwise(tile, array)
    } else if array.kind == .rowStationary {
      countRows(tile, plan, array)
    } else {
      countProduct(tile, plan, array)
    }
  }

  private mutating func countProduct(_ tile: ArrayTile, _ plan: FoldPlan, _ array: MACArray) {
    let (m, k, n, kept) = (tile.m, tile.k, tile.n, tile.storedK)
    let columnFolds = folds(n, array.columns)
    slots = m * kept * n
    switch tile.dataflow {
    case .weightStationary, .rowStationary:
      mappedCells = kept * n * min(array.pixels, m)
      activationReads = m * k * columnFolds
      matchedActivationReads = m * kept * columnFolds
      weightReads = kept * n
      sumWrites = m * n * plan.reductionFolds
    case .inputStationary:
      mappedCells = kept * m
      activationReads = k * m
      matchedActivationReads = kept * m
      weightReads = kept * n * folds(m, array.columns)
      sumWrites = m * n * plan.reductionFolds
    case .outputStationary:
      let isSystolic = array.kind == .systolic
      mappedCells = m * n * (isSystolic ? 1 : min(array.rows, kept))
      activationReads = m * k * columnFolds
      matchedActivationReads = m * kept * columnFolds
      weightReads = kept * n * folds(m, isSystolic ? array.rows : array.pixels)
      sumWrites = m * n
    }
    sumReads = sumWrites - (tile.accumulates ? 0 : m * n)
  }

  /// A depthwise convolution in a mode of its own: each kernel position is a fold.
  private mutating func countChannelwise(_ tile: ArrayTile, _ array: MACArray) {
    let positions = max(1, tile.kernelPositions)
    let results = tile.m * tile.depthwiseChannels
    slots = results * positions
    weightReads = positions * tile.depthwiseChannels
    mappedCells = weightReads * min(array.pixels, tile.m)
    activationReads = slots
    matchedActivationReads = slots
    sumWrites = slots
    sumReads = sumWrites - (tile.accumulates ? 0 : results)
  }

  /// Eyeriss: a pass takes one operand an access; its cells are all at work.
  private mutating func countRows(_ tile: ArrayTile, _ plan: FoldPlan, _ array: MACArray) {
    slots = tile.m * tile.storedK * tile.n
    mappedCells = min(
      plan.folds * array.rows * array.columns,
      (slots * plan.folds + plan.operandAccesses - 1) / plan.operandAccesses)
    activationReads = plan.operandAccesses
    matchedActivationReads = plan.operandAccesses
    weightReads = plan.totalPreloadAccesses
    sumWrites = plan.sumAccesses
    sumReads = sumWrites - (tile.accumulates ? 0 : plan.firstAccesses)
  }

  private func folds(_ extent: Int, _ width: Int) -> Int { (extent + width - 1) / width }
}
