import Graphs

/// Operators that join, cut and rearrange tensors.
enum MovementOperators {
  /// Empty tensors of the file add nothing; the graph knows no empty tensors.
  static func concatenate(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    guard let given = try node.attributes.integer("axis") else {
      throw NodeFinding(found: "no axis", expected: "an axis")
    }
    let axis = try node.axis(given, rank: try node.operandType(0).rank)
    var parts: [Int] = []
    for index in node.operands.indices where !(try node.operandType(index).shape.contains(0)) {
      parts.append(index)
    }
    if parts.count <= 1 { return [node.operands[parts.first ?? 0]] }
    var values: [Value] = []
    for index in parts { values.append(try node.operand(index)) }
    return [.value(try node.emitAll(Concatenate(axis: axis), values)[0])]
  }

  /// One slice for each part that something reads.
  static func split(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    let x = try node.operand(0)
    let type = node.typeOf(x)
    let axis = try node.axis(try node.attributes.integer("axis", default: 0), rank: type.rank)
    let count = try node.attributes.integer("num_outputs") ?? node.resultsInUse.count
    let extent = type.shape[axis]
    var sizes = try node.integers(attribute: "split", orOperand: 1) ?? []
    if sizes.isEmpty {
      guard count == node.resultsInUse.count, count >= 1, count <= extent else {
        throw NodeFinding(
          found: "\(count) parts of an axis of \(extent) for \(node.resultsInUse.count) results",
          expected: "one part for each result, at most \(extent)")
      }
      let size = (extent + count - 1) / count
      sizes = (0..<count).map { min(size, extent - $0 * size) }
    }
    guard sizes.count == node.resultsInUse.count, sizes.allSatisfy({ $0 >= 1 && $0 <= extent }),
      sizes.reduce(0, +) == extent
    else {
      throw NodeFinding(
        found: "parts \(sizes) of an axis of \(extent) for \(node.resultsInUse.count) results",
        expected: "one positive size for each result, \(extent) in all")
    }
    var results: [Binding] = []
    var start = 0
    for (index, size) in sizes.enumerated() {
      defer { start += size }
      guard node.resultsInUse[index] else {
        results.append(.absent)
        continue
      }
      if size == extent { return [node.operands[0]] }
      var starts = type.shape.map { _ in 0 }
      var ends = type.shape
      (starts[axis], ends[axis]) = (start, start + size)
      results.append(.value(try node.emit(Slice(starts: starts, ends: ends), x, part: "\(index)")))
    }
    return results
  }

  static func slice(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    let type = try node.operandType(0)
    // Attributes in early operator sets, operands since 10.
    guard let starts = try node.contents(attribute: "starts", orOperand: 1),
      let ends = try node.contents(attribute: "ends", orOperand: 2)
    else { throw NodeFinding(found: "no starts or no ends", expected: "both") }
    let axes = try node.contents(attribute: "axes", orOperand: 3) ?? Array(starts.indices)
    let steps = node.has(4) ? try node.requiredIntegers(4, "steps") : nil
    let slice: Slice
    do { slice = try Slice(of: type, axes: axes, starts: starts, ends: ends, steps: steps) } catch {
      throw NodeFinding(error)
    }
    let isEmpty = type.shape.indices.contains {
      slice.steps[$0] > 0 ? slice.starts[$0] >= slice.ends[$0] : slice.ends[$0] >= slice.starts[$0]
    }
    // Shape arithmetic cuts empty lists; they stay on the importer's side.
    if isEmpty, let literal = try node.literal(0), literal.shape.count == 1 {
      return [node.folded(literal.picking([], shape: [0]))]
    }
    return [.value(try node.emit(slice, try node.operand(0)))]
  }

  /// Negative padding cuts.
  static func pad(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    var value = try node.operand(0)
    let type = node.typeOf(value)
    guard let given = try node.integers(attribute: "pads", orOperand: 1) else {
      throw NodeFinding(found: "no pads", expected: "two for each axis")
    }
    let axes = node.has(3) ? try node.requiredIntegers(3, "axes") : Array(0..<type.rank)
    guard given.count == 2 * axes.count, given.allSatisfy({ abs($0.clamped) < 1 << 31 }) else {
      throw NodeFinding(found: "pads \(given) for \(axes.count) axes", expected: "two for each axis")
    }
    var before = type.shape.map { _ in 0 }
    var after = before
    for (index, axis) in axes.enumerated() {
      let axis = try node.axis(axis, rank: type.rank)
      (before[axis], after[axis]) = (given[index], given[axes.count + index])
    }
    let mode: Pad.Mode
    switch try node.attributes.text(
      "mode", default: "constant", of: ["constant", "reflect", "edge", "wrap"])
    {
    case "reflect": mode = .reflection
    case "edge": mode = .edge
    case "wrap": mode = .wrap
    default:
      let number = try node.attributes.real("value", default: 0)
      mode = .constant(node.has(2) ? try node.requiredScalar(2, "padding values") : number)
    }
    if (before + after).contains(where: { $0 < 0 }) {
      let slice = Slice(
        starts: before.map { max(-$0, 0) },
        ends: type.shape.indices.map { type.shape[$0] + min(after[$0], 0) })
      value = try node.emit(slice, value, part: "cut")
    }
    (before, after) = (before.map { max($0, 0) }, after.map { max($0, 0) })
    guard (before + after).contains(where: { $0 > 0 }) else { return [.value(value)] }
    return [.value(try node.emit(Pad(before: before, after: after, mode: mode), value))]
  }

  static func depthToSpace(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    let mode = try node.attributes.text("mode", default: "DCR", of: ["DCR", "CRD"])
    let block = try blockSize(&node)
    return [
      .value(
        try node.emit(
          DepthToSpace(blockSize: block, order: mode == "DCR" ? .depthLast : .depthFirst), try node.operand(0)
        ))
    ]
  }

  static func spaceToDepth(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    [.value(try node.emit(SpaceToDepth(blockSize: try blockSize(&node)), try node.operand(0)))]
  }

  private static func blockSize(_ node: inout NodeLowering) throws(NodeFinding) -> Int {
    guard let size = try node.attributes.integer("blocksize") else {
      throw NodeFinding(found: "no blocksize", expected: "a whole number")
    }
    return size
  }
}

extension Int {
  /// The number without the one value whose magnitude overflows.
  fileprivate var clamped: Int { Swift.max(self, -Int.max) }
}
