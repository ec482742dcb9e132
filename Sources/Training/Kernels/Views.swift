import Graphs

extension Reshape: ExecutablePrimitive {
  func emit(_ node: Node, _ results: [Value], in builder: inout PlanBuilder) throws(PlanError) {
    let view = try builder.view(node.operands[0])
    let reshaped = view.reshaped(shape) ?? builder.dense(view).reshaped(shape)
    builder.place(results[0], reshaped ?? view)
  }
}

extension Transpose: ExecutablePrimitive {
  func emit(_ node: Node, _ results: [Value], in builder: inout PlanBuilder) throws(PlanError) {
    builder.place(results[0], try builder.view(node.operands[0]).transposed(permutation))
  }
}

extension Slice: ExecutablePrimitive {
  func emit(_ node: Node, _ results: [Value], in builder: inout PlanBuilder) throws(PlanError) {
    let view = try builder.view(node.operands[0])
    builder.place(results[0], view.sliced(starts: starts, steps: steps, shape: node.resultTypes[0].shape))
  }
}

extension Expand: ExecutablePrimitive {
  func emit(_ node: Node, _ results: [Value], in builder: inout PlanBuilder) throws(PlanError) {
    builder.place(results[0], try builder.view(node.operands[0]).expanded(shape))
  }
}

extension Concatenate: ExecutablePrimitive {
  func emit(_ node: Node, _ results: [Value], in builder: inout PlanBuilder) throws(PlanError) {
    let type = node.resultTypes[0]
    let target = builder.tensor(type, order: try builder.view(node.operands[0]).order)
    var starts = type.shape.map { _ in 0 }
    for operand in node.operands {
      let source = try builder.view(operand)
      builder.appendCopy(
        of: source, to: target.sliced(starts: starts, steps: starts.map { _ in 1 }, shape: source.shape))
      starts[axis] += source.shape[axis]
    }
    builder.place(results[0], target)
  }
}

extension SliceGradient: ExecutablePrimitive {
  func emit(_ node: Node, _ results: [Value], in builder: inout PlanBuilder) throws(PlanError) {
    let source = try builder.view(node.operands[0])
    let target = builder.tensor(node.resultTypes[0], order: source.order)
    builder.append(FillStep(view: target, value: 0))
    builder.appendCopy(
      of: source, to: target.sliced(starts: slice.starts, steps: slice.steps, shape: source.shape))
    builder.place(results[0], target)
  }
}

extension Cast: ExecutablePrimitive {
  /// Casts to float32 and to truth values are part of loops; this is a cast to integers.
  func emit(_ node: Node, _ results: [Value], in builder: inout PlanBuilder) throws(PlanError) {
    let view = try builder.view(node.operands[0])
    let source = builder.graph.type(of: node.operands[0]).elementType
    if view.isInteger, elementType.range.contains(source.range) {
      builder.place(results[0], view)
      return
    }
    let x = try builder.dense(node.operands[0])
    let y = builder.tensor(node.resultTypes[0])
    builder.place(results[0], y)
    let element = elementType
    builder.append(
      KernelStep("cast", reads: [x], writes: [y]) { context in
        let ys = context.integers(y)
        if x.isInteger {
          let xs = context.integers(x)
          for index in 0..<y.count { ys[index] = element.wrapped(Int(xs[index])) }
        } else {
          let xs = context.pointer(x)
          for index in 0..<y.count { ys[index] = element.truncated(xs[index]) }
        }
      })
  }
}
