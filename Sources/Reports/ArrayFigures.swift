package import Hardware
package import Simulator

/// How well a layer used the array and what it read and wrote, counted as the machine's `array.counting` says.
package struct ArrayFigures: Hashable, Sendable {
  /// Cycles in which the array worked on the layer.
  package var computeCycles: Int
  /// Share of the cells that hold an operand or a sum, over all folds.
  package var mappingEfficiency = 0.0
  /// Share of the cells' cycles, while the array worked on the layer, that went to stored weights.
  package var computeUtilization = 0.0
  /// Elements read from the scratchpads; SCALE-Sim gives fractions for sparse layers.
  package var activationReads = 0.0
  package var weightReads = 0
  package var outputReads = 0
  package var outputWrites = 0

  package init(_ layer: LayerResult, on array: MACArray) {
    computeCycles = layer.computeCycles
    guard let use = layer.arrayUse, use.folds > 0 else { return }
    let cells = array.macsPerCycle
    mappingEfficiency = Double(use.mappedCells) / Double(use.folds * cells)
    weightReads = use.weightReads
    outputWrites = use.sumWrites
    var counted = computeCycles
    switch array.counting {
    case .exact:
      activationReads = Double(use.activationReads)
      outputReads = use.sumReads
    case .scaleSim:
      // The index of the last cycle stands for the number of cycles.
      computeCycles = max(0, computeCycles - 1)
      activationReads = Self.scaleSimActivations(use, on: array)
      if use.dataflow == .outputStationary {
        // The extents of each fold's matrix are added to its number of elements.
        outputWrites += use.folds * (array.rows + array.columns)
      } else {
        // A fold is taken to last as long as its rows of requests, skewed a second time.
        counted += use.folds * (array.columns - 1)
      }
    }
    computeUtilization = counted == 0 ? 0 : Double(use.slots) / (Double(counted) * Double(cells))
  }

  /// Weight-stationary rows are charged for all the activations they choose from, blanks between folds included where
  /// the density differs by row; other dataflows only for those that meet a weight.
  private static func scaleSimActivations(_ use: ArrayUse, on array: MACArray) -> Double {
    guard use.dataflow == .weightStationary else { return Double(use.matchedActivationReads) }
    switch use.storage {
    case .dense: return Double(use.matchedActivationReads)
    case .pattern(let kept, let of): return Double(use.matchedActivationReads) * Double(of) / Double(kept)
    case .rows(let block):
      let steps = use.streamSteps + use.folds * (array.rows - 1)
      return Double(steps * 2 * array.rows * (block / 2))
    }
  }
}
