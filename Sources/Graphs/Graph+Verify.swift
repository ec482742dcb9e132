/// A rule of the graph that does not hold.
package struct GraphViolation: Hashable, Sendable, CustomStringConvertible {
  /// The part of the graph: "node 3 'conv1'".
  package var place: String
  package var found: String
  package var expected: String

  package var description: String { "\(place): found \(found), expected \(expected)" }
}

extension Graph {
  /// Everything that is wrong with the graph; empty for a valid one.
  ///
  /// The rules: inputs, nodes and outputs have names, those of inputs and of outputs each once; tensors are within the
  /// limits of ``TensorType/validate(_:)``; constants hold as many bytes as their type needs; an operand is an input, a
  /// constant or a result of an earlier node; result types are what the primitive says; there is an output.
  /// Every graph that ``addNode(_:_:name:)`` made keeps them but for names and outputs. Linear in the size of the graph.
  package func verify() -> [GraphViolation] {
    var violations: [GraphViolation] = []
    func report(_ place: String, _ found: String, _ expected: String) {
      violations.append(GraphViolation(place: place, found: found, expected: expected))
    }
    func check(names: [String], _ role: String) {
      var seen: Set<String> = []
      for (index, name) in names.enumerated() {
        if name.isEmpty { report("\(role) \(index)", "no name", "a name") }
        if !name.isEmpty, !seen.insert(name).inserted {
          report("\(role) \(index) '\(name)'", "a name that is taken", "each name once")
        }
      }
    }
    // Places are sentences that nobody reads unless something is wrong.
    func check(_ type: TensorType, _ place: () -> String) {
      do { try type.validate("") } catch { report(place(), error.found, error.expected) }
    }
    check(names: inputs.map(\.name), "input")
    check(names: outputs.map(\.name), "output")
    for (index, input) in inputs.enumerated() { check(input.type) { "input \(index) '\(input.name)'" } }
    for (index, constant) in constants.enumerated() {
      var place: String { "constant \(index) '\(constant.name)'" }
      let before = violations.count
      check(constant.type) { place }
      if let bytes = constant.bytes, violations.count == before, bytes.count != constant.type.byteCount {
        report(place, "\(bytes.count) bytes", "\(constant.type.byteCount) for \(constant.type)")
      }
    }
    for (index, node) in nodes.enumerated() {
      var place: String { "node \(index) '\(node.name)'" }
      if node.name.isEmpty { report("node \(index)", "no name", "a name") }
      let unknown = node.operands.filter { !exists($0, before: index) }
      for operand in unknown { report(place, "operand \(operand)", "a value that exists by then") }
      guard unknown.isEmpty else { continue }
      do {
        let results = try node.primitive.results(for: node.operands.map { type(of: $0) })
        if results != node.resultTypes { report(place, "results \(node.resultTypes)", "\(results)") }
        for result in results { check(result) { place } }
      } catch {
        report("\(place) (\(error.place))", error.found, error.expected)
      }
    }
    if outputs.isEmpty { report("graph '\(name)'", "no outputs", "at least 1") }
    for (index, output) in outputs.enumerated() where !exists(output.value, before: nodes.count) {
      report("output \(index) '\(output.name)'", "\(output.value)", "a value of the graph")
    }
    return violations
  }

  /// Whether a value is there when the node of an index runs.
  private func exists(_ value: Value, before limit: Int) -> Bool {
    switch value.source {
    case .input(let index): inputs.indices.contains(index)
    case .constant(let index): constants.indices.contains(index)
    case .node(let index, let result):
      index >= 0 && index < limit && nodes[index].resultTypes.indices.contains(result)
    }
  }
}

extension Value: CustomStringConvertible {
  /// Where the value comes from: "input 0", "constant 3", "result 0 of node 7".
  package var description: String {
    switch source {
    case .input(let index): "input \(index)"
    case .constant(let index): "constant \(index)"
    case .node(let index, let result): "result \(result) of node \(index)"
    }
  }
}
