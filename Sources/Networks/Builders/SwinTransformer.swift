import Graphs

/// The Swin transformer: attention inside windows that shift from block to block.
///
/// Source: Liu et al. 2021, arXiv:2103.14030. Images are `[batch, height, width, channels]` after the first layer.
struct SwinTransformer: NetworkArchitecture {
  var features: Int
  var depths: [Int]
  var heads: [Int]
  var window: Int

  static let tiny = SwinTransformer(features: 96, depths: [2, 2, 6, 2], heads: [3, 6, 12, 24], window: 7)

  func build(in network: inout NetworkBuilder, batch: Int, input: [Int]) throws(ShapeError) {
    let multiple = 4 * window << (depths.count - 1)
    guard input[1] % multiple == 0, input[2] % multiple == 0 else {
      throw ShapeError(
        "input", found: "an image of \(input[1]) × \(input[2])",
        expected: "multiples of \(multiple), so that windows of \(window) fill each stage")
    }
    var x = try network.input("input", [batch] + input)
    x = try network.convolution(x, features, kernel: 4, stride: 4, padding: 0, name: "features.0.0")
    x = try network.apply(Transpose([0, 2, 3, 1]), x, name: "features.0.1")
    x = try network.layerNormalization(x, epsilon: 1e-5, name: "features.0.2")
    for (stage, depth) in depths.enumerated() {
      for block in 0..<depth {
        let extent = min(network.shape(x)[1], network.shape(x)[2])
        let shift = block % 2 == 1 && extent > window ? window / 2 : 0
        x = try transformerBlock(
          x, heads: heads[stage], shift: shift, in: &network, name: "features.\(2 * stage + 1).\(block)")
      }
      if stage + 1 < depths.count {
        x = try mergedPatches(x, in: &network, name: "features.\(2 * stage + 2)")
      }
    }
    x = try network.layerNormalization(x, epsilon: 1e-5, name: "norm")
    x = try network.apply(Reduce(.mean, axes: [1, 2], keepsDimensions: false), x, name: "avgpool")
    network.output("logits", try network.linear(x, network.classes(1000), name: "head"))
  }

  private func transformerBlock(
    _ x: Value, heads: Int, shift: Int, in network: inout NetworkBuilder, name: String
  ) throws(ShapeError) -> Value {
    var y = try network.layerNormalization(x, epsilon: 1e-5, name: "\(name).norm1")
    y = try WindowAttention(window: window, heads: heads, shift: shift)
      .add(to: y, in: &network, name: "\(name).attn")
    let attended = try network.apply(Binary(.add), x, y, name: "\(name).add1")
    y = try network.layerNormalization(attended, epsilon: 1e-5, name: "\(name).norm2")
    y = try network.perceptron(
      y, hidden: 4 * network.shape(x)[3], activation: .gelu(approximatesWithTanh: false),
      names: ("\(name).mlp.0", "\(name).mlp.3"))
    return try network.apply(Binary(.add), attended, y, name: "\(name).add2")
  }

  /// Each 2 × 2 pixels as one, with twice the channels.
  private func mergedPatches(
    _ x: Value, in network: inout NetworkBuilder, name: String
  ) throws(ShapeError) -> Value {
    let shape = network.shape(x)
    var parts: [Value] = []
    for (row, column) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
      let slice = Slice(starts: [0, row, column, 0], ends: shape, steps: [1, 2, 2, 1])
      parts.append(try network.apply(slice, x, name: "\(name).part\(row)\(column)"))
    }
    var y = try network.apply(Concatenate(axis: 3), to: parts, name: "\(name).concatenate")
    y = try network.layerNormalization(y, epsilon: 1e-5, name: "\(name).norm")
    return try network.linear(y, 2 * shape[3], bias: false, name: "\(name).reduction")
  }
}
