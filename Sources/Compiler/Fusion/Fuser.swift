import Graphs
import Hardware

/// Partitions a graph into layers.
struct Fuser {
  let graph: Graph
  let index: GraphIndex
  let machine: Target
  private let epilogues: EpilogueBuilder
  private var taken: [Bool]
  private var layers: [FusedLayer] = []

  /// Tensors that the elementwise part of a layer may read beside the anchor's own.
  static let furtherTensors = 1

  init(_ graph: Graph, _ index: GraphIndex, _ machine: Target) {
    self.graph = graph
    self.index = index
    self.machine = machine
    epilogues = EpilogueBuilder(graph: graph, index: index, machine: machine)
    taken = graph.nodes.map { _ in false }
  }

  /// The layers in an order in which each can run: operands first, else in the order of the graph.
  mutating func layersInOrder() -> [FusedLayer] {
    for position in graph.nodes.indices {
      guard index.isLive[position], !index.isFolded[position], !taken[position] else { continue }
      switch NodeKind(graph.nodes[position]) {
      case .view: continue
      case .product: addProduct(position)
      case .elementwise(let classes): addElementwise(position, classes)
      case .other: addOther(position)
      }
    }
    return ordered()
  }

  private mutating func addProduct(_ position: Int) {
    let node = graph.nodes[position]
    var recipe = VectorRecipe()
    let isInteger = machine.format.name.isInteger
    recipe.appendElementwise([isInteger ? .multiply : .simple])
    var layer = FusedLayer(
      name: node.name, operatorName: node.primitive.name, kind: .product, anchor: position, nodes: [position],
      operands: node.operands, result: Value(.node(position, result: 0)), recipe: recipe)
    grow(&layer, from: [position], isProduct: true)
    if let softmax = followingSoftmax(of: layer) { absorbSoftmax(softmax, into: &layer) }
    commit(layer)
  }

  /// A softmax over the last axis that is the only user of a matrix product: it runs on the tiles of its rows.
  private func followingSoftmax(of layer: FusedLayer) -> Int? {
    guard graph.nodes[layer.anchor].primitive is MatrixProduct, !index.isGraphOutput(layer.result) else {
      return nil
    }
    let consumers = index.consumers(of: layer.result)
    guard consumers.count == 1, let position = consumers.first, !taken[position],
      let softmax = graph.nodes[position].primitive as? Softmax,
      softmax.axis == graph.type(of: layer.result).rank - 1
    else { return nil }
    // Whole rows have to fit the accumulators, twice, for as many rows as the array is high.
    let row = graph.type(of: layer.result).shape[softmax.axis].roundedUp(to: machine.model.array.columns)
    let bytes = row * machine.format.accumulatorBytes * machine.model.array.rows * 2
    return bytes <= machine.capacity(machine.accumulators) ? position : nil
  }

  private mutating func absorbSoftmax(_ position: Int, into layer: inout FusedLayer) {
    let writes = layer.recipe.passes.last.map { $0.classes.count > 1 || $0.secondOperand != nil } ?? false
    // The scores are read from the accumulators unless something had to be done to them first.
    let passes = VectorRecipe.softmax.passes
    if writes {
      layer.recipe.passes += passes.map { pass in
        var pass = pass
        pass.source = .result
        return pass
      }
    } else {
      layer.recipe.passes = passes
    }
    layer.recipe.domain = .wholeChannels
    layer.nodes.append(position)
    layer.operatorName += "+" + graph.nodes[position].primitive.name
    layer.result = Value(.node(position, result: 0))
  }

  private mutating func addElementwise(_ position: Int, _ classes: [VectorClass]) {
    let node = graph.nodes[position]
    let tensors = node.operands.filter { operand in
      let count = graph.type(of: operand).count
      return !index.isConstant(operand) || count > 1 && count * 2 > node.resultTypes[0].count
    }
    // The operand that has the result's extents leads; the others join as further tensors.
    let count = node.resultTypes[0].count
    let main =
      tensors.first { graph.type(of: $0).count == count && !index.isConstant($0) } ?? tensors.first
      ?? node.operands[0]
    var further: [Value] = []
    for tensor in tensors where tensor != main && !further.contains(tensor) { further.append(tensor) }
    var recipe = VectorRecipe()
    recipe.appendElementwise(epilogues.squareAware(node, classes), secondOperand: further.isEmpty ? nil : 0)
    for extra in further.indices.dropFirst() { recipe.appendElementwise([.simple], secondOperand: extra) }
    var layer = FusedLayer(
      name: node.name, operatorName: node.displayName, kind: .vector(reducedAxes: []), anchor: position,
      nodes: [position], operands: [main], further: further, result: Value(.node(position, result: 0)),
      recipe: recipe)
    grow(&layer, from: [position], isProduct: false)
    commit(layer)
  }

