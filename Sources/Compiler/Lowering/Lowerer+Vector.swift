import Graphs
import Hardware

extension Lowerer {
  /// Lowers pooling.
  mutating func lowerWindow(_ layer: FusedLayer) {
    let node = graph.nodes[layer.anchor]
    guard let pooling = node.primitive as? Pooling else { return }
    let (x, y) = (graph.type(of: node.operands[0]).shape, node.resultTypes[0].shape)
    let rank = pooling.window.count
    // Depth folds into the images; one-dimensional windows have height 1.
    func pair(_ values: [Int], or single: Int) -> (Int, Int) {
      rank == 1 ? (single, values[0]) : (values[values.count - 2], values[values.count - 1])
    }
    let input = pair(Array(x.dropFirst(2)), or: 1)
    let output = pair(Array(y.dropFirst(2)), or: 1)
    let depth = (
      input: rank == 3 ? x[2] : 1, output: rank == 3 ? y[2] : 1, kernel: rank == 3 ? pooling.window[0] : 1
    )
    let (view, grid) = imageOperand(
      node.operands[0], .init(images: x[0] * depth.input, rows: input.0, columns: input.1), name: layer.name)
    let axes = imageAxes(y).loops
    let outputView = destination(
      for: layer.result, natural: axes, of: view.tensor, name: layer.name, columns: output.1)
    let result =
      GridView(
        outputView, of: tensors[outputView.tensor],
        extents: .init(images: y[0] * depth.output, rows: output.0, columns: output.1))
      ?? outputGrid(outputView)
    var shape = ArrayShape(
      images: x[0] * depth.output, rows: output.0, columns: output.1, inputRows: input.0,
      inputColumns: input.1,
      channels: x[1], outputChannels: x[1], outputRows: output.0, outputColumns: output.1, macs: 0)
    (shape.kernelRows, shape.kernelColumns) = pair(pooling.window, or: 1)
    shape.kernelDepth = depth.kernel
    (shape.strideRows, shape.strideColumns) = pair(pooling.strides, or: 1)
    (shape.dilationRows, shape.dilationColumns) = pair(pooling.dilations, or: 1)
    (shape.paddingRows, shape.paddingColumns) = pair(pooling.padding.map(\.before), or: 0)
    let further = furtherOperands(layer, like: outputView, result)
    let work = VectorWork(
      shape: .window(shape), recipe: layer.recipe, input: grid, further: further, output: result)
    append(
      LoweredLayer(
        name: layer.name, operatorName: layer.operatorName, macs: 0, alternatives: [.vector(work)],
        inputs: [view.tensor] + further.map(\.tensor), output: outputView.tensor))
  }

  /// Lowers elementwise functions, normalisations and reductions.
  mutating func lowerVector(_ layer: FusedLayer, reducedAxes: [Int]) {
    let operandType = graph.type(of: layer.operands[0])
    let resultType = graph.type(of: layer.result)
    var view = view(of: layer.operands[0])
    if reducedAxes.isEmpty {
      guard operandType.count == resultType.count else {
        lowerBroadcast(layer)
        return
      }
      if let same = view.reshaped(to: resultType.shape) { view = same }
    }
    var layout = vectorLayout(view, reducedAxes: reducedAxes)
    if layout == nil {
      let packed = compact(
        like: view.axes, columns: 1, name: layer.name + " input", element: operandType.elementType)
      view = relaid(view, as: packed, name: "\(layer.name) input layout")
      layout = vectorLayout(view, reducedAxes: reducedAxes)
    }
    guard let layout else {
      lowerBroadcast(layer)
      return
    }
    var recipe = layer.recipe
    recipe.domain = layout.domain
    let isReduction = resultType.count != operandType.count
    let natural =
      isReduction
      ? reducedLoops(view, reducedAxes, operand: operandType.shape, result: resultType.shape) : view.axes
    let columns = isReduction ? 1 : tensors[view.tensor].columns
    let outputView = destination(
      for: layer.result, natural: natural, of: view.tensor, name: layer.name, columns: columns)
    let output: GridView
    if isReduction {
      output = outputGrid(outputView)
    } else {
      output =
        GridView(outputView, of: tensors[outputView.tensor], extents: layout.grid.extents)
        ?? outputGrid(outputView)
    }
    let further = furtherOperands(layer, like: outputView, output)
    let work = VectorWork(
      shape: isReduction ? .reduction : .pointwise, recipe: recipe, input: layout.grid, further: further,
      output: output)
    append(
      LoweredLayer(
        name: layer.name, operatorName: layer.operatorName, macs: 0, alternatives: [.vector(work)],
        inputs: [view.tensor] + further.map(\.tensor), output: outputView.tensor))
  }

