import Graphs

/// Calls `body` for runs of elements that share one scale: the channel's number, the first element and the end.
@inline(__always)
private func eachRun(_ shape: [Int], _ axis: Int?, _ body: (_ channel: Int, _ range: Range<Int>) -> Void) {
  let count = shape.reduce(1, *)
  guard let axis else { return body(0, 0..<count) }
  let run = shape[(axis + 1)...].reduce(1, *)
  for row in 0..<count / run { body(row % shape[axis], row * run..<(row + 1) * run) }
}

extension QuantizeLinear: ExecutablePrimitive {
  /// Division, rounding to even, sum and saturation, each in single precision as ONNX defines them.
  func emit(_ node: Node, _ results: [Value], in builder: inout PlanBuilder) throws(PlanError) {
    let x = try builder.dense(node.operands[0])
    let scale = try builder.dense(node.operands[1])
    let point = node.operands.count > 2 ? try builder.dense(node.operands[2]) : nil
    let y = builder.tensor(node.resultTypes[0])
    builder.place(results[0], y)
    let (axis, range) = (axis, elementType.range)
    let (low, high) = (Float(range.lowerBound), Float(range.upperBound))
    builder.append(
      KernelStep("quantize", reads: [x, scale] + (point.map { [$0] } ?? []), writes: [y]) { context in
        let (scales, ys) = (context.pointer(scale), context.integers(y))
        let points = point.map { context.integers($0) }
        let (reals, integers) = (context.pointer(x), context.integers(x))
        eachRun(x.shape, axis) { channel, range in
          let (scale, point) = (scales[channel], Float(points?[channel] ?? 0))
          for index in range {
            let value = x.isInteger ? Float(integers[index]) : reals[index]
            let rounded = (value / scale).rounded(.toNearestOrEven) + point
            ys[index] =
              rounded.isNaN ? Int32(clamping: Int(low)) : Int32(clamping: Int(min(max(rounded, low), high)))
          }
        }
      })
  }
}

extension DequantizeLinear: ExecutablePrimitive {
  /// The difference to the zero point, which is exact, times the scale.
  func emit(_ node: Node, _ results: [Value], in builder: inout PlanBuilder) throws(PlanError) {
    let x = try builder.dense(node.operands[0])
    let scale = try builder.dense(node.operands[1])
    let point = node.operands.count > 2 ? try builder.dense(node.operands[2]) : nil
    let y = builder.tensor(node.resultTypes[0])
    builder.place(results[0], y)
    let axis = axis
    builder.append(
      KernelStep("dequantize", reads: [x, scale] + (point.map { [$0] } ?? []), writes: [y]) { context in
        let (xs, scales, ys) = (context.integers(x), context.pointer(scale), context.pointer(y))
        let points = point.map { context.integers($0) }
        eachRun(x.shape, axis) { channel, range in
          let (scale, point) = (scales[channel], points?[channel] ?? 0)
          for index in range { ys[index] = Float(xs[index] &- point) * scale }
        }
      })
  }
}
