extension Graph {
  /// A copy whose further outputs are the gradients of a one-element value, named "gradient of …" after the targets.
  ///
  /// Targets on which the value does not depend have no output.
  /// - Throws: ``ShapeError`` as ``addGradients(of:seeds:withRespectTo:)`` does.
  package func differentiated(_ value: Value, withRespectTo targets: [Value]) throws(ShapeError) -> Graph {
    var copy = self
    let gradients = try copy.addGradients(of: [value], withRespectTo: targets)
    for (target, gradient) in zip(targets, gradients) {
      guard let gradient else { continue }
      copy.outputs.append(Output(name: "gradient of \(name(of: target))", value: gradient))
    }
    return copy
  }

  /// Adds nodes that compute gradients by reverse accumulation, and returns one gradient for each target.
  ///
  /// The new nodes are ordinary ones: calling this again differentiates them too. `seeds` are the gradients of `values`;
  /// without them a value must hold one element and its gradient is 1. Nil stands for a target on which no value depends.
  /// Linear in the size of the graph. Source: Griewank and Walther, Evaluating Derivatives, 2008, section 3.2.
  ///
  /// - Throws: ``ShapeError`` for a value of several elements without a seed, a seed of another type, a target that holds
  ///   no floating-point numbers, or a primitive that has no gradient (with the reason).
  package mutating func addGradients(
    of values: [Value], seeds: [Value]? = nil, withRespectTo targets: [Value]
  ) throws(ShapeError) -> [Value?] {
    try requireTargets(targets)
    let count = nodes.count
    let isActive = nodesDepending(on: targets)
    let targetSet = Set(targets)
    func isNeeded(_ value: Value) -> Bool {
      if targetSet.contains(value) { return true }
      guard case .node(let index, _) = value.source else { return false }
      return isActive[index]
    }
    var gradients: [Value: Value] = [:]
    for (index, value) in values.enumerated() {
      let seed = try seed(of: value, seeds?[index])
      if let sum = gradients[value] {
        gradients[value] = try add(Binary(.add), sum, seed, name: "\(name(of: value)).seed")
      } else {
        gradients[value] = seed
      }
    }
    for index in nodes[..<count].indices.reversed() where isActive[index] {
      let node = nodes[index]
      let upstream = node.resultTypes.indices.map { gradients[Value(.node(index, result: $0))] }
      guard let element = zip(node.resultTypes, upstream).first(where: { $1 != nil })?.0.elementType else {
        continue
      }
      guard let primitive = node.primitive as? any DifferentiablePrimitive else {
        let reason = (node.primitive as? any NonDifferentiablePrimitive)?.nonDifferentiableReason
        throw ShapeError(
          "node '\(node.name)' (\(node.primitive.name))", found: "a gradient that would pass through it",
          expected: reason ?? "a primitive with a gradient")
      }
      var context = GradientContext(self, node: index, upstream: upstream, elementType: element)
      // The context is the graph's only owner while it grows.
      self = Graph(name: "")
      defer { self = context.graph }
      let formulas = try primitive.gradients(&context)
      for (operand, formula) in zip(node.operands, formulas) {
        let type = context.graph.type(of: operand)
        guard let formula, isNeeded(operand), type.elementType.isFloatingPoint else { continue }
        let gradient = try context.value(formula, summedTo: type.shape)
        if let sum = gradients[operand] {
          gradients[operand] = try context.value(.value(sum) + .value(gradient))
        } else {
          gradients[operand] = gradient
        }
      }
    }
    return targets.map { gradients[$0] }
  }

  /// The name of what a value comes from.
  package func name(of value: Value) -> String {
    switch value.source {
    case .input(let index): inputs[index].name
    case .constant(let index): constants[index].name
    case .node(let index, _): nodes[index].name
    }
  }

  private func requireTargets(_ targets: [Value]) throws(ShapeError) {
    for target in targets where !type(of: target).elementType.isFloatingPoint {
      throw ShapeError(
        "gradient with respect to '\(name(of: target))'", found: "\(type(of: target))",
        expected: "floating-point elements")
    }
  }

  /// Whether each node depends on one of some values.
  private func nodesDepending(on targets: [Value]) -> [Bool] {
    let targets = Set(targets)
    var depends = Array(repeating: false, count: nodes.count)
    for (index, node) in nodes.enumerated() {
      depends[index] = node.operands.contains { operand in
        if targets.contains(operand) { return true }
        guard case .node(let source, _) = operand.source else { return false }
        return depends[source]
      }
    }
    return depends
  }

  private mutating func seed(of value: Value, _ given: Value?) throws(ShapeError) -> Value {
    let type = type(of: value)
    let place = "gradient of '\(name(of: value))'"
    guard type.elementType.isFloatingPoint else {
      throw ShapeError(place, found: "\(type)", expected: "floating-point elements")
    }
    if let given {
      guard self.type(of: given) == type else {
        throw ShapeError(place, found: "a seed \(self.type(of: given))", expected: "\(type)")
      }
      return given
    }
    guard type.count == 1 else {
      throw ShapeError(place, found: "\(type)", expected: "one element, or a seed of the same type")
    }
    let one = number(1, type.elementType, name: "one")
    return type.rank == 0 ? one : try add(Reshape(type.shape), one, name: "seed")
  }
}
