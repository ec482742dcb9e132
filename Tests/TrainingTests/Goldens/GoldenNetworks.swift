import Foundation
import Graphs
import Training

@testable import Networks

/// The networks of scripts/golden/networks.py that are not built in.
enum GoldenNetworks {
  /// A search cell of two nodes with mixed edges, on images of 12 × 12 pixels.
  static func cell() throws -> Graph {
    var builder = NetworkBuilder(name: "cell")
    let x = try builder.input("input", [6, 3, 12, 12])
    var s = try builder.convolution(x, 8, kernel: 3, bias: false, name: "stem")
    s = try builder.batchNormalization(s, name: "stem.bn")
    let first = try edge(s, "edge0", in: &builder)
    let second = try builder.apply(
      Binary(.add), try edge(s, "edge1", in: &builder), try edge(first, "edge2", in: &builder), name: "node")
    let both = try builder.apply(Concatenate(axis: 1), first, second, name: "concatenate")
    let mean = try builder.globalAveragePooling(both, name: "mean")
    builder.output("logits", try builder.linear(mean, 5, name: "fc"))
    return builder.graph
  }

  /// Operations weighted by the softmax of their strengths; the first of six gives nothing.
  private static func edge(
    _ x: Value, _ name: String, in builder: inout NetworkBuilder
  ) throws -> Value {
    let c = builder.shape(x)[1]
    let alpha = builder.parameter("\(name).alpha", [6])
    let strengths = try builder.apply(Softmax(axis: 0), alpha, name: "\(name).softmax")
    func separable(_ kind: String, dilation: Int, in builder: inout NetworkBuilder) throws -> Value {
      let place = "\(name).\(kind)"
      let active = try builder.apply(Unary(.relu), x, name: "\(place).relu")
      let w = builder.parameter("\(place).depthwise.weight", [c, 1, 3, 3])
      let deep = try builder.apply(
        Convolution(padding: dilation, dilation: dilation, groups: c), active, w, name: "\(place).depthwise")
      let y = try builder.convolution(deep, c, kernel: 1, bias: false, name: "\(place).pointwise")
      return try plainNormalization(y, "\(place).bn", in: &builder)
    }
    let maximum = try builder.apply(
      Pooling(.maximum, window: 3, stride: 1, padding: 1), x, name: "\(name).max")
    let average = try builder.apply(
      Pooling(.average(countsPadding: false), window: 3, stride: 1, padding: 1), x, name: "\(name).avg")
    let results = [
      try plainNormalization(maximum, "\(name).max.bn", in: &builder),
      try plainNormalization(average, "\(name).avg.bn", in: &builder), x,
      try separable("sep", dilation: 1, in: &builder), try separable("dil", dilation: 2, in: &builder),
    ]
    var sum: Value?
    for (index, result) in results.enumerated() {
      let strength = try builder.apply(
        Slice(starts: [index + 1], ends: [index + 2]), strengths, name: "\(name).strength\(index)")
      let weighted = try builder.apply(Binary(.multiply), result, strength, name: "\(name).weighted\(index)")
      sum =
        try sum.map { try builder.apply(Binary(.add), $0, weighted, name: "\(name).sum\(index)") } ?? weighted
    }
    return sum ?? x
  }

  /// Batch normalisation without learned scale and shift.
  private static func plainNormalization(
    _ x: Value, _ name: String, in builder: inout NetworkBuilder
  ) throws -> Value {
    let type = TensorType([builder.shape(x)[1]])
    func fixed(_ number: Float, _ role: String) -> Value {
      let bits = Array(repeating: number.bitPattern, count: type.count)
      return builder.constant("\(name).\(role)", type, bytes: littleEndianBytes(bits))
    }
    let operands = [
      x, fixed(1, "one"), fixed(0, "zero"), builder.constant("\(name).running_mean", type),
      builder.constant("\(name).running_var", type),
    ]
    return try builder.apply(BatchNormalization(), to: operands, name: name)
  }

