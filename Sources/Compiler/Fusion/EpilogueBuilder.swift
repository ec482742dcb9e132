import Graphs
import Hardware

/// Turns the nodes of an elementwise region into the fewest vector classes that compute them.
struct EpilogueBuilder {
  let graph: Graph
  let index: GraphIndex
  let machine: Target

  /// Adds the classes of `region` to `recipe`.
  ///
  /// After a product, what is affine for each channel folds into weights and bias, and a following rectifier or clamp
  /// into the saturation of the requantisation. With operands of at most 8 bits any function of one element is a
  /// table of 256 entries: it costs no more than one transcendental step.
  /// - Returns: whether a bias for each channel has to be loaded with the weights.
  func append(
    _ region: ElementwiseRegion, after start: Value, isProduct: Bool, furtherOffset: Int,
    to recipe: inout VectorRecipe
  ) -> Bool {
    var folds = isProduct
    var hasBias = false
    var pure: Set<Value> = [start]
    // What the weights can still absorb: a value that is used once.
    var base = start
    var pending: [VectorClass] = []
    for position in region.nodes {
      let node = graph.nodes[position]
      let value = Value(.node(position, result: 0))
      guard case .elementwise(let classes) = NodeKind(node) else {
        if node.operands.first.map(pure.contains) ?? false { pure.insert(value) }
        if node.operands.first == base, index.consumers(of: base).count == 1 { base = value }
        continue
      }
      let constants = node.operands.filter(index.isConstant)
      let further = node.operands.compactMap { region.further.firstIndex(of: $0) }
      folds = folds && index.consumers(of: base).count == 1 && !index.isGraphOutput(base)
      if folds, further.isEmpty, isAffine(node) {
        hasBias = true
        base = value
        pure = [value]
        continue
      }
      if folds, let unary = node.primitive as? Unary, unary.function.isSaturation {
        folds = false
        pure = [value]
        continue
      }
      folds = false
      let isPure = node.operands.allSatisfy { operand in
        pure.contains(operand) || constants.contains(operand) && graph.type(of: operand).count == 1
      }
      if isPure {
        pending += squareAware(node, classes)
        pure.insert(value)
      } else {
        flush(&pending, to: &recipe)
        recipe.appendElementwise(classes, secondOperand: further.first.map { $0 + furtherOffset })
        for extra in further.dropFirst() {
          recipe.appendElementwise([.simple], secondOperand: extra + furtherOffset)
        }
        pure = [value]
      }
    }
    flush(&pending, to: &recipe)
    return hasBias
  }

  /// The classes of an elementwise node; a square is a multiplication.
  func squareAware(_ node: Node, _ classes: [VectorClass]) -> [VectorClass] {
    guard let binary = node.primitive as? Binary, binary.function == .power, isTwo(node.operands[1]) else {
      return classes
    }
    return [.multiply]
  }

  private func isTwo(_ value: Value) -> Bool {
    guard case .constant(let position) = value.source, let bytes = graph.constants[position].bytes,
      graph.constants[position].type == TensorType(graph.constants[position].type.shape, .float32),
      bytes.count == 4
    else { return false }
    return bytes == [0, 0, 0, 0x40]
  }

  private func flush(_ pending: inout [VectorClass], to recipe: inout VectorRecipe) {
    guard !pending.isEmpty else { return }
    let table: [VectorClass] = [.transcendental]
    let usesTable =
      machine.bits <= 8 && pending.count > 1 && machine.cycles(of: pending) > machine.cycles(of: table)
    recipe.appendElementwise(usesTable ? table : pending)
    pending = []
  }

  private func isAffine(_ node: Node) -> Bool {
    if node.primitive is BatchNormalization { return true }
    guard let binary = node.primitive as? Binary, node.operands.contains(where: index.isConstant) else {
      return false
    }
    switch binary.function {
    case .add, .subtract, .multiply: return true
    case .divide: return index.isConstant(node.operands[1])
    default: return false
    }
  }
}

extension UnaryFunction {
  /// Whether requantisation does it on the way, by its limits.
  var isSaturation: Bool {
    switch self {
    case .relu, .clamp: true
    default: false
    }
  }
}

extension Target {
  /// Cycles of one step of the vector unit through `classes`, at least 1.
  func cycles(of classes: [VectorClass]) -> Int {
    max(1, classes.reduce(0) { $0 + (model.vector.cyclesPerStep[$1] ?? 1) })
  }
}
