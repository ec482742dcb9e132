import Graphs

/// The vision transformer: an encoder over patches of an image.
///
/// Source: Dosovitskiy et al. 2021, arXiv:2010.11929.
struct VisionTransformer: NetworkArchitecture {
  var patch: Int
  var features: Int
  var depth: Int
  var heads: Int
  var classes = 1000

  static let base16 = VisionTransformer(patch: 16, features: 768, depth: 12, heads: 12)
  /// For images of 32 × 32 pixels, about as large as the smallest of AutoFormer.
  ///
  /// Source: Chen et al. 2021, arXiv:2107.00651.
  static let cifar = VisionTransformer(patch: 4, features: 192, depth: 12, heads: 3, classes: 10)

  func build(in network: inout NetworkBuilder, batch: Int, input: [Int]) throws(ShapeError) {
    var x = try network.input("input", [batch] + input)
    guard input[1] % patch == 0, input[2] % patch == 0 else {
      throw ShapeError(
        "input", found: "an image of \(input[1]) × \(input[2])", expected: "multiples of the patch, \(patch)")
    }
    x = try network.convolution(
      x, features, kernel: patch, stride: patch, padding: 0, name: "conv_proj")
    let tokens = network.shape(x)[2] * network.shape(x)[3]
    x = try network.reshape(x, [batch, features, tokens], name: "patches")
    x = try network.apply(Transpose([0, 2, 1]), x, name: "tokens")
    var classToken = network.parameter("class_token", [1, 1, features])
    if batch > 1 {
      classToken = try network.apply(Expand([batch, 1, features]), classToken, name: "class_token")
    }
    x = try network.apply(Concatenate(axis: 1), classToken, x, name: "concatenate")
    let positions = network.parameter("encoder.pos_embedding", [1, tokens + 1, features])
    x = try network.apply(Binary(.add), x, positions, name: "encoder.pos_embedding")
    for layer in 0..<depth {
      x = try encoderLayer(x, in: &network, name: "encoder.layers.\(layer)")
    }
    x = try network.layerNormalization(x, epsilon: 1e-6, name: "encoder.ln")
    let first = Slice(starts: [0, 0, 0], ends: [batch, 1, features])
    x = try network.apply(first, x, name: "class")
    x = try network.reshape(x, [batch, features], name: "class.features")
    network.output(
      "logits", try network.linear(x, network.classes(classes), name: "heads.head"))
  }

  private func encoderLayer(
    _ x: Value, in network: inout NetworkBuilder, name: String
  ) throws(ShapeError) -> Value {
    var y = try network.layerNormalization(x, epsilon: 1e-6, name: "\(name).ln_1")
    y = try network.linear(y, 3 * features, name: "\(name).self_attention.in_proj")
    let parts = try network.splitQueryKeyValue(y, heads: heads, name: "\(name).self_attention")
    y = try network.attention(
      query: parts.query, key: parts.key, value: parts.value, name: "\(name).self_attention")
    y = try network.linear(y, features, name: "\(name).self_attention.out_proj")
    let attended = try network.apply(Binary(.add), y, x, name: "\(name).add_1")
    y = try network.layerNormalization(attended, epsilon: 1e-6, name: "\(name).ln_2")
    y = try network.perceptron(
      y, hidden: 4 * features, activation: .gelu(approximatesWithTanh: false),
      names: ("\(name).mlp.0", "\(name).mlp.3"))
    return try network.apply(Binary(.add), attended, y, name: "\(name).add_2")
  }
}
