package import Graphs

/// A trained classifier: the network as in use, with running statistics.
package final class Evaluation {
  private let execution: Execution
  private let batchSize: Int
  private let classes: Int

  /// Compiles a network and sets its weights by name, such as those of a ``Trainer``.
  ///
  /// - Throws: ``PlanError`` where the network does not give `[batch, classes]`, or a weight is missing.
  package init(_ network: Graph, values: [String: [Float]], threads: Int = 2) throws {
    let shape = network.outputs.first.map { network.type(of: $0.value).shape } ?? []
    guard shape.count == 2 else {
      throw PlanError(
        "evaluation of '\(network.name)'", found: "outputs \(shape)", expected: "[batch, classes]")
    }
    (batchSize, classes) = (shape[0], shape[1])
    execution = try Execution(Plan(network, threads: threads), values: values)
  }

  /// The class with the largest output for each sample of a batch; of equal ones the first.
  package func classify(_ batch: [Float]) throws -> [Int] {
    try execution.write(batch, toInput: 0)
    execution.run()
    let logits = execution.output(0)
    return (0..<batchSize).map { sample in
      (0..<classes).reduce(0) {
        logits[sample * classes + $1] > logits[sample * classes + $0] ? $1 : $0
      }
    }
  }
}
