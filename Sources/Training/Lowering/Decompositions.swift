import Graphs

extension Unary: DecomposablePrimitive {
  func decomposed(_ context: inout LoweringContext) -> Formula? { function.formula(context.x[0]) }
}

extension UnaryFunction {
  /// Functions that are made of those that have a kernel; nil for the latter.
  func formula(_ x: Formula) -> Formula? {
    switch self {
    case .selu:
      .select(x > 0, x * 1.0507009873554805, (x.map(.exponential) - 1) * 1.7580993408473766)
    case .hardSwish: x * (x * 0.16666666666666666 + 0.5).map(.clamp(minimum: 0, maximum: 1))
    case .silu: x * x.map(.sigmoid)
    case .mish: x * x.map(.softplus).map(.tanh)
    case .softsign: x / (1 + x.map(.absolute))
    case .leakyReLU(let slope): .select(x > 0, x, x * .number(slope))
    case .elu(let alpha): .select(x > 0, x, (x.map(.exponential) - 1) * .number(alpha))
    case .celu(let alpha): .select(x > 0, x, ((x / .number(alpha)).map(.exponential) - 1) * .number(alpha))
    case .thresholdedReLU(let alpha): .select(x > .number(alpha), x, 0)
    case .hardSigmoid(let alpha, let beta):
      (x * .number(alpha) + .number(beta)).map(.clamp(minimum: 0, maximum: 1))
    case .gelu(approximatesWithTanh: false): x * 0.5 * (1 + (x * 0.7071067811865476).map(.erf))
    case .gelu(approximatesWithTanh: true):
      x * 0.5 * (1 + ((x + 0.044715 * (x * x * x)) * 0.7978845608028654).map(.tanh))
    default: nil
    }
  }
}

extension PReLU: DecomposablePrimitive {
  func decomposed(_ context: inout LoweringContext) -> Formula? {
    .select(context.x[0] < 0, context.x[0] * context.x[1], context.x[0])
  }
}

extension Reduce: DecomposablePrimitive {
  func decomposed(_ context: inout LoweringContext) throws(ShapeError) -> Formula? {
    let x = context.x[0]
    func reduced(_ function: Function, _ x: Formula) -> Formula {
      .node(Reduce(function, axes: axes, keepsDimensions: keepsDimensions), [x])
    }
    // Without axes every element is its own group.
    if axes.isEmpty {
      switch function {
      case .sumOfSquares: return x * x
      case .l1Norm, .l2Norm: return x.map(.absolute)
      case .logSum: return x.map(.logarithm)
      default: return x
      }
    }
    switch function {
    case .sumOfSquares: return reduced(.sum, x * x)
    case .l1Norm: return reduced(.sum, x.map(.absolute))
    case .l2Norm: return reduced(.sum, x * x).map(.squareRoot)
    case .logSum: return reduced(.sum, x).map(.logarithm)
    case .logSumExp:
      let largest = try context.build(x.reduced(.maximum, axes))
      let sum = reduced(.sum, (x - largest).map(.exponential)).map(.logarithm)
      return sum + largest.reshaped(context.result.shape)
    default: return nil
    }
  }
}

extension Softmax: DecomposablePrimitive {
  func decomposed(_ context: inout LoweringContext) throws(ShapeError) -> Formula? {
    guard axis != context.shape(0).count - 1 else { return nil }
    let x = context.x[0]
    let powers = try context.build((x - x.reduced(.maximum, [axis])).map(.exponential))
    return powers / powers.reduced(.sum, [axis])
  }
}

extension LogSoftmax: DecomposablePrimitive {
  func decomposed(_ context: inout LoweringContext) throws(ShapeError) -> Formula? {
    guard axis != context.shape(0).count - 1 else { return nil }
    let shifted = try context.build(context.x[0] - context.x[0].reduced(.maximum, [axis]))
    return shifted - shifted.map(.exponential).reduced(.sum, [axis]).map(.logarithm)
  }
}

