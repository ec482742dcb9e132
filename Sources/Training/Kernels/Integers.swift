import Graphs

extension ElementType {
  /// Whether numbers of this format may be negative.
  var isSigned: Bool {
    switch self {
    case .uint64, .uint32, .uint16, .uint8, .uint4, .bool: false
    default: true
    }
  }

  /// The integers that the engine holds of this format: its own, or those of 32 bits where it has more.
  var range: ClosedRange<Int> {
    guard bits < 32 else { return Int(Int32.min)...Int(Int32.max) }
    return isSigned ? -(1 << (bits - 1))...(1 << (bits - 1)) - 1 : 0...(1 << bits) - 1
  }

  /// An integer reduced to the width of the format.
  @inline(__always)
  func wrapped(_ value: Int) -> Int32 {
    guard bits < 32 else { return Int32(truncatingIfNeeded: value) }
    let low = value & ((1 << bits) - 1)
    return Int32(isSigned && low >= 1 << (bits - 1) ? low - (1 << bits) : low)
  }

  /// A real number towards zero, as casts do; numbers beyond the format become its nearest, NaN becomes 0.
  @inline(__always)
  func truncated(_ value: Float) -> Int32 {
    guard value == value else { return 0 }
    let range = range
    let bounded = min(max(Double(value), Double(range.lowerBound)), Double(range.upperBound))
    return Int32(bounded)
  }
}

extension PlanBuilder {
  /// Integers as real numbers.
  mutating func real(_ view: TensorView) -> TensorView {
    let target = TensorView(dense: view.shape, buffer: buffer(view.count))
    append(
      KernelStep("cast", reads: [view], writes: [target]) { context in
        let (xs, ys) = (context.integers(view), context.pointer(target))
        for index in 0..<target.count { ys[index] = Float(xs[index]) }
      })
    return target
  }

  /// Real numbers as the nearest integers of a type, ties to even.
  mutating func rounded(_ view: TensorView, to type: TensorType) -> TensorView {
    let target = tensor(type)
    append(
      KernelStep("cast", reads: [view], writes: [target]) { context in
        let (xs, ys) = (context.pointer(view), context.integers(target))
        for index in 0..<target.count {
          ys[index] = type.elementType.truncated(xs[index].rounded(.toNearestOrEven))
        }
      })
    return target
  }

  /// Adds a step that computes each integer of a result from those of operands that broadcast to it.
  fileprivate mutating func emitIntegers(
    _ node: Node, _ result: Value, _ body: @escaping @Sendable (Int, Int, Int) -> Int
  ) throws(PlanError) {
    let type = node.resultTypes[0]
    var operands: [TensorView] = []
    for operand in node.operands {
      operands.append(dense(try view(operand).expanded(type.shape)))
    }
    let y = tensor(type)
    place(result, y)
    let (views, element) = (operands, type.elementType)
    append(
      KernelStep("integers", reads: views, writes: [y]) { context in
        let ys = context.integers(y)
        func value(_ operand: Int, _ index: Int) -> Int {
          guard operand < views.count else { return 0 }
          let view = views[operand]
          // Truth values are real numbers in memory.
          return view.isInteger ? Int(context.integers(view)[index]) : Int(context.pointer(view)[index])
        }
        for index in 0..<y.count {
          ys[index] = element.wrapped(body(value(0, index), value(1, index), value(2, index)))
        }
      })
  }
}

extension Binary: ExecutablePrimitive {
  /// Of integers, exact to 32 bits; a division by zero gives 0.
  func emit(_ node: Node, _ results: [Value], in builder: inout PlanBuilder) throws(PlanError) {
    let function = function
    try builder.emitIntegers(node, results[0]) { a, b, _ in function.ofIntegers(a, b) }
  }
}

extension BinaryFunction {
  @inline(__always)
  fileprivate func ofIntegers(_ a: Int, _ b: Int) -> Int {
    switch self {
    case .add: a &+ b
    case .subtract: a &- b
    case .multiply: a &* b
    case .divide: b == 0 ? 0 : a / b
    case .power: b < 0 ? (a == 1 ? 1 : 0) : (0..<min(b, 64)).reduce(1) { product, _ in product &* a }
    case .minimum: min(a, b)
    case .maximum: max(a, b)
    case .remainder: b == 0 ? 0 : (a % b + b) % b
    case .truncatedRemainder: b == 0 ? 0 : a % b
    case .and: a & b
    case .or: a | b
    case .xor: a ^ b
    case .equal: a == b ? 1 : 0
    case .less: a < b ? 1 : 0
    case .lessOrEqual: a <= b ? 1 : 0
    case .greater: a > b ? 1 : 0
    case .greaterOrEqual: a >= b ? 1 : 0
    }
  }
}

extension Unary: ExecutablePrimitive {
  /// Of integers: the functions that are defined for them.
  func emit(_ node: Node, _ results: [Value], in builder: inout PlanBuilder) throws(PlanError) {
    let function = function
    try builder.emitIntegers(node, results[0]) { a, _, _ in
      switch function {
      case .relu: max(a, 0)
      case .negate: -a
      case .absolute: abs(a)
      case .sign: a.signum()
      case .clamp(let low, let high): Int(min(max(Double(a), low ?? -0x1p40), high ?? 0x1p40))
      default: a
      }
    }
  }
}

extension Select: ExecutablePrimitive {
  /// Of integers.
  func emit(_ node: Node, _ results: [Value], in builder: inout PlanBuilder) throws(PlanError) {
    try builder.emitIntegers(node, results[0]) { condition, a, b in condition != 0 ? a : b }
  }
}

extension Reduce: ExecutablePrimitive {
  /// Of integers, exact to 32 bits; means are rounded towards zero.
  func emit(_ node: Node, _ results: [Value], in builder: inout PlanBuilder) throws(PlanError) {
    let x = try builder.dense(node.operands[0])
    guard x.isInteger else {
      throw PlanError(
        "node '\(node.name)' (reduce)", found: "\(builder.graph.type(of: node.operands[0]))",
        expected: "float32 or integers")
    }
    let y = builder.tensor(node.resultTypes[0])
    builder.place(results[0], y)
    var kept = x.shape
    for axis in axes { kept[axis] = 1 }
    // The place in the result of each element, as steps that are 0 along the axes that are combined.
    let target = TensorView(dense: kept, buffer: 0).expanded(x.shape)
    let (function, element) = (function, node.resultTypes[0].elementType)
    builder.append(
      KernelStep("reduce", reads: [x], writes: [y]) { context in
        let (xs, ys) = (context.integers(x), context.integers(y))
        let identity: Int32 =
          switch function {
          case .maximum: Int32(element.range.lowerBound)
          case .minimum: Int32(element.range.upperBound)
          case .product: 1
          default: 0
          }
        for index in 0..<y.count { ys[index] = identity }
        for index in 0..<x.count {
          var (rest, place) = (index, 0)
          for axis in stride(from: x.shape.count - 1, through: 0, by: -1) {
            place += rest % x.shape[axis] * target.strides[axis]
            rest /= x.shape[axis]
          }
          let (sum, value) = (Int(ys[place]), Int(xs[index]))
          let next =
            switch function {
            case .maximum: max(sum, value)
            case .minimum: min(sum, value)
            case .product: sum &* value
            default: sum &+ value
            }
          ys[place] = element.wrapped(next)
        }
      })
  }
}