  /// The grid of an operand with its images outside of what is reduced, and what a tile has to hold.
  private func vectorLayout(
    _ view: TensorView, reducedAxes: [Int]
  ) -> (grid: GridView, domain: VectorRecipe.Domain)? {
    let tensor = tensors[view.tensor]
    guard !reducedAxes.isEmpty else {
      return GridView(view, of: tensor).map { ($0, .elementwise) }
    }
    let reduced = reducedAxes.filter { $0 < view.axes.count }.flatMap { view.axes[$0] }
    let channels = reduced.contains { $0.direction == .channel }
    let pixels = reduced.filter { $0.direction == .pixel }
    guard !pixels.isEmpty else {
      return GridView(view, of: tensor).map { ($0, channels ? .wholeChannels : .elementwise) }
    }
    let others = view.axes.enumerated().filter { !reducedAxes.contains($0.offset) }.flatMap(\.element)
      .filter { $0.direction == .pixel }
    let images = others.reduce(1) { $0 * $1.extent }
    let area = pixels.reduce(1) { $0 * $1.extent }
    let isOuter = (others.map(\.stride).min() ?? Int.max) > (pixels.map(\.stride).max() ?? 0)
    let columns = area % tensor.columns == 0 ? tensor.columns : 1
    if isOuter,
      let grid = GridView(
        view, of: tensor, extents: .init(images: images, rows: area / columns, columns: columns))
    {
      return (grid, channels ? .wholeTensor : .wholePixels)
    }
    return GridView(view, of: tensor).map { ($0, .wholeTensor) }
  }

  /// The loops of a result whose operand's axes were combined.
  private func reducedLoops(
    _ view: TensorView, _ axes: [Int], operand: [Int], result: [Int]
  ) -> [[TensorView.Factor]] {
    let keeps = result.count == operand.count
    var loops: [[TensorView.Factor]] = []
    for (axis, own) in view.axes.enumerated() {
      guard axes.contains(axis) else {
        loops.append(own)
        continue
      }
      guard keeps else { continue }
      guard result[axis] > 1 else {
        loops.append([])
        continue
      }
      let direction = own.first?.direction ?? .pixel
      loops.append([.init(extent: result[axis], direction: direction, stride: own.last?.stride ?? 1)])
    }
    return loops
  }

  /// Elementwise functions whose operands all repeat: the result is made element by element.
  private mutating func lowerBroadcast(_ layer: FusedLayer) {
    let type = graph.type(of: layer.result)
    var sources: [TensorView] = []
    for value in layer.operands + layer.further { sources.append(view(of: value)) }
    let result = fresh(layer.name, .intermediate, type, style: style(like: sources.first, rank: type.rank))
    views[layer.result] = result
    appendMovement(
      name: layer.name, operatorName: layer.operatorName, from: sources, to: result, elements: type.count,
      run: machine.blockChannels, isIndexed: false, recipe: layer.recipe)
  }

  /// The style in which the channels of a result lie where those of an operand do.
  func style(like view: TensorView?, rank: Int) -> Style {
    guard let view, view.axes.count == rank else { return rank == 4 ? .channelsFirst : .channelsLast }
    let axes = view.axes.indices.filter { view.axes[$0].contains { $0.direction == .channel } }
    if axes == [1], rank > 2 { return .channelsFirst }
    if axes.count == 2, axes[1] == rank - 1, axes[0] == rank - 3 { return .heads }
    if axes == [rank - 1] { return .channelsLast }
    return rank == 4 ? .channelsFirst : .channelsLast
  }
}
