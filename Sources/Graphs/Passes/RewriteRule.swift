/// An equality that makes a graph smaller, read from left to right.
struct RewriteRule: Sendable {
  /// What stands in place of a node of one operand.
  enum Replacement {
    case value(Value)
    case node(any Primitive, Value)
  }

  /// The equality in words.
  var sentence: String
  /// The replacement of a primitive on an operand, or nil where the rule says nothing about it.
  var apply: @Sendable (any Primitive, Value, Graph) throws(ShapeError) -> Replacement?

  /// All rules, in the order in which they are tried.
  static let all: [RewriteRule] = [
    RewriteRule(sentence: "an operation that neither moves nor changes anything is its operand") {
      (primitive, operand, graph) throws(ShapeError) in
      let type = graph.type(of: operand)
      let results = try primitive.results(for: [type])
      guard results == [type], primitive.work(for: [type], results: results).isEmpty else { return nil }
      return .value(operand)
    },
    RewriteRule(sentence: "a reshape of a reshape is one reshape") {
      (primitive, operand, graph) throws(ShapeError) in
      guard primitive is Reshape, let inner = graph.unaryOrigin(of: operand), inner.primitive is Reshape
      else { return nil }
      return .node(primitive, inner.operand)
    },
    RewriteRule(sentence: "a transposition of a transposition is one transposition") {
      (primitive, operand, graph) throws(ShapeError) in
      guard let outer = primitive as? Transpose, let inner = graph.unaryOrigin(of: operand),
        let first = inner.primitive as? Transpose
      else { return nil }
      return .node(Transpose(outer.permutation.map { first.permutation[$0] }), inner.operand)
    },
    RewriteRule(sentence: "a transposition of axes of extent 1 is a reshape") {
      (primitive, operand, graph) throws(ShapeError) in
      guard primitive is Transpose else { return nil }
      let type = graph.type(of: operand)
      let results = try primitive.results(for: [type])
      guard primitive.work(for: [type], results: results).isEmpty else { return nil }
      return .node(Reshape(results[0].shape), operand)
    },
  ]
}
