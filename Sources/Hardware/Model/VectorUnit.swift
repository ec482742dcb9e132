/// The unit for everything that is not a matrix product: `lanes` elements per step.
package struct VectorUnit: Hashable, Sendable {
  /// Elements processed in one step.
  package var lanes: Int
  /// Cycles between the steps of an operation of each class.
  package var cyclesPerStep: [VectorClass: Int]
  /// Cycles from the last operand to the last result.
  package var pipelineCycles: Int

  package init(lanes: Int, cyclesPerStep: [VectorClass: Int], pipelineCycles: Int) {
    self.lanes = lanes
    self.cyclesPerStep = cyclesPerStep
    self.pipelineCycles = pipelineCycles
  }
}

/// Classes of vector operations that share a cost.
package enum VectorClass: String, Hashable, Sendable, CaseIterable {
  /// Copy, add, subtract, compare, min/max, ReLU, select, cast.
  case simple
  /// Multiply and multiply-add, requantisation.
  case multiply
  /// Divide, reciprocal, square root.
  case divide
  /// Exponential, logarithm, sigmoid, tanh, erf, GELU and their kin.
  case transcendental
  /// A step of a reduction or of pooling.
  case reduce
  /// Data-dependent addressing: gather, scatter, resize by index.
  case gather
}
