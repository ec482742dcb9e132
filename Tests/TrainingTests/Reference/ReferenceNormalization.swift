import Foundation
import Graphs

extension ReferenceTensor {
  /// Each row along some axes replaced by a function of it.
  func mappingRows(along axes: [Int], _ body: ([Double]) -> [Double]) -> ReferenceTensor {
    let kept = shape.indices.filter { !axes.contains($0) }
    let outer = kept.map { shape[$0] }
    let rows = rows(along: axes).map(body)
    let inner = axes.map { shape[$0] }
    return ReferenceTensor(shape) { place in
      rows[outer.offset(of: kept.map { place[$0] })][inner.offset(of: axes.map { place[$0] })]
    }
  }
}

private func standardized(_ row: [Double], _ epsilon: Double) -> [Double] {
  let mean = row.reduce(0, +) / Double(row.count)
  let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(row.count)
  return row.map { ($0 - mean) / (variance + epsilon).squareRoot() }
}

extension Softmax: ReferencePrimitive {
  func reference(_ x: [ReferenceTensor], _ types: [TensorType]) -> [ReferenceTensor] {
    [
      x[0].mappingRows(along: [axis]) { row in
        let sum = row.reduce(0) { $0 + exp($1) }
        return row.map { exp($0) / sum }
      }
    ]
  }
}

extension LogSoftmax: ReferencePrimitive {
  func reference(_ x: [ReferenceTensor], _ types: [TensorType]) -> [ReferenceTensor] {
    [
      x[0].mappingRows(along: [axis]) { row in
        let sum = row.reduce(0) { $0 + exp($1) }
        return row.map { $0 - log(sum) }
      }
    ]
  }
}

extension LayerNormalization: ReferencePrimitive {
  func reference(_ x: [ReferenceTensor], _ types: [TensorType]) -> [ReferenceTensor] {
    let y = x[0].mappingRows(along: Array(axis..<x[0].shape.count)) { standardized($0, epsilon) }
    return [
      ReferenceTensor(y.shape) { place in
        y[place] * (x.count > 1 ? x[1].broadcast(at: place) : 1)
          + (x.count > 2 ? x[2].broadcast(at: place) : 0)
      }
    ]
  }
}

extension RMSNormalization: ReferencePrimitive {
  func reference(_ x: [ReferenceTensor], _ types: [TensorType]) -> [ReferenceTensor] {
    let y = x[0].mappingRows(along: Array(axis..<x[0].shape.count)) { row in
      let square = row.reduce(0) { $0 + $1 * $1 } / Double(row.count)
      return row.map { $0 / (square + epsilon).squareRoot() }
    }
    return [ReferenceTensor(y.shape) { y[$0] * (x.count > 1 ? x[1].broadcast(at: $0) : 1) }]
  }
}

extension BatchNormalization: ReferencePrimitive {
  func reference(_ x: [ReferenceTensor], _ types: [TensorType]) -> [ReferenceTensor] {
    [
      ReferenceTensor(x[0].shape) { place in
        let c = place[1]
        return (x[0][place] - x[3].elements[c]) / (x[4].elements[c] + epsilon).squareRoot() * x[1].elements[c]
          + x[2].elements[c]
      }
    ]
  }
}

extension InstanceNormalization: ReferencePrimitive {
  func reference(_ x: [ReferenceTensor], _ types: [TensorType]) -> [ReferenceTensor] {
    GroupNormalization(groups: x[0].shape[1], epsilon: epsilon).reference(x, types)
  }
}

extension GroupNormalization: ReferencePrimitive {
  func reference(_ x: [ReferenceTensor], _ types: [TensorType]) -> [ReferenceTensor] {
    let shape = x[0].shape
    let grouped = ReferenceTensor([shape[0] * groups, shape.product / shape[0] / groups], x[0].elements)
    let y = ReferenceTensor(shape, grouped.mappingRows(along: [1]) { standardized($0, epsilon) }.elements)
    return [ReferenceTensor(shape) { y[$0] * x[1].elements[$0[1]] + x[2].elements[$0[1]] }]
  }
}

extension LocalResponseNormalization: ReferencePrimitive {
  func reference(_ x: [ReferenceTensor], _ types: [TensorType]) -> [ReferenceTensor] {
    [
      ReferenceTensor(x[0].shape) { place in
        let first = max(0, place[1] - (size - 1) / 2)
        let last = min(x[0].shape[1] - 1, place[1] + size / 2)
        let squares = (first...last).reduce(0.0) { sum, channel in
          var near = place
          near[1] = channel
          return sum + x[0][near] * x[0][near]
        }
        return x[0][place] / pow(bias + alpha / Double(size) * squares, beta)
      }
    ]
  }
}

extension QuantizeLinear: ReferencePrimitive {
  func reference(_ x: [ReferenceTensor], _ types: [TensorType]) -> [ReferenceTensor] {
    let limit = elementType == .int8 ? -128.0...127 : 0...255
    return [
      ReferenceTensor(x[0].shape) { place in
        let c = axis.map { place[$0] } ?? 0
        let shifted =
          (x[0][place] / x[1].elements[c]).rounded(.toNearestOrEven) + (x.count == 3 ? x[2].elements[c] : 0)
        return min(max(shifted, limit.lowerBound), limit.upperBound)
      }
    ]
  }
}

extension DequantizeLinear: ReferencePrimitive {
  func reference(_ x: [ReferenceTensor], _ types: [TensorType]) -> [ReferenceTensor] {
    [
      ReferenceTensor(x[0].shape) { place in
        let c = axis.map { place[$0] } ?? 0
        return (x[0][place] - (x.count == 3 ? x[2].elements[c] : 0)) * x[1].elements[c]
      }
    ]
  }
}
