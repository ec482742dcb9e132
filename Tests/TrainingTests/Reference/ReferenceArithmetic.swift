import Foundation
import Graphs

extension Unary: ReferencePrimitive {
  func reference(_ x: [ReferenceTensor], _ types: [TensorType]) -> [ReferenceTensor] {
    [ReferenceTensor(x[0].shape, x[0].elements.map { function.reference($0) })]
  }
}

extension UnaryFunction {
  func reference(_ x: Double) -> Double {
    let sigmoid = 1 / (1 + exp(-x))
    switch self {
    case .relu: return max(x, 0)
    case .selu: return 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * (exp(x) - 1))
    case .sigmoid: return sigmoid
    case .hardSwish: return x * min(max(x / 6 + 0.5, 0), 1)
    case .tanh: return Foundation.tanh(x)
    case .silu: return x * sigmoid
    case .mish: return x * Foundation.tanh(log1p(exp(x)))
    case .softplus: return log1p(exp(x))
    case .softsign: return x / (1 + abs(x))
    case .leakyReLU(let slope): return x >= 0 ? x : slope * x
    case .elu(let alpha): return x > 0 ? x : alpha * (exp(x) - 1)
    case .celu(let alpha): return max(0, x) + min(0, alpha * (exp(x / alpha) - 1))
    case .thresholdedReLU(let alpha): return x > alpha ? x : 0
    case .hardSigmoid(let alpha, let beta): return min(max(alpha * x + beta, 0), 1)
    case .gelu(approximatesWithTanh: false): return 0.5 * x * (1 + Foundation.erf(x / 2.0.squareRoot()))
    case .gelu(approximatesWithTanh: true):
      return 0.5 * x * (1 + Foundation.tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
    case .clamp(let minimum, let maximum): return min(max(x, minimum ?? x), maximum ?? .infinity)
    case .negate: return -x
    case .absolute: return abs(x)
    case .sign: return x > 0 ? 1 : x < 0 ? -1 : 0
    case .reciprocal: return 1 / x
    case .squareRoot: return x.squareRoot()
    case .exponential: return exp(x)
    case .logarithm: return log(x)
    case .erf: return Foundation.erf(x)
    case .sine: return sin(x)
    case .cosine: return cos(x)
    case .floor: return x.rounded(.down)
    case .ceiling: return x.rounded(.up)
    case .round: return x.rounded(.toNearestOrEven)
    case .not: return x == 0 ? 1 : 0
    case .isNaN: return x.isNaN ? 1 : 0
    case .isInfinite: return x.isInfinite ? 1 : 0
    }
  }
}

extension Binary: ReferencePrimitive {
  func reference(_ x: [ReferenceTensor], _ types: [TensorType]) -> [ReferenceTensor] {
    [
      ReferenceTensor(types[0].shape) {
        function.reference(x[0].broadcast(at: $0), x[1].broadcast(at: $0))
      }
    ]
  }
}

extension BinaryFunction {
  func reference(_ a: Double, _ b: Double) -> Double {
    switch self {
    case .add: a + b
    case .subtract: a - b
    case .multiply: a * b
    case .divide: a / b
    case .power: pow(a, b)
    case .minimum: min(a, b)
    case .maximum: max(a, b)
    case .remainder: a - b * (a / b).rounded(.down)
    case .truncatedRemainder: fmod(a, b)
    case .equal: a == b ? 1 : 0
    case .less: a < b ? 1 : 0
    case .lessOrEqual: a <= b ? 1 : 0
    case .greater: a > b ? 1 : 0
    case .greaterOrEqual: a >= b ? 1 : 0
    case .and: Double(Int(a) & Int(b))
    case .or: Double(Int(a) | Int(b))
    case .xor: Double(Int(a) ^ Int(b))
    }
  }
}

extension Select: ReferencePrimitive {
  func reference(_ x: [ReferenceTensor], _ types: [TensorType]) -> [ReferenceTensor] {
    [
      ReferenceTensor(types[0].shape) {
        x[0].broadcast(at: $0) != 0 ? x[1].broadcast(at: $0) : x[2].broadcast(at: $0)
      }
    ]
  }
}

extension PReLU: ReferencePrimitive {
  func reference(_ x: [ReferenceTensor], _ types: [TensorType]) -> [ReferenceTensor] {
    [ReferenceTensor(types[0].shape) { x[0][$0] * (x[0][$0] < 0 ? x[1].broadcast(at: $0) : 1) }]
  }
}

