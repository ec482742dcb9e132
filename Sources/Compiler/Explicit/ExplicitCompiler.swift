package import Graphs
package import Hardware
import Measures

/// Turns a graph into a program that follows given mappings, as a validation against other machines needs.
///
/// The layers run one after another, each once the one before has ended; they do not hand data over. All of them have
/// their operands in the same places of main memory, each place as long as the longest operand, as a program that
/// measures layer after layer has them in static arrays: what one layer leaves in the caches the next one finds there. The
/// host's time before a layer overlaps with the layers before it.
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
  /// - Throws: ``CompileError`` as ``compile(_:as:)-([ExplicitMapping])`` does.
  package func compile(_ graph: Graph, as mapping: ExplicitMapping) throws(CompileError) -> Program {
    try compile(graph, as: [mapping])
  }

  /// Compiles a graph of convolutions and matrix products, with a mapping for each of them in order.
  ///
  /// - Throws: ``CompileError`` for another graph, another count of mappings, a mapping that does not suit its layer or
  ///   does not fit, or a machine without a weight-stationary systolic array.
  package func compile(_ graph: Graph, as mappings: [ExplicitMapping]) throws(CompileError) -> Program {
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
    let layers = try ExplicitLayer.layers(of: graph)
    guard layers.count == mappings.count else {
      throw CompileError(
        .mapping, place: "network '\(graph.name)'",
        found: "\(mappings.count) mappings for \(layers.count) convolutions and matrix products",
        expected: "one for each of them, in order",
        remedy: "give --mapping once for each layer, or leave the mappings to the compiler")
    }
    var tilings: [ExplicitTiling] = []
    for (layer, mapping) in zip(layers, mappings) {
      tilings.append(try ExplicitTiling(layer, mapping, on: machine))
    }
    let places = ExplicitPlaces(for: layers, bytes: { ($0 * machine.bits).dividedUp(by: 8) })
    var program = Program(name: graph.name, format: machine.format.name)
    for tiling in tilings {
      var builder = ExplicitProgramBuilder(machine, tiling, places, after: program)
      try builder.build()
      program = builder.program
    }
    return program
  }
}
