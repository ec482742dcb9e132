import Graphs
import Hardware

extension Lowerer {
  /// Lowers a product with what is fused into it.
  mutating func lowerProduct(_ layer: FusedLayer) throws(CompileError) {
    switch graph.work(of: graph.nodes[layer.anchor]).first {
    case .convolution(let nest): try lowerConvolution(layer, nest)
    case .matrixProduct(let nest): try lowerMatrixProduct(layer, nest)
    default:
      throw CompileError(
        .unsupported, place: "layer '\(layer.name)'", found: "'\(layer.operatorName)' without a product",
        expected: "a convolution or a matrix product", remedy: "report the network")
    }
  }

  private mutating func lowerConvolution(_ layer: FusedLayer, _ nest: ConvolutionNest) throws(CompileError) {
    let node = graph.nodes[layer.anchor]
    let x = node.operands[0]
    guard index.isConstant(node.operands[1]) else {
      throw CompileError(
        .unsupported, place: "layer '\(layer.name)'",
        found: "a convolution whose weights are computed by the network",
        expected: "weights that are known before the run",
        remedy: "fold the weights or write a matrix product")
    }
    let inputType = graph.type(of: x)
    let images = inputType.shape[0] * (inputType.rank == 5 ? inputType.shape[2] : 1)
    let wanted = GridView.Extents(images: images, rows: nest.input.height, columns: nest.input.width)
    let (inputView, input) = imageOperand(x, wanted, name: layer.name)

    let resultType = graph.type(of: Value(.node(layer.anchor, result: 0)))
    let axes = imageAxes(resultType.shape)
    let outputView = destination(
      for: layer.result, natural: axes.loops, of: inputView.tensor, name: layer.name,
      columns: nest.output.width)
    let outputImages = resultType.shape[0] * (resultType.rank == 5 ? resultType.shape[2] : 1)
    let output =
      GridView(
        outputView, of: tensors[outputView.tensor],
        extents: .init(images: outputImages, rows: nest.output.height, columns: nest.output.width))
      ?? outputGrid(outputView)

    var shape = ArrayShape(nest)
    shape.images = nest.batch
    shape.biasBytes = layer.hasBias ? machine.format.accumulatorBytes : 0
    shape.packsKernel =
      nest.groups == 1 && (tensors[inputView.tensor].isInterleaved || machine.model.array.packsKernel)
    if nest.groups == 1 { shape.store(storage(of: node.operands[1])) }
    let further = furtherOperands(layer, like: outputView, output)
    var alternatives: [LayerWork] = []
    let isDepthwise = nest.groups > 1 && nest.inputChannels == nest.groups
    for (shape, items) in groupings(shape, nest) {
      alternatives.append(
        .array(
          ArrayWork(
            shape: shape, input: input, output: output, further: further, items: items, recipe: layer.recipe))
      )
    }
    if isDepthwise, !nest.isTransposed, nest.kernelDepth == 1, nest.outputChannels == nest.groups {
      alternatives.append(.vector(depthwiseOnLanes(layer, shape, nest, input, output, further)))
    }
    append(
      LoweredLayer(
        name: layer.name, operatorName: layer.operatorName, macs: nest.groups == 1 ? shape.macs : nest.macs,
        alternatives: alternatives,
        inputs: [inputView.tensor] + further.map(\.tensor), output: outputView.tensor))
  }

  /// An operand as images of rows, moved to a layout of its own where its view is not that.
  mutating func imageOperand(
    _ value: Value, _ extents: GridView.Extents, name: String
  ) -> (TensorView, GridView) {
    let view = view(of: value)
    if let grid = imageGrid(view, extents) { return (view, grid) }
    let type = graph.type(of: value)
    let packed = fresh("\(name) input", .intermediate, type, style: .channelsFirst)
    _ = relaid(view, as: packed, name: "\(name) input layout")
    return (packed, imageGrid(packed, extents) ?? outputGrid(packed))
  }

  /// The grid of `[batch, channels, (depth,) height, width]` if rows and columns are where they seem to be.
  private func imageGrid(_ view: TensorView, _ extents: GridView.Extents) -> GridView? {
    guard view.axes.count >= 3, view.axes[1].allSatisfy({ $0.direction == .channel }) else { return nil }
    let spatial = view.axes.indices.filter { $0 != 1 }.flatMap { view.axes[$0] }
    guard spatial.allSatisfy({ $0.direction == .pixel }),
      zip(spatial, spatial.dropFirst()).allSatisfy({ $0.stride > $1.stride })
    else { return nil }
    let grid = GridView(view, of: tensors[view.tensor], extents: extents)
    return grid?.groups == 1 ? grid : nil
  }

