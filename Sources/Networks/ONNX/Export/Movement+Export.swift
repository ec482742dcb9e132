import Graphs

extension Reshape: ONNXExportable {
  func export(to node: inout ONNXNodeDraft) {
    node.finish("Reshape", [node.x[0], node.vector(shape)])
  }
}

extension Transpose: ONNXExportable {
  func export(to node: inout ONNXNodeDraft) {
    node.finish("Transpose", node.x, [("perm", .integers(permutation))])
  }
}

extension Concatenate: ONNXExportable {
  func export(to node: inout ONNXNodeDraft) { node.finish("Concat", node.x, [("axis", .integer(axis))]) }
}

extension Slice: ONNXExportable {
  /// An end of −1 means that a negative step runs down to the first element: ONNX counts −1 from the end.
  func export(to node: inout ONNXNodeDraft) {
    let extents = node.shape(0)
    let bounds = ends.indices.map { steps[$0] < 0 && ends[$0] < 0 ? -extents[$0] - 1 : ends[$0] }
    node.finish(
      "Slice",
      [
        node.x[0], node.vector(starts, "starts"), node.vector(bounds, "ends"),
        node.vector(Array(starts.indices), "axes"), node.vector(steps, "steps"),
      ])
  }
}

extension SliceGradient: ONNXExportable {
  /// Single steps leave one block, which is padded; others are scattered along one axis after the other.
  func export(to node: inout ONNXNodeDraft) throws(Inexpressible) {
    guard slice.steps.allSatisfy({ $0 == 1 }) else {
      throw Inexpressible(reason: "an adjoint that only training steps compute")
    }
    let after = shape.indices.map { shape[$0] - slice.ends[$0] }
    node.finish("Pad", [node.x[0], node.vector(slice.starts + after, "pads")])
  }
}

extension Pad: ONNXExportable {
  func export(to node: inout ONNXNodeDraft) throws(Inexpressible) {
    let pads = node.vector(before + after, "pads")
    switch mode {
    case .constant(let number):
      node.finish("Pad", number == 0 ? [node.x[0], pads] : [node.x[0], pads, node.scalar(number)])
    case .reflection: node.finish("Pad", [node.x[0], pads], [("mode", .text("reflect"))])
    case .edge: node.finish("Pad", [node.x[0], pads], [("mode", .text("edge"))])
    case .wrap: node.finish("Pad", [node.x[0], pads], [("mode", .text("wrap"))])
    }
  }
}

extension Expand: ONNXExportable {
  func export(to node: inout ONNXNodeDraft) { node.finish("Expand", [node.x[0], node.vector(shape)]) }
}

extension Tile: ONNXExportable {
  func export(to node: inout ONNXNodeDraft) {
    node.finish("Tile", [node.x[0], node.vector(repeats, "repeats")])
  }
}

extension DepthToSpace: ONNXExportable {
  func export(to node: inout ONNXNodeDraft) {
    node.finish(
      "DepthToSpace", node.x,
      [("blocksize", .integer(blockSize)), ("mode", .text(order == .depthLast ? "DCR" : "CRD"))])
  }
}

extension SpaceToDepth: ONNXExportable {
  func export(to node: inout ONNXNodeDraft) {
    node.finish("SpaceToDepth", node.x, [("blocksize", .integer(blockSize))])
  }
}

extension Resize: ONNXExportable {
  func export(to node: inout ONNXNodeDraft) {
    let name: String =
      switch coordinates {
      case .halfPixel: "half_pixel"
      case .halfPixelSymmetric: "half_pixel_symmetric"
      case .pytorchHalfPixel: "pytorch_half_pixel"
      case .alignCorners: "align_corners"
      case .asymmetric: "asymmetric"
      }
    var attributes: [(String, ONNXNodeDraft.Attribute)] = [
      ("coordinate_transformation_mode", .text(name)), ("exclude_outside", excludesOutside.attribute),
    ]
    switch mode {
    case .nearest(let rounding):
      let roundings: [Rounding: String] = [
        .halfDown: "round_prefer_floor", .halfUp: "round_prefer_ceil", .floor: "floor", .ceiling: "ceil",
      ]
      attributes += [("mode", .text("nearest")), ("nearest_mode", .text(roundings[rounding] ?? "floor"))]
    case .linear: attributes.append(("mode", .text("linear")))
    case .cubic(let coefficient):
      attributes += [("mode", .text("cubic")), ("cubic_coeff_a", .real(coefficient))]
    }
    if let scales {
      let factors = node.literal(Literal(scales, shape: [scales.count], .float32), "scales")
      node.finish("Resize", [node.x[0], "", factors], attributes)
    } else {
      node.finish("Resize", [node.x[0], "", "", node.vector(shape, "sizes")], attributes)
    }
  }
}

extension Trilu: ONNXExportable {
  func export(to node: inout ONNXNodeDraft) {
    node.finish("Trilu", [node.x[0], node.scalar(Double(k), .int64)], [("upper", upper.attribute)])
  }
}
