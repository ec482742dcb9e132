import CKernels
import Graphs

extension IntegerLayer: ExecutablePrimitive {
  func emit(_ node: Node, _ results: [Value], in builder: inout PlanBuilder) throws(PlanError) {
    let points = (zeroPoints[0], zeroPoints.count > 1 ? zeroPoints[1] : 0)
    switch operation {
    case .convolution(let convolution):
      try builder.emitIntegers(
        convolution, node, results[0], zeroPoints: points, requantization: requantization)
    case .matrixProduct(let product):
      try builder.emitIntegers(product, node, results[0], zeroPoints: points, requantization: requantization)
    case .add: try emitAddition(node, results[0], in: &builder)
    case .globalAverage: try emitAverage(node, results[0], in: &builder)
    }
  }

  /// QLinearAdd as ONNX Runtime computes it: two fused multiply-adds on what the zero points leave.
  private func emitAddition(
    _ node: Node, _ result: Value, in builder: inout PlanBuilder
  ) throws(PlanError) {
    let order = try builder.view(node.operands[0]).order
    let a = try builder.dense(node.operands[0], order: order)
    let b = try builder.dense(node.operands[1], order: order)
    let y = builder.tensor(node.resultTypes[0], order: order)
    builder.place(result, y)
    let (aRatio, bRatio) = (scales[0] / scales[2], scales[1] / scales[2])
    let shift = (bRatio * Float(zeroPoints[1])).addingProduct(aRatio, Float(zeroPoints[0]))
    let fixed = Float(requantization.zeroPoint) - shift
    let (low, high) = (Float(requantization.range.lowerBound), Float(requantization.range.upperBound))
    builder.append(
      KernelStep("integer addition", reads: [a, b], writes: [y]) { context in
        let (xs, zs, ys) = (context.integers(a), context.integers(b), context.integers(y))
        let parts = max(1, min(16, y.count / 4096))
        context.pool.run(parts) { task, _ in
          for index in part(task, of: parts, y.count) {
            let sum = fixed.addingProduct(Float(zs[index]), bRatio).addingProduct(Float(xs[index]), aRatio)
            ys[index] = Int32(min(max(sum.rounded(.toNearestOrEven), low), high))
          }
        }
      })
  }

  /// QLinearGlobalAveragePool: the sum of a channel times sx / (sy · elements).
  private func emitAverage(
    _ node: Node, _ result: Value, in builder: inout PlanBuilder
  ) throws(PlanError) {
    let x = try builder.dense(node.operands[0])
    let y = builder.tensor(node.resultTypes[0])
    builder.place(result, y)
    let count = x.count / y.count
    let factor = scales[0] / (scales[1] * Float(count))
    let (point, requantization) = (Int32(zeroPoints[0]), requantization)
    builder.append(
      KernelStep("integer average", reads: [x], writes: [y]) { context in
        let (xs, ys) = (context.integers(x), context.integers(y))
        for channel in 0..<y.count {
          var sum: Int32 = 0
          for index in channel * count..<(channel + 1) * count { sum &+= xs[index] &- point }
          ys[channel] = requantization.rounded(Float(sum) * factor)
        }
      })
  }
}
