import Glibc
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
    Logits(try logits(batch), classes: classes).classified
  }

  /// The outputs for a batch: `[batch, classes]`.
  package func logits(_ batch: [Float]) throws -> [Float] {
    try execution.write(batch, toInput: 0)
    execution.run()
    return execution.output(0)
  }
}

/// Outputs of a classifier: `[samples, classes]`, row-major.
package struct Logits: Hashable, Sendable {
  package let elements: [Float]
  package let classes: Int

  package init(_ elements: [Float], classes: Int) {
    self.elements = elements
    self.classes = classes
  }

  /// The class with the largest output for each sample; of equal ones the first.
  package var classified: [Int] {
    (0..<elements.count / classes).map { sample in
      (0..<classes).reduce(0) {
        elements[sample * classes + $1] > elements[sample * classes + $0] ? $1 : $0
      }
    }
  }

  /// The cross entropy of one sample with its class.
  package func crossEntropy(_ sample: Int, label: Int) -> Double {
    let row = elements[sample * classes..<(sample + 1) * classes].map { Double($0) }
    let largest = row.max() ?? 0
    return log(row.reduce(0) { $0 + exp($1 - largest) }) + largest - row[label]
  }
}
