/// What a register-level array did with one tile.
package struct ArrayTwinRun {
  /// The result, `[streamed or m][column or n]`, as it came out of the cells.
  package var product: [[Int]]
  /// The cycle in which each result of a fold appeared, `[fold][row][column]`; rows are streamed operands or, where
  /// results are stationary, rows of cells.
  package var appearances: [[[Int]]] = []
  /// Row accesses to the streamed operands, the stationary one, and the partial sums.
  package var streamReads = 0
  package var stationaryReads = 0
  package var sumReads = 0
  package var sumWrites = 0
  /// The cycle after the last result.
  package var end = 0

  package init(product: [[Int]]) { self.product = product }
}

/// The array that a twin steps.
package struct ArrayTwinSettings {
  package var rows: Int
  package var columns: Int
  package var pixels = 1
  /// Rows of the stationary operand that enter in one cycle.
  package var rowsPerLoad = 1
  /// Whether each cell has a second register for the next stationary operand.
  package var hasShadow: Bool
  /// Whether a fold may follow before the results of the last one have left.
  package var overlapsFolds: Bool
  /// Whether finished sums leave over a bus of their column instead of a chain.
  package var hasBus = false
  /// Registers between the memories and the cells.
  package var edgeRegisters = 0
  package var minimumFoldCycles = 1
  /// Thousandths of a cycle that one step takes, ≥ 1000.
  package var stepParts = 1000
  /// The port over which sums of a row-stationary array travel; nil when all of a cycle are handed over at once.
  package var port: (sumsPerCycle: Int, inputPad: Int, inputs: Int)?
  /// Starts each stream this many cycles before its stationary operand is complete: a broken controller.
  package var haste = 0

  package init(rows: Int, columns: Int, hasShadow: Bool, overlapsFolds: Bool) {
    self.rows = rows
    self.columns = columns
    self.hasShadow = hasShadow
    self.overlapsFolds = overlapsFolds
  }
}

/// A chain of registers: what goes in comes out `length` cycles later.
struct DelayLine<Value> {
  private var registers: [Value]
  init(length: Int, empty: Value) { registers = Array(repeating: empty, count: length) }

  /// Moves on by one cycle.
  mutating func shift(_ value: Value) -> Value {
    registers.append(value)
    return registers.removeFirst()
  }
}

/// How many cycles a stream's steps take where the cells need several passes: a step is over once the cycles worked
/// cover it.
struct PassCounter {
  let stepParts: Int
  private var worked = 0
  private(set) var step = 0
  private(set) var isFirstPass = true

  init(stepParts: Int) { self.stepParts = stepParts }

  /// Works for one cycle; returns whether the present step's last pass was in it.
  mutating func work() -> Bool {
    worked += 1000
    let isLast = worked >= (step + 1) * stepParts
    if isLast { step += 1 }
    isFirstPass = isLast
    return isLast
  }
}

/// One fold of a product: the rows of the reduction and the columns of the result that it covers.
package struct TwinFold {
  package var reduction: [Int]
  package var columns: [Int]
  /// Whether its sums are the first of their results.
  package var isFirst: Bool

  /// All folds: groups of columns outside, kernel positions and groups of channels inside.
  package static func all(
    reduction: Int, columns: Int, positions: Int, rows: Int, width: Int
  ) -> [TwinFold] {
    var folds: [TwinFold] = []
    let depth = reduction / positions
    var firstColumn = 0
    while firstColumn < columns {
      let lastColumn = min(columns, firstColumn + width)
      var isFirst = true
      for position in 0..<positions {
        var channel = 0
        while channel < depth {
          let end = min(depth, channel + rows)
          folds.append(
            TwinFold(
              reduction: Array((position * depth + channel)..<(position * depth + end)),
              columns: Array(firstColumn..<lastColumn), isFirst: isFirst))
          isFirst = false
          channel = end
        }
      }
      firstColumn = lastColumn
    }
    return folds
  }
}