extension BatchNormalization: DecomposablePrimitive {
  /// One multiply-add for each element.
  func decomposed(_ context: inout LoweringContext) throws(ShapeError) -> Formula? {
    let shape = context.shape(0)
    let channels = [1, shape[1]] + shape.dropFirst(2).map { _ in 1 }
    let deviation = (context.x[4] + .number(epsilon)).map(.squareRoot)
    let factor = try context.build(context.x[1] * deviation.map(.reciprocal))
    let summand = context.x[2] - context.x[3] * factor
    return context.x[0] * factor.reshaped(channels) + summand.reshaped(channels)
  }
}

extension LayerNormalization: DecomposablePrimitive {
  func decomposed(_ context: inout LoweringContext) throws(ShapeError) -> Formula? {
    let y = try context.standardized(context.x[0], Array(axis..<context.shape(0).count), epsilon)
    return context.affine(y)
  }
}

extension RMSNormalization: DecomposablePrimitive {
  func decomposed(_ context: inout LoweringContext) throws(ShapeError) -> Formula? {
    let x = context.x[0]
    let squares = (x * x).reduced(.mean, Array(axis..<context.shape(0).count)) + .number(epsilon)
    return context.affine(x * squares.map(.squareRoot).map(.reciprocal))
  }
}

extension InstanceNormalization: DecomposablePrimitive {
  func decomposed(_ context: inout LoweringContext) throws(ShapeError) -> Formula? {
    try context.groupNormalization(groups: context.shape(0)[1], epsilon)
  }
}

extension GroupNormalization: DecomposablePrimitive {
  func decomposed(_ context: inout LoweringContext) throws(ShapeError) -> Formula? {
    try context.groupNormalization(groups: groups, epsilon)
  }
}

extension LoweringContext {
  fileprivate mutating func standardized(
    _ x: Formula, _ axes: [Int], _ epsilon: Double
  ) throws(ShapeError) -> Formula {
    let (mean, variance) = try moments(x, axes)
    return (x - mean) * (variance + .number(epsilon)).map(.squareRoot).map(.reciprocal)
  }

  /// The learned scale and shift, where there are some.
  fileprivate func affine(_ y: Formula) -> Formula {
    switch x.count {
    case 1: y
    case 2: y * x[1]
    default: y * x[1] + x[2]
    }
  }

  fileprivate mutating func groupNormalization(groups: Int, _ epsilon: Double) throws(ShapeError) -> Formula {
    let shape = shape(0)
    let channels = [1, shape[1]] + shape.dropFirst(2).map { _ in 1 }
    let isPerChannel = groups == shape[1] && shape.count > 2
    let grouped = isPerChannel ? shape : [shape[0], groups, shape[1] / groups] + shape.dropFirst(2)
    let axes = Array(grouped.indices.dropFirst(2))
    let y = try standardized(x[0].reshaped(grouped), axes, epsilon).reshaped(shape)
    return y * x[1].reshaped(channels) + x[2].reshaped(channels)
  }
}

extension LocalResponseNormalization: DecomposablePrimitive {
  func decomposed(_ context: inout LoweringContext) throws(ShapeError) -> Formula? {
    let x = context.x[0]
    let shape = context.shape(0)
    let pooling = Pooling(
      .average(countsPadding: true), window: [size, 1], strides: [1, 1],
      padding: [Padding((size - 1) / 2, size / 2), .none])
    let squares = (x * x).reshaped([shape[0], 1, shape[1], shape.dropFirst(2).reduce(1, *)])
    let sums = (.node(pooling, [squares]) * .number(alpha)).reshaped(shape) + .number(bias)
    return x * .node(Binary(.power), [sums, .number(-beta)])
  }
}

extension Tile: DecomposablePrimitive {
  func decomposed(_ context: inout LoweringContext) -> Formula? {
    let shape = context.shape(0)
    return context.x[0].reshaped(shape.flatMap { [1, $0] }).expanded(
      zip(repeats, shape).flatMap { [$0, $1] }
    )
    .reshaped(context.result.shape)
  }
}

