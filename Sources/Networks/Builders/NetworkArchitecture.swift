package import Graphs

/// A family of networks with its free choices (depths, widths): a value that writes itself into a graph.
package protocol NetworkArchitecture: Sendable {
  /// What the extents of one sample of the input mean: `["channels", "height", "width"]`.
  var inputAxes: [String] { get }

  /// Adds inputs, layers and outputs for `batch` samples whose extents are `input`.
  ///
  /// - Throws: `ShapeError` where the network does not fit the input.
  func build(in network: inout NetworkBuilder, batch: Int, input: [Int]) throws(ShapeError)
}

extension NetworkArchitecture {
  package var inputAxes: [String] { ["channels", "height", "width"] }
}
