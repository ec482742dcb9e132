/// Square roots and other numbers that formulas need.
private enum Number {
  static let selu = (scale: 1.0507009873554805, alpha: 1.6732632423543772)
  static let inverseRootOfTwo = 0.7071067811865476
  static let inverseRootOfTwoPi = 0.3989422804014327
  static let rootOfTwoOverPi = 0.7978845608028654
  static let twoOverRootOfPi = 1.1283791670955126
}

extension Unary: DifferentiablePrimitive {
  package func gradients(_ context: inout GradientContext) throws(ShapeError) -> [Formula?] {
    [function.gradient(x: context.x[0], y: context.y[0], g: context.g)]
  }
}

extension UnaryFunction {
  /// The gradient with respect to the operand x, given the result y and its gradient g; nil where it is 0 everywhere.
  func gradient(x: Formula, y: Formula, g: Formula) -> Formula? {
    switch self {
    case .relu: return .select(x > 0, g, 0)
    case .selu:
      return .select(
        x > 0, g * .number(Number.selu.scale), g * (y + .number(Number.selu.scale * Number.selu.alpha)))
    case .sigmoid: return g * y * (1 - y)
    case .hardSwish: return .select(x.map(.absolute) < 3, g * (x / 3 + 0.5), .select(x > 0, g, 0))
    case .tanh: return g * (1 - y * y)
    case .silu: return g * (x.map(.sigmoid) + y * (1 - x.map(.sigmoid)))
    case .mish:
      let t = x.map(.softplus).map(.tanh)
      return g * (t + x * x.map(.sigmoid) * (1 - t * t))
    case .softplus: return g * x.map(.sigmoid)
    case .softsign: return g / ((1 + x.map(.absolute)) * (1 + x.map(.absolute)))
    case .leakyReLU(let slope): return .select(x > 0, g, g * .number(slope))
    case .elu(let alpha): return .select(x > 0, g, g * (y + .number(alpha)))
    case .celu(let alpha): return .select(x > 0, g, g * (y / .number(alpha) + 1))
    case .thresholdedReLU(let alpha): return .select(x > .number(alpha), g, 0)
    case .hardSigmoid(let alpha, _): return .select(y > 0, .select(y < 1, g * .number(alpha), 0), 0)
    case .gelu(approximatesWithTanh: false):
      let density = (x * x * -0.5).map(.exponential) * .number(Number.inverseRootOfTwoPi)
      return g * (0.5 * (1 + (x * .number(Number.inverseRootOfTwo)).map(.erf)) + x * density)
    case .gelu(approximatesWithTanh: true):
      let t = ((x + 0.044715 * (x * x * x)) * .number(Number.rootOfTwoOverPi)).map(.tanh)
      let slope = .number(Number.rootOfTwoOverPi) * (1 + 0.134145 * (x * x))
      return g * (0.5 * (1 + t) + 0.5 * x * (1 - t * t) * slope)
    case .clamp(let minimum, let maximum):
      let below = maximum.map { .select(x <= .number($0), g, 0) } ?? g
      return minimum.map { .select(x >= .number($0), below, 0) } ?? below
    case .negate: return -g
    case .absolute: return g * x.map(.sign)
    case .reciprocal: return -(g * y * y)
    case .squareRoot: return g * 0.5 / y
    case .exponential: return g * y
    case .logarithm: return g / x
    case .erf: return g * .number(Number.twoOverRootOfPi) * (-(x * x)).map(.exponential)
    case .sine: return g * x.map(.cosine)
    case .cosine: return -(g * x.map(.sine))
    // Steps: constant between the places where they jump. Tests have truth values as results.
    case .sign, .floor, .ceiling, .round, .not, .isNaN, .isInfinite: return nil
    }
  }
}