extension DepthToSpace: DecomposablePrimitive {
  func decomposed(_ context: inout LoweringContext) -> Formula? {
    let (x, b, c) = (context.shape(0), blockSize, context.result.shape[1])
    let isDepthLast = order == .depthLast
    let blocks = context.x[0].reshaped(
      isDepthLast ? [x[0], b, b, c, x[2], x[3]] : [x[0], c, b, b, x[2], x[3]])
    let moved = Formula.node(Transpose(isDepthLast ? [0, 3, 4, 1, 5, 2] : [0, 1, 4, 2, 5, 3]), [blocks])
    return moved.reshaped(context.result.shape)
  }
}

extension SpaceToDepth: DecomposablePrimitive {
  func decomposed(_ context: inout LoweringContext) -> Formula? {
    let (x, b) = (context.shape(0), blockSize)
    let blocks = context.x[0].reshaped([x[0], x[1], x[2] / b, b, x[3] / b, b])
    return .node(Transpose([0, 3, 5, 1, 2, 4]), [blocks]).reshaped(context.result.shape)
  }
}

extension Trilu: DecomposablePrimitive {
  func decomposed(_ context: inout LoweringContext) -> Formula? {
    let shape = Array(context.result.shape.suffix(2))
    let mask = (0..<shape[0] * shape[1]).map { index -> Float in
      let diagonal = index % shape[1] - index / shape[1]
      return (upper ? diagonal >= k : diagonal <= k) ? 1 : 0
    }
    let element = context.types[0].elementType
    let zero: Formula = element == .float32 ? 0 : .number(0).cast(to: element)
    return .select(context.constant(mask, TensorType(shape, .bool)), context.x[0], zero)
  }
}

extension OneHot: DecomposablePrimitive {
  func decomposed(_ context: inout LoweringContext) throws(ShapeError) -> Formula? {
    var shape = context.shape(0)
    shape.insert(1, at: axis)
    let index = try context.build(context.x[0].cast(to: .float32).reshaped(shape))
    let counted = Formula.select(index < 0, index + .number(Double(depth)), index)
    let axes = [depth] + Array(repeating: 1, count: shape.count - axis - 1)
    let places = context.constant((0..<depth).map { Float($0) }, TensorType(axes))
    func value(_ index: Int) -> Formula {
      Formula.node(Slice(starts: [index], ends: [index + 1]), [context.x[1]])
        .reshaped([])
    }
    return .select(counted == places, value(1), value(0))
  }
}

extension ArgumentExtremum: DecomposablePrimitive {
  /// Integers are compared as real numbers.
  func decomposed(_ context: inout LoweringContext) -> Formula? {
    context.types[0].elementType.isInteger ? .node(self, [context.x[0].cast(to: .float32)]) : nil
  }
}

extension CumulativeSum: DecomposablePrimitive {
  /// Integers are summed as real numbers, in double precision.
  func decomposed(_ context: inout LoweringContext) -> Formula? {
    let element = context.types[0].elementType
    guard element.isInteger else { return nil }
    return Formula.node(self, [context.x[0].cast(to: .float32)]).cast(to: element)
  }
}

extension MatrixProduct: DecomposablePrimitive {
  /// Vectors become matrices, and a product with one matrix for the whole batch one product over all rows.
  func decomposed(_ context: inout LoweringContext) -> Formula? {
    let (left, right) = (context.shape(0), context.shape(1))
    let result = context.result.shape
    if left.count == 1 || right.count == 1 {
      let a = left.count == 1 ? context.x[0].reshaped([1] + left) : context.x[0]
      let b = right.count == 1 ? context.x[1].reshaped(right + [1]) : context.x[1]
      return .node(self, [a, b]).reshaped(result)
    }
    guard left.count > 2, right.count == 2, !transposesLeft else { return nil }
    let rows = context.x[0].reshaped([left.dropLast().reduce(1, *), left[left.count - 1]])
    return .node(self, [rows, context.x[1]]).reshaped(result)
  }
}
