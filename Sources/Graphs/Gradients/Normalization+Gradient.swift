extension Softmax: DifferentiablePrimitive {
  package func gradients(_ context: inout GradientContext) -> [Formula?] {
    let (y, g) = (context.y[0], context.g)
    return [y * (g - (g * y).reduced(.sum, [axis]))]
  }
}

extension LogSoftmax: DifferentiablePrimitive {
  package func gradients(_ context: inout GradientContext) -> [Formula?] {
    let g = context.g
    return [g - context.y[0].map(.exponential) * g.reduced(.sum, [axis])]
  }
}

extension BatchNormalization: DifferentiablePrimitive {
  /// Scale and shift need one sum over the batch each; those of mean and variance follow from them.
  package func gradients(_ context: inout GradientContext) throws(ShapeError) -> [Formula?] {
    let shape = context.shape(0)
    let channels = [1, shape[1]] + shape.dropFirst(2).map { _ in 1 }
    let others = shape.indices.filter { $0 != 1 }
    let g = context.g
    let deviation = (context.x[4] + .number(epsilon)).map(.squareRoot)
    let inverse = try context.build(deviation.map(.reciprocal))
    let centred = context.x[0] - context.x[3].reshaped(channels)
    let sum = try context.build(g.reduced(.sum, others, keeps: false))
    let product = try context.build(
      (g * (centred * inverse.reshaped(channels))).reduced(.sum, others, keeps: false))
    let factor = try context.build(context.x[1] * inverse)
    return [
      g * factor.reshaped(channels), product, sum, -(factor * sum), -0.5 * (factor * inverse * product),
    ]
  }
}

extension LayerNormalization: DifferentiablePrimitive {
  package func gradients(_ context: inout GradientContext) throws(ShapeError) -> [Formula?] {
    let axes = Array(axis..<context.shape(0).count)
    let scaled = context.x.count > 1 ? try context.build(context.g * context.x[1]) : context.g
    let standard = try context.standardized(context.x[0], axes: axes, epsilon: epsilon)
    let dx = standard.gradient(of: scaled, axes: axes)
    return [dx, context.g * standard.x, context.g].prefix(context.x.count).map { $0 }
  }
}

extension RMSNormalization: DifferentiablePrimitive {
  package func gradients(_ context: inout GradientContext) throws(ShapeError) -> [Formula?] {
    let axes = Array(axis..<context.shape(0).count)
    let scaled = context.x.count > 1 ? context.g * context.x[1] : context.g
    let x = context.x[0]
    let squares = (x * x).reduced(.mean, axes) + .number(epsilon)
    let inverse = try context.build(squares.map(.squareRoot).map(.reciprocal))
    let standard = x * inverse
    let dx = inverse * (scaled - standard * (scaled * standard).reduced(.mean, axes))
    return [dx, context.g * standard].prefix(context.x.count).map { $0 }
  }
}

extension InstanceNormalization: DifferentiablePrimitive {
  package func gradients(_ context: inout GradientContext) throws(ShapeError) -> [Formula?] {
    try context.groupNormalization(groups: context.shape(0)[1], epsilon: epsilon)
  }
}

extension GroupNormalization: DifferentiablePrimitive {
  package func gradients(_ context: inout GradientContext) throws(ShapeError) -> [Formula?] {
    try context.groupNormalization(groups: groups, epsilon: epsilon)
  }
}

extension LocalResponseNormalization: DifferentiablePrimitive {
  /// With s = bias + alpha / size · W(x²): g · s^−beta − 2 · alpha · beta / size · x · Wᵀ(g · x · s^(−beta−1)),
  /// where W sums over near channels.
  package func gradients(_ context: inout GradientContext) throws(ShapeError) -> [Formula?] {
    let (x, g) = (context.x[0], context.g)
    let shape = context.shape(0)
    let before = (size - 1) / 2
    let sums = windowSums(x * x, shape, before: before)
    let s = try context.build(.number(bias) + .number(alpha / Double(size)) * sums)
    let inner = g * x * .node(Binary(.power), [s, .number(-beta - 1)])
    let outer = windowSums(inner, shape, before: size - 1 - before)
    return [
      g * .node(Binary(.power), [s, .number(-beta)])
        - .number(2 * alpha * beta / Double(size)) * x * outer
    ]
  }

  private func windowSums(_ x: Formula, _ shape: [Int], before: Int) -> Formula {
    let pooling = Pooling(
      .average(countsPadding: true), window: [size, 1], strides: [1, 1],
      padding: [Padding(before, size - 1 - before), .none])
    let rows = x.reshaped([shape[0], 1, shape[1], shape.dropFirst(2).product])
    return (.node(pooling, [rows]) * .number(Double(size))).reshaped(shape)
  }
}

/// A tensor with mean 0 and variance 1, and what scaled it.
private struct Standardized {
  var x: Formula
  var inverseDeviation: Formula

  /// The gradient of the operand, given that of ``x``: what changes the mean or the variance drops out.
  func gradient(of g: Formula, axes: [Int]) -> Formula {
    inverseDeviation * (g - g.reduced(.mean, axes) - x * (g * x).reduced(.mean, axes))
  }
}

extension GradientContext {
  fileprivate mutating func standardized(
    _ x: Formula, axes: [Int], epsilon: Double
  ) throws(ShapeError) -> Standardized {
    let moments = try results(Moments(axes: axes, keepsDimensions: true), [x])
    let inverse = try build((moments[1] + .number(epsilon)).map(.squareRoot).map(.reciprocal))
    return Standardized(x: try build((x - moments[0]) * inverse), inverseDeviation: inverse)
  }

  /// The gradients of normalisation over groups of channels; each channel is a group for instance normalisation.
  fileprivate mutating func groupNormalization(groups: Int, epsilon: Double) throws(ShapeError) -> [Formula?]
  {
    let shape = shape(0)
    let channels = [1, shape[1]] + shape.dropFirst(2).map { _ in 1 }
    let isPerChannel = groups == shape[1] && shape.count > 2
    let grouped = isPerChannel ? shape : [shape[0], groups, shape[1] / groups] + shape.dropFirst(2)
    let axes = Array(grouped.indices.dropFirst(2))
    let standard = try standardized(x[0].reshaped(grouped), axes: axes, epsilon: epsilon)
    let scaled = (g * x[1].reshaped(channels)).reshaped(grouped)
    let others = shape.indices.filter { $0 != 1 }
    return [
      standard.gradient(of: try build(scaled), axes: axes).reshaped(shape),
      (g * standard.x.reshaped(shape)).reduced(.sum, others, keeps: false),
      g.reduced(.sum, others, keeps: false),
    ]
  }
}
