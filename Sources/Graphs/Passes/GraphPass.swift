/// A change of a graph that keeps what it computes.
package protocol GraphPass: Sendable {
  /// The name in reports: "simplification".
  static var name: String { get }

  /// The changed graph; inputs and outputs keep their number, order, names and types.
  ///
  /// - Throws: ``ShapeError`` for a graph that does not verify.
  func applied(to graph: Graph) throws(ShapeError) -> Graph
}

/// The passes in the order in which they run.
package enum GraphPasses {
  /// Those that every reader of a graph profits from.
  package static var standard: [any GraphPass] { [Simplification(), DeadNodeElimination()] }

  /// All of them.
  package static var all: [any GraphPass] { standard + [ConstantHoisting(), CanonicalOrder()] }
}

extension Graph {
  /// The graph after some passes, by default the standard ones.
  package func applying(_ passes: [any GraphPass] = GraphPasses.standard) throws(ShapeError) -> Graph {
    var graph = self
    for pass in passes { graph = try pass.applied(to: graph) }
    return graph
  }
}
