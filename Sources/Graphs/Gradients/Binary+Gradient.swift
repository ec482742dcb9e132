extension Binary: DifferentiablePrimitive {
  package func gradients(_ context: inout GradientContext) throws(ShapeError) -> [Formula?] {
    // An exponent may have another type than its base.
    let element = context.operandTypes[0].elementType
    let b = context.operandTypes[1].elementType == element ? context.x[1] : context.x[1].cast(to: element)
    var gradients = function.gradients(a: context.x[0], b: b, y: context.y[0], g: context.g)
    if context.operandTypes[1].elementType != element {
      gradients.1 = gradients.1?.cast(to: context.operandTypes[1].elementType)
    }
    return [gradients.0, gradients.1]
  }
}

extension BinaryFunction {
  /// The gradients with respect to the operands a and b, given the result y and its gradient g; of equal operands, the
  /// first one is the extremum.
  func gradients(a: Formula, b: Formula, y: Formula, g: Formula) -> (Formula?, Formula?) {
    switch self {
    case .add: (g, g)
    case .subtract: (g, -g)
    case .multiply: (g * b, g * a)
    case .divide: (g / b, -(g * y / b))
    case .power:
      (
        g * b * .node(Binary(.power), [a, b - 1]),
        .select(a > 0, g * y * a.map(.logarithm), 0)
      )
    case .minimum: (.select(a <= b, g, 0), .select(a <= b, 0, g))
    case .maximum: (.select(a >= b, g, 0), .select(a >= b, 0, g))
    case .remainder: (g, -(g * (a / b).map(.floor)))
    case .truncatedRemainder: (g, -(g * (a / b).map(.sign) * (a / b).map(.absolute).map(.floor)))
    // Comparisons and logic have truth values or integers as results.
    case .equal, .less, .lessOrEqual, .greater, .greaterOrEqual, .and, .or, .xor: (nil, nil)
    }
  }
}

extension Select: DifferentiablePrimitive {
  package func gradients(_ context: inout GradientContext) -> [Formula?] {
    [nil, .select(context.x[0], context.g, 0), .select(context.x[0], 0, context.g)]
  }
}

extension PReLU: DifferentiablePrimitive {
  package func gradients(_ context: inout GradientContext) -> [Formula?] {
    let (x, slope, g) = (context.x[0], context.x[1], context.g)
    return [.select(x < 0, g * slope, g), .select(x < 0, g * x, 0)]
  }
}

extension Cast: DifferentiablePrimitive {
  package func gradients(_ context: inout GradientContext) -> [Formula?] {
    [context.g.cast(to: context.operandTypes[0].elementType)]
  }
}
