extension Convolution: DifferentiablePrimitive {
  package func gradients(_ context: inout GradientContext) -> [Formula?] {
    let (x, w, g) = (context.shape(0), context.shape(1), context.resultTypes[0].shape)
    let kernel = Array(w.dropFirst(2))
    return [
      .node(inputGradient(kernel: kernel, positions: g, input: x), [context.g, context.x[1]]),
      .node(weightGradient(kernel: kernel), [context.x[0], context.g]),
    ]
  }

  /// The operation that gives the gradient of the input.
  func inputGradient(kernel: [Int], positions: [Int], input: [Int]) -> ConvolutionInputGradient {
    let left = kernel.indices.map { axis in
      let span = dilations[axis] * (kernel[axis] - 1) + 1
      return input[axis + 2] + padding[axis].total - span - (positions[axis + 2] - 1) * strides[axis]
    }
    return ConvolutionInputGradient(
      strides: strides, padding: padding, dilations: dilations, groups: groups, outputPadding: left)
  }

  func weightGradient(kernel: [Int]) -> ConvolutionWeightGradient {
    ConvolutionWeightGradient(
      kernel: kernel, strides: strides, padding: padding, dilations: dilations, groups: groups)
  }
}

extension ConvolutionInputGradient: DifferentiablePrimitive {
  package func gradients(_ context: inout GradientContext) throws(ShapeError) -> [Formula?] {
    let convolution = Convolution(strides: strides, padding: padding, dilations: dilations, groups: groups)
    let weights = convolution.weightGradient(kernel: Array(context.shape(1).dropFirst(2)))
    return [
      try convolution.positions(context.shape(0), of: context.resultTypes[0], context.g, context, weights: 1),
      .node(weights, [context.g, context.x[0]]),
    ]
  }
}

extension ConvolutionWeightGradient: DifferentiablePrimitive {
  package func gradients(_ context: inout GradientContext) throws(ShapeError) -> [Formula?] {
    let convolution = Convolution(strides: strides, padding: padding, dilations: dilations, groups: groups)
    let (x, g) = (context.shape(0), context.shape(1))
    return [
      .node(
        convolution.inputGradient(kernel: kernel, positions: g, input: x), [context.x[1], context.g]),
      try convolution.positions(g, of: context.operandTypes[0], context.x[0], context, weights: nil),
    ]
  }
}

extension Convolution {
  /// The convolution cut to the positions that the differentiated operation knew: a transposed convolution with much
  /// output padding knew fewer than the convolution has.
  fileprivate func positions(
    _ shape: [Int], of type: TensorType, _ x: Formula, _ context: GradientContext, weights operand: Int?
  ) throws(ShapeError) -> Formula {
    let w = operand.map { context.operandTypes[$0] } ?? context.resultTypes[0]
    let all = try results(for: [type, w])[0].shape
    let y = Formula.node(self, [x, operand.map { context.x[$0] } ?? context.g])
    return all == shape ? y : .node(Slice(starts: shape.map { _ in 0 }, ends: shape), [y])
  }
}

extension MatrixProduct: DifferentiablePrimitive {
  package func gradients(_ context: inout GradientContext) -> [Formula?] {
    let (left, right) = (context.shape(0), context.shape(1))
    // Vectors as matrices of one row or one column, so that two formulas serve all cases.
    let isRow = left.count == 1
    let isColumn = right.count == 1
    var batch = Array(context.resultTypes[0].shape)
    if !isColumn { batch.removeLast() }
    if !isRow { batch.removeLast() }
    let m = isRow ? 1 : left[left.count - (transposesLeft ? 1 : 2)]
    let n = isColumn ? 1 : right[right.count - (transposesRight ? 2 : 1)]
    let a = isRow ? context.x[0].reshaped([1, left[0]]) : context.x[0]
    let b = isColumn ? context.x[1].reshaped([right[0], 1]) : context.x[1]
    let g = isRow || isColumn ? context.g.reshaped(batch + [m, n]) : context.g
    let leftGradient: Formula =
      transposesLeft
      ? .node(MatrixProduct(transposesLeft: transposesRight, transposesRight: true), [b, g])
      : .node(MatrixProduct(transposesRight: !transposesRight), [g, b])
    var rightGradient: Formula =
      transposesRight
      ? .node(MatrixProduct(transposesLeft: true, transposesRight: transposesLeft), [g, a])
      : .node(MatrixProduct(transposesLeft: !transposesLeft), [a, g])
    if right.count == 2, left.count > 2, !transposesLeft {
      // One product over all rows of the batch instead of a sum of products.
      let (rows, k) = (left.dropLast().product, left[left.count - 1])
      let (flatA, flatG) = (a.reshaped([rows, k]), g.reshaped([rows, n]))
      rightGradient = .node(
        MatrixProduct(transposesLeft: true), transposesRight ? [flatG, flatA] : [flatA, flatG])
    }
    return [
      isRow ? summed(leftGradient, batch, to: left) : leftGradient,
      isColumn ? summed(rightGradient, batch, to: right) : rightGradient,
    ]
  }

  /// The gradient `batch + [1, k]` or `batch + [k, 1]` of a vector, summed over the batch.
  private func summed(_ gradient: Formula, _ batch: [Int], to shape: [Int]) -> Formula {
    gradient.reduced(.sum, Array(batch.indices), keeps: false).reshaped(shape)
  }
}