  /// Two graph convolutions over a fixed graph of 30 nodes.
  static func graphConvolution() throws -> Graph {
    let nodes = 30
    var pairs: Set<[Int]> = []
    for i in 0..<nodes {
      for pair in [[i, (i + 3) % nodes], [i, (5 * i + 3) % nodes], [i, i]] {
        pairs.insert(pair)
        pairs.insert([pair[1], pair[0]])
      }
    }
    let edges = pairs.sorted { ($0[0], $0[1]) < ($1[0], $1[1]) }
    var degrees = Array(repeating: 0.0, count: nodes)
    for edge in edges { degrees[edge[1]] += 1 }
    var builder = NetworkBuilder(name: "gcn")
    var x = try builder.input("input", [nodes, 12])
    let source = builder.indices(edges.map { Int64($0[0]) }, shape: [edges.count], "source")
    let target = builder.indices(edges.map { Int64($0[1]) }, shape: [edges.count], "target")
    let bits = edges.map { Float(1 / (degrees[$0[0]] * degrees[$0[1]]).squareRoot()).bitPattern }
    let weight = builder.constant("norm", TensorType([edges.count, 1]), bytes: littleEndianBytes(bits))
    for (layer, features) in [("layer1", 16), ("layer2", 4)] {
      let w = builder.parameter("\(layer).weight", [builder.shape(x)[1], features])
      let h = try builder.apply(MatrixProduct(), x, w, name: layer)
      let gathered = try builder.apply(Gather(axis: 0), h, source, name: "\(layer).gather")
      let messages = try builder.apply(Binary(.multiply), gathered, weight, name: "\(layer).messages")
      let sums = try builder.apply(
        ScatterSum(axis: 0, extent: nodes), target, messages, name: "\(layer).sums")
      x = try builder.apply(
        Binary(.add), sums, builder.parameter("\(layer).bias", [features]), name: "\(layer).biased")
      if layer == "layer1" { x = try builder.apply(Unary(.relu), x, name: "relu") }
    }
    builder.output("logits", x)
    return builder.graph
  }

  /// A network of `Networks` on images.
  static func builtIn(
    _ architecture: some NetworkArchitecture, name: String, _ batch: Int, _ input: [Int]
  ) throws -> Graph {
    var builder = NetworkBuilder(name: name)
    try architecture.build(in: &builder, batch: batch, input: input)
    return builder.graph
  }

  /// The small convolutional network whose gradients are matched: weights come first to last by name.
  struct Matching {
    var graph = Graph(name: "matching")
    var parameters: [(name: String, value: Value)]

    init() {
      var draft = Graph(name: "matching")
      parameters = [
        ("conv.bias", [8, 1, 1]), ("conv.weight", [8, 3, 3, 3]), ("fc.bias", [5]), ("fc.weight", [5, 128]),
        ("norm.bias", [8]), ("norm.weight", [8]),
      ].map { name, shape in (name, draft.addConstant(name, TensorType(shape))) }
      graph = draft
    }

    private func parameter(_ name: String) -> Value {
      parameters.first { $0.name == name }?.value ?? Value(.constant(0))
    }

    /// Gradients of the loss on a batch, one for each parameter.
    mutating func gradients(_ x: Value, labels: [Int], name: String) throws -> [Value] {
      let batch = graph.type(of: x).shape[0]
      var y = try graph.add(Convolution(padding: 1), x, parameter("conv.weight"), name: "\(name).conv")
      y = try graph.add(Binary(.add), y, parameter("conv.bias"), name: "\(name).biased")
      y = try graph.add(
        GroupNormalization(groups: 8), y, parameter("norm.weight"), parameter("norm.bias"),
        name: "\(name).norm")
      y = try graph.add(Unary(.relu), y, name: "\(name).relu")
      y = try graph.add(Pooling(.average(countsPadding: true), window: 2, stride: 2), y, name: "\(name).pool")
      y = try graph.add(Reshape([batch, 128]), y, name: "\(name).flatten")
      y = try graph.add(MatrixProduct(transposesRight: true), y, parameter("fc.weight"), name: "\(name).fc")
      y = try graph.add(Binary(.add), y, parameter("fc.bias"), name: "\(name).logits")
      let targets = graph.addConstant(
        "\(name).labels", TensorType([batch], .int64), bytes: littleEndianBytes(labels.map { Int64($0) }),
        isParameter: false)
      let loss = try Loss.crossEntropy(smoothing: 0).add(output: y, targets: targets, to: &graph, name: name)
      return try graph.addGradients(of: [loss], withRespectTo: parameters.map(\.value)).compactMap { $0 }
    }

    /// Squared differences of all gradients, and for weights the distance of the directions of their rows.
    mutating func distance(_ found: [Value], _ goal: [Value]) throws -> Value {
      var sum: Formula = 0
      for (index, parameter) in parameters.enumerated() {
        let shape = graph.type(of: found[index]).shape
        let (a, b) = (Formula.value(found[index]), Formula.value(goal[index]))
        let all = Array(shape.indices)
        sum = sum + ((a - b) * (a - b)).reduced(.sum, all, keeps: false)
        guard shape.count > 1, parameter.name.hasSuffix("weight") else { continue }
        let inner = Array(all.dropFirst())
        let product = (a * b).reduced(.sum, inner, keeps: false)
        let norms =
          (a * a).reduced(.sum, inner, keeps: false).map(.squareRoot)
          * (b * b).reduced(.sum, inner, keeps: false).map(.squareRoot)
        sum = sum + (1 - product / (norms + 1e-6)).reduced(.sum, [0], keeps: false)
      }
      return try graph.add(sum, .float32, name: "distance")
    }
  }
}
