import Graphs

/// One node on its way into the graph: its operands, its attributes, and the means to emit primitives.
struct NodeLowering {
  let session: ImportSession
  let type: String
  let name: String
  /// The version of the operator set that the node's domain has in the file.
  let opset: Int64
  let operands: [Binding]
  /// For each result, whether anything reads it.
  let resultsInUse: [Bool]
  var attributes: AttributeReader

  // MARK: Operands

  func has(_ index: Int) -> Bool {
    guard operands.indices.contains(index), case .absent = operands[index] else {
      return operands.indices.contains(index)
    }
    return false
  }

  private func binding(_ index: Int) throws(NodeFinding) -> Binding {
    guard has(index) else {
      throw NodeFinding(found: "no operand \(index)", expected: "at least \(index + 1) operands")
    }
    return operands[index]
  }

  /// An operand in the graph; constants are added as parameters unless the operator says otherwise.
  func operand(_ index: Int, countsAsParameter: Bool = true) throws(NodeFinding) -> Value {
    switch try binding(index) {
    case .value(let value): return value
    case .known(let tensor): return try session.constant(tensor, countsAsParameter: countsAsParameter)
    case .absent, .poisoned:
      throw NodeFinding(found: "an operand that was not imported", expected: "a tensor")
    }
  }

  /// All operands in the graph.
  func allOperands() throws(NodeFinding) -> [Value] {
    var values: [Value] = []
    for index in operands.indices { values.append(try operand(index)) }
    return values
  }

  func operandType(_ index: Int) throws(NodeFinding) -> TensorType {
    switch try binding(index) {
    case .value(let value): return session.type(of: value)
    case .known(let tensor): return tensor.type
    case .absent, .poisoned:
      throw NodeFinding(found: "an operand that was not imported", expected: "a tensor")
    }
  }

  /// The operand as a tensor of the file, nil where the graph computes it.
  func known(_ index: Int) -> KnownTensor? {
    guard has(index), case .known(let tensor) = operands[index] else { return nil }
    return tensor
  }

  /// The operand's elements, nil where they are not known or the operand is left out.
  func literal(_ index: Int) throws(NodeFinding) -> Literal? {
    guard let tensor = known(index) else { return nil }
    return try session.literal(of: tensor)
  }

  /// An operand that must be known, such as the shape of a Reshape.
  func requiredLiteral(_ index: Int, _ role: String) throws(NodeFinding) -> Literal {
    guard let literal = try literal(index) else {
      throw NodeFinding(
        found: has(index) ? "\(role) that depend on the data" : "no \(role)",
        expected: "\(role) that follow from the file and the extents of the inputs")
    }
    return literal
  }

  func requiredIntegers(_ index: Int, _ role: String) throws(NodeFinding) -> [Int] {
    guard let values = try requiredLiteral(index, role).integers else {
      throw NodeFinding(found: "\(role) that are not integers", expected: "integers")
    }
    return values
  }

  /// One known number.
  func requiredScalar(_ index: Int, _ role: String) throws(NodeFinding) -> Double {
    let values = try requiredLiteral(index, role).reals
    guard let first = values.first, values.count == 1 else {
      throw NodeFinding(found: "\(values.count) elements for \(role)", expected: "1")
    }
    return first
  }

  /// An attribute of early operator sets that later ones take as an operand: nil where neither is there.
  mutating func integers(attribute: String, orOperand index: Int) throws(NodeFinding) -> [Int]? {
    if let values = try attributes.integers(attribute) { return values }
    return has(index) ? try requiredIntegers(index, attribute) : nil
  }

  /// The same for integers of any size, such as the ends of slices.
  mutating func contents(attribute: String, orOperand index: Int) throws(NodeFinding) -> [Int]? {
    if let values = try attributes.contents(attribute) { return values }
    return has(index) ? try requiredIntegers(index, attribute) : nil
  }

  // MARK: Axes

  func axis(_ axis: Int, rank: Int) throws(NodeFinding) -> Int {
    guard let normalised = normalisedAxis(axis, rank: rank) else {
      throw NodeFinding(found: "axis \(axis)", expected: "an axis in \(-rank) ..< \(rank)")
    }
    return normalised
  }

  /// Ascending axes, each once.
  func axes(_ axes: [Int], rank: Int) throws(NodeFinding) -> [Int] {
    var result: [Int] = []
    for each in axes { result.append(try axis(each, rank: rank)) }
    guard Set(result).count == result.count else {
      throw NodeFinding(found: "axes \(axes)", expected: "each axis once")
    }
    return result.sorted()
  }

  // MARK: Results

  /// Adds a node of one result; only the first of several parts carries the plain name.
  func emit(_ primitive: any Primitive, _ operands: Value..., part: String? = nil) throws(NodeFinding)
    -> Value
  {
    try session.add(primitive, operands, name: partName(part))[0]
  }

  func emitAll(_ primitive: any Primitive, _ operands: [Value], part: String? = nil) throws(NodeFinding)
    -> [Value]
  {
    try session.add(primitive, operands, name: partName(part))
  }

  private func partName(_ part: String?) -> String { part.map { "\(name)/\($0)" } ?? name }

  func typeOf(_ value: Value) -> TensorType { session.type(of: value) }

  /// A number as a constant of an element type.
  func scalar(_ number: Double, _ type: ElementType) throws(NodeFinding) -> Value {
    let literal = Literal([number], shape: [], .float64).cast(to: type)
    return try session.constant(session.known(literal, name: "\(name)/\(number)"), countsAsParameter: false)
  }

  func reshape(_ value: Value, to shape: [Int], part: String? = nil) throws(NodeFinding) -> Value {
    guard typeOf(value).shape != shape else { return value }
    return try emit(Reshape(shape), value, part: part)
  }

  /// A tensor computed during the import.
  func folded(_ literal: Literal) -> Binding { .known(session.known(literal, name: name)) }

  /// Refuses results beyond the first that something reads.
  func requireSingleResult(_ others: String) throws(NodeFinding) {
    guard !resultsInUse.dropFirst().contains(true) else {
      throw NodeFinding(found: "a use of the result \(others)", expected: "a use of the first result only")
    }
  }
}
