package import Hardware

/// What the array did for a layer: folds, cells and operands, counted in elements rather than in words of a memory.
package struct ArrayUse: Hashable, Sendable {
  package var dataflow: Dataflow
  package var folds = 0
  /// Steps of all streams: operands that entered one after the other.
  package var streamSteps = 0
  /// Cells that hold an operand or a sum, added up over the folds.
  package var mappedCells = 0
  /// Multiply-accumulates that the cells did on stored weights, zeros of padding and of patterns included.
  package var slots = 0
  package var storage = WeightStorage.dense
  /// Activations read from the scratchpad, and those among them that meet a stored weight when all output channels
  /// keep the same ones.
  package var activationReads = 0
  package var matchedActivationReads = 0
  /// Weights read from the scratchpad.
  package var weightReads = 0
  /// Sums written to the scratchpad, and read back to be added to.
  package var sumWrites = 0
  package var sumReads = 0

  package init(dataflow: Dataflow) { self.dataflow = dataflow }

  /// Of two parts of a layer.
  package static func + (left: ArrayUse, right: ArrayUse) -> ArrayUse {
    var sum = right
    sum.folds += left.folds
    sum.streamSteps += left.streamSteps
    sum.mappedCells += left.mappedCells
    sum.slots += left.slots
    sum.activationReads += left.activationReads
    sum.matchedActivationReads += left.matchedActivationReads
    sum.weightReads += left.weightReads
    sum.sumWrites += left.sumWrites
    sum.sumReads += left.sumReads
    return sum
  }
}
