/// Everything the tiling of a vector layer depends on beside the machine.
package struct VectorProblem: Hashable, Sendable {
  /// How the result's tile follows from the loops.
  enum Shape: Hashable, Sendable {
    case pointwise
    case window(ArrayShape)
    case reduction
    case movement(elements: Int, run: Int)
  }

  /// A tensor that a movement reads: rows of a grid, or just bytes.
  struct Part: Hashable, Sendable {
    var layout: OperandLayout
    var rows: Int
    var columns: Int
    var channels: Int
    var bytes: Int
    /// Contiguous bytes of one of its pieces in main memory.
    var run: Int
    var isGrid: Bool

    /// The most bytes that one of `pieces` pieces takes.
    func largest(of pieces: Int) -> Int {
      guard isGrid, rows >= pieces else { return bytes.dividedUp(by: pieces).roundedUp(to: layout.wordBytes) }
      return layout.bytes(rows: rows.dividedUp(by: pieces), columns: columns, channels: channels)
    }
  }

  var shape: Shape
  var recipe: VectorRecipe
  /// Loops: groups of channels, images, rows and columns of the grid that drives them.
  var groups: Int
  var channels: Int
  var images: Int
  var rows: Int
  var columns: Int
  var input: OperandLayout
  var output: OperandLayout
  var inputIsOnChip: Bool
  var outputIsOnChip: Bool
  var loadedFurther: Int
  var repeatedBytes: Int
  var weightBytes: Int
  /// What a movement reads from main memory, and the bytes that it writes.
  var moved: [Part]
  var writtenBytes: Int
  /// Whether the result of a movement is cut by rows.
  var writesRows: Bool
  var budgets: [Int]
}

/// How a vector layer is cut into tiles.
package struct VectorMapping: Hashable, Sendable {
  package var channelTile: Int
  package var rowTile: Int
  package var columnTile: Int
  /// Tiles of a movement.
  package var pieces: Int
  /// Whether a domain larger than the buffers is read twice: once for its statistics, once for the result.
  package var readsTwice: Bool
}
