import Graphs

/// Inception v4: the blocks of v3 made uniform, behind a longer stem.
///
/// Source: Szegedy et al. 2017, arXiv:1602.07261, figures 3 to 9.
struct InceptionV4: NetworkArchitecture {
  func build(in network: inout NetworkBuilder, batch: Int, input: [Int]) throws(ShapeError) {
    var x = try stem(try network.input("input", [batch] + input), in: &network)
    for index in 0..<4 {
      let name = "a\(index)"
      let side = try network.inceptionPooling(x, 96, countsPadding: false, name: name)
      x = try network.inceptionBranches(
        x, [[.init(96, 1)], [.init(64, 1), .init(96, 3)], [.init(64, 1), .init(96, 3), .init(96, 3)]],
        and: [side], name: name)
    }
    x = try reduction(
      x,
      [
        [.init(384, 3, stride: 2, valid: true)],
        [.init(192, 1), .init(224, 3), .init(256, 3, stride: 2, valid: true)],
      ], in: &network, name: "reductionA")
    for index in 0..<7 {
      let name = "b\(index)"
      let side = try network.inceptionPooling(x, 128, countsPadding: false, name: name)
      x = try network.inceptionBranches(
        x,
        [
          [.init(384, 1)], [.init(192, 1), .init(224, 1, 7), .init(256, 7, 1)],
          [.init(192, 1), .init(192, 7, 1), .init(224, 1, 7), .init(224, 7, 1), .init(256, 1, 7)],
        ], and: [side], name: name)
    }
    x = try reduction(
      x,
      [
        [.init(192, 1), .init(192, 3, stride: 2, valid: true)],
        [.init(256, 1), .init(256, 1, 7), .init(320, 7, 1), .init(320, 3, stride: 2, valid: true)],
      ], in: &network, name: "reductionB")
    for index in 0..<3 { x = try wide(x, in: &network, name: "c\(index)") }
    x = try network.globalAveragePooling(x, name: "avgpool")
    network.output("logits", try network.linear(x, 1000, name: "fc"))
  }

  private func stem(_ input: Value, in network: inout NetworkBuilder) throws(ShapeError) -> Value {
    var x = try network.inceptionUnits(
      input, [.init(32, 3, stride: 2, valid: true), .init(32, 3, valid: true), .init(64, 3)], name: "stem1")
    x = try reduction(x, [[.init(96, 3, stride: 2, valid: true)]], in: &network, name: "stem2")
    x = try network.inceptionBranches(
      x,
      [
        [.init(64, 1), .init(96, 3, valid: true)],
        [.init(64, 1), .init(64, 1, 7), .init(64, 7, 1), .init(96, 3, valid: true)],
      ], name: "stem3")
    return try reduction(x, [[.init(192, 3, stride: 2, valid: true)]], in: &network, name: "stem4")
  }

  private func reduction(
    _ x: Value, _ branches: [[InceptionUnit]], in network: inout NetworkBuilder, name: String
  ) throws(ShapeError) -> Value {
    let pooled = try network.maximumPooling(x, window: 3, stride: 2, name: "\(name).pool")
    return try network.inceptionBranches(x, branches, and: [pooled], name: name)
  }

  private func wide(
    _ x: Value, in network: inout NetworkBuilder, name: String
  ) throws(ShapeError) -> Value {
    let second = try network.inceptionUnits(x, [.init(384, 1)], name: "\(name).second")
    let third = try network.inceptionUnits(
      x, [.init(384, 1), .init(448, 3, 1), .init(512, 1, 3)], name: "\(name).third")
    var sides: [Value] = []
    for (part, value) in [("second", second), ("third", third)] {
      sides.append(try network.inceptionUnits(value, [.init(256, 1, 3)], name: "\(name).\(part).row"))
      sides.append(try network.inceptionUnits(value, [.init(256, 3, 1)], name: "\(name).\(part).column"))
    }
    sides.append(try network.inceptionPooling(x, 256, countsPadding: false, name: name))
    return try network.inceptionBranches(x, [[.init(256, 1)]], and: sides, name: name)
  }
}
