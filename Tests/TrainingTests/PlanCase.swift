import Graphs
import Measures
import Testing
import Training

/// Compares a plan with the reference interpreter on random operands.
struct PlanCase {
  var graph: Graph
  var inputs: [ReferenceTensor]

  /// Random operands for all inputs; integers are indices below `indexBound`.
  init(_ graph: Graph, seed: UInt64, indexBound: Int = 2, range: ClosedRange<Double> = -2...2) {
    var random = RandomStream(seed: seed)
    self.graph = graph
    inputs = graph.inputs.map { input in
      ReferenceTensor(input.type.shape) { _ in
        switch input.type.elementType {
        case .bool: return Double(random.below(2))
        case let type where type.isInteger: return Double(random.below(indexBound))
        default:
          let number = range.lowerBound + random.uniform() * (range.upperBound - range.lowerBound)
          return Double(Float(number))
        }
      }
    }
  }

  func execution(threads: Int = 2) throws -> Execution {
    let execution = try Execution(Plan(graph, threads: threads))
    for (index, input) in inputs.enumerated() {
      if graph.inputs[index].type.elementType.isInteger {
        try execution.write(input.elements.map { Int($0) }, toInput: index)
      } else {
        try execution.write(input.elements.map { Float($0) }, toInput: index)
      }
    }
    return execution
  }

  /// Expects each output within a tolerance, relative to its largest element or to `leastScale`: sums may cancel.
  func check(tolerance: Double = 2e-6, leastScale: Double = 1e-3, _ comment: Comment? = nil) throws {
    let execution = try execution()
    execution.run()
    let expected = try ReferenceInterpreter(inputs: inputs).outputs(of: graph)
    for (index, tensor) in expected.enumerated() {
      let found = execution.output(index)
      let scale = tensor.elements.filter(\.isFinite).reduce(leastScale) { max($0, abs($1)) }
      var worst = 0.0
      for (a, b) in zip(found, tensor.elements) {
        if Double(a) == b || (a.isNaN && b.isNaN) { continue }
        let difference = abs(Double(a) - b) / scale
        worst = difference.isNaN ? .infinity : max(worst, difference)
      }
      #expect(worst <= tolerance, "\(comment?.rawValue ?? "") output \(index) \(graph.outputs[index].name)")
    }
  }
}
