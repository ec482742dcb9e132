extension Graph {
  /// A text that two graphs share if and only if they do the same work in the same order.
  ///
  /// It holds types, primitives with all attributes, operands and outputs; names and the values of constants are left
  /// out, since neither changes what a machine does. Results that are kept under (a digest of) it stay valid as long as
  /// the program's version does. ``CanonicalOrder`` makes it independent of the order of nodes too.
  package var canonicalDescription: String {
    // Describing a value by reflection is slow; networks repeat few different primitives.
    var descriptions: [AnyHashable: String] = [:]
    var text = "graph 1\n"
    for input in inputs { text += "input \(input.type)\n" }
    for constant in constants {
      text += "constant \(constant.type)"
      if let sparsity = constant.sparsity { text += " \(sparsity.kept):\(sparsity.of)" }
      text += "\n"
    }
    for node in nodes {
      let key = AnyHashable(node.primitive)
      let primitive = descriptions[key] ?? "\(node.primitive.name) \(node.primitive)"
      descriptions[key] = primitive
      text += primitive
      for operand in node.operands { operand.appendReference(to: &text) }
      text += "\n"
    }
    text += "outputs"
    for output in outputs { output.value.appendReference(to: &text) }
    return text + "\n"
  }
}

extension Value {
  /// Appends " i0", " c3" or " n7.0".
  fileprivate func appendReference(to text: inout String) {
    switch source {
    case .input(let index): text += " i\(index)"
    case .constant(let index): text += " c\(index)"
    case .node(let index, let result): text += " n\(index).\(result)"
    }
  }
}
