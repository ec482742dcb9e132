import Graphs

/// Conv and ConvTranspose.
enum ConvolutionOperators {
  static func convolution(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    let product = try convolution(&node, try node.operand(0), try node.operand(1))
    return [.value(try biased(product, bias: 2, node))]
  }

  /// The convolution of two values with the node's attributes, without bias.
  static func convolution(
    _ node: inout NodeLowering, _ x: Value, _ w: Value
  ) throws(NodeFinding) -> Value {
    let (input, weights) = (node.typeOf(x), node.typeOf(w))
    var spatial = try SpatialAttributes(&node, input: input, kernel: Array(weights.shape.dropFirst(2)))
    spatial.padToSame(Array(input.shape.dropFirst(2)))
    let groups = try node.attributes.integer("group", default: 1)
    return try node.emit(
      Convolution(
        strides: spatial.strides, padding: spatial.padding, dilations: spatial.dilations, groups: groups), x,
      w)
  }

  static func transposedConvolution(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    let (x, w) = (try node.operand(0), try node.operand(1))
    let (input, weights) = (node.typeOf(x), node.typeOf(w))
    var spatial = try SpatialAttributes(&node, input: input, kernel: Array(weights.shape.dropFirst(2)))
    let groups = try node.attributes.integer("group", default: 1)
    var outputPadding = try node.attributes.integers("output_padding") ?? spatial.kernel.map { _ in 0 }
    guard outputPadding.count == spatial.kernel.count else {
      throw NodeFinding(found: "\(outputPadding.count) output paddings", expected: "\(spatial.kernel.count)")
    }
    var target = try node.attributes.integers("output_shape")
    if target == nil, spatial.automatic.hasPrefix("SAME") {
      target = zip(input.shape.dropFirst(2), spatial.strides).map { $0 * $1 }
    }
    if let target {
      guard target.count == spatial.kernel.count else {
        throw NodeFinding(found: "output_shape \(target)", expected: "\(spatial.kernel.count) extents")
      }
      for axis in target.indices {
        let span = (spatial.kernel[axis] - 1) * spatial.dilations[axis] + 1
        let natural = (input.shape[axis + 2] - 1) * spatial.strides[axis] + span
        let total = natural + outputPadding[axis] - target[axis]
        if total < 0 {
          outputPadding[axis] -= total
          spatial.padding[axis] = .none
        } else {
          // The book gives the odd element to the start unless SAME_UPPER is asked for.
          let half = total / 2
          spatial.padding[axis] =
            spatial.automatic == "SAME_UPPER" ? Padding(half, total - half) : Padding(total - half, half)
        }
      }
    }
    let product = try node.emit(
      ConvolutionInputGradient(
        strides: spatial.strides, padding: spatial.padding, dilations: spatial.dilations, groups: groups,
        outputPadding: outputPadding), x, w)
    return [.value(try biased(product, bias: 2, node))]
  }

  /// Adds the bias `[channels]` in operand `index`, if it is there, as `[channels, 1…]`.
  static func biased(_ product: Value, bias index: Int, _ node: NodeLowering) throws(NodeFinding) -> Value {
    guard node.has(index) else { return product }
    let type = node.typeOf(product)
    let bias = try node.operandType(index)
    guard bias.shape == [type.shape[1]] else {
      throw NodeFinding(found: "bias \(bias)", expected: "[\(type.shape[1])]")
    }
    let shape = [type.shape[1]] + Array(repeating: 1, count: type.rank - 2)
    let value: Value
    if let tensor = node.known(index) {
      value = try node.session.constant(node.session.reshaped(tensor, to: shape), countsAsParameter: true)
    } else {
      value = try node.emit(Reshape(shape), try node.operand(index), part: "bias-shape")
    }
    return try node.emit(Binary(.add), product, value, part: "bias")
  }
}
