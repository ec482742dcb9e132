/// Puts a constant in place of each node that reads constants only: a deployment computes it once, before the first run.
///
/// The new constants have types but no values, so this pass is for readers that need none (a compiler that counts
/// cycles), and for parameters the graph before it is the one to ask. Dequantisation stays: a machine reads the integers.
package struct ConstantHoisting: GraphPass {
  package static let name = "constant-hoisting"
  package init() {}

  package func applied(to graph: Graph) throws(ShapeError) -> Graph {
    let hoisted = try graph.rewritten { (node, copy) throws(ShapeError) in
      guard !(node.primitive is DequantizeLinear), !node.operands.isEmpty else { return nil }
      var isParameter = false
      for operand in node.operands {
        guard case .constant(let index) = operand.source else { return nil }
        isParameter = isParameter || copy.constants[index].isParameter
      }
      var values: [Value] = []
      for type in node.resultTypes {
        values.append(copy.addConstant(node.name, type, isParameter: isParameter))
      }
      return values
    }
    return try DeadNodeElimination().applied(to: hoisted)
  }
}
