import Graphs

/// The network that differentiable architecture search trains: cells of nodes whose edges mix eight operations.
///
/// Each edge computes all operations and adds them with weights, the softmax of its row in one of two tables (cells that
/// keep the resolution share one, cells that halve it the other). The last weight is that of no operation.
/// Source: Liu, Simonyan and Yang 2019, arXiv:1806.09055, section 2.3 and appendix A.
struct SearchNetwork: NetworkArchitecture {
  /// Channels of the first cells.
  var width = 16
  var cells = 8
  /// Nodes of a cell between its two inputs and its output.
  var nodes = 4
  var classes = 10

  private static let operations = 8

  func build(in network: inout NetworkBuilder, batch: Int, input: [Int]) throws(ShapeError) {
    let x = try network.input("input", [batch] + input)
    var mixtures: [Value] = []
    for kind in ["normal", "reduce"] {
      let table = network.parameter("alpha.\(kind)", [nodes * (nodes + 3) / 2, Self.operations])
      mixtures.append(try network.apply(Softmax(axis: 1), table, name: "mixture.\(kind)"))
    }
    let stem = try network.convolution(x, 3 * width, kernel: 3, bias: false, name: "stem.0")
    var last = try network.batchNormalization(stem, name: "stem.1")
    var before = last
    var channels = width
    var isReduced = false
    for index in 0..<cells {
      let reduces = cells >= 3 && (index == cells / 3 || index == 2 * cells / 3)
      if reduces { channels *= 2 }
      let cell = Cell(
        nodes: nodes, channels: channels, reduces: reduces, isReduced: isReduced, name: "cells.\(index)")
      let next = try cell.add(before, last, mixtures[reduces ? 1 : 0], to: &network)
      (before, last, isReduced) = (last, next, reduces)
    }
    let features = try network.globalAveragePooling(last, name: "avgpool")
    network.output("logits", try network.linear(features, classes, name: "classifier"))
  }
}

/// One cell of a search network.
private struct Cell {
  var nodes: Int
  var channels: Int
  /// Whether edges from the inputs halve the resolution.
  var reduces: Bool
  /// Whether the cell before did, so that the first input is twice as large.
  var isReduced: Bool
  var name: String

  func add(
    _ first: Value, _ second: Value, _ mixture: Value, to network: inout NetworkBuilder
  ) throws(ShapeError) -> Value {
    var states = [
      isReduced
        ? try network.factorizedReduction(first, channels, .plain, name: "\(name).pre0")
        : try network.pointwiseUnit(first, channels, .plain, name: "\(name).pre0"),
      try network.pointwiseUnit(second, channels, .plain, name: "\(name).pre1"),
    ]
    var edge = 0
    for node in 0..<nodes {
      var sum: Value?
      for source in 0..<2 + node {
        let mixed = try network.mixedEdge(
          states[source], stride: reduces && source < 2 ? 2 : 1, mixture, edge, name: "\(name).edge\(edge)")
        if let other = sum {
          sum = try network.apply(Binary(.add), other, mixed, name: "\(name).node\(node).\(source)")
        } else {
          sum = mixed
        }
        edge += 1
      }
      if let sum { states.append(sum) }
    }
    return try network.apply(
      Concatenate(axis: 1), to: Array(states.suffix(nodes)), name: "\(name).concatenate")
  }
}

extension NetworkBuilder {
  /// All operations of an edge, added with the weights in row `edge` of the mixture.
  fileprivate mutating func mixedEdge(
    _ x: Value, stride: Int, _ mixture: Value, _ edge: Int, name: String
  ) throws(ShapeError) -> Value {
    let maximum = try apply(
      Pooling(.maximum, window: 3, stride: stride, padding: 1), x, name: "\(name).max")
    let average = try apply(
      Pooling(.average(countsPadding: false), window: 3, stride: stride, padding: 1), x, name: "\(name).avg")
    var results = [
      try cellNormalization(maximum, .plain, name: "\(name).max.norm"),
      try cellNormalization(average, .plain, name: "\(name).avg.norm"),
      stride == 1 ? x : try factorizedReduction(x, shape(x)[1], .plain, name: "\(name).skip"),
    ]
    for kernel in [3, 5] {
      let half = try separableUnit(
        x, kernel: kernel, stride: stride, .plain, name: "\(name).sep\(kernel).0")
      results.append(
        try separableUnit(half, kernel: kernel, stride: 1, .plain, name: "\(name).sep\(kernel).1"))
    }
    for kernel in [3, 5] {
      results.append(
        try separableUnit(
          x, kernel: kernel, stride: stride, dilation: 2, .plain, name: "\(name).dil\(kernel)"))
    }
    var sum: Value?
    for (index, result) in results.enumerated() {
      let entry = try apply(
        Slice(starts: [edge, index], ends: [edge + 1, index + 1]), mixture, name: "\(name).weight\(index)")
      let weight = try reshape(entry, [1, 1, 1, 1], name: "\(name).weight\(index).scalar")
      let term = try apply(Binary(.multiply), result, weight, name: "\(name).term\(index)")
      if let other = sum {
        sum = try apply(Binary(.add), other, term, name: "\(name).sum\(index)")
      } else {
        sum = term
      }
    }
    return sum ?? x
  }
}
