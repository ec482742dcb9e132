import Foundation
import Graphs
import Networks
import SwiftProtobuf

/// A small ONNX model, made in memory from the generated messages.
struct ONNXTestModel {
  var message = Onnx_ModelProto()

  init(opset: Int64 = 18) {
    message.irVersion = 8
    addOpset("", opset)
    message.graph.name = "test"
  }

  mutating func addOpset(_ domain: String, _ version: Int64) {
    var entry = Onnx_OperatorSetIdProto()
    entry.domain = domain
    entry.version = version
    message.opsetImport.append(entry)
  }

  /// An extent of a declared tensor: a number, or the name of an open one.
  enum Extent: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
    case number(Int)
    case name(String)
    init(integerLiteral value: Int) { self = .number(value) }
    init(stringLiteral value: String) { self = .name(value) }
  }

  static func declaration(_ name: String, _ extents: [Extent], type: Int32 = 1) -> Onnx_ValueInfoProto {
    var info = Onnx_ValueInfoProto()
    info.name = name
    info.type.tensorType.elemType = type
    info.type.tensorType.shape.dim = extents.map { extent in
      var dimension = Onnx_TensorShapeProto.Dimension()
      switch extent {
      case .number(let value): dimension.dimValue = Int64(value)
      case .name(let name): dimension.dimParam = name
      }
      return dimension
    }
    return info
  }

  mutating func input(_ name: String, _ extents: Extent..., type: Int32 = 1) {
    message.graph.input.append(Self.declaration(name, extents, type: type))
  }

  mutating func output(_ names: String...) {
    message.graph.output += names.map { Self.declaration($0, []) }
  }

  /// Floats that count up from 0, as raw data.
  mutating func weight(_ name: String, _ shape: Int...) {
    message.graph.initializer.append(Self.floats((0..<shape.reduce(1, *)).map { Float($0) }, shape, name))
  }

  mutating func integers(_ name: String, _ values: [Int64], shape: [Int]? = nil) {
    message.graph.initializer.append(Self.integers(values, shape ?? [values.count], name))
  }

  mutating func floats(_ name: String, _ values: [Float], shape: [Int]? = nil) {
    message.graph.initializer.append(Self.floats(values, shape ?? [values.count], name))
  }

  /// Raw bytes of any element type.
  mutating func bytes(_ name: String, _ bytes: [UInt8], shape: [Int], type: Int32) {
    var tensor = Onnx_TensorProto()
    tensor.name = name
    tensor.dims = shape.map { Int64($0) }
    tensor.dataType = type
    tensor.rawData = Data(bytes)
    message.graph.initializer.append(tensor)
  }

  static func floats(_ values: [Float], _ shape: [Int], _ name: String = "") -> Onnx_TensorProto {
    var tensor = Onnx_TensorProto()
    tensor.name = name
    tensor.dims = shape.map { Int64($0) }
    tensor.dataType = 1
    tensor.rawData = values.withUnsafeBytes { Data($0) }
    return tensor
  }

  static func integers(_ values: [Int64], _ shape: [Int], _ name: String = "") -> Onnx_TensorProto {
    var tensor = Onnx_TensorProto()
    tensor.name = name
    tensor.dims = shape.map { Int64($0) }
    tensor.dataType = 7
    tensor.int64Data = values
    return tensor
  }

  /// The value of an attribute.
  enum Attribute {
    case int(Int)
    case ints([Int])
    case float(Float)
    case floats([Float])
    case text(String)
    case tensor(Onnx_TensorProto)
    case graph(Onnx_GraphProto)
    case reference(String)
  }

  static func node(
    _ type: String, _ inputs: [String], _ outputs: [String], name: String = "", domain: String = "",
    _ attributes: [String: Attribute] = [:]
  ) -> Onnx_NodeProto {
    var node = Onnx_NodeProto()
    node.opType = type
    node.input = inputs
    node.output = outputs
    node.name = name
    node.domain = domain
    node.attribute = attributes.sorted { $0.key < $1.key }.map { key, value in
      var attribute = Onnx_AttributeProto()
      attribute.name = key
      switch value {
      case .int(let value): (attribute.type, attribute.i) = (.int, Int64(value))
      case .ints(let values): (attribute.type, attribute.ints) = (.ints, values.map { Int64($0) })
      case .float(let value): (attribute.type, attribute.f) = (.float, value)
      case .floats(let values): (attribute.type, attribute.floats) = (.floats, values)
      case .text(let value): (attribute.type, attribute.s) = (.string, Data(value.utf8))
      case .tensor(let value): (attribute.type, attribute.t) = (.tensor, value)
      case .graph(let value): (attribute.type, attribute.g) = (.graph, value)
      case .reference(let name): attribute.refAttrName = name
      }
      return attribute
    }
    return node
  }

  mutating func node(
    _ type: String, _ inputs: [String], _ outputs: [String], name: String = "", domain: String = "",
    _ attributes: [String: Attribute] = [:]
  ) {
    message.graph.node.append(
      Self.node(type, inputs, outputs, name: name, domain: domain, attributes))
  }

  /// The encoded file.
  func data() throws -> Data { try message.serializedBytes() }

  /// The model as the importer reads it.
  func model(path: String = "test.onnx") throws -> ONNXModel {
    try ONNXModel(bytes: try data(), path: path)
  }

  func graph(_ options: ONNXImportOptions = ONNXImportOptions()) throws -> Graph {
    try model().graph(options)
  }

  /// What the importer says of a model, "no error" where it takes it.
  static func message(
    _ options: ONNXImportOptions = ONNXImportOptions(), opset: Int64 = 18,
    _ build: (inout ONNXTestModel) -> Void
  ) -> String {
    var model = ONNXTestModel(opset: opset)
    build(&model)
    do {
      _ = try model.graph(options)
      return "no error"
    } catch { return "\(error)" }
  }
}
