/// A primitive with a gradient, written as formulas and so differentiable again.
package protocol DifferentiablePrimitive: Primitive {
  /// The gradient of each operand, given those of the results in `context`.
  ///
  /// Nil stands for an operand whose gradient is 0 wherever it is defined. A formula may have the shape that the operand
  /// broadcasts to: the caller sums it to the operand's shape. Formulas of operands that hold no floating-point numbers
  /// are not used.
  func gradients(_ context: inout GradientContext) throws(ShapeError) -> [Formula?]
}

/// A primitive without a gradient, and the reason.
package protocol NonDifferentiablePrimitive: Primitive {
  /// Why there is no gradient, in one sentence.
  var nonDifferentiableReason: String { get }
}

/// What a gradient rule sees of the node that it differentiates.
package struct GradientContext {
  /// The graph that receives the nodes.
  package private(set) var graph: Graph
  /// The operands of the node.
  package let x: [Formula]
  package let operandTypes: [TensorType]
  /// The results of the node.
  package let y: [Formula]
  package let resultTypes: [TensorType]
  /// The gradients of the results; nil where nothing depends on one.
  package let upstream: [Formula?]
  /// The format of the numbers in formulas.
  private let elementType: ElementType
  /// The name of new nodes.
  private let name: String

  init(_ graph: Graph, node: Int, upstream: [Value?], elementType: ElementType) {
    let differentiated = graph.nodes[node]
    self.graph = graph
    x = differentiated.operands.map { .value($0) }
    operandTypes = differentiated.operands.map { graph.type(of: $0) }
    y = differentiated.resultTypes.indices.map { .value(Value(.node(node, result: $0))) }
    resultTypes = differentiated.resultTypes
    self.upstream = upstream.map { $0.map { .value($0) } }
    self.elementType = elementType
    name = "\(differentiated.name).gradient"
  }

  /// The gradient of the only result that has one.
  package var g: Formula { upstream[0] ?? .number(0) }

  /// The shape of an operand.
  package func shape(_ operand: Int) -> [Int] { operandTypes[operand].shape }

  /// Turns a formula into nodes, so that several formulas may share them.
  package mutating func build(_ formula: Formula) throws(ShapeError) -> Formula {
    .value(try value(formula))
  }

  /// All results of a primitive.
  package mutating func results(_ primitive: any Primitive, _ operands: [Formula]) throws(ShapeError)
    -> [Formula]
  {
    var values: [Value] = []
    for operand in operands { values.append(try value(operand)) }
    return try graph.addNode(primitive, values, name: name).map { .value($0) }
  }

  /// A tensor of zeros.
  package func zeros(_ shape: [Int]) -> Formula {
    shape.isEmpty ? .number(0) : Formula.number(0).expanded(shape)
  }

  /// A tensor of int64 numbers.
  package mutating func indices(_ values: [Int], shape: [Int]) -> Formula {
    let bytes = values.flatMap { value in withUnsafeBytes(of: Int64(value).littleEndian) { Array($0) } }
    return .value(
      graph.addConstant("\(name).indices", TensorType(shape, .int64), bytes: bytes, isParameter: false))
  }

  /// The value of a formula.
  mutating func value(_ formula: Formula) throws(ShapeError) -> Value {
    try graph.add(formula, elementType, name: name)
  }

  /// The value of a formula, summed over the axes along which an operand of the given shape was repeated.
  mutating func value(_ formula: Formula, summedTo shape: [Int]) throws(ShapeError) -> Value {
    let value = try value(formula)
    let found = graph.type(of: value).shape
    guard found != shape else { return value }
    let shift = found.count - shape.count
    let axes = found.indices.filter { $0 < shift || (shape[$0 - shift] == 1 && found[$0] != 1) }
    if broadcastShape([found, shape]) != found {
      // A formula of fewer elements than the operand (a number, a mean) holds for all of them.
      return try self.value(Formula.value(value).expanded(shape))
    }
    let summed = Formula.value(value).reduced(.sum, axes)
    return try self.value(shift == 0 ? summed : summed.reshaped(shape))
  }
}

extension Graph {
  /// Adds the nodes of a formula; its numbers have the given type.
  package mutating func add(
    _ formula: Formula, _ elementType: ElementType, name: String
  ) throws(ShapeError) -> Value {
    switch formula {
    case .value(let value): return value
    case .number(let number): return self.number(number, elementType, name: "\(name).number")
    case .node(let primitive, let formulas):
      var operands: [Value] = []
      for formula in formulas { operands.append(try add(formula, elementType, name: name)) }
      return try addNode(primitive, operands, name: name)[0]
    }
  }

  /// A constant of one element; the same number of the same type is one constant.
  package mutating func number(_ number: Double, _ elementType: ElementType, name: String) -> Value {
    let bytes = elementType.bytes(of: number)
    let type = TensorType([], elementType)
    // Rules use few numbers, mostly those of the rules just before.
    for (index, constant) in constants.enumerated().suffix(64)
    where constant.type == type && constant.bytes == bytes && !constant.isParameter {
      return Value(.constant(index))
    }
    return addConstant(name, type, bytes: bytes, isParameter: false)
  }
}

extension ElementType {
  /// The little-endian bytes of a number, rounded to this format.
  package func bytes(of number: Double) -> [UInt8] {
    func bytes<Word: FixedWidthInteger>(_ word: Word) -> [UInt8] {
      withUnsafeBytes(of: word.littleEndian) { Array($0) }
    }
    switch self {
    case .float64: return bytes(number.bitPattern)
    case .float32: return bytes(Float(number).bitPattern)
    case .float16: return bytes(Float16(number).bitPattern)
    case .bfloat16:
      let bits = Float(number).bitPattern
      return bytes(UInt16(truncatingIfNeeded: (bits &+ 0x7FFF &+ ((bits >> 16) & 1)) >> 16))
    case .int64, .uint64: return bytes(Int64(number))
    case .int32, .uint32: return bytes(UInt32(truncatingIfNeeded: Int64(number)))
    case .int16, .uint16: return bytes(UInt16(truncatingIfNeeded: Int64(number)))
    default: return [UInt8(truncatingIfNeeded: Int64(number))]
    }
  }
}
