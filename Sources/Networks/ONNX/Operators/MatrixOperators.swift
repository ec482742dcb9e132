import Graphs

/// MatMul and Gemm.
enum MatrixOperators {
  static func matrixProduct(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    [.value(try node.emit(MatrixProduct(), try node.operand(0), try node.operand(1)))]
  }

  static func gemm(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    let (a, b) = (try node.operand(0), try node.operand(1))
    let alpha = try node.attributes.real("alpha", default: 1)
    let beta = try node.attributes.real("beta", default: 1)
    var product = try self.product(&node, a, b)
    if alpha != 1 {
      let factor = try node.scalar(alpha, node.typeOf(product).elementType)
      product = try node.emit(Binary(.multiply), product, factor, part: "alpha")
    }
    guard node.has(2), beta != 0 else { return [.value(product)] }
    var summand = try node.operand(2)
    if beta != 1 {
      let factor = try node.scalar(beta, node.typeOf(summand).elementType)
      summand = try node.emit(Binary(.multiply), summand, factor, part: "beta")
    }
    let sum = try node.emit(Binary(.add), product, summand, part: "bias")
    guard node.typeOf(sum).shape == node.typeOf(product).shape else {
      throw NodeFinding(
        found: "bias \(node.typeOf(summand))", expected: "one that broadcasts to \(node.typeOf(product))")
    }
    return [.value(sum)]
  }

  /// The product of two matrices under Gemm's transposition attributes.
  static func product(_ node: inout NodeLowering, _ a: Value, _ b: Value) throws(NodeFinding) -> Value {
    for value in [a, b] where node.typeOf(value).rank != 2 {
      throw NodeFinding(found: "\(node.typeOf(value))", expected: "a matrix")
    }
    return try node.emit(
      MatrixProduct(
        transposesLeft: try node.attributes.flag("transA"),
        transposesRight: try node.attributes.flag("transB")), a, b)
  }
}
