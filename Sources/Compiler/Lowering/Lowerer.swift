import Graphs
import Hardware

/// Gives each value of a graph a stored tensor or a view of one, and each layer its loops.
struct Lowerer {
  let graph: Graph
  let index: GraphIndex
  let machine: Target
  var tensors: [StoredTensor] = []
  var layers: [LoweredLayer] = []
  var views: [Value: TensorView] = [:]
  /// The nodes that make each concatenation's tensor, found before lowering.
  var concatenations: ConcatenationPlan
  /// Inputs that lie inside the tensor of a concatenation, by its result.
  var caches: [Value: [Value]] = [:]
  /// Names of nodes that became views and cost nothing.
  var elided: [String] = []
  /// Which of ``layers`` each fused layer became: its own, and those that lay out its operands.
  private(set) var layersOfFused: [Range<Int>] = []

  init(_ graph: Graph, _ index: GraphIndex, _ machine: Target) {
    self.graph = graph
    self.index = index
    self.machine = machine
    concatenations = ConcatenationPlan(graph, index)
  }

  mutating func lower(_ fused: [FusedLayer]) throws(CompileError) {
    for layer in fused {
      let first = layers.count
      switch layer.kind {
      case .product: try lowerProduct(layer)
      case .window: lowerWindow(layer)
      case .vector(let axes): lowerVector(layer, reducedAxes: axes)
      case .movement: lowerMovement(layer)
      }
      layersOfFused.append(first..<layers.count)
    }
    for output in graph.outputs where !index.isConstant(output.value) {
      if case .input = output.value.source { continue }
      let view = view(of: output.value)
      if tensors[view.tensor].origin == .intermediate { tensors[view.tensor].origin = .output }
    }
  }

  // MARK: Tensors and views

  /// Which axis of a value lies in blocks.
  enum Style: Hashable, Sendable {
    case channelsFirst, channelsLast
    /// `[batch, heads, tokens, channels]`: groups of channels.
    case heads
  }

  mutating func add(_ tensor: StoredTensor) -> Int {
    tensors.append(tensor)
    return tensors.count - 1
  }

  /// A tensor of its own for a value of this shape.
  mutating func fresh(
    _ name: String, _ origin: StoredTensor.Origin, _ type: TensorType, style: Style
  ) -> TensorView {
    let shape = type.shape
    let channelAxis = style == .channelsFirst && shape.count > 1 ? 1 : shape.count - 1
    let hasHeads = style == .heads && shape.count >= 3
    let groupAxis = hasHeads ? shape.count - 3 : -1
    let groups = hasHeads ? shape[groupAxis] : 1
    let isWhole = shape.last.map { $0 % machine.blockChannels == 0 } ?? false
    let pixelAxes = shape.indices.filter { $0 != channelAxis && $0 != groupAxis }
    let pixels = pixelAxes.reduce(1) { $0 * shape[$1] }
    let columns = shape.count >= 4 && !hasHeads ? shape[pixelAxes[pixelAxes.count - 1]] : 1
    let channels = channelAxis < 0 ? 1 : shape[channelAxis]
    let tensor = StoredTensor(
      name: name, origin: origin, groups: isWhole ? 1 : groups,
      channels: isWhole ? channels * groups : channels,
      rows: pixels / columns, columns: columns,
      bits: machine.storedBits(type.elementType), block: machine.blockChannels,
      wordBytes: machine.activationWord)
    var axes: [[TensorView.Factor]] = shape.map { _ in [] }
    var stride = 1
    for axis in pixelAxes.reversed() {
      if shape[axis] > 1 { axes[axis] = [.init(extent: shape[axis], direction: .pixel, stride: stride)] }
      stride *= shape[axis]
    }
    if channels > 1 { axes[channelAxis] = [.init(extent: channels, direction: .channel, stride: 1)] }
    if groups > 1 {
      axes[groupAxis] = [
        .init(extent: groups, direction: .channel, stride: channels.roundedUp(to: machine.blockChannels))
      ]
    }
    return TensorView(tensor: add(tensor), axes: axes)
  }

