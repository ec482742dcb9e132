import FoundationEssentials
import Graphs

#if canImport(Glibc)
  import Glibc
#endif

extension Literal {
  /// A function of each element; nil for functions that shape arithmetic does not use.
  func mapped(by function: UnaryFunction, result: TensorType) -> Literal? {
    switch (function, elements) {
    case (.not, .integers(let values)): return Literal(values.map { 1 - $0 }, shape: shape, .bool)
    case (.negate, .integers(let values)): return Literal(values.map { 0 &- $0 }, shape: shape, elementType)
    case (.absolute, .integers(let values)):
      return Literal(values.map { $0 < 0 ? 0 &- $0 : $0 }, shape: shape, elementType)
    case (.sign, .integers(let values)): return Literal(values.map { $0.signum() }, shape: shape, elementType)
    case (.relu, .integers(let values)): return Literal(values.map { max($0, 0) }, shape: shape, elementType)
    case (_, .reals(let values)):
      guard let map = Self.realFunction(function) else { return nil }
      return Literal(values.map(map), shape: shape, elementType)
    default: return nil
    }
  }

  private static func realFunction(_ function: UnaryFunction) -> (@Sendable (Double) -> Double)? {
    switch function {
    case .negate: { -$0 }
    case .absolute: { abs($0) }
    case .sign: { $0 > 0 ? 1 : $0 < 0 ? -1 : $0 }
    case .relu: { max($0, 0) }
    case .reciprocal: { 1 / $0 }
    case .squareRoot: { $0.squareRoot() }
    case .exponential: { exp($0) }
    case .logarithm: { log($0) }
    case .floor: { $0.rounded(.down) }
    case .ceiling: { $0.rounded(.up) }
    case .round: { $0.rounded(.toNearestOrEven) }
    case .clamp(let low, let high): { min(max($0, low ?? -.infinity), high ?? .infinity) }
    default: nil
    }
  }

  /// A function of pairs of elements under broadcasting; nil where it is not defined (a division by zero).
  static func combined(
    by function: BinaryFunction, _ left: Literal, _ right: Literal, result: TensorType
  ) -> Literal? {
    let pairs = zip(
      broadcastPlaces(left.shape, to: result.shape), broadcastPlaces(right.shape, to: result.shape))
    if let a = left.integers, let b = right.integers {
      var values: [Int] = []
      for (i, j) in pairs {
        guard let value = integer(function, a[i], b[j]) else { return nil }
        values.append(value)
      }
      return Literal(values, shape: result.shape, result.elementType)
    }
    let (a, b) = (left.reals, right.reals)
    if function.isComparison {
      return Literal(
        pairs.map { compares(function, a[$0], b[$1]) ? 1 : 0 }, shape: result.shape, .bool)
    }
    guard let combine = realFunction(function) else { return nil }
    let values = pairs.map { combine(a[$0], b[$1]) }
    return result.elementType.isFloatingPoint
      ? Literal(values, shape: result.shape, result.elementType)
      : Literal(values, shape: result.shape, .float64).cast(to: result.elementType)
  }

  private static func integer(_ function: BinaryFunction, _ a: Int, _ b: Int) -> Int? {
    switch function {
    case .add: a &+ b
    case .subtract: a &- b
    case .multiply: a &* b
    case .divide: b == 0 || (b == -1 && a == .min) ? nil : a / b
    case .power: power(a, b)
    case .minimum: min(a, b)
    case .maximum: max(a, b)
    case .remainder: b == 0 || b == -1 ? (b == 0 ? nil : 0) : (a % b + b) % b
    case .truncatedRemainder: b == 0 || b == -1 ? (b == 0 ? nil : 0) : a % b
    case .equal, .less, .lessOrEqual, .greater, .greaterOrEqual: compares(function, a, b) ? 1 : 0
    case .and: a & b
    case .or: a | b
    case .xor: a ^ b
    }
  }

