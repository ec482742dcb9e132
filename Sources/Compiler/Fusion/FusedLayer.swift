import Graphs
import Hardware

/// Nodes that run as one: a product or another anchor, and the elementwise functions that follow it.
struct FusedLayer: Sendable {
  enum Kind: Hashable, Sendable {
    /// A convolution or matrix product on the MAC array.
    case product
    /// A window that slides over the image.
    case window
    /// Elements combined along axes; none for elementwise layers.
    case vector(reducedAxes: [Int])
    /// Elements that change their place, by a pattern or by indices.
    case movement(run: Int, isIndexed: Bool)
  }

  var name: String
  /// Names of the operations, in order, joined by "+".
  var operatorName: String
  var kind: Kind
  /// The node that gave the layer its kind.
  var anchor: Int
  var nodes: [Int]
  /// Tensors that the anchor reads, weights of products included.
  var operands: [Value]
  /// Tensors that the elementwise part reads.
  var further: [Value] = []
  var result: Value
  var recipe = VectorRecipe()
  /// Bytes of numbers for each output channel that come with the weights.
  var hasBias = false
}
