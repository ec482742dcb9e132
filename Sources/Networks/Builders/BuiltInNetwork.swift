package import Graphs

/// A network that needs no file: its definition is in this program, its weights are shapes without values.
package struct BuiltInNetwork: Sendable {
  /// The name on the command line: "resnet18".
  package var name: String
  /// What it is, in one sentence.
  package var sentence: String
  /// Extents of one sample of the input where the user gives none.
  package var inputShape: [Int]
  package var architecture: any NetworkArchitecture

  /// The inference graph for `batch` samples of the given extents and a number of classes, or the usual ones.
  ///
  /// Networks that are no classifiers have no classes to choose.
  /// - Throws: `ShapeError` where the network does not fit the input.
  package func graph(
    batch: Int = 1, inputShape: [Int]? = nil, classes: Int? = nil
  ) throws(ShapeError) -> Graph {
    let input = inputShape ?? self.inputShape
    let axes = architecture.inputAxes
    let place = "input of network '\(name)'"
    guard input.count == axes.count else {
      throw ShapeError(
        place, found: "\(input)", expected: "[\(axes.joined(separator: ", "))], such as \(self.inputShape)")
    }
    try TensorType([batch] + input).validate(place)
    var network = NetworkBuilder(name: name, classes: classes)
    try architecture.build(in: &network, batch: batch, input: input)
    return network.graph
  }
}
