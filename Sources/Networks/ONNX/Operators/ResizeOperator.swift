import Graphs

/// Resize: extents from scales or sizes, and how elements between elements are found.
enum ResizeOperator {
  static func resize(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    let type = try node.operandType(0)
    // In the order of the file, since scales and sizes follow it.
    var axes: [Int] = []
    for axis in try node.attributes.integers("axes") ?? Array(0..<type.rank) {
      axes.append(try node.axis(axis, rank: type.rank))
    }
    let policy = try node.attributes.text(
      "keep_aspect_ratio_policy", default: "stretch", of: ["stretch", "not_larger", "not_smaller"])
    guard try !node.attributes.flag("antialias") else {
      throw NodeFinding(found: "antialias 1", expected: "a Resize without antialiasing")
    }
    // Only of the mode tf_crop_and_resize, which is refused below.
    node.attributes.ignore("extrapolation_value")
    let excludesOutside = try node.attributes.flag("exclude_outside")
    let coordinates = try coordinates(&node)
    let mode = try mode(&node)
    let (shape, scales) = try extents(of: type, axes: axes, policy: policy, node)
    if shape == type.shape && scales == nil { return [node.operands[0]] }
    let primitive = Resize(
      shape, mode: mode, coordinates: coordinates, scales: scales, excludesOutside: excludesOutside)
    return [.value(try node.emit(primitive, try node.operand(0)))]
  }

  /// The older form: scales as an attribute (7) or operand (9), index ⌊i / scale⌋.
  static func upsample(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    let type = try node.operandType(0)
    var scales = try node.attributes.reals("scales") ?? []
    if node.has(1) { scales = try node.requiredLiteral(1, "scales").reals }
    let mode = try node.attributes.text("mode", default: "nearest", of: ["nearest", "linear", "bilinear"])
    guard scales.count == type.rank, scales.allSatisfy({ $0 >= 1 && $0 < 0x1p20 }) else {
      throw NodeFinding(
        found: "scales \(scales) of \(type)", expected: "a number of at least 1 for each axis")
    }
    let shape = zip(type.shape, scales).map { Int((Float($0) * Float($1)).rounded(.down)) }
    let primitive = Resize(
      shape, mode: mode == "nearest" ? .nearest(.floor) : .linear, coordinates: .asymmetric, scales: scales)
    return [.value(try node.emit(primitive, try node.operand(0)))]
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

  /// The extents, and the scales where they are not what the extents say: ⌊extent × scale⌋ in single precision, or the
  /// sizes, which a policy brings to one scale.
  private static func extents(
    of type: TensorType, axes: [Int], policy: String, _ node: NodeLowering
  ) throws(NodeFinding) -> (shape: [Int], scales: [Double]?) {
    var scales = node.has(2) ? try node.requiredLiteral(2, "scales").reals : []
    let sizes = node.has(3) ? try node.requiredIntegers(3, "sizes") : []
    guard scales.isEmpty != sizes.isEmpty, max(scales.count, sizes.count) == axes.count,
      Set(axes).count == axes.count
    else {
      throw NodeFinding(
        found: "\(scales.count) scales and \(sizes.count) sizes", expected: "\(axes.count) of one of them")
    }
    var shape = type.shape
    if !sizes.isEmpty {
      guard policy != "stretch" else {
        for (index, axis) in axes.enumerated() { shape[axis] = sizes[index] }
        return (shape, nil)
      }
      let ratios = axes.indices.map { Double(sizes[$0]) / Double(shape[axes[$0]]) }
      let ratio = (policy == "not_larger" ? ratios.min() : ratios.max()) ?? 1
      scales = axes.map { _ in ratio }
    }
    var all = shape.map { _ in 1.0 }
    for (index, axis) in axes.enumerated() {
      let exact = Float(shape[axis]) * Float(scales[index])
      let extent = sizes.isEmpty ? exact.rounded(.down) : exact.rounded(.toNearestOrAwayFromZero)
      guard extent >= 1, extent < 0x1p31 else {
        throw NodeFinding(
          found: "scale \(scales[index]) of \(shape[axis])", expected: "an extent of at least 1")
      }
      all[axis] = scales[index]
      shape[axis] = Int(extent)
    }
    let isExact = shape.indices.allSatisfy { Double(type.shape[$0]) * all[$0] == Double(shape[$0]) }
    return (shape, isExact ? nil : all)
  }
}
