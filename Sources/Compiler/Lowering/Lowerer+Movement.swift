import Graphs
import Hardware

extension Lowerer {
  /// Lowers what changes the place of elements.
  mutating func lowerMovement(_ layer: FusedLayer) {
    let node = graph.nodes[layer.anchor]
    if node.primitive is Concatenate {
      lowerConcatenation(layer)
      return
    }
    guard case .movement(let run, let isIndexed) = layer.kind else { return }
    let type = graph.type(of: layer.result)
    var sources: [TensorView] = []
    for value in layer.operands { sources.append(view(of: value)) }
    let style: Style
    switch node.primitive {
    case is Gather: style = type.rank >= 2 ? .channelsLast : .channelsFirst
    default: style = self.style(like: sources.first, rank: type.rank)
    }
    let destination: TensorView
    let natural = fresh(layer.name, .intermediate, type, style: style)
    if let slice = concatenationSlice(
      for: layer.result, like: natural.axes, columns: tensors[natural.tensor].columns)
    {
      destination = slice
    } else {
      destination = natural
    }
    views[layer.result] = destination
    // In blocks a pixel's channels stay together where only pixels move.
    let pixelRun = min(tensors[natural.tensor].channels, machine.blockChannels)
    let keepsChannels = sources.first.map { movesPixelsOnly(node, $0) } ?? false
    appendMovement(
      name: layer.name, operatorName: layer.operatorName, from: sources, to: destination,
      elements: type.count,
      run: keepsChannels ? max(run, pixelRun) : run, isIndexed: isIndexed,
      recipe: layer.recipe.passes.count > 1 ? layer.recipe : nil)
  }

  private func movesPixelsOnly(_ node: Node, _ view: TensorView) -> Bool {
    let shape = graph.type(of: node.operands[0]).shape
    let result = node.resultTypes[0].shape
    guard shape.count == result.count, view.axes.count == shape.count else { return false }
    switch node.primitive {
    case is Resize, is Pad, is Expand, is Tile:
      return shape.indices.allSatisfy { axis in
        shape[axis] == result[axis] || !view.axes[axis].contains { $0.direction == .channel }
      }
    default: return false
    }
  }

  /// Gives a concatenation its tensor; operands that were not written there are copied.
  private mutating func lowerConcatenation(_ layer: FusedLayer) {
    let node = graph.nodes[layer.anchor]
    guard let concatenate = node.primitive as? Concatenate else { return }
    let type = node.resultTypes[0]
    let root = concatenations.root(of: layer.anchor)
    var whole = concatenations.tensors[root]
    if whole == nil {
      let first = node.operands.first { !index.isConstant($0) } ?? node.operands[0]
      let isCache = isCache(first, of: layer)
      let count = tensors.count
      let axes = view(of: first).axes
      let columns = tensors[view(of: first).tensor].columns
      if isCache, tensors.count == count + 1 {
        // The tensor of the concatenation takes the place of the cache's own.
        views[first] = nil
        tensors.removeLast()
      }
      whole = concatenationTensor(root, like: axes, columns: columns)
    }
    guard let whole else {
      let destination = fresh(
        layer.name, .intermediate, type, style: type.rank == 4 ? .channelsFirst : .channelsLast)
      views[layer.result] = destination
      var sources: [TensorView] = []
      for operand in node.operands { sources.append(view(of: operand)) }
      appendMovement(
        name: layer.name, operatorName: layer.operatorName, from: sources, to: destination,
        elements: type.count,
        run: 1, isIndexed: false)
      return
    }
    var start = 0
    var copies = 0
    for (position, operand) in node.operands.enumerated() {
      let count = graph.type(of: operand).shape[concatenate.axis]
      defer { start += count }
      let slice = whole.sliced(axis: concatenate.axis, start: start, count: count, step: 1)
      if let slice, isCache(operand, of: layer) {
        views[operand] = slice
        caches[layer.result, default: []].append(operand)
      }
      let source = view(of: operand)
      guard let slice else { continue }
      if source == slice || concatenations.copied.contains([root, position]) { continue }
      concatenations.copied.insert([root, position])
      copies += 1
      appendMovement(
        name: copies == 1 ? layer.name : "\(layer.name) part \(copies)", operatorName: layer.operatorName,
        from: [source], to: slice, elements: graph.type(of: operand).count,
        run: min(tensors[whole.tensor].channels, machine.blockChannels, count), isIndexed: false)
    }
    if copies == 0 { elided.append(layer.name) }
    views[layer.result] = whole.sliced(
      axis: concatenate.axis, start: 0, count: type.shape[concatenate.axis], step: 1)
  }

  /// Whether an operand of a concatenation is an input that nobody else reads, while the result is an output: the host
  /// then keeps both in one place (keys and values of earlier tokens), and only what is new has to be written.
  private func isCache(_ operand: Value, of layer: FusedLayer) -> Bool {
    guard case .input = operand.source, views[operand] == nil, index.isGraphOutput(layer.result) else {
      return false
    }
    let operands = graph.nodes[layer.anchor].operands
    return index.consumers(of: operand) == [layer.anchor] && operands.count { $0 == operand } == 1
      && !graph.outputs.contains { $0.value == operand }
      && concatenations.root(of: layer.anchor) == layer.anchor
  }

