package import Graphs
import Measures

/// First values of a network's parameters, as PyTorch's layers draw them.
///
/// Weights of products and convolutions, and the biases behind them, are uniform within ±1/√(inputs of one output)
/// (He et al. 2015, arXiv:1502.01852, with a = √5); scales are 1, shifts 0; running means 0 and variances 1.
package struct Initialization: Hashable, Sendable {
  package var seed: UInt64

  package init(seed: UInt64) { self.seed = seed }

  /// The elements of all constants that have no bytes, by name.
  ///
  /// The numbers of a parameter depend on the seed and on its place among the constants only.
  package func values(for graph: Graph) -> [String: [Float]] {
    let stream = RandomStream(seed: seed)
    var values: [String: [Float]] = [:]
    var bounds: [String: Double] = [:]
    for constant in graph.constants where constant.type.rank >= 2 {
      let inputs = constant.type.shape.dropFirst().reduce(1, *)
      // A bias of extents [channels, 1, 1] follows the weights of its layer, not its own extents.
      let bound = 1 / Double(max(1, inputs)).squareRoot()
      bounds[constant.name.stem] = min(bounds[constant.name.stem] ?? bound, bound)
    }
    for (index, constant) in graph.constants.enumerated() where constant.bytes == nil {
      var random = stream.child(UInt64(index))
      let count = constant.type.count
      if constant.isParameter, let bound = bounds[constant.name.stem] {
        values[constant.name] = (0..<count).map { _ in Float((random.uniform() * 2 - 1) * bound) }
      } else {
        let isOne = constant.name.hasSuffix("running_var") || constant.name.hasSuffix(".weight")
        values[constant.name] = Array(repeating: isOne ? 1 : 0, count: count)
      }
    }
    return values
  }
}

extension String {
  /// The layer's name: what comes before the last dot.
  fileprivate var stem: String {
    guard let dot = lastIndex(of: ".") else { return self }
    return String(self[..<dot])
  }
}
