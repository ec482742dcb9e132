import Graphs
import Hardware

extension Lowerer {
  mutating func lowerMatrixProduct(_ layer: FusedLayer, _ nest: MatrixProductNest) throws(CompileError) {
    let node = graph.nodes[layer.anchor]
    if node.primitive is ConvolutionWeightGradient {
      try lowerWeightGradient(layer, nest)
      return
    }
    guard let product = node.primitive as? MatrixProduct, node.operands.count == 2 else {
      throw CompileError(
        .unsupported, place: "layer '\(layer.name)'", found: "'\(node.primitive.name)' as a matrix product",
        expected: "a product of two operands", remedy: "report the network")
    }
    if index.isConstant(node.operands[1]) {
      let right = graph.type(of: node.operands[1]).shape
      if right.dropLast(2).allSatisfy({ $0 == 1 }) {
        try lowerDense(layer, nest, product)
        return
      }
    }
    try lowerBatched(layer, nest, product)
  }

  // MARK: Weights

  /// A product with a weight matrix: a convolution with a kernel of one pixel, or of the whole image where the
  /// reduction runs over pixels too (the first dense layer after a convolution).
  private mutating func lowerDense(
    _ layer: FusedLayer, _ nest: MatrixProductNest, _ product: MatrixProduct
  ) throws(CompileError) {
    let node = graph.nodes[layer.anchor]
    var leftView = view(of: node.operands[0])
    var parts = denseParts(leftView, product)
    if parts == nil {
      let type = graph.type(of: node.operands[0])
      let style: Style = .channelsLast
      let shape = product.transposesLeft ? swapped(type.shape) : type.shape
      var packed = fresh(
        "\(layer.name) input", .intermediate, TensorType(shape, type.elementType), style: style)
      if product.transposesLeft { packed = packed.transposed(swapped(Array(shape.indices))) }
      leftView = relaid(leftView, as: packed, name: "\(layer.name) input layout")
      parts = denseParts(leftView, product)
    }
    guard let parts else {
      throw CompileError(
        .unsupported, place: "layer '\(layer.name)'", found: "operands of shape \(leftView.shape)",
        expected: "a matrix whose rows can be read in order", remedy: "report the network")
    }
    var axes = parts.rowAxes
    if node.operands[1].rank(in: graph) > 1 {
      axes.append(nest.n > 1 ? [.init(extent: nest.n, direction: .channel, stride: 1)] : [])
    }
    let outputView = destination(
      for: layer.result, natural: axes, of: leftView.tensor, name: layer.name, columns: parts.columns)
    let extents =
      parts.shape.outputRows * parts.shape.outputColumns * parts.shape.images == nest.m * nest.batch
      ? GridView.Extents(
        images: parts.shape.images, rows: parts.shape.outputRows, columns: parts.shape.outputColumns)
      : nil
    let output =
      GridView(outputView, of: tensors[outputView.tensor], extents: extents) ?? outputGrid(outputView)
    var shape = parts.shape
    shape.outputChannels = nest.n
    shape.macs = nest.macs
    shape.biasBytes = layer.hasBias ? machine.format.accumulatorBytes : 0
    shape.packsKernel = tensors[leftView.tensor].isInterleaved || machine.model.array.packsKernel
    shape.store(storage(of: node.operands[1]))
    let further = furtherOperands(layer, like: outputView, output)
    let work = ArrayWork(
      shape: shape, input: parts.input, output: output, further: further, items: [ArrayWork.Item()],
      recipe: layer.recipe)
    append(
      LoweredLayer(
        name: layer.name, operatorName: layer.operatorName, macs: shape.macs, alternatives: [.array(work)],
        inputs: [leftView.tensor] + further.map(\.tensor), output: outputView.tensor))
  }

  private struct DenseParts {
    var shape: ArrayShape
    var input: GridView
    /// The loops of the result's axes but the last.
    var rowAxes: [[TensorView.Factor]]
    var columns: Int
  }