  private static func power(_ base: Int, _ exponent: Int) -> Int? {
    guard (0...64).contains(exponent) else { return nil }
    return (0..<exponent).reduce(1) { product, _ in product &* base }
  }

  private static func compares<Number: Comparable>(_ function: BinaryFunction, _ a: Number, _ b: Number)
    -> Bool
  {
    switch function {
    case .less: a < b
    case .lessOrEqual: a <= b
    case .greater: a > b
    case .greaterOrEqual: a >= b
    default: a == b
    }
  }

  private static func realFunction(_ function: BinaryFunction) -> (@Sendable (Double, Double) -> Double)? {
    switch function {
    case .add: { $0 + $1 }
    case .subtract: { $0 - $1 }
    case .multiply: { $0 * $1 }
    case .divide: { $0 / $1 }
    case .power: { pow($0, $1) }
    case .minimum: { min($0, $1) }
    case .maximum: { max($0, $1) }
    case .truncatedRemainder: { fmod($0, $1) }
    default: nil
    }
  }

  /// Elements where a condition holds, others where not.
  static func selected(_ operands: [Literal], result: TensorType) -> Literal? {
    guard let condition = operands[0].integers else { return nil }
    let places = operands.map { broadcastPlaces($0.shape, to: result.shape) }
    let choices = places[0].indices.map { condition[places[0][$0]] != 0 }
    if let a = operands[1].integers, let b = operands[2].integers {
      return Literal(
        choices.indices.map { choices[$0] ? a[places[1][$0]] : b[places[2][$0]] }, shape: result.shape,
        result.elementType)
    }
    let (a, b) = (operands[1].reals, operands[2].reals)
    return Literal(
      choices.indices.map { choices[$0] ? a[places[1][$0]] : b[places[2][$0]] }, shape: result.shape,
      result.elementType)
  }

  /// Elements combined along axes; nil for functions that shape arithmetic does not use.
  func reduced(by function: Reduce.Function, axes: [Int], result: TensorType) -> Literal? {
    let kept = shape.enumerated().map { axes.contains($0.offset) ? 1 : $0.element }
    let places = Self.broadcastPlaces(kept, to: shape)
    func fold<Number>(_ values: [Number], _ combine: (Number, Number) -> Number) -> [Number] {
      var results = [Number?](repeating: nil, count: result.count)
      for (value, place) in zip(values, places) {
        results[place] = results[place].map { combine($0, value) } ?? value
      }
      return results.compactMap(\.self)
    }
    switch (function, elements) {
    case (.sum, .integers(let values)):
      return Literal(fold(values, &+), shape: result.shape, elementType)
    case (.product, .integers(let values)):
      return Literal(fold(values, &*), shape: result.shape, elementType)
    case (.maximum, .integers(let values)):
      return Literal(fold(values, max), shape: result.shape, elementType)
    case (.minimum, .integers(let values)):
      return Literal(fold(values, min), shape: result.shape, elementType)
    case (.sum, .reals(let values)): return Literal(fold(values, +), shape: result.shape, elementType)
    case (.product, .reals(let values)): return Literal(fold(values, *), shape: result.shape, elementType)
    case (.maximum, .reals(let values)): return Literal(fold(values, max), shape: result.shape, elementType)
    case (.minimum, .reals(let values)): return Literal(fold(values, min), shape: result.shape, elementType)
    default: return nil
    }
  }

  /// Running sums along an axis.
  func accumulated(_ sum: CumulativeSum) -> Literal? {
    guard case .integers(var values) = elements else { return nil }
    let extent = shape[sum.axis]
    let run = shape[(sum.axis + 1)...].reduce(1, *)
    for outer in stride(from: 0, to: values.count, by: extent * run) {
      for inner in 0..<run {
        var total = 0
        for step in 0..<extent {
          let place = outer + (sum.isReversed ? extent - 1 - step : step) * run + inner
          let value = values[place]
          values[place] = sum.isExclusive ? total : total &+ value
          total = total &+ value
        }
      }
    }
    return Literal(values, shape: shape, elementType)
  }
}
