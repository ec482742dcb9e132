import Graphs

/// Finds where numbers of a step first stop being finite: runs it once more with every node's results kept.
///
/// Slow, and large in memory; for the one step that went wrong.
struct NumericsInspector {
  /// What was written to an input.
  enum Written: Sendable {
    case numbers([Float])
    case integers([Int])
  }

  var graph: Graph
  /// Values of all constants before the step.
  var values: [String: [Float]]
  var inputs: [(index: Int, written: Written)]
  var threads: Int

  /// The first input, constant or node, in the order of the graph, with a number that is not finite; nil where all are.
  ///
  /// - Throws: ``PlanError`` where the graph cannot be run in this way.
  func firstOffender() throws -> (place: String, found: String)? {
    for (index, written) in inputs {
      guard case .numbers(let numbers) = written, let found = Self.finding(numbers) else { continue }
      return ("input '\(graph.inputs[index].name)'", found)
    }
    for constant in graph.constants {
      guard let found = Self.finding(values[constant.name] ?? []) else { continue }
      return ("constant '\(constant.name)'", found)
    }
    var whole = graph
    var nodes: [Int] = []
    whole.outputs = []
    for (index, node) in graph.nodes.enumerated() {
      for (result, type) in node.resultTypes.enumerated() where type.elementType.isFloatingPoint {
        whole.outputs.append(.init(name: "\(index).\(result)", value: Value(.node(index, result: result))))
        nodes.append(index)
      }
    }
    let execution = try Execution(Plan(whole, threads: threads), values: values)
    for (index, written) in inputs {
      switch written {
      case .numbers(let numbers): try execution.write(numbers, toInput: index)
      case .integers(let integers): try execution.write(integers, toInput: index)
      }
    }
    execution.run()
    for (output, index) in nodes.enumerated() {
      guard let found = Self.finding(execution.output(output)) else { continue }
      let node = graph.nodes[index]
      return ("node '\(node.name)' (\(node.primitive.name))", found)
    }
    return nil
  }

  private static func finding(_ numbers: [Float]) -> String? {
    guard let place = numbers.firstIndex(where: { !$0.isFinite }) else { return nil }
    let count = numbers.count { !$0.isFinite }
    return "\(numbers[place].isNaN ? "nan" : "\(numbers[place])") at element \(place), "
      + "\(count) of \(numbers.count) not finite"
  }
}