  /// The loops of a packed `[batch, channels, spatial…]` result.
  func imageAxes(_ shape: [Int]) -> (loops: [[TensorView.Factor]], pixels: Int) {
    var loops: [[TensorView.Factor]] = shape.map { _ in [] }
    var stride = 1
    for axis in shape.indices.reversed() where axis != 1 {
      if shape[axis] > 1 { loops[axis] = [.init(extent: shape[axis], direction: .pixel, stride: stride)] }
      stride *= shape[axis]
    }
    if shape.count > 1, shape[1] > 1 { loops[1] = [.init(extent: shape[1], direction: .channel, stride: 1)] }
    return (loops, stride)
  }

  /// Ways to give the groups of a convolution to the array.
  ///
  /// Neighbouring groups share the cells as one block-diagonal matrix, zeros between them; an array with a depthwise
  /// mode takes all channels of a depthwise convolution as they are.
  private func groupings(_ shape: ArrayShape, _ nest: ConvolutionNest) -> [(ArrayShape, [ArrayWork.Item])] {
    let channels = nest.inputChannels / nest.groups
    let results = nest.outputChannels / nest.groups
    guard nest.groups > 1 else { return [(shape, [ArrayWork.Item()])] }
    let array = machine.model.array
    if array.depthwiseChannels > 0, channels == 1, results == 1, !nest.isTransposed {
      var native = shape
      native.depthwiseChannels = nest.groups
      native.channels = nest.groups
      native.outputChannels = nest.groups
      return [(native, [ArrayWork.Item()])]
    }
    let block = leastCommonMultiple(machine.blockChannels, channels)
    if channels == results, !nest.isTransposed,
      block <= machine.blockChannels * 2 || nest.inputChannels <= block
    {
      var diagonal = shape
      diagonal.diagonalChannels = min(block, nest.inputChannels)
      diagonal.packsKernel = false
      return [(diagonal, [ArrayWork.Item()])]
    }
    // Groups that differ in width, or straddle blocks: each by itself, or several side by side where they fit.
    var merged = 1
    for count in 1...nest.groups where nest.groups % count == 0 {
      let fitsRows = count * channels <= max(channels, array.rows)
      if fitsRows, count * results <= max(results, array.columns) { merged = count }
    }
    var side = shape
    side.channels = merged * channels
    side.outputChannels = merged * results
    side.macs = shape.macs / (nest.groups / merged)
    side.packsKernel = false
    side.isMisaligned =
      merged < nest.groups
      && (side.channels % machine.blockChannels != 0 || side.outputChannels % machine.blockChannels != 0)
    let items = (0..<nest.groups / merged).map { group in
      ArrayWork.Item(inputChannel: group * side.channels, outputChannel: group * side.outputChannels)
    }
    return [(side, items)]
  }

  /// A depthwise convolution as multiply-adds on the lanes of the vector unit.
  private func depthwiseOnLanes(
    _ layer: FusedLayer, _ shape: ArrayShape, _ nest: ConvolutionNest, _ input: GridView, _ output: GridView,
    _ further: [FurtherOperand]
  ) -> VectorWork {
    var recipe = layer.recipe
    if let first = recipe.passes.first {
      recipe.passes[0] = .init(
        count: .operandElements, classes: [.multiply], finalClasses: first.classes,
        secondOperand: first.secondOperand)
    }
    let weights =
      (nest.groups * nest.kernel.area * machine.bits).dividedUp(by: 8) + nest.groups * shape.biasBytes
    return VectorWork(
      shape: .window(shape), recipe: recipe, input: input, further: further, output: output,
      weightBytes: weights)
  }
}

extension ArrayShape {
  /// The loops of a whole convolution.
  init(_ nest: ConvolutionNest) {
    let streamed = nest.isTransposed ? nest.input : nest.output
    self.init(
      images: nest.batch, rows: streamed.height, columns: streamed.width, inputRows: nest.input.height,
      inputColumns: nest.input.width, channels: nest.inputChannels, outputChannels: nest.outputChannels,
      outputRows: nest.output.height, outputColumns: nest.output.width, macs: nest.macs)
    kernelRows = nest.kernel.height
    kernelColumns = nest.kernel.width
    kernelDepth = nest.kernelDepth
    isTransposed = nest.isTransposed
    guard !isTransposed else {
      // Output pixels fall into phases by their place in the stride; each sees a part of the kernel (Shi et al. 2016,
      // arXiv:1609.07009).
      phases = nest.stride.height * nest.stride.width
      kernelRows = nest.kernel.height.dividedUp(by: nest.stride.height)
      kernelColumns = nest.kernel.width.dividedUp(by: nest.stride.width)
      paddingRows = (kernelRows - 1) / 2
      paddingColumns = (kernelColumns - 1) / 2
      return
    }
    strideRows = nest.stride.height
    strideColumns = nest.stride.width
    dilationRows = nest.dilation.height
    dilationColumns = nest.dilation.width
    paddingRows = nest.padding.height
    paddingColumns = nest.padding.width
  }
}
