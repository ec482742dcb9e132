extension Planner {
  /// What the mapping search has to know of an array layer.
  func arrayProblem(_ work: ArrayWork, budgets: [Int], onChip: (Int) -> Bool) -> ArrayProblem {
    let (loaded, repeated) = furtherLoads(work.further, onChip)
    return ArrayProblem(
      shape: work.shape, items: work.items.count, input: OperandLayout(tensors[work.input.tensor]),
      output: OperandLayout(tensors[work.output.tensor]),
      right: work.right.map { OperandLayout(tensors[$0.tensor]) },
      rightReducesPixels: work.rightReducesPixels, rightColumns: work.right?.columns ?? 1,
      inputIsOnChip: onChip(work.input.tensor), rightIsOnChip: work.right.map { onChip($0.tensor) } ?? false,
      outputIsOnChip: onChip(work.output.tensor), loadedFurther: loaded, repeatedBytes: repeated,
      recipe: work.recipe, budgets: budgets)
  }

  /// What the tiling of a vector layer has to know.
  func vectorProblem(_ work: VectorWork, budgets: [Int], onChip: (Int) -> Bool) -> VectorProblem {
    let (loaded, repeated) = furtherLoads(work.further, onChip)
    let output = tensors[work.output.tensor]
    let driving: GridView
    let shape: VectorProblem.Shape
    var writesRows = false
    switch work.shape {
    case .pointwise: (shape, driving) = (.pointwise, work.output)
    case .window(let window): (shape, driving) = (.window(window), work.output)
    case .reduction: (shape, driving) = (.reduction, work.input ?? work.output)
    case .movement(let elements, let run, let isRegular):
      writesRows = isRegular
      (shape, driving) = (.movement(elements: elements, run: run), work.output)
    }
    var written = 0
    if case .movement(let elements, _, _) = work.shape {
      written = min(
        output.bytes, (elements * output.bits).dividedUp(by: 8).roundedUp(to: output.wordBytes))
    }
    return VectorProblem(
      shape: shape, recipe: work.recipe, groups: driving.groups, channels: driving.channels,
      images: driving.images,
      rows: driving.rows, columns: driving.columns,
      input: OperandLayout(tensors[work.input?.tensor ?? work.output.tensor]), output: OperandLayout(output),
      inputIsOnChip: work.input.map { onChip($0.tensor) } ?? true, outputIsOnChip: onChip(work.output.tensor),
      loadedFurther: loaded, repeatedBytes: repeated, weightBytes: work.weightBytes,
      moved: work.moved.filter { !onChip($0.tensor) }.map { moved in
        .init(
          layout: OperandLayout(tensors[moved.tensor]), rows: moved.grid?.rows ?? 1,
          columns: moved.grid?.columns ?? 1,
          channels: moved.grid?.channels ?? 1, bytes: moved.bytes,
          run: moved.bytes / moved.pieces, isGrid: moved.grid != nil)
      }, writtenBytes: written, writesRows: writesRows,
      budgets: budgets)
  }

  private func furtherLoads(_ further: [FurtherOperand], _ onChip: (Int) -> Bool) -> (
    loaded: Int, repeated: Int
  ) {
    var (loaded, repeated) = (0, 0)
    for operand in further where !onChip(operand.tensor) {
      switch operand.form {
      case .sameAsResult: loaded += 1
      case .repeated: repeated += tensors[operand.tensor].bytes
      }
    }
    return (loaded, repeated)
  }
}
