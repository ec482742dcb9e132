package import Graphs

/// A graph under construction, with the layers that networks are made of.
///
/// Layers add their parameters by themselves, with the names and shapes of PyTorch's modules and without values.
package struct NetworkBuilder {
  package private(set) var graph: Graph
  /// How many classes a classifier shall tell apart; nil for as many as its family usually does.
  private let wantedClasses: Int?

  package init(name: String, classes: Int? = nil) {
    graph = Graph(name: name)
    wantedClasses = classes
  }

  /// The classes of a classifier whose family usually has `usual` of them.
  func classes(_ usual: Int) -> Int { wantedClasses ?? usual }

  /// The extents of a value.
  func shape(_ value: Value) -> [Int] { graph.type(of: value).shape }

  /// Adds an input of the whole network.
  mutating func input(
    _ name: String, _ shape: [Int], _ elementType: ElementType = .float32
  ) throws(ShapeError) -> Value {
    let type = TensorType(shape, elementType)
    try type.validate("input '\(name)'")
    return graph.addInput(name, type)
  }

  /// Adds an output of the whole network.
  mutating func output(_ name: String, _ value: Value) {
    graph.outputs.append(Graph.Output(name: name, value: value))
  }

  /// Adds a trained parameter.
  mutating func parameter(_ name: String, _ shape: [Int]) -> Value {
    graph.addConstant(name, TensorType(shape))
  }

  /// Adds a tensor that is fixed but not trained.
  mutating func constant(_ name: String, _ type: TensorType, bytes: [UInt8]? = nil) -> Value {
    graph.addConstant(name, type, bytes: bytes, isParameter: false)
  }

  /// Adds a float32 number.
  mutating func number(_ value: Float, _ name: String) -> Value {
    constant(name, TensorType([]), bytes: littleEndianBytes([value.bitPattern]))
  }

  /// Adds an int64 tensor.
  mutating func indices(_ values: [Int64], shape: [Int], _ name: String) -> Value {
    constant(name, TensorType(shape, .int64), bytes: littleEndianBytes(values))
  }

  /// Adds any operation of one result.
  mutating func apply(
    _ primitive: any Primitive, _ operands: Value..., name: String
  ) throws(ShapeError) -> Value {
    try graph.addNode(primitive, operands, name: name)[0]
  }

  /// Adds any operation of one result on a list of operands.
  mutating func apply(
    _ primitive: any Primitive, to operands: [Value], name: String
  ) throws(ShapeError) -> Value {
    try graph.addNode(primitive, operands, name: name)[0]
  }

  /// Adds any operation of several results.
  mutating func applyAll(
    _ primitive: any Primitive, to operands: [Value], name: String
  ) throws(ShapeError) -> [Value] {
    try graph.addNode(primitive, operands, name: name)
  }
}

/// The bytes of integers in little-endian order.
func littleEndianBytes<Number: FixedWidthInteger>(_ values: [Number]) -> [UInt8] {
  var bytes: [UInt8] = []
  bytes.reserveCapacity(values.count * Number.bitWidth / 8)
  for value in values { withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) } }
  return bytes
}
