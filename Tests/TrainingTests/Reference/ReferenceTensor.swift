import Graphs

/// A tensor of double-precision numbers in row-major order; integers and truth values (0, 1) are numbers too.
struct ReferenceTensor: Equatable {
  var shape: [Int]
  var elements: [Double]

  init(_ shape: [Int], _ elements: [Double]) {
    self.shape = shape
    self.elements = elements
  }

  /// A tensor whose elements are made one at a time from their place.
  init(_ shape: [Int], _ element: ([Int]) -> Double) {
    self.init(shape, [])
    elements.reserveCapacity(count)
    for index in 0..<count { elements.append(element(shape.place(of: index))) }
  }

  var count: Int { shape.reduce(1, *) }

  subscript(place: [Int]) -> Double {
    get { elements[shape.offset(of: place)] }
    set { elements[shape.offset(of: place)] = newValue }
  }

  /// The element at a place of a larger shape that this tensor broadcasts to.
  func broadcast(at place: [Int]) -> Double {
    let shift = place.count - shape.count
    var offset = 0
    for axis in shape.indices { offset = offset * shape[axis] + (shape[axis] == 1 ? 0 : place[shift + axis]) }
    return elements[offset]
  }
}

extension [Int] {
  /// The coordinates of the element number `index`.
  func place(of index: Int) -> [Int] {
    var (rest, place) = (index, self)
    for axis in indices.reversed() {
      place[axis] = rest % self[axis]
      rest /= self[axis]
    }
    return place
  }

  /// The number of the element at some coordinates.
  func offset(of place: [Int]) -> Int {
    var offset = 0
    for axis in indices { offset = offset * self[axis] + place[axis] }
    return offset
  }

  var product: Int { reduce(1, *) }
}

/// What the reference cannot do.
struct ReferenceError: Error, CustomStringConvertible {
  var description: String
}

/// Computes a graph by the definitions of its primitives, one element at a time, in double precision.
struct ReferenceInterpreter {
  var inputs: [ReferenceTensor]
  /// Values of constants that have no bytes, by name.
  var parameters: [String: ReferenceTensor] = [:]

  func outputs(of graph: Graph) throws -> [ReferenceTensor] {
    var results: [[ReferenceTensor]] = []
    let constants = try graph.constants.map { constant in
      if let bytes = constant.bytes { return try ReferenceTensor(bytes: bytes, constant.type) }
      guard let value = parameters[constant.name] else {
        throw ReferenceError(description: "constant \(constant.name) has no value")
      }
      return value
    }
    func value(_ value: Value) -> ReferenceTensor {
      switch value.source {
      case .input(let index): inputs[index]
      case .constant(let index): constants[index]
      case .node(let index, let result): results[index][result]
      }
    }
    for node in graph.nodes {
      guard let primitive = node.primitive as? any ReferencePrimitive else {
        throw ReferenceError(description: "\(node.primitive.name) has no reference")
      }
      let computed = primitive.reference(node.operands.map { value($0) }, node.resultTypes)
      for (tensor, type) in zip(computed, node.resultTypes) {
        guard tensor.shape == type.shape, tensor.elements.count == type.count else {
          throw ReferenceError(description: "\(node.name): \(tensor.shape) is not \(type)")
        }
      }
      results.append(computed)
    }
    return graph.outputs.map { value($0.value) }
  }
}

/// A primitive that is computed by its definition.
protocol ReferencePrimitive: Primitive {
  func reference(_ x: [ReferenceTensor], _ types: [TensorType]) -> [ReferenceTensor]
}

extension ReferenceTensor {
  init(bytes: [UInt8], _ type: TensorType) throws {
    func words<Word: FixedWidthInteger>(_ word: Word.Type) -> [Word] {
      stride(from: 0, to: bytes.count, by: Word.bitWidth / 8).map { start in
        (0..<Word.bitWidth / 8).reduce(Word(0)) {
          $0 | Word(truncatingIfNeeded: bytes[start + $1]) << ($1 * 8)
        }
      }
    }
    switch type.elementType {
    case .float64: self.init(type.shape, words(UInt64.self).map { Double(bitPattern: $0) })
    case .float32: self.init(type.shape, words(UInt32.self).map { Double(Float(bitPattern: $0)) })
    case .int64: self.init(type.shape, words(UInt64.self).map { Double(Int64(bitPattern: $0)) })
    case .int32: self.init(type.shape, words(UInt32.self).map { Double(Int32(bitPattern: $0)) })
    case .bool: self.init(type.shape, bytes.map { Double($0) })
    default: throw ReferenceError(description: "no reference for constants of \(type)")
    }
  }
}