  private func denseParts(_ view: TensorView, _ product: MatrixProduct) -> DenseParts? {
    let rank = view.axes.count
    let reduced = product.transposesLeft && rank > 1 ? rank - 2 : rank - 1
    let tensor = tensors[view.tensor]
    let reduction = view.axes[reduced]
    let rowAxes = view.axes.indices.filter { $0 != reduced }.map { view.axes[$0] }
    guard rowAxes.allSatisfy({ $0.allSatisfy { $0.direction == .pixel } }) else { return nil }
    let channelLoops = reduction.filter { $0.direction == .channel }
    let pixelLoops = reduction.filter { $0.direction == .pixel }
    if pixelLoops.isEmpty {
      guard
        let grid = GridView(
          view, of: tensor, channelLoops: channelLoops, pixelLoops: rowAxes.flatMap { $0 }, extents: nil),
        grid.groups == 1
      else { return nil }
      let rows = grid.rows
      let shape = ArrayShape(
        images: grid.images, rows: rows, columns: grid.columns, inputRows: rows, inputColumns: grid.columns,
        channels: grid.channels, outputChannels: 0, outputRows: rows, outputColumns: grid.columns, macs: 0)
      return DenseParts(shape: shape, input: grid, rowAxes: packed(rowAxes), columns: grid.columns)
    }
    // The kernel covers the pixels of the reduction.
    let kernel = TensorView.simplified(pixelLoops.sorted { $0.stride > $1.stride })
    guard kernel.count <= 2 else { return nil }
    let images = rowAxes.flatMap { $0 }.reduce(1) { $0 * $1.extent }
    let area = kernel.reduce(1) { $0 * $1.extent }
    let columns = kernel.count == 2 ? kernel[1].extent : area % tensor.columns == 0 ? tensor.columns : 1
    guard
      let grid = GridView(
        view, of: tensor, channelLoops: channelLoops, pixelLoops: rowAxes.flatMap { $0 } + pixelLoops,
        extents: .init(images: images, rows: area / columns, columns: columns)),
      grid.groups == 1
    else { return nil }
    var shape = ArrayShape(
      images: images, rows: 1, columns: 1, inputRows: area / columns, inputColumns: columns,
      channels: grid.channels, outputChannels: 0, outputRows: 1, outputColumns: 1, macs: 0)
    shape.kernelRows = area / columns
    shape.kernelColumns = columns
    return DenseParts(shape: shape, input: grid, rowAxes: packed(rowAxes), columns: 1)
  }

  /// Pixel loops with the gaps between them closed.
  private func packed(_ axes: [[TensorView.Factor]]) -> [[TensorView.Factor]] {
    var axes = axes
    let places = axes.indices.flatMap { axis in axes[axis].indices.map { (axis, $0) } }
      .sorted { axes[$0.0][$0.1].stride < axes[$1.0][$1.1].stride }
    var stride = 1
    for (axis, loop) in places {
      axes[axis][loop].stride = stride
      stride *= axes[axis][loop].extent
    }
    return axes
  }

  private func swapped<Element>(_ list: [Element]) -> [Element] {
    guard list.count > 1 else { return list }
    var list = list
    list.swapAt(list.count - 1, list.count - 2)
    return list
  }

  // MARK: Both operands from the run

  /// Products of a batch of matrices, one item each; the right operand is preloaded from where it lies, by rows or by
  /// columns.
  private mutating func lowerBatched(
    _ layer: FusedLayer, _ nest: MatrixProductNest, _ product: MatrixProduct
  ) throws(CompileError) {
    let node = graph.nodes[layer.anchor]
    var left = matrixOperand(
      node.operands[0], transposed: product.transposesLeft, rowsAreChannels: false, layer.name)
    if !readsInOrder(left) { left = relaidMatrix(left, layer.name + " left") }
    var right = matrixOperand(
      node.operands[1], transposed: product.transposesRight, rowsAreChannels: true, layer.name)
    if rightOrientation(right) == nil { right = relaidMatrix(right, layer.name + " right") }
    try appendProducts(layer, nest, left: left, right: right)
  }

