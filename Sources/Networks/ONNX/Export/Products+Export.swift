import Graphs

/// Attributes that all windows over spatial axes share.
private func windowAttributes(
  _ strides: [Int], _ padding: [Padding], _ dilations: [Int]
) -> [(String, ONNXNodeDraft.Attribute)] {
  [
    ("strides", .integers(strides)), ("pads", .integers(padding.map(\.before) + padding.map(\.after))),
    ("dilations", .integers(dilations)),
  ]
}

extension Convolution: ONNXExportable {
  /// Integers of 8 bits are summed by ConvInteger.
  func export(to node: inout ONNXNodeDraft) throws(Inexpressible) {
    let attributes =
      [("kernel_shape", ONNXNodeDraft.Attribute.integers(Array(node.shape(1).dropFirst(2))))]
      + windowAttributes(strides, padding, dilations) + [("group", .integer(groups))]
    node.finish(try node.product("Conv", "ConvInteger"), node.x, attributes)
  }
}

extension ConvolutionInputGradient: ONNXExportable {
  /// Rows beyond the stride that no element reaches are zeros, which a Pad adds.
  func export(to node: inout ONNXNodeDraft) throws(Inexpressible) {
    guard node.element.isFloatingPoint else {
      throw Inexpressible(reason: "ONNX transposes convolutions of real numbers only")
    }
    var (padding, extra) = (padding, outputPadding)
    for axis in extra.indices {
      let both = min(extra[axis], padding[axis].after)
      extra[axis] -= both
      padding[axis].after -= both
    }
    let fits = extra.indices.allSatisfy { extra[$0] == 0 || extra[$0] < max(strides[$0], dilations[$0]) }
    let attributes =
      [("kernel_shape", ONNXNodeDraft.Attribute.integers(Array(node.shape(1).dropFirst(2))))]
      + windowAttributes(strides, padding, dilations) + [("group", .integer(groups))]
    if fits {
      node.finish("ConvTranspose", node.x, attributes + [("output_padding", .integers(extra))])
    } else {
      let y = node.step("ConvTranspose", node.x, attributes)
      node.finish("Pad", [y, node.vector(Array(repeating: 0, count: extra.count + 4) + extra, "pads")])
    }
  }
}

extension ConvolutionWeightGradient: ONNXExportable {
  /// A convolution over the batch: images and gradients with batch and channels exchanged, strides and dilations too.
  func export(to node: inout ONNXNodeDraft) {
    let (x, g) = (node.shape(0), node.shape(1))
    let spatial = Array(2..<x.count)
    let grouped = node.step(
      "Reshape", [node.x[0], node.vector([x[0], groups, x[1] / groups] + x.dropFirst(2))])
    let turned = node.step(
      "Transpose", [grouped], [("perm", .integers([2, 1, 0] + spatial.map { $0 + 1 }))])
    let images = node.step(
      "Reshape", [turned, node.vector([x[1] / groups, groups * x[0]] + x.dropFirst(2))])
    let weights = node.step("Transpose", [node.x[1]], [("perm", .integers([1, 0] + spatial))])
    let product = node.step(
      "Conv", [images, weights],
      [("kernel_shape", .integers(Array(g.dropFirst(2))))] + windowAttributes(dilations, padding, strides)
        + [("group", .integer(groups))])
    // Positions behind the kernel that the strides leave over.
    let cut = node.step(
      "Slice",
      [
        product, node.vector(kernel.map { _ in 0 }, "starts"), node.vector(kernel, "ends"),
        node.vector(spatial, "axes"),
      ])
    node.finish("Transpose", [cut], [("perm", .integers([1, 0] + spatial))])
  }
}

extension MatrixProduct: ONNXExportable {
  /// Two matrices of real numbers are a Gemm; others are transposed before a MatMul.
  func export(to node: inout ONNXNodeDraft) throws(Inexpressible) {
    let type = try node.product("MatMul", "MatMulInteger")
    let areMatrices = node.types.allSatisfy { $0.rank == 2 }
    if type == "MatMul", areMatrices, transposesLeft || transposesRight {
      node.finish(
        "Gemm", node.x, [("transA", transposesLeft.attribute), ("transB", transposesRight.attribute)])
      return
    }
    var operands = node.x
    for (index, isTransposed) in [transposesLeft, transposesRight].enumerated() where isTransposed {
      let rank = node.types[index].rank
      operands[index] = node.step(
        "Transpose", [operands[index]],
        [("perm", .integers(Array(0..<rank - 2) + [rank - 1, rank - 2]))])
    }
    node.finish(type, operands)
  }
}

extension ONNXNodeDraft {
  /// The operator for products of these element types.
  fileprivate func product(_ real: String, _ integer: String) throws(Inexpressible) -> String {
    if element.isFloatingPoint { return real }
    guard types.allSatisfy({ $0.elementType == .int8 || $0.elementType == .uint8 }) else {
      throw Inexpressible(
        reason: "ONNX multiplies integers of 8 bits only, found \(types[0]) and \(types[1])")
    }
    return integer
  }
}

extension Pooling: ONNXExportable {
  func export(to node: inout ONNXNodeDraft) {
    var attributes =
      [("kernel_shape", ONNXNodeDraft.Attribute.integers(window))]
      + windowAttributes(strides, padding, dilations) + [("ceil_mode", ceilMode.attribute)]
    if case .average(let countsPadding) = kind {
      attributes.append(("count_include_pad", countsPadding.attribute))
      node.finish("AveragePool", node.x, attributes)
    } else {
      node.finish("MaxPool", node.x, attributes)
    }
  }
}

/// What only training steps compute.
private let adjoint = "an adjoint that only training steps compute"

extension AveragePoolingGradient: ONNXExportable {
  func export(to node: inout ONNXNodeDraft) throws(Inexpressible) { throw Inexpressible(reason: adjoint) }
}

extension MaximumPoolingGradient: ONNXExportable {
  func export(to node: inout ONNXNodeDraft) throws(Inexpressible) { throw Inexpressible(reason: adjoint) }
}

extension MaximumPoolingSelection: ONNXExportable {
  func export(to node: inout ONNXNodeDraft) throws(Inexpressible) { throw Inexpressible(reason: adjoint) }
}

extension PadGradient: ONNXExportable {
  func export(to node: inout ONNXNodeDraft) throws(Inexpressible) { throw Inexpressible(reason: adjoint) }
}

extension ResizeGradient: ONNXExportable {
  func export(to node: inout ONNXNodeDraft) throws(Inexpressible) { throw Inexpressible(reason: adjoint) }
}
