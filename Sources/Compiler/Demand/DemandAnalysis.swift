import Graphs
import Hardware
import Measures

/// Derives what each layer and the whole run need at least from the graph's loop nests and tensor types.
///
/// Of the compiler's work it uses only which nodes run together and which tensors lie in main memory; no tile, no
/// estimate and no address, so that a wrong one shows.
struct DemandAnalysis {
  private let graph: Graph
  private let machine: Target
  private let index: GraphIndex
  private let lowerer: Lowerer
  private(set) var demand: ProgramDemand
  /// Elements already charged to a layer, by value of the host.
  private var charged: Set<Value> = []
  /// Most elements that one layer needs of each value of the host.
  private var wanted: [Value: Int] = [:]
  /// Elements of each node's result that leave the graph.
  private var leaving: [Value: Int] = [:]

  init(_ graph: Graph, _ machine: Target, _ fused: [FusedLayer], _ lowerer: Lowerer) {
    self.graph = graph
    self.machine = machine
    self.lowerer = lowerer
    index = lowerer.index
    demand = ProgramDemand(layers: lowerer.layers.map { _ in Demand() }, run: Demand())
    noteOutputs()
    for (layer, range) in zip(fused, lowerer.layersOfFused) {
      addWork(of: layer, range)
      addReads(of: layer, range)
      addWrites(of: layer, range)
    }
    demand.run.macs = demand.layers.reduce(0) { $0 + $1.macs }
    // The order of a dictionary does not matter to a sum.
    for (value, elements) in wanted { demand.run.readBytes += bytes(elements, of: value) }
    for (value, elements) in leaving { demand.run.writeBytes += bytes(elements, of: value) }
    demand.run.productBytes = demand.layers.reduce(0) { $0 + $1.leastBytes }
    demand.run.spilledReadBytes = demand.layers.reduce(0) { $0 + $1.spilledReadBytes }
    demand.run.spilledWriteBytes = demand.layers.reduce(0) { $0 + $1.spilledWriteBytes }
  }

  // MARK: Work

  private mutating func addWork(of layer: FusedLayer, _ range: Range<Int>) {
    let node = graph.nodes[layer.anchor]
    guard layer.kind == .product, let target = range.last(where: { lowerer.layers[$0].macs > 0 }) else {
      return
    }
    let share = kept(of: node)
    let macs = graph.work(of: node).reduce(0) { $0 + $1.macs }
    demand.layers[target].macs = macs / share.of * share.kept + macs % share.of * share.kept / share.of
    let bits = machine.format.name.bits
    let bound = CommunicationBound(elements: chipBytes * 8 / bits)
    let elements = bound.transfers(macs: demand.layers[target].macs, reuse: reuse(of: node))
    demand.layers[target].productBytes = elements * bits / 8
  }

  /// Bytes that scratchpads and the array's registers hold at once.
  private var chipBytes: Int {
    // Each cell may hold an operand in use and the next one, one that passes by, and a sum.
    let registers = 4 * machine.model.array.macsPerCycle * machine.format.accumulatorBytes
    return machine.model.scratchpads.reduce(registers) { $0 + $1.capacity.count }
  }

  /// Weights that are multiplied, of how many.
  private func kept(of node: Node) -> (kept: Int, of: Int) {
    guard node.operands.count > 1, index.isConstant(node.operands[1]) else { return (1, 1) }
    let storage = lowerer.storage(of: node.operands[1])
    guard storage != .dense else { return (1, 1) }
    let shape = graph.type(of: node.operands[1]).shape
    let isConvolution = node.primitive is Convolution
    let positions = isConvolution ? shape.dropFirst(2).reduce(1, *) : 1
    let channels =
      isConvolution ? shape[1] : shape[max(0, shape.count - 2)]
    let depth = channels * positions
    return (min(storage.slots(depth), positions * storage.slots(channels)), max(1, depth))
  }

  /// Kernel positions that can meet one input element.
  private func reuse(of node: Node) -> Int {
    guard let convolution = node.primitive as? Convolution else {
      return node.primitive is MatrixProduct
        ? 1 : graph.type(of: node.operands[1]).shape.dropFirst(2).reduce(1, *)
    }
    let kernel = Array(graph.type(of: node.operands[1]).shape.dropFirst(2))
    return zip(kernel, convolution.strides).reduce(1) { product, axis in
      product * axis.0.dividedUp(by: min(axis.0, axis.1))
    }
  }

  // MARK: Reads

