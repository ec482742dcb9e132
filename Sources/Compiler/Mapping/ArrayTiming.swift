package import Hardware

/// Cycles of the array for one tile, in closed form.
///
/// The folds of SCALE-Sim (Samajdar et al., ISPASS 2020) with the overlaps that the machine allows; without overlaps
/// every fold pays preload, fill and drain.
package struct ArrayTiming: Sendable {
  let array: MACArray
  let rate: Double

  package init(_ array: MACArray, format: OperandFormat) {
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

  /// Cycles for `m` streamed pixels, `channels` input channels at `positions` kernel positions and `n` output channels.
  package func cycles(
    _ dataflow: Dataflow, m: Int, channels: Int, positions: Int, n: Int, packs: Bool,
    depthwiseChannels: Int = 0
  ) -> Int {
    let pixels = max(1, array.pixels)
    if array.kind == .rowStationary || dataflow == .rowStationary {
      return rowStationary(m: m, channels: channels, positions: positions, n: n)
    }
    if depthwiseChannels > 0, array.depthwiseChannels > 0 {
      let folds = positions * depthwiseChannels.dividedUp(by: array.depthwiseChannels)
      return folds * max(stretched(m.dividedUp(by: pixels)), array.minimumFoldCycles) + skew
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
      folds = m.dividedUp(by: array.rows * pixels) * n.dividedUp(by: array.columns)
      // The results leave row by row while nothing streams.
      let fold = max(stretched(k), array.minimumFoldCycles) + array.rows
      return folds * (array.overlapsFolds ? fold : fold + skew) + (array.overlapsFolds ? skew : 0)
    }
    let fold = array.overlapsPreload ? max(stream, preload) : stream + preload
    return array.overlapsFolds ? folds * fold + skew : folds * (fold + skew)
  }

  /// Eyeriss: `rows / kernel rows` sets of one-dimensional convolutions at once, one output row for each column.
  private func rowStationary(m: Int, channels: Int, positions: Int, n: Int) -> Int {
    let kernel = max(1, Int(Double(positions).squareRoot()))
    let sets = max(1, array.rows / kernel)
    let macs = Double(m) * Double(channels) * Double(positions) * Double(n)
    let active = Double(min(array.rows, sets * kernel) * array.columns)
    return Int((macs / active / rate).rounded(.up)) + skew
  }
}
