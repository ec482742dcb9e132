package import Graphs

/// Random changes of a batch of images as operations of the graph, so that gradients pass through them.
///
/// Every change is a colour change, then for each pixel a weighted sum of four others (its own, or those around the place
/// where it comes from). Which ones and how much are inputs of the graph: one graph serves all draws, and the same draw can
/// be given to two batches. Source: Zhao and Bilen 2021, arXiv:2102.08259, strategy
/// color_crop_cutout_flip_scale_rotate.
package struct DifferentiableAugmentation: Hashable, Sendable {
  /// A kind of change; one is drawn for a whole batch.
  package enum Kind: String, CaseIterable, Sendable {
    case color, crop, cutout, flip, scale, rotate
  }

  package var batch: Int
  package var channels: Int
  package var height: Int
  package var width: Int

  /// For images `[batch, channels, height, width]`.
  package init(batch: Int, channels: Int, height: Int, width: Int) {
    self.batch = batch
    self.channels = channels
    self.height = height
    self.width = width
  }

  var area: Int { height * width }

  /// Where the draws are written.
  package struct Inputs: Hashable, Sendable {
    /// Four inputs of pixel numbers `[batch, channels, height · width]`.
    package var sources: [Int]
    /// Four inputs of weights `[batch, 1, height · width]`.
    package var weights: [Int]
    /// Inputs of brightness, saturation and contrast `[batch, 1, 1, 1]`.
    package var colors: [Int]
  }

  /// Adds the change of `images`, and its inputs, to a graph.
  ///
  /// - Throws: `ShapeError` for images of other extents.
  package func add(
    to graph: inout Graph, _ images: Value, name: String = "augmentation"
  ) throws(ShapeError) -> (value: Value, inputs: Inputs) {
    let inputs = addInputs(to: &graph, name: name)
    return (try addNodes(to: &graph, images, inputs, name: name), inputs)
  }

  func addInputs(to graph: inout Graph, name: String = "augmentation") -> Inputs {
    func input(_ part: String, _ type: TensorType) -> Int {
      _ = graph.addInput("\(name).\(part)", type)
      return graph.inputs.count - 1
    }
    return Inputs(
      sources: (0..<4).map { input("source\($0)", TensorType([batch, channels, area], .int64)) },
      weights: (0..<4).map { input("weight\($0)", TensorType([batch, 1, area])) },
      colors: ["brightness", "saturation", "contrast"].map { input($0, TensorType([batch, 1, 1, 1])) })
  }

  func addNodes(
    to graph: inout Graph, _ images: Value, _ inputs: Inputs, name: String = "augmentation"
  ) throws(ShapeError) -> Value {
    let expected = TensorType([batch, channels, height, width])
    guard graph.type(of: images) == expected else {
      throw ShapeError(name, found: "\(graph.type(of: images))", expected: "\(expected)")
    }
    func input(_ index: Int) -> Formula { .value(Value(.input(index))) }
    func added(_ formula: Formula, _ part: String) throws(ShapeError) -> Formula {
      .value(try graph.add(formula, .float32, name: "\(name).\(part)"))
    }
    var x = try added(.value(images) + input(inputs.colors[0]), "brightness")
    let grey = try added(x.reduced(.mean, [1]), "grey")
    x = try added((x - grey) * input(inputs.colors[1]) + grey, "saturation")
    let mean = try added(x.reduced(.mean, [1, 2, 3]), "mean")
    x = try added((x - mean) * input(inputs.colors[2]) + mean, "contrast")
    x = try added(x.reshaped([batch, channels, area]), "pixels")
    var sum: Formula = 0
    for tap in 0..<4 {
      let source = Formula.node(GatherElements(axis: 2), [x, input(inputs.sources[tap])])
      let part = try added(source, "tap\(tap)") * input(inputs.weights[tap])
      sum = tap == 0 ? part : sum + part
    }
    let flat = try graph.add(sum, .float32, name: "\(name).sum")
    return try graph.add(Reshape(expected.shape), flat, name: name)
  }
}
