package import Graphs
package import Hardware

/// Turns a graph of one layer into a program that follows a given mapping, as a validation against other machines needs.
///
/// Follows Gemmini's software and loop unrollers: a step loads weights and its input region block by block, streams the
/// pixels in groups of as many as the array has rows, and stores an output tile when its sums are complete. Two steps
/// are under way at once, each with its half of the memories; where a tile takes more than half, steps take turns.
/// Tensors lie in main memory as rows, columns, channels; weights as kernel rows, kernel columns, input channels,
/// output channels. Results are narrowed to the operands' format on their way from the accumulators to main memory.
package struct ExplicitCompiler: Sendable {
  private let model: HardwareModel

  package init(for model: HardwareModel) { self.model = model }

  /// Compiles a graph of one convolution or matrix product.
  ///
  /// - Throws: ``CompileError`` for another graph, a mapping that does not suit it or does not fit, or a machine without
  ///   a weight-stationary systolic array.
  package func compile(_ graph: Graph, as mapping: ExplicitMapping) throws(CompileError) -> Program {
    let machine = try Target(model, integerOperands: false)
    guard model.array.kind == .systolic, model.array.dataflows.contains(.weightStationary) else {
      throw CompileError(
        .machine, place: "hardware '\(model.name)'", found: "another array",
        expected: "a systolic array that keeps weights stationary, for explicit mappings",
        remedy: "choose such a machine, for example --on gemmini")
    }
    guard model.array.sparsity == .none else {
      throw CompileError(
        .machine, place: "hardware '\(model.name)'", found: "weights that are left out",
        expected: "dense weights, for explicit mappings", remedy: "set array.sparsity=none")
    }
    let tiling = try ExplicitTiling(try ExplicitLayer(of: graph), mapping)
    var builder = ExplicitProgramBuilder(machine, tiling, name: graph.name)
    try builder.build()
    return builder.program
  }
}
