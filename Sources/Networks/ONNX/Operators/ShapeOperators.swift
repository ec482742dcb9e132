import Graphs

/// Operators that change how the same elements are arranged or repeated.
enum ShapeOperators {
  static func reshape(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    let type = try node.operandType(0)
    let allowsZero = try node.attributes.flag("allowzero")
    let pattern = try node.requiredIntegers(1, "extents")
    let shape: [Int]
    do { shape = try Reshape(inferring: pattern, from: type, allowsZero: allowsZero).shape } catch {
      throw NodeFinding(error)
    }
    return try reshaped(node, to: shape)
  }

  /// The operand under another shape; a tensor of the file stays one.
  private static func reshaped(_ node: NodeLowering, to shape: [Int]) throws(NodeFinding) -> [Binding] {
    let type = try node.operandType(0)
    if type.shape == shape { return [node.operands[0]] }
    if let tensor = node.known(0), type.count == shape.reduce(1, *) {
      return [.known(node.session.reshaped(tensor, to: shape))]
    }
    return [.value(try node.reshape(try node.operand(0), to: shape))]
  }

  static func flatten(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    let shape = try node.operandType(0).shape
    let given = try node.attributes.integer("axis", default: 1)
    // Flatten may name the place behind the last axis.
    let axis = given == shape.count ? given : try node.axis(given, rank: shape.count)
    return try reshaped(node, to: [shape[..<axis].reduce(1, *), shape[axis...].reduce(1, *)])
  }

  static func squeeze(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    let shape = try node.operandType(0).shape
    let given = try node.integers(attribute: "axes", orOperand: 1)
    let axes =
      try given.map { (given) throws(NodeFinding) in try node.axes(given, rank: shape.count) }
      ?? shape.indices.filter { shape[$0] == 1 }
    guard axes.allSatisfy({ shape[$0] == 1 }) else {
      throw NodeFinding(found: "axes \(axes) of \(shape)", expected: "axes of extent 1")
    }
    return try reshaped(node, to: shape.indices.filter { !axes.contains($0) }.map { shape[$0] })
  }

  static func unsqueeze(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    let shape = try node.operandType(0).shape
    let given = try node.integers(attribute: "axes", orOperand: 1) ?? []
    let axes = try node.axes(given, rank: shape.count + given.count)
    var result = shape
    for axis in axes { result.insert(1, at: axis) }
    return try reshaped(node, to: result)
  }

  /// Without `perm` the axes are reversed.
  static func transpose(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    let rank = try node.operandType(0).rank
    let permutation = try node.attributes.integers("perm") ?? Array((0..<rank).reversed())
    if permutation == Array(0..<rank) { return [node.operands[0]] }
    return [.value(try node.emit(Transpose(permutation), try node.operand(0)))]
  }

  static func expand(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    let type = try node.operandType(0)
    let given = try node.requiredIntegers(1, "extents")
    guard let shape = broadcastShape([type.shape, given]) else {
      throw NodeFinding(found: "\(type) to \(given)", expected: "extents that are equal or 1")
    }
    if shape == type.shape { return [node.operands[0]] }
    return [.value(try node.emit(Expand(shape), try node.operand(0)))]
  }

  static func tile(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    let repeats = try node.requiredIntegers(1, "repeats")
    if repeats.allSatisfy({ $0 == 1 }), repeats.count == (try node.operandType(0).rank) {
      return [node.operands[0]]
    }
    return [.value(try node.emit(Tile(repeats), try node.operand(0)))]
  }
}
