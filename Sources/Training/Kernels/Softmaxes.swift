import CKernels
import Graphs

extension Softmax: ExecutablePrimitive {
  func emit(_ node: Node, _ results: [Value], in builder: inout PlanBuilder) throws(PlanError) {
    try builder.emitSoftmax(node, results[0], isLogarithm: false)
  }
}

extension LogSoftmax: ExecutablePrimitive {
  func emit(_ node: Node, _ results: [Value], in builder: inout PlanBuilder) throws(PlanError) {
    try builder.emitSoftmax(node, results[0], isLogarithm: true)
  }
}

extension PlanBuilder {
  /// The last axis; others are decomposed.
  fileprivate mutating func emitSoftmax(_ node: Node, _ result: Value, isLogarithm: Bool) throws(PlanError) {
    let x = try dense(node.operands[0])
    let y = tensor(node.resultTypes[0])
    place(result, y)
    let count = x.shape[x.shape.count - 1]
    let rows = x.count / count
    append(
      KernelStep("softmax", reads: [x], writes: [y]) { context in
        let (xs, ys) = (context.pointer(x), context.pointer(y))
        let parts = max(1, min(16, min(rows, x.count / 2048)))
        context.pool.run(parts) { task, _ in
          let range = part(task, of: parts, rows)
          let start = range.lowerBound * count
          jk_softmax(ys + start, xs + start, range.count, count, isLogarithm ? 1 : 0)
        }
      })
  }
}
