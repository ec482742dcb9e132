import Graphs

/// Resize: extents from scales or sizes, and how elements between elements are found.
enum ResizeOperator {
  static func resize(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    let type = try node.operandType(0)
    let axes = try node.axes(
      try node.attributes.integers("axes") ?? Array(0..<type.rank), rank: type.rank)
    _ = try node.attributes.text("keep_aspect_ratio_policy", default: "stretch", of: ["stretch"])
    guard try !node.attributes.flag("antialias") else {
      throw NodeFinding(found: "antialias 1", expected: "a Resize without antialiasing")
    }
    // How far the kernel reaches over the edge changes values there, not shapes or work.
    node.attributes.ignore("exclude_outside", "extrapolation_value")
    let coordinates = try coordinates(&node)
    let mode = try mode(&node)
    let shape = try extents(of: type, axes: axes, node)
    if shape == type.shape { return [node.operands[0]] }
    return [
      .value(try node.emit(Resize(shape, mode: mode, coordinates: coordinates), try node.operand(0)))
    ]
  }

  private static func coordinates(_ node: inout NodeLowering) throws(NodeFinding) -> Resize.Coordinates {
    let names: [(String, Resize.Coordinates)] = [
      ("half_pixel", .halfPixel), ("half_pixel_symmetric", .halfPixelSymmetric),
      ("pytorch_half_pixel", .pytorchHalfPixel), ("align_corners", .alignCorners),
      ("asymmetric", .asymmetric),
    ]
    let name = try node.attributes.text(
      "coordinate_transformation_mode", default: "half_pixel", of: names.map(\.0))
    return names.first { $0.0 == name }?.1 ?? .halfPixel
  }

  private static func mode(_ node: inout NodeLowering) throws(NodeFinding) -> Resize.Mode {
    let roundings: [(String, Resize.Rounding)] = [
      ("round_prefer_floor", .halfDown), ("round_prefer_ceil", .halfUp), ("floor", .floor),
      ("ceil", .ceiling),
    ]
    let rounding = try node.attributes.text(
      "nearest_mode", default: "round_prefer_floor", of: roundings.map(\.0))
    let coefficient = try node.attributes.real("cubic_coeff_a", default: -0.75)
    switch try node.attributes.text("mode", default: "nearest", of: ["nearest", "linear", "cubic"]) {
    case "linear": return .linear
    case "cubic": return .cubic(coefficient: coefficient)
    default: return .nearest(roundings.first { $0.0 == rounding }?.1 ?? .halfDown)
    }
  }

  /// ⌊extent × scale⌋ in single precision, or the sizes.
  private static func extents(of type: TensorType, axes: [Int], _ node: NodeLowering) throws(NodeFinding)
    -> [Int]
  {
    let scales = node.has(2) ? try node.requiredLiteral(2, "scales").reals : []
    let sizes = node.has(3) ? try node.requiredIntegers(3, "sizes") : []
    guard scales.isEmpty != sizes.isEmpty, max(scales.count, sizes.count) == axes.count else {
      throw NodeFinding(
        found: "\(scales.count) scales and \(sizes.count) sizes", expected: "\(axes.count) of one of them")
    }
    var shape = type.shape
    for (index, axis) in axes.enumerated() {
      if sizes.isEmpty {
        let extent = (Float(shape[axis]) * Float(scales[index])).rounded(.down)
        guard extent >= 1, extent < 0x1p31 else {
          throw NodeFinding(
            found: "scale \(scales[index]) of \(shape[axis])", expected: "an extent of at least 1")
        }
        shape[axis] = Int(extent)
      } else {
        shape[axis] = sizes[index]
      }
    }
    return shape
  }
}
