import Formats
import Graphs

/// A layer given by its extents, in the letters of Timeloop and Gemmini: kernel `R` × `S`, output `Q` rows × `P` columns,
/// `C` input and `K` output channels, batch `N`, strides and groups.
struct LayerDimensions: Hashable, Sendable {
  /// Columns that must be there together.
  static let required = ["C", "K", "P", "Q", "R", "S"]
  /// Columns that may be there; 1 where they are not.
  static let optional = ["N", "stride_h", "stride_w", "groups"]

  private var extents: [String: Int] = [:]

  subscript(_ letter: String) -> Int { extents[letter] ?? 1 }

  /// Whether a table describes layers by their extents.
  static func areGiven(in columns: [String]) -> Bool { required.contains { columns.contains($0) } }

  /// Reads the extents of a row.
  /// - Throws: ``Diagnostic`` for an extent that is missing or no whole number.
  init(_ row: CSVTable.Row) throws(Diagnostic) {
    for letter in Self.required { extents[letter] = try row.whole(letter, in: 1...1 << 24) }
    for letter in Self.optional where row.columns.contains(letter) {
      extents[letter] = try row.whole(letter, in: 1...1 << 24)
    }
  }

  /// The same with another batch.
  func withSamples(_ count: Int) -> LayerDimensions {
    var layer = self
    layer.extents["N"] = count
    return layer
  }

  /// "conv 64→128, 56×56, 3×3 / 2".
  var summary: String {
    let stride = max(self["stride_h"], self["stride_w"])
    return "\(self["C"])→\(self["K"]) \(self["Q"])×\(self["P"]) \(self["R"])×\(self["S"])"
      + (stride > 1 ? " / \(stride)" : "") + (self["groups"] > 1 ? " in \(self["groups"])" : "")
  }

  /// The layer as a network of one convolution, padded as much as its output needs.
  /// - Throws: `ShapeError` for extents that contradict each other.
  func graph(name: String) throws(ShapeError) -> Graph {
    var graph = Graph(name: name)
    let rows = axis(output: self["Q"], kernel: self["R"], stride: self["stride_h"])
    let columns = axis(output: self["P"], kernel: self["S"], stride: self["stride_w"])
    let groups = self["groups"]
    let input = graph.addInput("input", TensorType([self["N"], self["C"], rows.extent, columns.extent]))
    let weights = graph.addConstant(
      "weights", TensorType([self["K"], max(1, self["C"] / groups), self["R"], self["S"]]))
    let convolution = Convolution(
      strides: [self["stride_h"], self["stride_w"]], padding: [rows.padding, columns.padding],
      dilations: [1, 1], groups: groups)
    let result = try graph.add(convolution, input, weights, name: name)
    graph.outputs.append(Graph.Output(name: "output", value: result))
    return graph
  }

  /// The input's extent along an axis, with half of the kernel as padding in front, and behind what is left.
  private func axis(output: Int, kernel: Int, stride: Int) -> (extent: Int, padding: Padding) {
    let before = (kernel - 1) / 2
    let reach = (output - 1) * stride + kernel
    let extent = max(output * stride, reach - 2 * before, 1)
    return (extent, Padding(before, max(0, reach - extent - before)))
  }
}
