/// Everything the tiling of a vector layer depends on beside the machine.
package struct VectorProblem: Hashable, Sendable {
  /// How the result's tile follows from the loops.
  enum Shape: Hashable, Sendable {
    case pointwise
    case window(ArrayShape)
    case reduction
    case movement(elements: Int, run: Int)
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
  /// Bytes that a movement reads from memory, and writes.
  var movedBytes: Int
  var writtenBytes: Int
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
