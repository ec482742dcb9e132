extension Reshape: DifferentiablePrimitive {
  package func gradients(_ context: inout GradientContext) -> [Formula?] {
    [context.g.reshaped(context.shape(0))]
  }
}

extension Transpose: DifferentiablePrimitive {
  package func gradients(_ context: inout GradientContext) -> [Formula?] {
    var inverse = permutation
    for (axis, source) in permutation.enumerated() { inverse[source] = axis }
    return [.node(Transpose(inverse), [context.g])]
  }
}

extension Concatenate: DifferentiablePrimitive {
  package func gradients(_ context: inout GradientContext) -> [Formula?] {
    var start = 0
    return context.operandTypes.map { operand in
      var (starts, ends) = (operand.shape.map { _ in 0 }, operand.shape)
      (starts[axis], ends[axis]) = (start, start + operand.shape[axis])
      start = ends[axis]
      return .node(Slice(starts: starts, ends: ends), [context.g])
    }
  }
}

extension Slice: DifferentiablePrimitive {
  package func gradients(_ context: inout GradientContext) -> [Formula?] {
    let shape = context.shape(0)
    guard steps.allSatisfy({ $0 == 1 }) else {
      return [.node(SliceGradient(of: self, shape: shape), [context.g])]
    }
    return [.node(Pad(before: starts, after: zip(shape, ends).map { $0 - $1 }), [context.g])]
  }
}

extension SliceGradient: DifferentiablePrimitive {
  package func gradients(_ context: inout GradientContext) -> [Formula?] { [.node(slice, [context.g])] }
}

extension Pad: DifferentiablePrimitive {
  package func gradients(_ context: inout GradientContext) -> [Formula?] {
    let shape = context.shape(0)
    guard case .constant = mode else { return [.node(PadGradient(of: self, shape: shape), [context.g])] }
    return [.node(Slice(starts: before, ends: zip(before, shape).map { $0 + $1 }), [context.g])]
  }
}

extension PadGradient: DifferentiablePrimitive {
  /// Only the constant that a pad writes does not depend on its operand, and this has none.
  package func gradients(_ context: inout GradientContext) -> [Formula?] {
    var linear = pad
    if case .constant = pad.mode { linear.mode = .constant(0) }
    return [.node(linear, [context.g])]
  }
}

extension Expand: DifferentiablePrimitive {
  package func gradients(_ context: inout GradientContext) -> [Formula?] { [context.g] }
}

extension Tile: DifferentiablePrimitive {
  package func gradients(_ context: inout GradientContext) -> [Formula?] {
    let shape = context.shape(0)
    let copies = zip(repeats, shape).flatMap { [$0, $1] }
    return [
      context.g.reshaped(copies).reduced(.sum, shape.indices.map { 2 * $0 }, keeps: false).reshaped(shape)
    ]
  }
}

extension DepthToSpace: DifferentiablePrimitive {
  package func gradients(_ context: inout GradientContext) -> [Formula?] {
    let packed = Formula.node(SpaceToDepth(blockSize: blockSize), [context.g])
    guard order == .depthFirst else { return [packed] }
    // SpaceToDepth has the block outside the channel, a pixel shuffle the channel outside the block.
    let shape = context.shape(0)
    let (area, channels) = (blockSize * blockSize, shape[1] / (blockSize * blockSize))
    let blocks = packed.reshaped([shape[0], area, channels, shape[2], shape[3]])
    return [.node(Transpose([0, 2, 1, 3, 4]), [blocks]).reshaped(shape)]
  }
}

extension SpaceToDepth: DifferentiablePrimitive {
  package func gradients(_ context: inout GradientContext) -> [Formula?] {
    [.node(DepthToSpace(blockSize: blockSize, order: .depthLast), [context.g])]
  }
}

extension Resize: DifferentiablePrimitive {
  package func gradients(_ context: inout GradientContext) -> [Formula?] {
    [.node(ResizeGradient(of: self, shape: context.shape(0)), [context.g])]
  }
}

extension ResizeGradient: DifferentiablePrimitive {
  package func gradients(_ context: inout GradientContext) -> [Formula?] { [.node(resize, [context.g])] }
}

extension Trilu: DifferentiablePrimitive {
  package func gradients(_ context: inout GradientContext) -> [Formula?] { [.node(self, [context.g])] }
}