extension Cast: ReferencePrimitive {
  func reference(_ x: [ReferenceTensor], _ types: [TensorType]) -> [ReferenceTensor] {
    let isWhole = elementType.isInteger
    return [
      ReferenceTensor(
        x[0].shape,
        x[0].elements.map {
          isWhole
            ? $0.rounded(.towardZero)
            : elementType == .bool ? ($0 != 0 ? 1 : 0) : elementType == .float16 ? Double(Float16($0)) : $0
        })
    ]
  }
}

extension Reduce: ReferencePrimitive {
  func reference(_ x: [ReferenceTensor], _ types: [TensorType]) -> [ReferenceTensor] {
    [ReferenceTensor(types[0].shape, x[0].rows(along: axes).map { function.reference($0) })]
  }
}

extension ReferenceTensor {
  /// The elements that share the other coordinates, in the order of these.
  func rows(along axes: [Int]) -> [[Double]] {
    let kept = shape.indices.filter { !axes.contains($0) }
    let outer = kept.map { shape[$0] }
    var rows = Array(repeating: [Double](), count: outer.product)
    for index in 0..<count {
      let place = shape.place(of: index)
      rows[outer.offset(of: kept.map { place[$0] })].append(elements[index])
    }
    return rows
  }
}

extension Reduce.Function {
  func reference(_ x: [Double]) -> Double {
    let sum = x.reduce(0, +)
    let squares = x.reduce(0) { $0 + $1 * $1 }
    switch self {
    case .sum: return sum
    case .mean: return sum / Double(x.count)
    case .maximum: return x.max() ?? .nan
    case .minimum: return x.min() ?? .nan
    case .product: return x.reduce(1, *)
    case .sumOfSquares: return squares
    case .l1Norm: return x.reduce(0) { $0 + abs($1) }
    case .l2Norm: return squares.squareRoot()
    case .logSum: return log(sum)
    case .logSumExp: return log(x.reduce(0) { $0 + exp($1) })
    }
  }
}

extension Moments: ReferencePrimitive {
  func reference(_ x: [ReferenceTensor], _ types: [TensorType]) -> [ReferenceTensor] {
    let rows = x[0].rows(along: axes)
    let means = rows.map { $0.reduce(0, +) / Double($0.count) }
    let variances = zip(rows, means).map { row, mean in
      row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(row.count)
    }
    return [ReferenceTensor(types[0].shape, means), ReferenceTensor(types[1].shape, variances)]
  }
}

extension ArgumentExtremum: ReferencePrimitive {
  func reference(_ x: [ReferenceTensor], _ types: [TensorType]) -> [ReferenceTensor] {
    [
      ReferenceTensor(
        types[0].shape,
        x[0].rows(along: [axis]).map { row in
          let best = (maximum ? row.max() : row.min()) ?? 0
          return Double((takesLast ? row.lastIndex(of: best) : row.firstIndex(of: best)) ?? 0)
        })
    ]
  }
}

extension TopK: ReferencePrimitive {
  func reference(_ x: [ReferenceTensor], _ types: [TensorType]) -> [ReferenceTensor] {
    let order = x[0].rows(along: [axis]).map { row in
      row.indices.sorted { largest ? (row[$0], $1) > (row[$1], $0) : (row[$0], $0) < (row[$1], $1) }
    }
    var outer = types[0].shape
    outer[axis] = 1
    let indices = ReferenceTensor(types[1].shape) { place in
      var row = place
      row[axis] = 0
      return Double(order[outer.offset(of: row)][place[axis]])
    }
    let values = ReferenceTensor(types[0].shape) { place in
      var source = place
      source[axis] = Int(indices[place])
      return x[0][source]
    }
    return [values, indices]
  }
}

extension CumulativeSum: ReferencePrimitive {
  func reference(_ x: [ReferenceTensor], _ types: [TensorType]) -> [ReferenceTensor] {
    [
      ReferenceTensor(types[0].shape) { place in
        let last = place[axis]
        var range = isReversed ? last..<x[0].shape[axis] : 0..<last + 1
        if isExclusive { range = isReversed ? last + 1..<x[0].shape[axis] : 0..<last }
        return range.reduce(0) { sum, index in
          var source = place
          source[axis] = index
          return sum + x[0][source]
        }
      }
    ]
  }
}