  /// Products of matrices that views show in an order that the array can read.
  mutating func appendProducts(
    _ layer: FusedLayer, _ nest: MatrixProductNest, left: TensorView, right: TensorView
  ) throws(CompileError) {
    guard let reducesPixels = rightOrientation(right) else {
      throw CompileError(
        .unsupported, place: "layer '\(layer.name)'", found: "a right operand of shape \(right.shape)",
        expected: "matrices that can be read by rows or columns", remedy: "report the network")
    }
    // The result takes the loops of the left operand; its channels are the right operand's columns.
    let batchAxes = Array(left.axes.dropLast(2))
    let rowAxis = left.axes[left.axes.count - 2]
    var axes = broadcastBatch(batchAxes, right: Array(right.axes.dropLast(2)))
    axes.append(rowAxis)
    axes.append(nest.n > 1 ? [.init(extent: nest.n, direction: .channel, stride: 1)] : [])
    // Groups lie outside of the new channels.
    for axis in axes.indices.dropLast() {
      for loop in axes[axis].indices where axes[axis][loop].direction == .channel {
        axes[axis][loop].stride = axes[axis][loop].stride * max(1, nest.n) + nest.n
      }
    }

    let outputView = destination(
      for: layer.result, natural: axes, of: left.tensor, name: layer.name, columns: 1)
    let output = GridView(whole: tensors[outputView.tensor], index: outputView.tensor)
    let matrices = outputView.reshaped(to: axes.map { $0.reduce(1) { $0 * $1.extent } }) ?? outputView

    var items: [ArrayWork.Item] = []
    let extents = axes.dropLast(2).map { $0.reduce(1) { $0 * $1.extent } }
    let count = extents.reduce(1, *)
    for item in 0..<count {
      var position: [Int] = []
      var rest = item
      for extent in extents.reversed() {
        position.insert(rest % extent, at: 0)
        rest /= extent
      }
      func place(_ view: TensorView) -> (channel: Int, pixel: Int) {
        let batch = view.axes.count - 2
        let own = Array(position.suffix(batch)).enumerated().map {
          view.axes[$0.offset].isEmpty ? 0 : $0.element
        }
        return view.position(of: own + [0, 0])
      }
      let (leftPlace, rightPlace, result) = (place(left), place(right), place(matrices))
      items.append(
        .init(
          inputChannel: leftPlace.channel, inputPixel: leftPlace.pixel, rightChannel: rightPlace.channel,
          rightPixel: rightPlace.pixel, outputChannel: result.channel, outputPixel: result.pixel))
    }
    let rows = left.axes[left.axes.count - 2]
    let columnsOfRight = right.axes
    let grid = matrixGrid(left.tensor, rowLoops: rows, channels: nest.k)
    var shape = ArrayShape(
      images: 1, rows: grid.rows, columns: grid.columns, inputRows: grid.rows, inputColumns: grid.columns,
      channels: nest.k, outputChannels: nest.n, outputRows: grid.rows, outputColumns: grid.columns,
      macs: nest.macs / max(1, count))
    shape.packsKernel = tensors[left.tensor].isInterleaved

    let rightPixels =
      reducesPixels ? columnsOfRight[columnsOfRight.count - 2] : columnsOfRight[columnsOfRight.count - 1]
    let rightGrid = matrixGrid(right.tensor, rowLoops: rightPixels, channels: reducesPixels ? nest.n : nest.k)
    let further = furtherOperands(layer, like: outputView, output)
    var work = ArrayWork(
      shape: shape, input: grid,
      output: matrixGrid(
        outputView.tensor, rowLoops: matrices.axes[matrices.axes.count - 2], channels: nest.n),
      further: further, items: items, recipe: layer.recipe)
    work.right = rightGrid
    work.rightReducesPixels = reducesPixels
    append(
      LoweredLayer(
        name: layer.name, operatorName: layer.operatorName, macs: nest.macs, alternatives: [.array(work)],
        inputs: [left.tensor, right.tensor] + further.map(\.tensor), output: outputView.tensor))
  }

  /// The gradient of a convolution's weights: gradients and patches are laid out as matrices over all positions first.
  private mutating func lowerWeightGradient(_ layer: FusedLayer, _ nest: MatrixProductNest)
    throws(CompileError)
  {
    let node = graph.nodes[layer.anchor]
    var matrices: [TensorView] = []
    for (operand, shape, part) in [
      (node.operands[1], [nest.batch, nest.m, nest.k], "gradients"),
      (node.operands[0], [nest.batch, nest.k, nest.n], "patches"),
    ] {
      let source = view(of: operand)
      let name = "\(layer.name) \(part)"
      let matrix = fresh(name, .intermediate, TensorType(shape, .float32), style: .heads)
      appendMovement(
        name: name, operatorName: "layout", from: [source], to: matrix, elements: shape.reduce(1, *), run: 1,
        isIndexed: false)
      matrices.append(matrix)
    }
    try appendProducts(layer, nest, left: matrices[0], right: matrices[1])
  }

