import Hardware

extension SteppedArray {
  /// The passes of a row-stationary array, from the shape of a tile.
  struct Passes {
    /// Filter columns, and pixels of an output row.
    var taps: Int
    var width: Int
    /// Filter rows on top of each other.
    var chain: Int
    var reductions: Int
    /// Groups of output rows times groups of filter rows.
    var outer: Int
    var filterGroups: Int
    /// (channel, filter) pairs side by side, and channels of a filter.
    var sets: Int
    var channels: Int

    /// Cycles in which the sums of the tile travel over a port, and those that begin; 0 without one.
    var travels = 0
    var beginning = 0
    /// Cycles of a pass in which cells work, and all.
    var working: Int { taps * width }
    var steps: Int { max(working, (travels + reductions * outer - 1) / (reductions * outer)) }

    /// Whether a pass starts with the first channel of a filter, so that nothing has been added to its sums yet.
    func beginsSums(_ reduction: Int) -> Bool { reduction * sets % channels == 0 }
  }

  func passes(of work: ArrayTile, _ cut: (Int, Int) -> [Int]) -> Passes {
    let filterRows = (1...).first { $0 * $0 >= work.kernelPositions } ?? 1
    let width = max(1, min(work.activations.innerCount, work.m))
    let lines = cut(work.m, width).count
    let channels = cut(work.k, work.kernelPositions).count
    let sets = max(1, array.rows / filterRows) * max(1, array.columns / lines)
    let filterGroups = cut(filterRows, array.rows).count
    let taps = cut(work.kernelPositions, filterRows).count
    var passes = Passes(
      taps: taps, width: width, chain: min(filterRows, array.rows),
      reductions: cut(channels * work.n, sets).count, outer: cut(lines, array.columns).count * filterGroups,
      filterGroups: filterGroups, sets: sets, channels: channels)
    guard let port = array.passes else { return passes }
    let channel = (array.columns + filterRows - 1) * (width + taps - 1)
    let together = min(max(1, port.inputPad / taps) * sets, max(1, port.inputs / channel))
    let sums = cut(channels, together).count * filterGroups * work.m * work.n
    passes.travels = cut(sums, port.sumsPerCycle).count
    passes.beginning = cut(work.m * work.n, port.sumsPerCycle).count
    return passes
  }
}