  /// A tensor with the loops of `axes`, packed densely in the same order.
  mutating func compact(
    like axes: [[TensorView.Factor]], columns: Int, name: String, element: ElementType
  ) -> TensorView {
    var axes = axes
    struct Place { var axis, loop, stride: Int }
    func places(_ direction: TensorView.Direction) -> [Place] {
      axes.indices.flatMap { axis in
        axes[axis].indices.filter { axes[axis][$0].direction == direction }.map {
          Place(axis: axis, loop: $0, stride: axes[axis][$0].stride)
        }
      }.sorted { ($0.stride, $1.axis, $1.loop) < ($1.stride, $0.axis, $0.loop) }
    }
    var pixels = 1
    for place in places(.pixel) {
      axes[place.axis][place.loop].stride = pixels
      pixels *= axes[place.axis][place.loop].extent
    }
    // Channel loops that chain to 1 are the channels of a group; what is outside of them are groups.
    var channels = 1
    var outer: [Place] = []
    for place in places(.channel) {
      let loop = axes[place.axis][place.loop]
      if outer.isEmpty, loop.stride == channels { channels *= loop.extent } else { outer.append(place) }
    }
    var groups = outer.reduce(1) { $0 * axes[$1.axis][$1.loop].extent }
    let inner = channels
    // Groups of whole blocks are simply more channels.
    if inner % machine.blockChannels == 0 { (groups, channels) = (1, inner * groups) }
    let tensor = StoredTensor(
      name: name, origin: .intermediate, groups: groups, channels: channels,
      rows: pixels % columns == 0 ? pixels / columns : pixels, columns: pixels % columns == 0 ? columns : 1,
      bits: machine.storedBits(element), block: machine.blockChannels, wordBytes: machine.activationWord)
    var stride = inner.roundedUp(to: machine.blockChannels)
    for place in outer {
      axes[place.axis][place.loop].stride = stride
      stride *= axes[place.axis][place.loop].extent
    }
    return TensorView(tensor: add(tensor), axes: axes)
  }

  /// The view of a value, made on first use.
  mutating func view(of value: Value) -> TensorView {
    if let known = views[value] { return known }
    let made = makeView(of: value)
    views[value] = made
    return made
  }

  private mutating func makeView(of value: Value) -> TensorView {
    let type = graph.type(of: value)
    switch value.source {
    case .input(let position):
      return fresh(graph.inputs[position].name, .input, type, style: demandedStyle(of: value))
    case .constant(let position):
      return fresh(graph.constants[position].name, .constant, type, style: demandedStyle(of: value))
    case .node(let position, _):
      let node = graph.nodes[position]
      if index.isFolded[position] {
        return fresh(node.name, .constant, type, style: demandedStyle(of: value))
      }
      let operand = view(of: node.operands[0])
      if let view = viewed(operand, through: node, shape: type.shape) {
        elided.append(node.name)
        return view
      }
      // The data have to move.
      let moved = fresh(node.name, .intermediate, type, style: demandedStyle(of: value))
      appendMovement(
        name: node.name, operatorName: node.primitive.name, from: [operand], to: moved, elements: type.count,
        run: 1, isIndexed: false)
      return moved
    }
  }

  /// What a view node makes of its operand's view, or nil where data must move.
  private func viewed(_ operand: TensorView, through node: Node, shape: [Int]) -> TensorView? {
    switch node.primitive {
    case is Reshape: return operand.reshaped(to: shape)
    case let transpose as Transpose: return operand.transposed(transpose.permutation)
    case let slice as Slice:
      var view = operand
      for axis in slice.starts.indices {
        guard
          let sliced = view.sliced(
            axis: axis, start: slice.starts[axis], count: shape[axis], step: slice.steps[axis])
        else { return nil }
        view = sliced
      }
      return view
    default: return operand
    }
  }

  /// How a tensor of the host should lie for its first consumers.
  private func demandedStyle(of value: Value) -> Style {
    let rank = graph.type(of: value).rank
    var queue = index.consumers(of: value)
    var visited = Set(queue)
    var position = 0
    while position < queue.count, position < 64 {
      let node = graph.nodes[queue[position]]
      position += 1
      switch node.primitive {
      case is Convolution, is ConvolutionInputGradient, is Pooling, is BatchNormalization, is Resize,
        is DepthToSpace,
        is InstanceNormalization, is GroupNormalization, is LocalResponseNormalization:
        return .channelsFirst
      case is MatrixProduct: return rank >= 4 ? .heads : .channelsLast
      case is LayerNormalization, is RMSNormalization, is Gather: return .channelsLast
      default: break
      }
      for result in node.resultTypes.indices {
        for next in index.consumers(of: Value(.node(queue[position - 1], result: result)))
        where visited.insert(next).inserted {
          queue.append(next)
        }
      }
    }
    return rank == 4 ? .channelsFirst : .channelsLast
  }

