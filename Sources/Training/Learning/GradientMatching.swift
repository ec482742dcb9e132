package import Graphs

/// One step of condensing a data set by matching gradients, as one graph.
///
/// Synthetic images follow the gradient of the distance between what a real batch and they themselves would teach a
/// network: a gradient of gradients. The images and their momentum are constants of ``graph`` that ``updates`` renews.
/// Source: Zhao et al. 2021, arXiv:2006.05929, section 3 and equation 10.
package struct GradientMatching: Sendable {
  package let graph: Graph
  package let updates: [Plan.Update]
  package static let images = "synthetic images"
  package static let momentum = "synthetic images.momentum"

  /// Takes the same network for a real and for a synthetic batch.
  ///
  /// Inputs: the real images, their labels, the labels of the synthetic images. Output 0 is the distance.
  /// - Throws: `ShapeError` where the networks do not share their parameters or the loss does not fit.
  package init(
    real: Graph, synthetic: Graph, loss: Loss = .crossEntropy(smoothing: 0), rate: Double = 0.1,
    momentum: Double = 0.5
  ) throws(ShapeError) {
    guard synthetic.inputs.count == 1, let output = real.outputs.first else {
      throw ShapeError(
        "gradient matching of '\(real.name)'", found: "\(synthetic.inputs.count) inputs",
        expected: "one input, the images, and an output")
    }
    var graph = real
    graph.outputs = []
    let parameters = real.constants.indices.filter { real.constants[$0].isParameter }
      .map { Value(.constant($0)) }
    let labels = graph.addInput("labels", loss.targetType(for: real.type(of: output.value)))
    let realLoss = try loss.add(output: output.value, targets: labels, to: &graph, name: "real")
    let wanted = try graph.addGradients(of: [realLoss], withRespectTo: parameters)
    let type = synthetic.inputs[0].type
    let images = graph.addConstant(Self.images, type, isParameter: false)
    let velocity = graph.addConstant(Self.momentum, type, isParameter: false)
    let synthetics = try graph.inline(synthetic, inputs: [images], prefix: "synthetic")
    let classes = graph.addInput("synthetic labels", loss.targetType(for: graph.type(of: synthetics[0])))
    let syntheticLoss = try loss.add(output: synthetics[0], targets: classes, to: &graph, name: "synthetic")
    let found = try graph.addGradients(of: [syntheticLoss], withRespectTo: parameters)
    var distance: Formula = 0
    for (a, b) in zip(wanted, found) {
      // Biases and scales, one number for each output, have no direction.
      guard let a, let b, graph.type(of: a).count > graph.type(of: a).shape[0] else { continue }
      distance = distance + Self.distance(.value(a), .value(b), graph.type(of: a).shape)
    }
    let total = try graph.add(distance, .float32, name: "distance")
    guard let gradient = try graph.addGradients(of: [total], withRespectTo: [images])[0] else {
      throw ShapeError(
        "gradient matching of '\(real.name)'", found: "a distance that does not depend on the images",
        expected: "parameters of two axes or more")
    }
    let next = Formula.number(momentum) * .value(velocity) + .value(gradient)
    let nextVelocity = try graph.add(next, .float32, name: "momentum")
    let nextImages = try graph.add(
      .value(images) - .number(rate) * .value(nextVelocity), .float32, name: "images")
    graph.outputs = [
      Graph.Output(name: "distance", value: total), Graph.Output(name: "next momentum", value: nextVelocity),
      Graph.Output(name: "next images", value: nextImages),
    ]
    let first = graph.constants.firstIndex { $0.name == Self.images } ?? 0
    updates = [Plan.Update(constant: first + 1, output: 1), Plan.Update(constant: first, output: 2)]
    self.graph = graph
  }

  /// 1 − cosine between the gradients of each output's weights, summed over the outputs.
  private static func distance(_ a: Formula, _ b: Formula, _ shape: [Int]) -> Formula {
    let rows = [shape[0], shape.dropFirst().reduce(1, *)]
    let (x, y) = (a.reshaped(rows), b.reshaped(rows))
    // The root's slope at zero would be infinite; there it shall be zero.
    func norm(_ x: Formula) -> Formula { ((x * x).reduced(.sum, [1]) + 1e-20).map(.squareRoot) }
    let cosine = (x * y).reduced(.sum, [1]) / (norm(x) * norm(y) + 1e-6)
    return (1 - cosine).reduced(.sum, [0, 1], keeps: false)
  }
}