  private mutating func addReads(of layer: FusedLayer, _ range: Range<Int>) {
    var intermediates: [Value: Int] = [:]
    for (value, elements) in needs(of: layer) {
      switch value.source {
      case .input, .constant:
        wanted[value] = max(wanted[value] ?? 0, elements)
        guard !charged.contains(value), let target = reader(of: value, range) else { continue }
        charged.insert(value)
        demand.layers[target].readBytes += bytes(elements, of: value)
      case .node(let node, _):
        if index.isFolded[node] { continue }
        // What a cache holds is no intermediate tensor.
        let cached = (lowerer.caches[value] ?? []).reduce(0) { $0 + graph.type(of: $1).count }
        intermediates[value] = max(intermediates[value] ?? 0, elements - cached)
      }
    }
    // All operands exist before the layer starts: what the chip cannot hold of them has to come back.
    guard range.count == 1 else { return }
    let total = intermediates.reduce(0) { $0 + bytes($1.value, of: $1.key) }
    demand.layers[range.lowerBound].spilledReadBytes = max(0, total - chipBytes)
  }

  /// The values of the host and of earlier layers that a layer reads, with the elements it needs of each.
  private func needs(of layer: FusedLayer) -> [(Value, Int)] {
    guard !layer.nodes.isEmpty else { return [] }
    let anchor = graph.nodes[layer.anchor]
    var needs: [(Value, Int)] = []
    for value in layer.operands + layer.further {
      let isPart = layer.nodes.contains { node in
        if case .node(node, _) = value.source { true } else { false }
      }
      guard !isPart else { continue }
      var elements = graph.type(of: value).count
      switch layer.kind {
      case .product, .window, .movement:
        if let position = anchor.operands.firstIndex(of: value) {
          elements = graph.need(of: position, by: anchor)
        }
      case .vector: break
      }
      if index.isConstant(value) {
        guard isLoaded(value, by: layer) else { continue }
        if layer.kind == .product, anchor.operands.count > 1, anchor.operands[1] == value {
          let share = kept(of: anchor)
          elements = elements / share.of * share.kept
        }
      }
      let (source, most) = origin(of: value)
      needs.append((source, min(elements, most)))
      // What a cache holds comes from main memory with the rest of its tensor, if all of it is read.
      guard elements == graph.type(of: value).count, most == elements else { continue }
      for cache in lowerer.caches[source] ?? [] { needs.append((cache, graph.type(of: cache).count)) }
    }
    return needs
  }

  /// Whether a constant is a tensor that travels, rather than numbers that are part of an instruction.
  private func isLoaded(_ value: Value, by layer: FusedLayer) -> Bool {
    guard case .constant = value.source else { return false }
    if layer.kind == .product { return true }
    let count = graph.type(of: value).count
    return count > 1 && count == graph.type(of: layer.result).count
  }

  /// The value behind views, and how many of its elements the views let through.
  private func origin(of value: Value) -> (Value, Int) {
    var current = value
    var most = graph.type(of: value).count
    while case .node(let node, _) = current.source, !index.isFolded[node],
      NodeKind(graph.nodes[node]) == .view
    {
      current = graph.nodes[node].operands[0]
      most = min(most, graph.type(of: current).count)
    }
    return (current, most)
  }

  /// The layer that brings a value of the host onto the chip.
  private func reader(of value: Value, _ range: Range<Int>) -> Int? {
    if let view = lowerer.views[value] {
      return range.first { lowerer.layers[$0].inputs.contains(view.tensor) }
    }
    // Weights of a product have no tensor of their own: they are packed for the array.
    return range.last { lowerer.layers[$0].macs > 0 }
  }

  // MARK: Writes

  private mutating func noteOutputs() {
    var queue = graph.outputs.map { ($0.value, graph.type(of: $0.value).count) }
    while let (value, elements) = queue.popLast() {
      let (source, most) = origin(of: value)
      guard case .node(let node, _) = source.source, !index.isFolded[node] else { continue }
      if graph.nodes[node].primitive is Concatenate, source == value {
        for operand in graph.nodes[node].operands where operand != value {
          queue.append((operand, graph.type(of: operand).count))
        }
      } else {
        leaving[source] = max(leaving[source] ?? 0, min(elements, most))
      }
    }
  }

  private mutating func addWrites(of layer: FusedLayer, _ range: Range<Int>) {
    guard let target = range.last else { return }
    let leaves = lowerer.tensors[lowerer.layers[target].output].origin == .output
    if leaves, let elements = leaving[layer.result] {
      demand.layers[target].writeBytes += bytes(elements, of: layer.result)
    } else if range.count == 1, !leaves {
      let size = bytes(graph.type(of: layer.result).count, of: layer.result)
      demand.layers[target].spilledWriteBytes = max(0, size - chipBytes)
    }
  }

  private func bytes(_ elements: Int, of value: Value) -> Int {
    elements * machine.storedBits(graph.type(of: value).elementType) / 8
  }
}
