import CKernels
import Graphs

extension Pooling {
  /// The windows over an operand.
  fileprivate func windows(input: [Int], output: [Int]) -> jk_window {
    jk_window(
      input: input, output: output, kernel: window, strides: strides, padding: padding, dilations: dilations)
  }

  /// Padding behind depth, height and width.
  fileprivate var after: (Int, Int, Int) {
    let all = Array(repeating: 0, count: 3 - padding.count) + padding.map(\.after)
    return (all[0], all[1], all[2])
  }

  /// The extents of the blocks whose means the results are, one element or one block for each axis of the operand; nil where
  /// windows overlap, leave elements out, or take maxima.
  func block(of shape: [Int]) -> [Int]? {
    guard case .average = kind, padding.allSatisfy({ $0 == .none }), dilations.allSatisfy({ $0 == 1 }) else {
      return nil
    }
    for (axis, extent) in window.enumerated() {
      let isWhole = extent == shape[axis + 2] || (strides[axis] == extent && shape[axis + 2] % extent == 0)
      guard isWhole else { return nil }
    }
    return [1, 1] + window
  }

  fileprivate var countsPadding: Int32 { kind == .average(countsPadding: true) ? 1 : 0 }
}

/// Calls a function of the C kernels with the address of the padding behind each axis.
private func withAddress<Result>(_ after: (Int, Int, Int), _ body: (UnsafePointer<Int>) -> Result) -> Result {
  withUnsafeBytes(of: after) { bytes in
    guard let address = bytes.bindMemory(to: Int.self).baseAddress else {
      preconditionFailure("three integers")
    }
    return body(address)
  }
}

extension Pooling: ExecutablePrimitive {
  func emit(_ node: Node, _ results: [Value], in builder: inout PlanBuilder) throws(PlanError) {
    let type = node.resultTypes[0]
    let order = channelsLast(type.rank)
    let operand = try builder.dense(node.operands[0], order: order)
    let isInteger = operand.isInteger
    // Integers of 16 bits and less are real numbers without loss.
    let x = isInteger ? builder.dense(builder.real(builder.dense(operand)), order: order) : operand
    let y = TensorView(dense: type.shape, order: order, buffer: builder.buffer(type.count))
    defer {
      builder.place(results[0], isInteger ? builder.rounded(builder.dense(y), to: type) : y)
    }
    let window = windows(input: x.shape, output: type.shape)
    let (isMaximum, after, counts) = (kind == .maximum, after, countsPadding)
    builder.append(
      KernelStep("pooling", reads: [x], writes: [y]) { context in
        let (xs, ys) = (context.pointer(x), context.pointer(y))
        let rows = window.batch * window.out_depth * window.out_height
        let parts = min(16, rows)
        context.pool.run(parts) { task, _ in
          let range = part(task, of: parts, rows)
          withUnsafePointer(to: window) { window in
            if isMaximum {
              jk_maximum_pooling(ys, xs, window, range.lowerBound, range.count)
            } else {
              withAddress(after) {
                jk_average_pooling(ys, xs, window, $0, counts, range.lowerBound, range.count)
              }
            }
          }
        }
      })
  }
}

extension AveragePoolingGradient: ExecutablePrimitive {
  func emit(_ node: Node, _ results: [Value], in builder: inout PlanBuilder) throws(PlanError) {
    let order = channelsLast(shape.count)
    let g = try builder.dense(node.operands[0], order: order)
    if let block = pooling.block(of: shape) {
      builder.place(results[0], blocks: BlockedView(g, block: block))
      return
    }
    let x = builder.tensor(node.resultTypes[0], order: order)
    builder.place(results[0], x)
    let window = pooling.windows(input: shape, output: g.shape)
    let (after, counts) = (pooling.after, pooling.countsPadding)
    builder.append(
      KernelStep("pooling gradient", reads: [g], writes: [x]) { context in
        let (gs, xs) = (context.pointer(g), context.pointer(x))
        context.pool.run(window.batch) { image, _ in
          withUnsafePointer(to: window) { window in
            withAddress(after) { jk_average_pooling_gradient(xs, gs, window, $0, counts, image, 1) }
          }
        }
      })
  }
}

extension MaximumPoolingGradient: ExecutablePrimitive {
  func emit(_ node: Node, _ results: [Value], in builder: inout PlanBuilder) throws(PlanError) {
    try builder.emitPlaces(pooling, node, results[0], selects: false)
  }
}

extension MaximumPoolingSelection: ExecutablePrimitive {
  func emit(_ node: Node, _ results: [Value], in builder: inout PlanBuilder) throws(PlanError) {
    try builder.emitPlaces(pooling, node, results[0], selects: true)
  }
}

extension PlanBuilder {
  /// Adds to, or reads from, the places of maxima.
  fileprivate mutating func emitPlaces(
    _ pooling: Pooling, _ node: Node, _ result: Value, selects: Bool
  ) throws(PlanError) {
    let order = channelsLast(node.resultTypes[0].rank)
    let x = try dense(node.operands[0], order: order)
    let other = try dense(node.operands[1], order: order)
    let y = tensor(node.resultTypes[0], order: order)
    place(result, y)
    let window = pooling.windows(input: x.shape, output: selects ? y.shape : other.shape)
    append(
      KernelStep("pooling places", reads: [x, other], writes: [y]) { context in
        let xs = context.pointer(x)
        let (image, positions) = selects ? (other, y) : (y, other)
        let (images, values) = (context.pointer(image), context.pointer(positions))
        context.pool.run(window.batch) { index, _ in
          withUnsafePointer(to: window) {
            jk_maximum_places(images, xs, values, $0, selects ? 1 : 0, index, 1)
          }
        }
      })
  }
}
