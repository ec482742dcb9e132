import Graphs

extension MatrixProduct: ReferencePrimitive {
  func reference(_ x: [ReferenceTensor], _ types: [TensorType]) -> [ReferenceTensor] {
    let isRow = x[0].shape.count == 1
    let isColumn = x[1].shape.count == 1
    let a = isRow ? ReferenceTensor([1] + x[0].shape, x[0].elements) : x[0]
    let b = isColumn ? ReferenceTensor(x[1].shape + [1], x[1].elements) : x[1]
    let k = a.shape[a.shape.count - (transposesLeft ? 2 : 1)]
    let (aRank, bRank) = (a.shape.count, b.shape.count)
    let (aLast, bLast) = (a.shape[aRank - 1], b.shape[bRank - 1])
    let m = transposesLeft ? aLast : a.shape[aRank - 2]
    let n = transposesRight ? b.shape[bRank - 2] : bLast
    let aMatrices = ReferenceTensor(
      Array(a.shape.dropLast(2)), (0..<a.count / (m * k)).map { Double($0 * m * k) })
    let bMatrices = ReferenceTensor(
      Array(b.shape.dropLast(2)), (0..<b.count / (n * k)).map { Double($0 * n * k) })
    let batch = types[0].shape.dropLast((isRow ? 0 : 1) + (isColumn ? 0 : 1)).map { $0 }
    var y: [Double] = []
    for index in 0..<batch.product {
      let place = batch.place(of: index)
      let (aStart, bStart) = (Int(aMatrices.broadcast(at: place)), Int(bMatrices.broadcast(at: place)))
      for row in 0..<m {
        for column in 0..<n {
          var sum = 0.0
          for inner in 0..<k {
            sum +=
              a.elements[aStart + (transposesLeft ? inner * aLast + row : row * aLast + inner)]
              * b.elements[bStart + (transposesRight ? column * bLast + inner : inner * bLast + column)]
          }
          y.append(sum)
        }
      }
    }
    return [ReferenceTensor(types[0].shape, y)]
  }
}

/// Calls `body` for each product of a convolution with the offsets of input, weight and result.
private func convolutionLoops(
  x: [Int], w: [Int], y: [Int], strides: [Int], padding: [Padding], dilations: [Int], groups: Int,
  _ body: (_ x: Int, _ w: Int, _ y: Int) -> Void
) {
  let positions = Array(y.dropFirst(2))
  let kernel = Array(w.dropFirst(2))
  for n in 0..<x[0] {
    for o in 0..<w[0] {
      let group = o / (w[0] / groups)
      for position in 0..<positions.product {
        let p = positions.place(of: position)
        for tap in 0..<kernel.product {
          let k = kernel.place(of: tap)
          let source = p.indices.map { p[$0] * strides[$0] + k[$0] * dilations[$0] - padding[$0].before }
          guard source.indices.allSatisfy({ (0..<x[$0 + 2]).contains(source[$0]) }) else { continue }
          for i in 0..<w[1] {
            body(
              x.offset(of: [n, group * w[1] + i] + source), w.offset(of: [o, i] + k),
              y.offset(of: [n, o] + p))
          }
        }
      }
    }
  }
}

extension Convolution: ReferencePrimitive {
  func reference(_ x: [ReferenceTensor], _ types: [TensorType]) -> [ReferenceTensor] {
    var y = ReferenceTensor(types[0].shape) { _ in 0 }
    convolutionLoops(
      x: x[0].shape, w: x[1].shape, y: y.shape, strides: strides, padding: padding, dilations: dilations,
      groups: groups
    ) { y.elements[$2] += x[0].elements[$0] * x[1].elements[$1] }
    return [y]
  }
}

extension ConvolutionInputGradient: ReferencePrimitive {
  func reference(_ x: [ReferenceTensor], _ types: [TensorType]) -> [ReferenceTensor] {
    var dx = ReferenceTensor(types[0].shape) { _ in 0 }
    convolutionLoops(
      x: dx.shape, w: x[1].shape, y: x[0].shape, strides: strides, padding: padding, dilations: dilations,
      groups: groups
    ) { dx.elements[$0] += x[0].elements[$2] * x[1].elements[$1] }
    return [dx]
  }
}

extension ConvolutionWeightGradient: ReferencePrimitive {
  func reference(_ x: [ReferenceTensor], _ types: [TensorType]) -> [ReferenceTensor] {
    var dw = ReferenceTensor(types[0].shape) { _ in 0 }
    convolutionLoops(
      x: x[0].shape, w: dw.shape, y: x[1].shape, strides: strides, padding: padding, dilations: dilations,
      groups: groups
    ) { dw.elements[$1] += x[0].elements[$0] * x[1].elements[$2] }
    return [dw]
  }
}

extension Pooling: ReferencePrimitive {
  func reference(_ x: [ReferenceTensor], _ types: [TensorType]) -> [ReferenceTensor] {
    [
      ReferenceTensor(types[0].shape) { place in
        let (offsets, divisor) = window(at: place, over: x[0].shape)
        let values = offsets.map { x[0].elements[$0] }
        return kind == .maximum ? values.max() ?? -.infinity : values.reduce(0, +) / divisor
      }
    ]
  }

  /// The offsets of the elements under the window at a place of the result, and what their sum is divided by.
  func window(at place: [Int], over x: [Int]) -> (offsets: [Int], divisor: Double) {
    var offsets: [Int] = []
    var padded = 0
    for tap in 0..<window.product {
      let k = window.place(of: tap)
      let source = k.indices.map { place[$0 + 2] * strides[$0] + k[$0] * dilations[$0] - padding[$0].before }
      if source.indices.allSatisfy({ source[$0] < x[$0 + 2] + padding[$0].after }) { padded += 1 }
      guard source.indices.allSatisfy({ (0..<x[$0 + 2]).contains(source[$0]) }) else { continue }
      offsets.append(x.offset(of: [place[0], place[1]] + source))
    }
    return (offsets, Double(kind == .average(countsPadding: true) ? padded : offsets.count))
  }

  /// The offset of the first maximum under the window.
  func maximum(at place: [Int], _ x: ReferenceTensor) -> Int? {
    window(at: place, over: x.shape).offsets.reduce(nil) { best, offset in
      best.map { x.elements[offset] > x.elements[$0] ? offset : $0 } ?? offset
    }
  }
}

extension AveragePoolingGradient: ReferencePrimitive {
  func reference(_ x: [ReferenceTensor], _ types: [TensorType]) -> [ReferenceTensor] {
    var dx = ReferenceTensor(shape) { _ in 0 }
    for index in 0..<x[0].count {
      let (offsets, divisor) = pooling.window(at: x[0].shape.place(of: index), over: shape)
      for offset in offsets { dx.elements[offset] += x[0].elements[index] / divisor }
    }
    return [dx]
  }
}

extension MaximumPoolingGradient: ReferencePrimitive {
  func reference(_ x: [ReferenceTensor], _ types: [TensorType]) -> [ReferenceTensor] {
    var dx = ReferenceTensor(x[0].shape) { _ in 0 }
    for index in 0..<x[1].count {
      guard let best = pooling.maximum(at: x[1].shape.place(of: index), x[0]) else { continue }
      dx.elements[best] += x[1].elements[index]
    }
    return [dx]
  }
}

extension MaximumPoolingSelection: ReferencePrimitive {
  func reference(_ x: [ReferenceTensor], _ types: [TensorType]) -> [ReferenceTensor] {
    [
      ReferenceTensor(types[0].shape) { place in
        pooling.maximum(at: place, x[0]).map { x[1].elements[$0] } ?? 0
      }
    ]
  }
}
