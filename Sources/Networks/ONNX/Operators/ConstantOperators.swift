import Graphs

/// Operators whose results follow from the file and the shapes, and those that pass a tensor on.
enum ConstantOperators {
  static func constant(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    if let tensor = try node.attributes.tensor("value") {
      return [.known(try node.session.known(tensor, name: node.name))]
    }
    if let value = try node.attributes.content("value_int") {
      return [node.folded(Literal([value], shape: []))]
    }
    if let values = try node.attributes.contents("value_ints") {
      return [node.folded(Literal(vector: values))]
    }
    if let value = try node.attributes.real("value_float") {
      return [node.folded(Literal([value], shape: [], .float32))]
    }
    if let values = try node.attributes.reals("value_floats") {
      return [node.folded(Literal(values, shape: [values.count], .float32))]
    }
    throw NodeFinding(
      found: "no tensor or number (a text or sparse value)",
      expected: "one of value, value_int, value_ints, value_float, value_floats")
  }

  static func constantOfShape(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    let shape = try node.requiredIntegers(0, "extents")
    var fill = Literal([0.0], shape: [], .float32)
    if let tensor = try node.attributes.tensor("value") {
      let known = try node.session.known(tensor, name: node.name)
      guard let literal = try node.session.literal(of: known), literal.count == 1 else {
        throw NodeFinding(found: "a value \(known.type)", expected: "one element")
      }
      fill = literal
    }
    let type = TensorType(shape, fill.elementType)
    try StoredTensor.checkExtents(type)
    guard node.session.spend(type.count) else {
      return [.known(node.session.known(type, name: node.name, sources: []))]
    }
    return [node.folded(fill.picking(Array(repeating: 0, count: type.count), shape: shape))]
  }

  /// Python's slicing rules for `start` and `end` (since operator set 15).
  static func shape(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    let shape = try node.operandType(0).shape
    func bounded(_ index: Int) -> Int { min(max(index < 0 ? index + shape.count : index, 0), shape.count) }
    let start = bounded(try node.attributes.integer("start", default: 0))
    let end = bounded(try node.attributes.integer("end", default: shape.count))
    return [node.folded(Literal(vector: Array(shape[start..<max(start, end)])))]
  }

  static func size(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    [node.folded(Literal([try node.operandType(0).count], shape: []))]
  }

  static func range(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    let start = try node.requiredLiteral(0, "bounds")
    let limit = try node.requiredLiteral(1, "bounds")
    let delta = try node.requiredLiteral(2, "bounds")
    guard start.count == 1, limit.count == 1, delta.count == 1 else {
      throw NodeFinding(found: "bounds of several elements", expected: "one each")
    }
    let (first, end, step) = (start.reals[0], limit.reals[0], delta.reals[0])
    let steps = ((end - first) / step).rounded(.up)
    guard step != 0, steps.isFinite, steps < 0x1p40, steps >= 1 else {
      throw NodeFinding(found: "a range from \(first) to \(end) by \(step)", expected: "1 to 2^40 elements")
    }
    let type = TensorType([Int(steps)], start.elementType)
    guard node.session.spend(type.count) else {
      return [.known(node.session.known(type, name: node.name, sources: []))]
    }
    if let first = start.integers?[0], let step = delta.integers?[0] {
      return [
        node.folded(
          Literal((0..<type.count).map { first &+ $0 &* step }, shape: type.shape, type.elementType))
      ]
    }
    return [
      node.folded(
        Literal((0..<type.count).map { first + Double($0) * step }, shape: type.shape, type.elementType))
    ]
  }

  /// Only of known elements: the extents of the result depend on them.
  static func nonZero(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    let literal = try node.requiredLiteral(0, "elements")
    let values = literal.reals
    let places = values.indices.filter { values[$0] != 0 }
    guard node.session.spend(places.count * literal.shape.count) else {
      throw NodeFinding(
        found: "\(places.count) places on \(literal.shape.count) axes",
        expected: "at most \(Literal.maximumCount) indices")
    }
    var rows: [[Int]] = []
    var run = literal.count
    for extent in literal.shape {
      run /= max(extent, 1)
      rows.append(places.map { $0 / max(run, 1) % max(extent, 1) })
    }
    return [node.folded(Literal(rows.flatMap(\.self), shape: [literal.shape.count, places.count]))]
  }

  static func identity(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    _ = try node.operandType(0)
    return [node.operands[0]]
  }

  static func dropout(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    try node.requireSingleResult("mask")
    node.attributes.ignore("ratio", "seed")
    if node.has(2), try node.requiredScalar(2, "values of training_mode") != 0 {
      throw NodeFinding(found: "training_mode 1", expected: "a model exported for inference")
    }
    return try identity(&node)
  }
}