  /// An operand as `[batch…, rows, columns]` in the order of the product.
  private mutating func matrixOperand(
    _ value: Value, transposed: Bool, rowsAreChannels: Bool, _ name: String
  ) -> TensorView {
    var operand = view(of: value)
    if operand.axes.count == 1 { operand.axes.insert([], at: rowsAreChannels ? 1 : 0) }
    return transposed ? operand.transposed(swapped(Array(operand.axes.indices))) : operand
  }

  /// Whether the columns of a left matrix are channels from a block's start and its rows one loop of pixels.
  private func readsInOrder(_ view: TensorView) -> Bool {
    let count = view.axes.count
    return isChannels(view, axis: count - 1) && isPixels(view, axis: count - 2)
  }

  /// Whether the right matrix has its reduction on pixels (true), on channels (false), or cannot be read (nil).
  private func rightOrientation(_ view: TensorView) -> Bool? {
    let count = view.axes.count
    if isChannels(view, axis: count - 1), isPixels(view, axis: count - 2) { return true }
    if isChannels(view, axis: count - 2), isPixels(view, axis: count - 1) { return false }
    return nil
  }

  private func isChannels(_ view: TensorView, axis: Int) -> Bool {
    let tensor = tensors[view.tensor]
    if !tensor.isInterleaved {
      let outer = view.axes.enumerated().filter { $0.offset != axis }.flatMap(\.element)
      guard view.channelOffset % tensor.block == 0,
        outer.allSatisfy({ $0.direction == .pixel || $0.stride % tensor.block == 0 })
      else { return false }
    }
    guard let loop = TensorView.merged(view.axes[axis]) else { return view.axes[axis].isEmpty }
    return loop.direction == .channel && loop.stride == 1
  }

  private func isPixels(_ view: TensorView, axis: Int) -> Bool {
    pixelRows(view.axes[axis]) != nil
  }

  /// The pixels of an axis as rows of adjacent pixels (the windows of an image), or nil where they are not that.
  private func pixelRows(_ loops: [TensorView.Factor]) -> (rows: Int, stride: Int, columns: Int)? {
    let chain = TensorView.simplified(loops)
    guard chain.allSatisfy({ $0.direction == .pixel }) else { return nil }
    switch chain.count {
    case 0: return (1, 1, 1)
    case 1: return (chain[0].extent, chain[0].stride, 1)
    case 2 where chain[1].stride == 1: return (chain[0].extent, chain[0].stride, chain[1].extent)
    default: return nil
    }
  }

  private mutating func relaidMatrix(_ view: TensorView, _ name: String) -> TensorView {
    let packed = fresh(
      name, .intermediate, TensorType(view.shape, .float32),
      style: view.axes.count >= 3 ? .heads : .channelsLast)
    return relaid(view, as: packed, name: name + " layout")
  }

  /// Batch loops of the result: those of the left operand, or of the right where the left repeats.
  private func broadcastBatch(
    _ left: [[TensorView.Factor]], right: [[TensorView.Factor]]
  ) -> [[TensorView.Factor]] {
    let count = max(left.count, right.count)
    return (0..<count).map { axis in
      let leftAxis = axis - (count - left.count)
      let rightAxis = axis - (count - right.count)
      if leftAxis >= 0, !left[leftAxis].isEmpty { return left[leftAxis] }
      guard rightAxis >= 0, !right[rightAxis].isEmpty else { return [] }
      let extent = right[rightAxis].reduce(1) { $0 * $1.extent }
      return [.init(extent: extent, direction: .channel, stride: 1 << 20)]
    }
  }

  /// A matrix of a tensor: rows of pixels, one item at offset 0.
  private func matrixGrid(_ tensor: Int, rowLoops: [TensorView.Factor], channels: Int) -> GridView {
    var grid = GridView(whole: tensors[tensor], index: tensor)
    let loops = pixelRows(rowLoops) ?? (rows: rowLoops.reduce(1) { $0 * $1.extent }, stride: 1, columns: 1)
    (grid.groups, grid.groupStride, grid.channels) = (1, 0, channels)
    (grid.images, grid.imageStride) = (1, 0)
    (grid.rows, grid.rowStride, grid.columns) = (loops.rows, loops.stride, loops.columns)
    return grid
  }
}

extension Value {
  fileprivate func rank(in graph: Graph) -> Int { graph.type(of: self).rank }
}
