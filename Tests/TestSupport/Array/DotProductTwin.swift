/// Dot-product blocks, register by register: `pixels × rows × columns` multipliers with an adder tree over the rows.
///
/// Operands reach all cells in the same cycle; the stationary operand is written row by row, into a second register
/// where there is one. Where results are stationary, each step brings new rows of both operands and the sums stay in
/// `pixels × columns` accumulators until they are handed over together.
package struct DotProductTwin {
  private let settings: ArrayTwinSettings
  private let left: [[Int]]
  private let right: [[Int]]
  private let positions: Int

  /// - Parameters:
  ///   - left: `[m][k]`.
  ///   - right: `[k][n]`.
  package init(_ settings: ArrayTwinSettings, left: [[Int]], right: [[Int]], positions: Int = 1) {
    self.settings = settings
    self.left = left
    self.right = right
    self.positions = positions
  }

  /// Multiplies with stationary weights.
  package func executeStationary(initial: [[Int]]? = nil) -> ArrayTwinRun {
    let (m, n) = (left.count, right[0].count)
    let folds = TwinFold.all(
      reduction: right.count, columns: n, positions: positions, rows: settings.rows, width: settings.columns)
    let steps = (m + settings.pixels - 1) / settings.pixels
    let groups = (settings.rows + settings.rowsPerLoad - 1) / settings.rowsPerLoad
    var run = ArrayTwinRun(product: initial ?? Array(repeating: Array(repeating: 0, count: n), count: m))
    run.appearances = Array(
      repeating: Array(repeating: Array(repeating: -1, count: settings.columns), count: steps),
      count: folds.count)
    struct Work {
      var fold: Int
      var step: Int
      var isLastPass: Bool
    }
    struct Row {
      var row: Int
      var values: [Int]
    }
    let none = Array(repeating: 0, count: settings.columns)
    var weights = Array(repeating: none, count: settings.rows)
    var shadow = weights
    var inUse = -1
    var workEdge = DelayLine<Work?>(length: settings.edgeRegisters, empty: nil)
    var rowEdge = DelayLine<[Row]>(length: settings.edgeRegisters, empty: [])
    var (loadsBegun, loadsDone, groupsLoaded) = (0, 0, 0)
    var (streamsBegun, streamsDone, settled, results) = (0, 0, 0, 0)
    var passes = PassCounter(stepParts: settings.stepParts)
    var lastStart = Int.min / 2
    var cycle = 0
    while settled < folds.count {
      if streamsDone == streamsBegun, streamsBegun < folds.count, loadsDone > streamsBegun,
        cycle >= lastStart + settings.minimumFoldCycles, settings.overlapsFolds || settled == streamsBegun
      {
        streamsBegun += 1
        lastStart = cycle
        passes = PassCounter(stepParts: settings.stepParts)
      }
      let isFree =
        settings.hasShadow
        ? streamsBegun >= loadsBegun
        : streamsDone >= loadsBegun && (settings.overlapsFolds || settled >= loadsBegun)
      if loadsDone == loadsBegun, loadsBegun < folds.count, isFree {
        loadsBegun += 1
        groupsLoaded = 0
      }
      var work: Work?
      if streamsBegun > streamsDone {
        let step = passes.step
        if passes.isFirstPass { run.streamReads += 1 }
        work = Work(fold: streamsBegun - 1, step: step, isLastPass: passes.work())
        if passes.step == steps { streamsDone += 1 }
      }
      var rows: [Row] = []
      if loadsBegun > loadsDone {
        let fold = folds[loadsBegun - 1]
        let first = (groups - 1 - groupsLoaded) * settings.rowsPerLoad
        if first < fold.reduction.count { run.stationaryReads += 1 }
        for row in first..<min(settings.rows, first + settings.rowsPerLoad) {
          var values = none
          if row < fold.reduction.count {
            for (index, column) in fold.columns.enumerated() {
              values[index] = right[fold.reduction[row]][column]
            }
          }
          rows.append(Row(row: row, values: values))
        }
        groupsLoaded += 1
        if groupsLoaded == groups { loadsDone += 1 }
      }
      // The cells, behind the registers at the edge.
      work = workEdge.shift(work)
      if let work {
        if settings.hasShadow, work.fold != inUse { weights = shadow }
        inUse = work.fold
      }
      if let work, work.isLastPass {
        let fold = folds[work.fold]
        let isRead = initial != nil || !fold.isFirst
        for pixel in 0..<settings.pixels where work.step * settings.pixels + pixel < m {
          let operands = left[work.step * settings.pixels + pixel]
          for (index, column) in fold.columns.enumerated() {
            var sum = 0
            for (row, place) in fold.reduction.enumerated() { sum += operands[place] * weights[row][index] }
            let output = work.step * settings.pixels + pixel
            run.product[output][column] = (isRead ? run.product[output][column] : 0) + sum
          }
        }
        for column in 0..<settings.columns { run.appearances[work.fold][work.step][column] = cycle }
        run.sumWrites += 1
        if isRead { run.sumReads += 1 }
        results += 1
        if results % steps == 0 { settled += 1 }
      }
      for row in rowEdge.shift(rows) {
        if settings.hasShadow { shadow[row.row] = row.values } else { weights[row.row] = row.values }
      }
      cycle += 1
    }
    run.end = cycle
    return run
  }

  /// Multiplies with stationary results; each step reduces the rows that one load brings.
  package func executeReduced(initial: [[Int]]? = nil) -> ArrayTwinRun {
    let (m, n) = (left.count, right[0].count)
    let width = min(settings.rows, settings.rowsPerLoad)
    let pieces = TwinFold.all(
      reduction: right.count, columns: 1, positions: positions, rows: width, width: 1)
    var origins: [(pixel: Int, column: Int)] = []
    for column in stride(from: 0, to: n, by: settings.columns) {
      for pixel in stride(from: 0, to: m, by: settings.pixels) { origins.append((pixel, column)) }
    }
    var run = ArrayTwinRun(product: initial ?? Array(repeating: Array(repeating: 0, count: n), count: m))
    run.appearances = Array(repeating: [Array(repeating: -1, count: settings.columns)], count: origins.count)
    struct Work {
      var fold: Int
      var step: Int
    }
    let zero = Array(repeating: Array(repeating: 0, count: settings.columns), count: settings.pixels)
    var sums = zero
    var leaving: (fold: Int, sums: [[Int]])?
    var workEdge = DelayLine<Work?>(length: settings.edgeRegisters, empty: nil)
    var (streamsBegun, streamsDone, handedOver) = (0, 0, 0)
    var passes = PassCounter(stepParts: settings.stepParts)
    var lastStart = Int.min / 2
    var cycle = 0
    while handedOver < origins.count {
      if streamsDone == streamsBegun, streamsBegun < origins.count,
        cycle >= lastStart + settings.minimumFoldCycles, settings.overlapsFolds || handedOver == streamsBegun
      {
        streamsBegun += 1
        lastStart = cycle
        passes = PassCounter(stepParts: settings.stepParts)
      }
      if let (fold, results) = leaving {
        let origin = origins[fold]
        for pixel in 0..<settings.pixels where origin.pixel + pixel < m {
          for column in 0..<settings.columns where origin.column + column < n {
            run.product[origin.pixel + pixel][origin.column + column] += results[pixel][column]
          }
        }
        for column in 0..<settings.columns { run.appearances[fold][0][column] = cycle }
        run.sumWrites += 1
        if initial != nil { run.sumReads += 1 }
        handedOver += 1
        leaving = nil
      }
      var work: Work?
      if streamsBegun > streamsDone {
        let step = passes.step
        if passes.isFirstPass { run.streamReads += 1 }
        if passes.work() { work = Work(fold: streamsBegun - 1, step: step) }
        if passes.step == pieces.count { streamsDone += 1 }
      }
      if let work = workEdge.shift(work) {
        if work.step == 0 { sums = zero }
        let origin = origins[work.fold]
        for pixel in 0..<settings.pixels where origin.pixel + pixel < m {
          for column in 0..<settings.columns where origin.column + column < n {
            for place in pieces[work.step].reduction {
              sums[pixel][column] += left[origin.pixel + pixel][place] * right[place][origin.column + column]
            }
          }
        }
        if work.step == pieces.count - 1 { leaving = (work.fold, sums) }
      }
      cycle += 1
    }
    run.end = cycle
    return run
  }
}