  /// The view into which a layer writes its result: a slice of a concatenation's tensor, or `natural`.
  mutating func destination(
    for value: Value, natural axes: [[TensorView.Factor]], of base: Int, name: String, columns: Int? = nil
  ) -> TensorView {
    let columns = columns ?? tensors[base].columns
    let element = graph.type(of: value).elementType
    // The layer may end behind a change of shape that moves nothing.
    let axes = TensorView(tensor: base, axes: axes).reshaped(to: graph.type(of: value).shape)?.axes ?? axes
    let view =
      concatenationSlice(for: value, like: axes, columns: columns)
      ?? compact(like: axes, columns: columns, name: name, element: element)
    views[value] = view
    return view
  }

  /// A copy of a view in a tensor of its own, packed, for a consumer that cannot read the view as it is.
  mutating func relaid(_ view: TensorView, as wanted: TensorView, name: String) -> TensorView {
    let run = view.axes.last.map { $0.first?.extent ?? 1 } ?? 1
    appendMovement(
      name: name, operatorName: "layout", from: [view], to: wanted, elements: view.shape.reduce(1, *),
      run: run, isIndexed: false)
    return wanted
  }

  /// Adds a layer that moves elements.
  mutating func appendMovement(
    name: String, operatorName: String, from sources: [TensorView], to destination: TensorView, elements: Int,
    run: Int, isIndexed: Bool, recipe: VectorRecipe? = nil
  ) {
    var moved: [VectorWork.MovedTensor] = []
    for source in sources {
      let tensor = tensors[source.tensor]
      if let grid = GridView(source, of: tensor), grid.images == 1, grid.groups == 1 {
        let region = grid.region(
          group: 0, channels: 0..<grid.channels, image: 0, rows: 0..<grid.rows, columns: 0..<grid.columns)
        let offset = tensor.offset(channel: region.channel, pixel: region.pixel)
        moved.append(
          .init(
            tensor: source.tensor, grid: grid, offset: offset,
            bytes: min(tensor.bytes(of: region), tensor.bytes - offset)
          ))
      } else {
        let count = source.shape.reduce(1, *)
        let bytes = (count * tensor.bits).dividedUp(by: 8).roundedUp(to: tensor.wordBytes)
        moved.append(.init(tensor: source.tensor, offset: 0, bytes: min(bytes, tensor.bytes)))
      }
    }
    let output = outputGrid(destination)
    let isRegular =
      output.images == 1 && output.groups == 1 && GridView(destination, of: tensors[output.tensor]) != nil
    var copy = VectorRecipe()
    // Runs of whole words are copied; shorter ones are addressed one by one.
    let isCopied = run * machine.bits >= machine.activationWord * 8
    copy.appendElementwise([isCopied ? .simple : .gather])
    if isIndexed, elements > 0 {
      // Only the rows that the indices name are fetched.
      let bytes = (elements * machine.bits).dividedUp(by: 8).roundedUp(to: machine.activationWord)
      for position in moved.indices where moved[position].bytes > bytes {
        moved[position].span = tensors[moved[position].tensor].bytes
        moved[position].bytes = bytes
        moved[position].pieces = max(1, elements / max(1, run))
        moved[position].grid = nil
      }
    }
    let work = VectorWork(
      shape: .movement(elements: elements, run: max(1, run), isRegular: isRegular),
      recipe: recipe ?? copy,
      moved: moved, output: output)
    append(
      LoweredLayer(
        name: name, operatorName: operatorName, macs: 0, alternatives: [.vector(work)],
        inputs: moved.map(\.tensor), output: output.tensor))
  }

  mutating func append(_ layer: LoweredLayer) { layers.append(layer) }

  /// The grid of a view that a layer writes; made by ``compact(like:columns:name:element:)`` or ``fresh(_:_:_:style:)``,
  /// so it is regular; the whole tensor otherwise.
  func outputGrid(_ view: TensorView) -> GridView {
    GridView(view, of: tensors[view.tensor]) ?? GridView(whole: tensors[view.tensor], index: view.tensor)
  }
}
