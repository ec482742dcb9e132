import CKernels
import Graphs

extension UnaryFunction {
  /// The kernel of a function that is not decomposed.
  var kernel: jk_function {
    switch self {
    case .relu: jk_relu
    case .sigmoid: jk_sigmoid
    case .tanh: jk_tanh
    case .softplus: jk_softplus
    case .negate: jk_negate
    case .absolute: jk_absolute
    case .sign: jk_sign
    case .reciprocal: jk_reciprocal
    case .squareRoot: jk_square_root
    case .exponential: jk_exponential
    case .logarithm: jk_logarithm
    case .erf: jk_erf
    case .sine: jk_sine
    case .cosine: jk_cosine
    case .floor: jk_floor
    case .ceiling: jk_ceiling
    case .round: jk_round
    case .not: jk_not
    case .isNaN: jk_is_nan
    case .isInfinite: jk_is_infinite
    default: jk_copy
    }
  }
}

extension BinaryFunction {
  var kernel: jk_function {
    switch self {
    case .add: jk_add
    case .subtract: jk_subtract
    case .multiply: jk_multiply
    case .divide: jk_divide
    case .power: jk_power
    case .minimum: jk_minimum
    case .maximum: jk_maximum
    case .remainder: jk_remainder
    case .truncatedRemainder: jk_truncated_remainder
    case .equal: jk_equal
    case .less: jk_less
    case .lessOrEqual: jk_less_or_equal
    case .greater: jk_greater
    case .greaterOrEqual: jk_greater_or_equal
    case .and: jk_and
    case .or: jk_or
    case .xor: jk_xor
    }
  }
}
