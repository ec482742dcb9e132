/// A systolic array with a stationary operand, register by register.
///
/// Operands enter at the left edge, row `r` through `r` registers, and move right; sums move down; the stationary
/// operand enters at the top, column `c` through `c` registers, and rides down one row a cycle until it meets the cell
/// of its own row. A flag that changes with every fold rides with the operands and tells a cell to take what its
/// shadow register holds. No timing is computed: results are counted when they fall out at the bottom.
package struct SystolicTwin {
  /// A value on its way right.
  private struct Operand {
    var value: Int
    var flag: Bool
    /// Whether the cell finishes the product in this cycle (a slow format takes several).
    var isLastPass: Bool
  }

  /// A stationary value on its way down.
  private struct Weight {
    var row: Int
    var value: Int
  }

  private struct Cell {
    var weight = 0
    var shadow = 0
    var flag = false
    var operand: Operand?
    var sum: Int?
    var passing: [Weight] = []
  }

  private let settings: ArrayTwinSettings
  private let folds: [TwinFold]
  private let streamed: [[Int]]
  private let stationary: [[Int]]
  private var cells: [Cell]
  private var operandEdge: [DelayLine<Operand?>]
  private var weightEdge: [DelayLine<[Weight]>]
  private var run: ArrayTwinRun
  private var arrivals: [Int]
  private let accumulates: Bool

  /// - Parameters:
  ///   - streamed: `[step][reduction]`.
  ///   - stationary: `[reduction][column]`.
  ///   - initial: What the accumulators hold, `[step][column]`, when sums are added to it.
  package init(
    _ settings: ArrayTwinSettings, streamed: [[Int]], stationary: [[Int]], positions: Int = 1,
    initial: [[Int]]? = nil
  ) {
    self.settings = settings
    self.streamed = streamed
    self.stationary = stationary
    let columns = stationary[0].count
    folds = TwinFold.all(
      reduction: stationary.count, columns: columns, positions: positions, rows: settings.rows,
      width: settings.columns)
    cells = Array(repeating: Cell(), count: settings.rows * settings.columns)
    operandEdge = (0..<settings.rows).map { DelayLine(length: $0 + settings.edgeRegisters, empty: nil) }
    weightEdge = (0..<settings.columns).map { DelayLine(length: $0 + settings.edgeRegisters, empty: []) }
    accumulates = initial != nil
    run = ArrayTwinRun(
      product: initial ?? Array(repeating: Array(repeating: 0, count: columns), count: streamed.count))
    run.appearances = Array(
      repeating: Array(repeating: Array(repeating: -1, count: settings.columns), count: streamed.count),
      count: folds.count)
    arrivals = Array(repeating: 0, count: settings.columns)
  }

  /// Steps the array until the last result has fallen out.
  package mutating func execute() -> ArrayTwinRun {
    let groups = (settings.rows + settings.rowsPerLoad - 1) / settings.rowsPerLoad
    var loadsBegun = 0
    var loadsDone = 0
    var groupsLoaded = 0
    var streamsBegun = 0
    var streamsDone = 0
    var passes = PassCounter(stepParts: settings.stepParts)
    var lastStart = Int.min / 2
    var cycle = 0
    while foldsSettled < folds.count {
      let settled = foldsSettled
      // The controller: may a stream begin?
      let isInPlace =
        loadsDone > streamsBegun
        || (loadsBegun > streamsBegun && groups - groupsLoaded <= settings.haste)
      if streamsDone == streamsBegun, streamsBegun < folds.count, isInPlace,
        cycle >= lastStart + settings.minimumFoldCycles, settings.overlapsFolds || settled == streamsBegun
      {
        streamsBegun += 1
        lastStart = cycle
        passes = PassCounter(stepParts: settings.stepParts)
      }
      // May the next stationary operand begin to enter?
      if loadsDone == loadsBegun, loadsBegun < folds.count {
        let registerIsFree =
          settings.hasShadow
          ? streamsBegun >= loadsBegun
          : streamsDone >= loadsBegun && (settings.overlapsFolds || settled >= loadsBegun)
        if registerIsFree {
          loadsBegun += 1
          groupsLoaded = 0
        }
      }
      var operands: [Operand?] = Array(repeating: nil, count: settings.rows)
      if streamsBegun > streamsDone {
        let fold = folds[streamsBegun - 1]
        let step = passes.step
        if passes.isFirstPass { run.streamReads += 1 }
        let isLast = passes.work()
        for row in 0..<settings.rows {
          operands[row] = Operand(
            value: row < fold.reduction.count ? streamed[step][fold.reduction[row]] : 0,
            flag: streamsBegun % 2 == 1, isLastPass: isLast)
        }
        if passes.step == streamed.count { streamsDone += 1 }
      }
      var weights: [[Weight]] = Array(repeating: [], count: settings.columns)
      if loadsBegun > loadsDone {
        let fold = folds[loadsBegun - 1]
        let first = (groups - 1 - groupsLoaded) * settings.rowsPerLoad
        if first < fold.reduction.count { run.stationaryReads += 1 }
        for row in first..<min(settings.rows, first + settings.rowsPerLoad) {
          for column in 0..<settings.columns {
            let isThere = row < fold.reduction.count && column < fold.columns.count
            weights[column].append(
              Weight(row: row, value: isThere ? stationary[fold.reduction[row]][fold.columns[column]] : 0))
          }
        }
        groupsLoaded += 1
        if groupsLoaded == groups { loadsDone += 1 }
      }
      clock(operands, weights, in: cycle)
      cycle += 1
    }
    run.end = cycle
    return run
  }

  /// Folds all of whose results have fallen out.
  private var foldsSettled: Int { (arrivals.min() ?? 0) / streamed.count }

  /// One edge of the clock: every register takes its new value from the old ones.
  private mutating func clock(_ operands: [Operand?], _ weights: [[Weight]], in cycle: Int) {
    let old = cells
    for row in 0..<settings.rows {
      let edge = operandEdge[row].shift(operands[row])
      for column in 0..<settings.columns {
        let index = row * settings.columns + column
        let operand = column == 0 ? edge : old[index - 1].operand
        let above = row == 0 ? nil : old[index - settings.columns].sum
        cells[index].operand = operand
        cells[index].sum = nil
        if let operand {
          if settings.hasShadow, operand.flag != cells[index].flag {
            cells[index].weight = cells[index].shadow
            cells[index].flag = operand.flag
          }
          if operand.isLastPass {
            precondition(row == 0 || above != nil, "a sum came too late")
            cells[index].sum = (above ?? 0) + operand.value * cells[index].weight
          } else {
            precondition(above == nil, "a sum came too early")
          }
        } else {
          precondition(above == nil, "a sum met no operand")
        }
      }
    }
    for column in 0..<settings.columns {
      let edge = weightEdge[column].shift(weights[column])
      for row in 0..<settings.rows {
        let index = row * settings.columns + column
        let passing = row == 0 ? edge : old[index - settings.columns].passing
        cells[index].passing = passing
        for weight in passing where weight.row == row {
          if settings.hasShadow {
            cells[index].shadow = weight.value
          } else {
            cells[index].weight = weight.value
          }
        }
      }
      if let sum = cells[(settings.rows - 1) * settings.columns + column].sum {
        collect(sum, column: column, in: cycle)
      }
    }
  }

  /// The accumulator below a column takes a sum.
  private mutating func collect(_ sum: Int, column: Int, in cycle: Int) {
    let (index, step) = arrivals[column].quotientAndRemainder(dividingBy: streamed.count)
    arrivals[column] += 1
    run.appearances[index][step][column] = cycle
    let fold = folds[index]
    let isRead = accumulates || !fold.isFirst
    if column == 0 {
      run.sumWrites += 1
      if isRead { run.sumReads += 1 }
    }
    guard column < fold.columns.count else { return }
    let place = fold.columns[column]
    run.product[step][place] = (isRead ? run.product[step][place] : 0) + sum
  }
}
