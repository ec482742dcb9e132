extension Gather: DifferentiablePrimitive {
  package func gradients(_ context: inout GradientContext) -> [Formula?] {
    [.node(ScatterSum(axis: axis, extent: context.shape(0)[axis]), [context.x[1], context.g]), nil]
  }
}

extension ScatterSum: DifferentiablePrimitive {
  package func gradients(_ context: inout GradientContext) -> [Formula?] {
    [nil, .node(Gather(axis: axis), [context.g, context.x[0]])]
  }
}

extension GatherElements: DifferentiablePrimitive {
  package func gradients(_ context: inout GradientContext) -> [Formula?] {
    let zeros = context.zeros(context.shape(0))
    return [.node(ScatterElements(axis: axis, reduction: .add), [zeros, context.x[1], context.g]), nil]
  }
}

extension GatherND: DifferentiablePrimitive {
  package func gradients(_ context: inout GradientContext) throws(ShapeError) -> [Formula?] {
    let zeros = context.zeros(context.shape(0))
    var indices = context.x[1]
    if batchDimensions > 0 {
      // A scatter knows no batch: the coordinates within it become the first indices of each tuple.
      let batch = context.shape(1).prefix(batchDimensions)
      let outer = Array(context.shape(1).dropLast())
      let repeats = outer.dropFirst(batchDimensions).product
      var coordinates: [Int] = []
      for position in 0..<batch.product {
        var (rest, tuple) = (position, Array(batch))
        for axis in tuple.indices.reversed() {
          (rest, tuple[axis]) = rest.quotientAndRemainder(dividingBy: batch[axis])
        }
        for _ in 0..<repeats { coordinates += tuple }
      }
      let prefix = context.indices(coordinates, shape: outer + [batchDimensions])
      let tuples =
        context.operandTypes[1].elementType == .int64 ? indices : indices.cast(to: .int64)
      indices = .node(Concatenate(axis: outer.count), [prefix, tuples])
    }
    return [.node(ScatterND(reduction: .add), [zeros, indices, context.g]), nil]
  }
}

extension ScatterElements: DifferentiablePrimitive {
  package func gradients(_ context: inout GradientContext) throws(ShapeError) -> [Formula?] {
    let indices = context.x[1]
    return try reduction.gradients(
      &context,
      scatter: { .node(ScatterElements(axis: axis, reduction: $0), [$1, indices, $2]) },
      gather: { .node(GatherElements(axis: axis), [$0, indices]) })
  }
}

extension ScatterND: DifferentiablePrimitive {
  package func gradients(_ context: inout GradientContext) throws(ShapeError) -> [Formula?] {
    let indices = context.x[1]
    return try reduction.gradients(
      &context,
      scatter: { .node(ScatterND(reduction: $0), [$1, indices, $2]) },
      gather: { .node(GatherND(), [$0, indices]) })
  }
}

extension ScatterReduction {
  /// The gradients of data, indices (none) and updates.
  ///
  /// For products they are defined where no update is 0; equal extrema share theirs; of writes to the same place, which
  /// have no order, all receive it.
  fileprivate func gradients(
    _ context: inout GradientContext, scatter: (ScatterReduction, Formula, Formula) -> Formula,
    gather: (Formula) -> Formula
  ) throws(ShapeError) -> [Formula?] {
    let (data, updates, y, g) = (context.x[0], context.x[2], context.y[0], context.g)
    let (zeros, noUpdates) = (context.zeros(context.shape(0)), context.zeros(context.shape(2)))
    switch self {
    case .replace: return [scatter(.replace, g, noUpdates), nil, gather(g)]
    case .add: return [g, nil, gather(g)]
    case .multiply:
      let ones = Formula.number(1).expanded(context.shape(0))
      return [g * scatter(.multiply, ones, updates), nil, gather(g * y) / updates]
    case .minimum, .maximum:
      let isData = try context.build(.select(data == y, 1, 0))
      let isUpdate = try context.build(.select(updates == gather(y), 1, 0))
      let share = try context.build(g / (isData + scatter(.add, zeros, isUpdate)))
      return [isData * share, nil, isUpdate * gather(share)]
    }
  }
}

extension OneHot: DifferentiablePrimitive {
  package func gradients(_ context: inout GradientContext) -> [Formula?] {
    let values = Formula.node(
      Concatenate(axis: 0), [Formula.number(0).reshaped([1]), Formula.number(1).reshaped([1])])
    let isHot = Formula.node(self, [context.x[0], values])
    let axes = Array(context.resultTypes[0].shape.indices)
    let (off, on) = (context.g * (1 - isHot), context.g * isHot)
    return [
      nil,
      .node(
        Concatenate(axis: 0),
        [off, on].map { $0.reduced(.sum, axes, keeps: false).reshaped([1]) }),
    ]
  }
}

extension QuantizeLinear: NonDifferentiablePrimitive {
  package var nonDifferentiableReason: String { "it rounds to integers, and so jumps" }
}

extension DequantizeLinear: DifferentiablePrimitive {
  /// Only the scale is a real number.
  package func gradients(_ context: inout GradientContext) -> [Formula?] {
    let element = context.resultTypes[0].elementType
    let shape = context.shape(0)
    var kept = shape.map { _ in 1 }
    if let axis { kept[axis] = shape[axis] }
    var integers = context.x[0].cast(to: element)
    if context.x.count == 3 { integers = integers - context.x[2].cast(to: element).reshaped(kept) }
    let axes = shape.indices.filter { $0 != axis }
    let sum = (context.g * integers).reduced(.sum, axes).reshaped(context.shape(1))
    return [nil, sum, nil].prefix(context.x.count).map { $0 }
  }
}
