package import Graphs
package import Networks

/// A space whose networks are all parts of one, in which the options of each choice are mixed.
package protocol OneShotSpace: SearchSpace {
  /// The search network; its mixings' edges and operations are choices and options of the space.
  ///
  /// - Parameters:
  ///   - isPresent: For each choice, which options are in the network.
  ///   - hasAuxiliarySkips: Whether every mixture has one more skip beside it.
  /// - Throws: `ShapeError` where it cannot be built.
  func searchNetwork(
    _ isPresent: [[Bool]], batch: Int, hasAuxiliarySkips: Bool
  ) throws(ShapeError) -> CellSupernet.Result

  /// The architecture that mixtures stand for.
  ///
  /// - Parameter keepsZero: Whether an option that computes nothing may be chosen; it needs no training, so that it wins
  ///   whenever all others have a bad time.
  func architecture(of mixtures: [[Double]], keepsZero: Bool) -> Architecture

  /// How many choices of an architecture only pass on their input.
  func skipCount(of architecture: Architecture) -> Int

  /// The option of each choice that computes nothing, which rewards nothing; nil where there is none.
  func zeroOption(ofChoice choice: Int) -> Int?
}

extension OneShotSpace {
  /// For each choice, the largest weight's option.
  package func architecture(of mixtures: [[Double]], keepsZero: Bool) -> Architecture {
    Architecture(
      mixtures.enumerated().map { choice, weights in
        let options = weights.indices.filter { keepsZero || $0 != zeroOption(ofChoice: choice) }
        return options.reduce(options.first ?? 0) { weights[$1] > weights[$0] ? $1 : $0 }
      })
  }
}

extension NASBench201Space: OneShotSpace {
  package func searchNetwork(
    _ isPresent: [[Bool]], batch: Int, hasAuxiliarySkips: Bool
  ) throws(ShapeError) -> CellSupernet.Result {
    try CellSupernet(
      isPresent: isPresent, channels: channels, cells: cells, classes: classes,
      hasAuxiliarySkips: hasAuxiliarySkips
    ).build(batch: batch, input: input)
  }

  package func skipCount(of architecture: Architecture) -> Int {
    architecture.options.count { CellOperation.allCases[$0] == .skip }
  }

  package func zeroOption(ofChoice choice: Int) -> Int? { CellOperation.allCases.firstIndex(of: .none) }
}
