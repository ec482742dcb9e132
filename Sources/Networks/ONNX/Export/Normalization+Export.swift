import Graphs

extension Softmax: ONNXExportable {
  func export(to node: inout ONNXNodeDraft) { node.finish("Softmax", node.x, [("axis", .integer(axis))]) }
}

extension LogSoftmax: ONNXExportable {
  func export(to node: inout ONNXNodeDraft) { node.finish("LogSoftmax", node.x, [("axis", .integer(axis))]) }
}

extension LayerNormalization: ONNXExportable {
  /// A scale is required by ONNX, of exactly the extents that are normalised.
  func export(to node: inout ONNXNodeDraft) {
    let shape = Array(node.shape(0)[axis...])
    var operands = node.x
    if operands.count == 1 {
      operands.append(node.step("Expand", [node.scalar(1), node.vector(shape)]))
    }
    for index in 1..<operands.count where index < node.types.count && node.shape(index) != shape {
      operands[index] = node.step("Expand", [operands[index], node.vector(shape)])
    }
    node.finish("LayerNormalization", operands, [("axis", .integer(axis)), ("epsilon", .real(epsilon))])
  }
}

extension RMSNormalization: ONNXExportable {
  /// Its operator came with set 23; before, it is its formula.
  func export(to node: inout ONNXNodeDraft) {
    let x = node.x[0]
    let squares = node.step("Mul", [x, x])
    let axes = node.vector(Array(axis..<node.types[0].rank), "axes")
    let mean = node.step("ReduceMean", [squares, axes])
    let safe = node.step("Add", [mean, node.scalar(epsilon)])
    let factor = node.step("Reciprocal", [node.step("Sqrt", [safe])])
    guard node.x.count > 1 else { return node.finish("Mul", [x, factor]) }
    let scaled = node.step("Mul", [x, factor])
    node.finish("Mul", [scaled, node.x[1]])
  }
}

extension BatchNormalization: ONNXExportable {
  func export(to node: inout ONNXNodeDraft) {
    node.finish("BatchNormalization", node.x, [("epsilon", .real(epsilon))])
  }
}

extension InstanceNormalization: ONNXExportable {
  func export(to node: inout ONNXNodeDraft) {
    node.finish("InstanceNormalization", node.x, [("epsilon", .real(epsilon))])
  }
}

extension GroupNormalization: ONNXExportable {
  func export(to node: inout ONNXNodeDraft) {
    node.finish(
      "GroupNormalization", node.x, [("num_groups", .integer(groups)), ("epsilon", .real(epsilon))])
  }
}

extension LocalResponseNormalization: ONNXExportable {
  func export(to node: inout ONNXNodeDraft) {
    node.finish(
      "LRN", node.x,
      [("size", .integer(size)), ("alpha", .real(alpha)), ("beta", .real(beta)), ("bias", .real(bias))])
  }
}

extension QuantizeLinear: ONNXExportable {
  func export(to node: inout ONNXNodeDraft) throws(Inexpressible) {
    guard elementType.bits <= 16 else {
      throw Inexpressible(reason: "ONNX quantises to at most 16 bits, found \(elementType.rawValue)")
    }
    var attributes: [(String, ONNXNodeDraft.Attribute)] = axis.map { [("axis", .integer($0))] } ?? []
    if node.x.count == 2 { attributes.append(("output_dtype", .integer(elementType.onnx))) }
    node.finish("QuantizeLinear", node.x, attributes)
  }
}

extension DequantizeLinear: ONNXExportable {
  func export(to node: inout ONNXNodeDraft) throws(Inexpressible) {
    guard node.element.bits <= 16 || node.element == .int32 else {
      throw Inexpressible(
        reason: "ONNX dequantises integers of at most 16 bits and int32, found \(node.element.rawValue)")
    }
    node.finish("DequantizeLinear", node.x, axis.map { [("axis", .integer($0))] } ?? [])
  }
}
