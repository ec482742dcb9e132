/// A systolic array with stationary results, register by register.
///
/// Left operands enter at the left edge, row `r` through `r` registers, and move right; upper operands enter at the top,
/// column `c` through `c` registers, and move down; sums stay. Finished sums move down a chain, bottom row first: the
/// sums' own registers or, where folds overlap, a second set that a cell fills as soon as the chain is free. With a bus
/// each sum leaves as it is finished, and registers at the bus hold it until its row is complete.
package struct DrainedSystolicTwin {
  private struct Operand {
    var value: Int
    var isFirst: Bool
    var isLast: Bool
    var isLastPass: Bool
  }

  private struct Cell {
    var left: Operand?
    var upper: Operand?
    var sum = 0
    /// Whether the sum is finished and still here.
    var isFinished = false
    var chain = 0
    var isInChain = false
  }

  private let settings: ArrayTwinSettings
  private let left: [[Int]]
  private let upper: [[Int]]
  private var cells: [Cell]
  private var leftEdge: [DelayLine<Operand?>]
  private var upperEdge: [DelayLine<Operand?>]

  /// - Parameters:
  ///   - left: `[m][k]`.
  ///   - upper: `[k][n]`.
  package init(_ settings: ArrayTwinSettings, left: [[Int]], upper: [[Int]]) {
    self.settings = settings
    self.left = left
    self.upper = upper
    cells = Array(repeating: Cell(), count: settings.rows * settings.columns)
    leftEdge = (0..<settings.rows).map { DelayLine(length: $0 + settings.edgeRegisters, empty: nil) }
    upperEdge = (0..<settings.columns).map { DelayLine(length: $0 + settings.edgeRegisters, empty: nil) }
  }

  /// Steps the array until the last result has left.
  ///
  /// - Parameter initial: What the accumulators hold, `[m][n]`, when results are added to it.
  package mutating func execute(initial: [[Int]]? = nil) -> ArrayTwinRun {
    let (rows, columns) = (settings.rows, settings.columns)
    let (m, k, n) = (left.count, upper.count, upper[0].count)
    var origins: [(row: Int, column: Int)] = []
    for column in stride(from: 0, to: n, by: columns) {
      for row in stride(from: 0, to: m, by: rows) { origins.append((row, column)) }
    }
    var run = ArrayTwinRun(product: initial ?? Array(repeating: Array(repeating: 0, count: n), count: m))
    run.appearances = Array(
      repeating: Array(repeating: Array(repeating: -1, count: columns), count: rows), count: origins.count)
    var streamsBegun = 0
    var streamsDone = 0
    var drained = 0
    var drainStep = -1
    var passes = PassCounter(stepParts: settings.stepParts)
    var lastStart = Int.min / 2
    var cycle = 0
    while drained < origins.count {
      let drainedBefore = drained
      if streamsDone == streamsBegun, streamsBegun < origins.count,
        cycle >= lastStart + settings.minimumFoldCycles,
        streamsDone - drained <= (settings.overlapsFolds ? 1 : 0)
      {
        streamsBegun += 1
        lastStart = cycle
        passes = PassCounter(stepParts: settings.stepParts)
      }
      let isReady = cells.allSatisfy { settings.overlapsFolds ? $0.isInChain : $0.isFinished }
      if drainStep < 0, isReady { drainStep = 0 }
      if drainStep >= 0 {
        let row = rows - 1 - drainStep
        let origin = origins[drained]
        for column in 0..<columns {
          let cell = cells[(rows - 1) * columns + column]
          run.appearances[drained][row][column] = cycle
          if origin.row + row < m, origin.column + column < n {
            run.product[origin.row + row][origin.column + column] +=
              settings.overlapsFolds ? cell.chain : cell.sum
          }
        }
        if origin.row + row < m {
          run.sumWrites += 1
          if initial != nil { run.sumReads += 1 }
        }
        shiftChain()
        drainStep += 1
        if drainStep == rows {
          drainStep = -1
          drained += 1
        }
      }
      // A short fold has the last rows where results leave over a bus, else the first.
      func result(_ row: Int, of fold: Int) -> Int? {
        let origin = origins[fold]
        let index = settings.hasBus ? row - max(0, rows - (m - origin.row)) : row
        return index >= 0 && origin.row + index < m ? origin.row + index : nil
      }
      var lefts: [Operand?] = Array(repeating: nil, count: rows)
      var uppers: [Operand?] = Array(repeating: nil, count: columns)
      if streamsBegun > streamsDone {
        let origin = origins[streamsBegun - 1]
        let step = passes.step
        if passes.isFirstPass { run.streamReads += 1 }
        let isLastPass = passes.work()
        func operand(_ value: Int) -> Operand {
          Operand(value: value, isFirst: step == 0, isLast: step == k - 1, isLastPass: isLastPass)
        }
        for row in 0..<rows {
          lefts[row] = operand(result(row, of: streamsBegun - 1).map { left[$0][step] } ?? 0)
        }
        for column in 0..<columns {
          uppers[column] = operand(origin.column + column < n ? upper[step][origin.column + column] : 0)
        }
        if passes.step == k { streamsDone += 1 }
      }
      for index in clock(lefts, uppers) where settings.hasBus {
        let (row, column) = (index / columns, index % columns)
        cells[index].isFinished = false
        let (place, fold) = (result(row, of: drained), drained)
        if let place, origins[fold].column + column < n {
          run.product[place][origins[fold].column + column] += cells[index].sum
        }
        guard column == columns - 1 else { continue }
        run.appearances[fold][row] = Array(repeating: cycle, count: columns)
        if place != nil {
          run.sumWrites += 1
          if initial != nil { run.sumReads += 1 }
        }
        if row == rows - 1 { drained += 1 }
      }
      // A finished sum moves to a free chain: one that holds nothing of an earlier fold.
      if settings.overlapsFolds, drainStep < 0 {
        for index in cells.indices where cells[index].isFinished && !cells[index].isInChain {
          cells[index].chain = cells[index].sum
          cells[index].isInChain = true
          cells[index].isFinished = false
        }
      }
      precondition(settings.hasBus || drained == drainedBefore || drainStep < 0)
      cycle += 1
    }
    run.end = cycle
    return run
  }

  private mutating func shiftChain() {
    let (rows, columns) = (settings.rows, settings.columns)
    for row in stride(from: rows - 1, through: 0, by: -1) {
      for column in 0..<columns {
        let index = row * columns + column
        if settings.overlapsFolds {
          cells[index].chain = row == 0 ? 0 : cells[index - columns].chain
          cells[index].isInChain = row == 0 ? false : cells[index - columns].isInChain
        } else {
          cells[index].sum = row == 0 ? 0 : cells[index - columns].sum
          cells[index].isFinished = row == 0 ? false : cells[index - columns].isFinished
        }
      }
    }
  }

  /// Returns the cells that finished their sums.
  private mutating func clock(_ lefts: [Operand?], _ uppers: [Operand?]) -> [Int] {
    var finished: [Int] = []
    let columns = settings.columns
    let old = cells
    let fromAbove = uppers.indices.map { upperEdge[$0].shift(uppers[$0]) }
    for row in 0..<settings.rows {
      let edge = leftEdge[row].shift(lefts[row])
      for column in 0..<columns {
        let index = row * columns + column
        let left = column == 0 ? edge : old[index - 1].left
        let upper = row == 0 ? fromAbove[column] : old[index - columns].upper
        cells[index].left = left
        cells[index].upper = upper
        precondition((left == nil) == (upper == nil), "an operand met none")
        guard let left, let upper else { continue }
        precondition(!left.isFirst || !cells[index].isFinished, "a finished sum was still here")
        guard left.isLastPass else { continue }
        cells[index].sum = (left.isFirst ? 0 : cells[index].sum) + left.value * upper.value
        if left.isLast {
          cells[index].isFinished = true
          finished.append(index)
        }
      }
    }
    return finished
  }
}
