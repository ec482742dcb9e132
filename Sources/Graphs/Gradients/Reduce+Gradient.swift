extension Reduce: DifferentiablePrimitive {
  package func gradients(_ context: inout GradientContext) throws(ShapeError) -> [Formula?] {
    let shape = context.shape(0)
    let kept = shape.reduced(axes, keepsDimensions: true)
    let (g, y) = (context.g.reshaped(kept), context.y[0].reshaped(kept))
    let count = Double(axes.reduce(1) { $0 * shape[$1] })
    return [function.gradient(x: context.x[0], y: y, g: g, axes: axes, count: count, shape: shape)]
  }
}

extension Reduce.Function {
  /// The gradient with respect to the operand x, given the result y and its gradient g with the reduced axes kept.
  ///
  /// Equal extrema share the gradient; of a product, it is defined where no element is 0.
  func gradient(x: Formula, y: Formula, g: Formula, axes: [Int], count: Double, shape: [Int]) -> Formula {
    switch self {
    case .sum: return g.expanded(shape)
    case .mean: return (g / .number(count)).expanded(shape)
    case .maximum, .minimum:
      let isExtremum = Formula.select(x == y, 1, 0)
      return isExtremum * (g / isExtremum.reduced(.sum, axes))
    case .product: return g * y / x
    case .sumOfSquares: return g * 2 * x
    case .l1Norm: return g * x.map(.sign)
    case .l2Norm: return g * x / y
    case .logSum: return (g * (-y).map(.exponential)).expanded(shape)
    case .logSumExp: return g * (x - y).map(.exponential)
    }
  }
}

extension Moments: DifferentiablePrimitive {
  package func gradients(_ context: inout GradientContext) throws(ShapeError) -> [Formula?] {
    let shape = context.shape(0)
    let kept = shape.reduced(axes, keepsDimensions: true)
    let count = Formula.number(Double(axes.reduce(1) { $0 * shape[$1] }))
    let ofMean = context.upstream[0].map { $0.reshaped(kept) / count }
    let ofVariance = context.upstream[1].map {
      $0.reshaped(kept) * 2 / count * (context.x[0] - context.y[0].reshaped(kept))
    }
    guard let ofVariance else { return [ofMean?.expanded(shape)] }
    return [ofMean.map { ofVariance + $0 } ?? ofVariance]
  }
}

extension CumulativeSum: DifferentiablePrimitive {
  package func gradients(_ context: inout GradientContext) -> [Formula?] {
    [.node(CumulativeSum(axis: axis, isExclusive: isExclusive, isReversed: !isReversed), [context.g])]
  }
}

extension TopK: DifferentiablePrimitive {
  package func gradients(_ context: inout GradientContext) -> [Formula?] {
    guard let g = context.upstream[0] else { return [nil] }
    let zeros = context.zeros(context.shape(0))
    return [.node(ScatterElements(axis: axis, reduction: .add), [zeros, context.y[1], g])]
  }
}

extension ArgumentExtremum: NonDifferentiablePrimitive {
  package var nonDifferentiableReason: String { "its results are indices, which jump" }
}
