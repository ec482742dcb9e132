package import Hardware

/// What the vector unit does to a tile, as passes over its data.
package struct VectorRecipe: Hashable, Sendable {
  /// One pass: each step reads once, goes through `classes` and perhaps writes once.
  package struct Pass: Hashable, Sendable {
    package enum Source: Hashable, Sendable {
      /// The operand: the accumulators after an array operation, else the first tensor.
      case operand
      /// What an earlier pass wrote.
      case result
    }
    package enum Count: Hashable, Sendable {
      /// One step for each element of the operand, or of the result where that is larger.
      case operandElements
      case resultElements
      /// One step for each row that a reduction leaves one number of.
      case rows
    }
    package var source: Source = .operand
    package var count: Count = .resultElements
    package var classes: [VectorClass]
    /// Classes of the last step of each result where a pass has several steps for one result.
    package var finalClasses: [VectorClass] = []
    /// Which of the further tensors is read beside the first, if any.
    package var secondOperand: Int?
    package var writes = true
  }

  /// What a tile must hold for the passes to make sense.
  package enum Domain: Hashable, Sendable {
    /// Any part of the tensor.
    case elementwise
    /// All channels of a group for each pixel (softmax, layer normalisation).
    case wholeChannels
    /// All pixels for each channel (pooling over an image, instance normalisation).
    case wholePixels
    /// Both (group normalisation, sums over everything).
    case wholeTensor
  }

  package var domain = Domain.elementwise
  package var passes: [Pass] = []

  /// Adds functions that need no more data to the last pass that writes.
  mutating func appendElementwise(_ classes: [VectorClass], secondOperand: Int? = nil) {
    if let last = passes.indices.last, passes[last].writes, passes[last].count != .rows,
      passes[last].secondOperand == nil || secondOperand == nil
    {
      if passes[last].count == .resultElements {
        passes[last].classes += classes
      } else {
        passes[last].finalClasses += classes
      }
      if let secondOperand { passes[last].secondOperand = secondOperand }
    } else {
      let source: Pass.Source = passes.contains { $0.writes && $0.count != .rows } ? .result : .operand
      passes.append(Pass(source: source, classes: classes, secondOperand: secondOperand))
    }
  }
}
