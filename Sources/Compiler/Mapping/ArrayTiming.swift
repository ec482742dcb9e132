import Hardware

/// Cycles of the array for one tile, in closed form.
///
/// The folds of SCALE-Sim (Samajdar et al., ISPASS 2020) with the overlaps that the machine allows; without overlaps
/// every fold pays preload, fill and drain.
struct ArrayTiming: Sendable {
  let array: MACArray
  let rate: Double

  init(_ array: MACArray, format: OperandFormat) {
    self.array = array
    rate = format.rate > 0 ? format.rate : 1
  }

  private func stretched(_ accesses: Int) -> Int {
    rate == 1 ? accesses : Int((Double(accesses) / rate).rounded(.up))
  }

  /// Cells' skew from the first operand to the last result.
  var skew: Int {
    array.kind == .systolic ? array.rows + array.columns - 2 + array.pipelineCycles : array.pipelineCycles
  }

  /// Cycles until the next tile can stream: for `m` streamed pixels in rows of `width`, `channels` input channels at
  /// `positions` kernel positions and `n` output channels.
  func cycles(
    _ dataflow: Dataflow, m: Int, width: Int, channels: Int, positions: Int, n: Int, packs: Bool,
    depthwiseChannels: Int = 0
  ) -> Int {
    let pixels = max(1, array.pixels)
    if array.kind == .rowStationary || dataflow == .rowStationary {
      return rowStationary(m: m, width: width, channels: channels, positions: positions, n: n)
    }
    if depthwiseChannels > 0, array.depthwiseChannels > 0 {
      let folds = positions * depthwiseChannels.dividedUp(by: array.depthwiseChannels)
      return total(
        folds: folds, preload: 1, stream: max(stretched(m.dividedUp(by: pixels)), array.minimumFoldCycles),
        skew: array.pipelineCycles)
    }
    let k = channels * positions
    let reductionFolds = packs ? k.dividedUp(by: array.rows) : positions * channels.dividedUp(by: array.rows)
    let preload = array.rows.dividedUp(by: max(1, array.preloadRowsPerCycle))
    let folds: Int
    let stream: Int
    switch dataflow {
    case .weightStationary, .rowStationary:
      folds = reductionFolds * n.dividedUp(by: array.columns)
      stream = max(stretched(m.dividedUp(by: pixels)), array.minimumFoldCycles)
    case .inputStationary:
      folds = reductionFolds * m.dividedUp(by: array.columns)
      stream = max(stretched(n), array.minimumFoldCycles)
    case .outputStationary:
      folds = m.dividedUp(by: array.rows) * n.dividedUp(by: array.columns)
      let stream = max(stretched(k), array.minimumFoldCycles)
      let drain = array.drain == .bus ? 0 : min(array.rows, m)
      // One finished fold leaves row by row while the next one streams, where folds overlap.
      return array.overlapsFolds ? folds * max(stream, drain) : folds * (stream + skew + drain)
    }
    return total(folds: folds, preload: preload, stream: stream, skew: skew)
  }

  private func total(folds: Int, preload: Int, stream: Int, skew: Int) -> Int {
    let fold = array.overlapsPreload ? max(stream, preload) : stream + preload
    return array.overlapsFolds ? folds * fold : folds * (fold + skew)
  }

  /// Passes of Eyeriss: filter rows × output rows on the cells, replicated where there is room; each cell convolves one
  /// row of one channel with one filter.
  private func rowStationary(m: Int, width: Int, channels: Int, positions: Int, n: Int) -> Int {
    var filterRows = 1
    while filterRows * filterRows < positions { filterRows += 1 }
    let filterColumns = positions.dividedUp(by: filterRows)
    let width = max(1, min(width, m))
    let outputRows = m.dividedUp(by: width)
    let sets = max(1, array.rows / filterRows) * max(1, array.columns / outputRows)
    let folds =
      (channels * n).dividedUp(by: sets) * outputRows.dividedUp(by: array.columns)
      * filterRows.dividedUp(by: array.rows)
    var steps = width * filterColumns
    if let port = array.passes {
      let together = port.channelsTogether(
        sets: sets, filter: (filterRows, filterColumns), output: (array.columns, width))
      let times = channels.dividedUp(by: together) * filterRows.dividedUp(by: array.rows)
      steps = max(steps, (m * n * times).dividedUp(by: port.sumsPerCycle).dividedUp(by: folds))
    }
    return total(
      folds: folds, preload: filterColumns, stream: max(stretched(steps), array.minimumFoldCycles),
      skew: min(filterRows, array.rows) + array.pipelineCycles)
  }
}