  private mutating func addOther(_ position: Int) {
    if let match = NormalizationPattern(at: position, in: graph, index, taken: taken) {
      var layer = FusedLayer(
        name: graph.nodes[match.nodes.last ?? position].name, operatorName: match.operatorName,
        kind: .vector(reducedAxes: match.axes), anchor: position, nodes: match.nodes,
        operands: [match.operand],
        result: match.result, recipe: match.recipe)
      grow(&layer, from: match.nodes, isProduct: false)
      commit(layer)
      return
    }
    let node = graph.nodes[position]
    let lowering = NodeLowering(node, work: graph.work(of: node))
    let operands = node.operands.filter { !index.isConstant($0) || graph.type(of: $0).byteCount > 4096 }
    for result in node.resultTypes.indices {
      let value = Value(.node(position, result: result))
      // Further results of one node (indices of a top-k) are written by the first layer; here they get their place.
      guard result == 0 || index.isGraphOutput(value) || !index.consumers(of: value).isEmpty else { continue }
      var layer = FusedLayer(
        name: result == 0 ? node.name : "\(node.name)#\(result)", operatorName: node.primitive.name,
        kind: lowering.kind, anchor: position, nodes: result == 0 ? [position] : [], operands: operands,
        result: value, recipe: lowering.recipe)
      if lowering.growsElementwise, node.resultTypes.count == 1 {
        grow(&layer, from: [position], isProduct: false)
      }
      commit(layer)
    }
  }

  private mutating func grow(_ layer: inout FusedLayer, from anchors: [Int], isProduct: Bool) {
    let region = ElementwiseRegion(
      growingFrom: anchors, result: layer.result, in: graph, index, taken: taken,
      furtherLimit: max(0, Self.furtherTensors - layer.further.count))
    layer.hasBias = epilogues.append(
      region, after: layer.result, isProduct: isProduct, furtherOffset: layer.further.count, to: &layer.recipe
    )
    layer.nodes += region.nodes
    layer.further += region.further
    layer.result = region.result
    for node in region.nodes { layer.operatorName += "+" + graph.nodes[node].displayName }
  }

  private mutating func commit(_ layer: FusedLayer) {
    for node in layer.nodes { taken[node] = true }
    layers.append(layer)
  }

  /// Kahn's order, the layer with the earliest anchor first.
  private func ordered() -> [FusedLayer] {
    var producer: [Int: Int] = [:]
    for (position, layer) in layers.enumerated() {
      for node in layer.nodes { producer[node] = position }
    }
    var users: [[Int]] = layers.map { _ in [] }
    var missing = layers.map { _ in 0 }
    for (position, layer) in layers.enumerated() {
      var seen: Set<Int> = []
      for operand in layer.operands + layer.further {
        for node in materialised(operand) {
          guard let source = producer[node], source != position, seen.insert(source).inserted else {
            continue
          }
          users[source].append(position)
          missing[position] += 1
        }
      }
      if layer.nodes.isEmpty, let source = producer[layer.anchor], seen.insert(source).inserted {
        users[source].append(position)
        missing[position] += 1
      }
    }
    var ready = layers.indices.filter { missing[$0] == 0 }
    var result: [FusedLayer] = []
    while let next = ready.min(by: { (layers[$0].anchor, $0) < (layers[$1].anchor, $1) }) {
      ready.removeAll { $0 == next }
      result.append(layers[next])
      for user in users[next] {
        missing[user] -= 1
        if missing[user] == 0 { ready.append(user) }
      }
    }
    return result
  }

  /// The nodes that make a value, behind its views.
  private func materialised(_ value: Value) -> [Int] {
    var current = value
    while case .node(let node, _) = current.source {
      guard !taken[node], !index.isFolded[node], NodeKind(graph.nodes[node]) == .view else { return [node] }
      current = graph.nodes[node].operands[0]
    }
    return []
  }
}

extension Node {
  /// The function's name where the primitive is a family of functions.
  var displayName: String {
    switch primitive {
    case let binary as Binary: binary.function.rawValue
    case let unary as Unary:
      String("\(unary.function)".prefix { $0 != "(" })
    default: primitive.name
    }
  }
}

extension OperandFormat.Name {
  var isInteger: Bool {
    switch self {
    case .int4, .int8, .int16: true
    case .float16, .bfloat16, .float32: false
    }
  }
}