  /// The slice of a concatenation's tensor that a layer can write its result into.
  mutating func concatenationSlice(
    for value: Value, like axes: [[TensorView.Factor]], columns: Int
  ) -> TensorView? {
    guard let place = concatenations.places[value],
      let concatenate = graph.nodes[place.root].primitive as? Concatenate,
      axes.count == graph.nodes[place.root].resultTypes[0].rank
    else { return nil }
    let whole =
      concatenations.tensors[place.root] ?? concatenationTensor(place.root, like: axes, columns: columns)
    guard let whole,
      let slice = whole.sliced(
        axis: concatenate.axis, start: place.start, count: graph.type(of: value).shape[concatenate.axis],
        step: 1),
      slice.shape == axes.map({ $0.reduce(1) { $0 * $1.extent } }),
      zip(slice.axes, axes).allSatisfy({ pair in
        Set(pair.0.map(\.direction)) == Set(pair.1.map(\.direction)) || pair.1.isEmpty || pair.0.isEmpty
      }),
      GridView(slice, of: tensors[slice.tensor]) != nil
    else { return nil }
    // Slices between two words of the last block would overlap with their neighbour.
    let tensor = tensors[slice.tensor]
    return tensor.isInterleaved ? nil : slice
  }

  /// Makes the tensor of a concatenation with the loops of one of its operands.
  private mutating func concatenationTensor(
    _ root: Int, like axes: [[TensorView.Factor]], columns: Int
  ) -> TensorView? {
    let node = graph.nodes[root]
    guard let concatenate = node.primitive as? Concatenate else { return nil }
    let type = node.resultTypes[0]
    var axes = axes
    let axis = concatenate.axis
    guard axes.count == type.rank, axes[axis].count <= 1 else { return nil }
    if axes[axis].isEmpty {
      let hasChannels = axes.contains { $0.contains { $0.direction == .channel } }
      let inner = axes[(axis + 1)...].flatMap { $0 }.filter { $0.direction == .pixel }
      axes[axis] = [
        .init(
          extent: 1, direction: hasChannels ? .pixel : .channel,
          stride: hasChannels ? max(1, inner.map { $0.stride * $0.extent }.max() ?? 1) : 1)
      ]
    }
    axes[axis][0].extent = type.shape[axis]
    guard axes.map({ $0.reduce(1) { $0 * $1.extent } }) == type.shape else { return nil }
    let result = Value(.node(root, result: 0))
    let isRows = axes[axis][0].direction == .pixel
    let view =
      concatenationSlice(for: result, like: axes, columns: columns)
      ?? compact(
        like: axes, columns: isRows && axes[axis][0].stride < columns ? 1 : columns, name: node.name,
        element: type.elementType)
    concatenations.tensors[root] = view
    return view
  }
}

/// Which values can be written straight into the tensor of a concatenation.
struct ConcatenationPlan: Sendable {
  struct Place: Hashable, Sendable {
    /// The concatenation node whose tensor holds the value.
    var root: Int
    /// First index of the value on the concatenation's axis.
    var start: Int
  }

  private(set) var places: [Value: Place] = [:]
  /// The tensor of each root, once a layer has been given one.
  var tensors: [Int: TensorView] = [:]
  /// Operands already copied into a root's tensor, as [root, position].
  var copied: Set<[Int]> = []
  private var roots: [Int: Int] = [:]

  /// A concatenation whose operands begin a longer one shares its tensor (dense blocks concatenate all that came before).
  init(_ graph: Graph, _ index: GraphIndex) {
    var concatenations: [Int] = []
    for position in graph.nodes.indices
    where graph.nodes[position].primitive is Concatenate && index.isLive[position]
      && !index.isFolded[position]
    {
      concatenations.append(position)
    }
    for position in concatenations {
      var longest = position
      for other in index.consumers(of: graph.nodes[position].operands[0]) {
        let candidate = graph.nodes[other]
        guard let concatenate = candidate.primitive as? Concatenate,
          concatenate.axis == (graph.nodes[position].primitive as? Concatenate)?.axis,
          candidate.operands.count > graph.nodes[longest].operands.count,
          candidate.operands.starts(with: graph.nodes[position].operands)
        else { continue }
        longest = other
      }
      roots[position] = longest
    }
    for position in concatenations.sorted(by: {
      graph.nodes[$0].operands.count > graph.nodes[$1].operands.count
    }) where roots[position] == position {
      guard let concatenate = graph.nodes[position].primitive as? Concatenate else { continue }
      var start = 0
      for operand in graph.nodes[position].operands {
        let isOnce = graph.nodes[position].operands.count { $0 == operand } == 1
        if isOnce, places[operand] == nil, case .node = operand.source, !index.isConstant(operand) {
          places[operand] = Place(root: position, start: start)
        }
        start += graph.type(of: operand).shape[concatenate.axis]
      }
    }
  }

  /// The concatenation whose tensor holds the result of `node`.
  func root(of node: Int) -> Int { roots[node] ?? node }
}
