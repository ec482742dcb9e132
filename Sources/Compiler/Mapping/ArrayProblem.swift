package import Hardware

/// Everything the mapping of an array layer depends on beside the machine.
package struct ArrayProblem: Hashable, Sendable {
  var shape: ArrayShape
  var items: Int
  var input: OperandLayout
  var output: OperandLayout
  /// The right operand where it is a tensor of the run.
  var right: OperandLayout?
  var rightReducesPixels: Bool
  /// Adjacent pixels of a row of the right operand.
  var rightColumns: Int
  var inputIsOnChip: Bool
  var rightIsOnChip: Bool
  var outputIsOnChip: Bool
  /// Further tensors element for element like the result, that have to be loaded.
  var loadedFurther: Int
  /// Bytes of further tensors that repeat.
  var repeatedBytes: Int
  var recipe: VectorRecipe
  /// Bytes that the layer may use, by scratchpad.
  var budgets: [Int]

  /// Whether each output channel depends on its own input channel only.
  var isChannelwise: Bool { shape.isChannelwise }
  var needsWholeChannels: Bool { recipe.domain == .wholeChannels || recipe.domain == .wholeTensor }
}

/// How the loops of an array layer are cut and ordered.
package struct ArrayMapping: Hashable, Sendable {
  /// The outermost of the two tile loops.
  package enum Order: String, Hashable, Sendable, CaseIterable {
    /// All pixels for one set of weights, then the next set.
    case weightsOuter
    /// All weights for one set of pixels, then the next set.
    case pixelsOuter
  }

  package var dataflow: Dataflow
  package var order: Order
  /// Streamed rows and columns of a tile.
  package var rowTile: Int
  package var columnTile: Int
  /// Output channels of a tile.
  package var channelTile: Int
  /// Input channels of a tile.
  package var reductionTile: Int
  /// Kernel positions of a tile.
  package var positionTile: Int
  /// Buffers for operand tiles; 0 where the operand is read where it lies.
  package var inputSlots: Int
  package var rightSlots: Int
  package var accumulatorSlots: Int
}

/// What the cost model expects of a mapping.
package struct MappingEstimate: Hashable, Sendable {
  /// The unit that takes longest.
  package enum Bound: String, Hashable, Sendable {
    case array, memory, vector, issue
  }
  package var cycles: Double
  package var arrayCycles: Double
  package var memoryCycles: Double
  package var vectorCycles: Double
  package var memoryBytes: Int
  package var tiles: Int
  /// Tiles counted with the parts of their reductions: about a third of the instructions.
  package var steps: Int
  package var bound: Bound
  /// Relative energy of what depends on the mapping, in picojoules.
  package var energy: Double
}

/// Bytes of the buffers of a mapping.
struct ArrayBuffers: Hashable, Sendable {
  var input: Int
  var right: Int
  var further: Int
  var output: Int
  var accumulator: Int
}
