import Graphs

/// Einsum of one or two operands as transpositions, sums and one matrix product.
enum EinsumOperator {
  static func einsum(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    let text = try node.attributes.text("equation") ?? ""
    let (terms, result) = try parse(text, count: node.operands.count)
    var values: [Value] = []
    var extents: [Character: Int] = [:]
    for (index, term) in terms.enumerated() {
      let value = try node.operand(index)
      let type = node.typeOf(value)
      guard type.rank == term.count, Set(term).count == term.count else {
        throw NodeFinding(
          found: "term '\(String(term))' for \(type)", expected: "one letter for each axis, each once")
      }
      for (letter, extent) in zip(term, type.shape) {
        guard extents.updateValue(extent, forKey: letter) ?? extent == extent else {
          throw NodeFinding(found: "'\(letter)' of extents that differ", expected: "one extent")
        }
      }
      // Letters of this term alone are summed first.
      let others = Set(terms.enumerated().filter { $0.offset != index }.flatMap(\.element)).union(result)
      let lonely = term.indices.filter { !others.contains(term[$0]) }
      values.append(
        lonely.isEmpty
          ? value
          : try node.emit(Reduce(.sum, axes: lonely, keepsDimensions: false), value, part: "sum\(index)"))
    }
    let kept = terms.enumerated().map { index, term in
      term.filter { letter in
        result.contains(letter)
          || terms.enumerated().contains { $0.offset != index && $0.element.contains(letter) }
      }
    }
    guard Set(result).count == result.count, result.allSatisfy({ extents[$0] != nil }) else {
      throw NodeFinding(found: "result '\(String(result))'", expected: "letters of the operands, each once")
    }
    if terms.count == 1 {
      return [.value(try transposed(values[0], from: kept[0], to: result, node, part: nil))]
    }
    return [.value(try product(values, kept, result, extents, node))]
  }

  private static func product(
    _ values: [Value], _ terms: [[Character]], _ result: [Character], _ extents: [Character: Int],
    _ node: NodeLowering
  ) throws(NodeFinding) -> Value {
    let (left, right) = (terms[0], terms[1])
    let batch = left.filter { right.contains($0) && result.contains($0) }
    let inner = left.filter { right.contains($0) && !result.contains($0) }
    let rows = left.filter { !right.contains($0) }
    let columns = right.filter { !left.contains($0) }
    func count(_ letters: [Character]) -> Int { letters.reduce(1) { $0 * (extents[$1] ?? 1) } }
    let batchShape = batch.map { extents[$0] ?? 1 }
    let a = try node.reshape(
      try transposed(values[0], from: left, to: batch + rows + inner, node, part: "left"),
      to: batchShape + [count(rows), count(inner)], part: "left-shape")
    let b = try node.reshape(
      try transposed(values[1], from: right, to: batch + inner + columns, node, part: "right"),
      to: batchShape + [count(inner), count(columns)], part: "right-shape")
    let product = try node.emit(MatrixProduct(), a, b)
    let letters = batch + rows + columns
    let shaped = try node.reshape(product, to: letters.map { extents[$0] ?? 1 }, part: "shape")
    return try transposed(shaped, from: letters, to: result, node, part: "result")
  }

  private static func transposed(
    _ value: Value, from: [Character], to: [Character], _ node: NodeLowering, part: String?
  ) throws(NodeFinding) -> Value {
    guard from != to else { return value }
    return try node.emit(Transpose(to.compactMap { from.firstIndex(of: $0) }), value, part: part)
  }

  /// Equations have at most this many letters; ranks end at 64.
  private static let longest = 256

  /// The letters of each operand and of the result; without an arrow the result has the letters that occur once.
  private static func parse(
    _ text: String, count: Int
  ) throws(NodeFinding) -> (terms: [[Character]], result: [Character]) {
    let compact = text.prefix(longest + 1).filter { $0 != " " }
    let sides = compact.split(separator: "->", omittingEmptySubsequences: false)
    let terms = sides[0].split(separator: ",", omittingEmptySubsequences: false).map(Array.init)
    let isPlain =
      terms.joined().allSatisfy(\.isLetter) && (sides.count < 2 || sides[1].allSatisfy(\.isLetter))
    guard isPlain, compact.count <= longest, sides.count <= 2, terms.count == count, (1...2).contains(count)
    else {
      throw NodeFinding(
        found: "equation '\(text)' for \(count) operands",
        expected: "one or two operands, letters only (no '...'), such as 'bij,bjk->bik'")
    }
    if sides.count == 2 { return (terms, Array(sides[1])) }
    let letters = terms.joined().sorted()
    return (terms, letters.filter { letter in letters.count { $0 == letter } == 1 })
  }
}
