import Graphs

extension Gather: ONNXExportable {
  func export(to node: inout ONNXNodeDraft) {
    node.finish("Gather", [node.x[0], node.indices(1)], [("axis", .integer(axis))])
  }
}

extension GatherElements: ONNXExportable {
  func export(to node: inout ONNXNodeDraft) {
    node.finish("GatherElements", [node.x[0], node.indices(1)], [("axis", .integer(axis))])
  }
}

extension GatherND: ONNXExportable {
  func export(to node: inout ONNXNodeDraft) {
    node.finish("GatherND", [node.x[0], node.indices(1)], [("batch_dims", .integer(batchDimensions))])
  }
}

extension ScatterElements: ONNXExportable {
  func export(to node: inout ONNXNodeDraft) {
    node.finish(
      "ScatterElements", [node.x[0], node.indices(1), node.x[2]],
      [("axis", .integer(axis)), ("reduction", reduction.attribute)])
  }
}

extension ScatterND: ONNXExportable {
  func export(to node: inout ONNXNodeDraft) {
    node.finish("ScatterND", [node.x[0], node.indices(1), node.x[2]], [("reduction", reduction.attribute)])
  }
}

extension ScatterSum: ONNXExportable {
  /// ScatterND adds slices into zeros; outer axes are moved behind the indices for it and back.
  func export(to node: inout ONNXNodeDraft) {
    let (indices, updates) = (node.shape(0), node.shape(1))
    let result = node.resultTypes[0].shape
    let outer = Array(0..<axis)
    let rest = Array(axis + indices.count..<updates.count)
    let indexed = Array(axis..<axis + indices.count)
    let target = [result[axis]] + result[..<axis] + result[(axis + 1)...]
    let zeros = node.step("Expand", [node.scalar(0, node.types[1].elementType), node.vector(target)])
    let places = node.step("Unsqueeze", [node.indices(0), node.vector([indices.count], "axes")])
    let moved =
      axis == 0
      ? node.x[1] : node.step("Transpose", [node.x[1]], [("perm", .integers(indexed + outer + rest))])
    let operands = [zeros, places, moved]
    guard axis > 0 else { return node.finish("ScatterND", operands, [("reduction", .text("add"))]) }
    let sum = node.step("ScatterND", operands, [("reduction", .text("add"))])
    node.finish(
      "Transpose", [sum],
      [("perm", .integers(Array(1...axis) + [0] + Array((axis + 1)..<result.count)))])
  }
}

extension OneHot: ONNXExportable {
  func export(to node: inout ONNXNodeDraft) {
    node.finish("OneHot", [node.x[0], node.vector([depth], "depth"), node.x[1]], [("axis", .integer(axis))])
  }
}

extension ScatterReduction {
  fileprivate var attribute: ONNXNodeDraft.Attribute {
    switch self {
    case .replace: .text("none")
    case .add: .text("add")
    case .multiply: .text("mul")
    case .minimum: .text("min")
    case .maximum: .text("max")
    }
  }
}

extension ONNXNodeDraft {
  /// An operand as indices, which ONNX takes as int32 or int64.
  fileprivate mutating func indices(_ operand: Int) -> String {
    let type = types[operand].elementType
    return type == .int32 || type == .int64
      ? x[operand] : step("Cast", [x[operand]], [("to", .integer(ElementType.int64.onnx))])
  }
}
