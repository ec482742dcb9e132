import Graphs

/// Inception v3: kernels factored into smaller and into one-dimensional ones; the auxiliary classifier is left out.
///
/// Source: Szegedy et al. 2016, arXiv:1512.00567, table 1; branches as in TensorFlow-Slim and torchvision.
struct InceptionV3: NetworkArchitecture {
  func build(in network: inout NetworkBuilder, batch: Int, input: [Int]) throws(ShapeError) {
    var x = try network.input("input", [batch] + input)
    x = try network.inceptionUnits(
      x, [.init(32, 3, stride: 2, valid: true), .init(32, 3, valid: true), .init(64, 3)], name: "stem1")
    x = try network.maximumPooling(x, window: 3, stride: 2, name: "pool1")
    x = try network.inceptionUnits(x, [.init(80, 1), .init(192, 3, valid: true)], name: "stem2")
    x = try network.maximumPooling(x, window: 3, stride: 2, name: "pool2")
    for (index, pooled) in [32, 64, 64].enumerated() {
      let name = "a\(index)"
      let side = try network.inceptionPooling(x, pooled, countsPadding: true, name: name)
      x = try network.inceptionBranches(
        x, [[.init(64, 1)], [.init(48, 1), .init(64, 5)], [.init(64, 1), .init(96, 3), .init(96, 3)]],
        and: [side], name: name)
    }
    x = try reduction(
      x,
      [
        [.init(384, 3, stride: 2, valid: true)],
        [.init(64, 1), .init(96, 3), .init(96, 3, stride: 2, valid: true)],
      ], in: &network, name: "b")
    for (index, c) in [128, 160, 160, 192].enumerated() {
      let name = "c\(index)"
      let side = try network.inceptionPooling(x, 192, countsPadding: true, name: name)
      x = try network.inceptionBranches(
        x,
        [
          [.init(192, 1)], [.init(c, 1), .init(c, 1, 7), .init(192, 7, 1)],
          [.init(c, 1), .init(c, 7, 1), .init(c, 1, 7), .init(c, 7, 1), .init(192, 1, 7)],
        ], and: [side], name: name)
    }
    x = try reduction(
      x,
      [
        [.init(192, 1), .init(320, 3, stride: 2, valid: true)],
        [.init(192, 1), .init(192, 1, 7), .init(192, 7, 1), .init(192, 3, stride: 2, valid: true)],
      ], in: &network, name: "d")
    for index in 0..<2 { x = try wide(x, in: &network, name: "e\(index)") }
    x = try network.globalAveragePooling(x, name: "avgpool")
    network.output("logits", try network.linear(x, 1000, name: "fc"))
  }

  /// Halves the image by convolutions and by pooling side by side.
  private func reduction(
    _ x: Value, _ branches: [[InceptionUnit]], in network: inout NetworkBuilder, name: String
  ) throws(ShapeError) -> Value {
    let pooled = try network.maximumPooling(x, window: 3, stride: 2, name: "\(name).pool")
    return try network.inceptionBranches(x, branches, and: [pooled], name: name)
  }

  /// The last blocks, whose branches end in a row and a column kernel each.
  private func wide(
    _ x: Value, in network: inout NetworkBuilder, name: String
  ) throws(ShapeError) -> Value {
    let second = try network.inceptionUnits(x, [.init(384, 1)], name: "\(name).second")
    let third = try network.inceptionUnits(x, [.init(448, 1), .init(384, 3)], name: "\(name).third")
    var sides: [Value] = []
    for (part, value) in [("second", second), ("third", third)] {
      sides.append(try network.inceptionUnits(value, [.init(384, 1, 3)], name: "\(name).\(part).row"))
      sides.append(try network.inceptionUnits(value, [.init(384, 3, 1)], name: "\(name).\(part).column"))
    }
    sides.append(try network.inceptionPooling(x, 192, countsPadding: true, name: name))
    return try network.inceptionBranches(x, [[.init(320, 1)]], and: sides, name: name)
  }
}
