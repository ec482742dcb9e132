import Graphs

/// Layer or root-mean-square normalisation as exporters write it in single steps.
///
/// mean = reduce(x); d = x − mean; variance = reduce(d²); y = d / √(variance + ε), the last as a division or as a
/// product with the reciprocal; without the first two steps for the root mean square.
struct NormalizationPattern {
  var operand: Value
  var result: Value
  var nodes: [Int]
  var axes: [Int]
  var recipe: VectorRecipe
  var operatorName: String

  init?(at position: Int, in graph: Graph, _ index: GraphIndex, taken: [Bool]) {
    guard let mean = graph.nodes[position].primitive as? Reduce, mean.function == .mean, mean.keepsDimensions
    else {
      return nil
    }
    let x = graph.nodes[position].operands[0]
    var chain = Chain(graph: graph, index: index, taken: taken, nodes: [position])
    let meanValue = Value(.node(position, result: 0))
    guard let centred = chain.step(from: meanValue, where: { $0.isBinary(.subtract) && $0.operands[0] == x })
    else {
      return nil
    }
    let squares = chain.consumers(of: centred).first { chain.isSquare($0, of: centred) }
    guard let squares else { return nil }
    chain.nodes.append(squares)
    let square = Value(.node(squares, result: 0))
    guard let variance = chain.step(from: square, where: { ($0.primitive as? Reduce)?.axes == mean.axes }),
      let shifted = chain.step(from: variance, where: { $0.isBinary(.add) }),
      let root = chain.step(from: shifted, where: { $0.isUnary(.squareRoot) })
    else { return nil }
    var divisor = root
    if let inverse = chain.step(
      from: root, where: { $0.isUnary(.reciprocal) || $0.isReciprocal(of: root, index) })
    {
      divisor = inverse
    }
    guard
      let scaled = chain.step(
        from: divisor,
        where: { ($0.isBinary(.divide) || $0.isBinary(.multiply)) && $0.operands.contains(centred) })
    else { return nil }
    // Nothing in between may be used elsewhere.
    let members = Set(chain.nodes)
    for node in chain.nodes {
      let value = Value(.node(node, result: 0))
      guard value == scaled || index.consumers(of: value).allSatisfy(members.contains), !taken[node] else {
        return nil
      }
      guard value == scaled || !index.isGraphOutput(value) else { return nil }
    }
    operand = x
    result = scaled
    nodes = chain.nodes.sorted()
    axes = mean.axes
    recipe = .normalization(centres: true, affine: 0)
    operatorName = "layer-normalization"
  }

  /// Follows single nodes that consume a value.
  private struct Chain {
    let graph: Graph
    let index: GraphIndex
    let taken: [Bool]
    var nodes: [Int]

    func consumers(of value: Value) -> [Int] { index.consumers(of: value) }

    mutating func step(from value: Value, where accepts: (Node) -> Bool) -> Value? {
      guard let next = consumers(of: value).first(where: { accepts(graph.nodes[$0]) }) else { return nil }
      nodes.append(next)
      return Value(.node(next, result: 0))
    }

    func isSquare(_ position: Int, of value: Value) -> Bool {
      let node = graph.nodes[position]
      if node.isBinary(.power) { return node.operands[0] == value && index.isConstant(node.operands[1]) }
      return node.isBinary(.multiply) && node.operands.allSatisfy { $0 == value }
    }
  }
}

extension Node {
  fileprivate func isBinary(_ function: BinaryFunction) -> Bool {
    (primitive as? Binary)?.function == function
  }
  fileprivate func isUnary(_ function: UnaryFunction) -> Bool { (primitive as? Unary)?.function == function }
  fileprivate func isReciprocal(of value: Value, _ index: GraphIndex) -> Bool {
    isBinary(.divide) && operands[1] == value && index.isConstant(operands[0])
  }
}
