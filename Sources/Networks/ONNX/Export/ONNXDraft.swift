import FoundationEssentials
import Graphs
import SwiftProtobuf

/// The parts of an ONNX graph that grows: operators, initializers, and the names of values.
///
/// A class that never leaves the export, so that nodes can add to it without copying it.
final class ONNXDraft {
  private(set) var nodes: [Onnx_NodeProto] = []
  private(set) var initializers: [Onnx_TensorProto] = []
  private(set) var usesMicrosoft = false

  private let graph: Graph
  private var names: [Value: String] = [:]
  private var taken: Set<String> = []
  /// Vectors and numbers that several nodes use, by their contents.
  private var shared: [Onnx_TensorProto: String] = [:]

  init(_ graph: Graph) {
    self.graph = graph
    taken = Set(graph.outputs.map(\.name))
    for (index, input) in graph.inputs.enumerated() { assign(input.name, to: Value(.input(index))) }
    // An output that is the result of a node gives it its name.
    for output in graph.outputs {
      if case .node = output.value.source, names[output.value] == nil { names[output.value] = output.name }
    }
    for (index, constant) in graph.constants.enumerated() {
      assign(constant.name, to: Value(.constant(index)))
    }
    for (index, node) in graph.nodes.enumerated() {
      for result in node.resultTypes.indices {
        assign(result == 0 ? node.name : "\(node.name):\(result)", to: Value(.node(index, result: result)))
      }
    }
  }

  func name(_ value: Value) -> String { names[value] ?? "" }

  func type(of value: Value) -> TensorType { graph.type(of: value) }

  private func assign(_ name: String, to value: Value) {
    if names[value] == nil { names[value] = unique(name) }
  }

  /// A name that nothing has yet: the given one, or one with a number.
  func unique(_ name: String) -> String {
    var candidate = name.isEmpty ? "value" : name
    var number = 1
    while !taken.insert(candidate).inserted {
      candidate = "\(name)_\(number)"
      number += 1
    }
    return candidate
  }

  func addNode(_ node: Onnx_NodeProto) {
    nodes.append(node)
    if node.domain == "com.microsoft" { usesMicrosoft = true }
  }

  func addInitializer(_ name: String, _ type: TensorType, bytes: Data) {
    initializers.append(Self.tensor(name, type, bytes: bytes))
  }

  /// A constant that is the same wherever it has the same contents.
  func sharedInitializer(_ name: String, _ literal: Literal) -> String {
    let tensor = Self.tensor("", literal.type, bytes: Data(literal.bytes))
    if let known = shared[tensor] { return known }
    let name = unique(name)
    shared[tensor] = name
    initializers.append(Self.tensor(name, literal.type, bytes: Data(literal.bytes)))
    return name
  }

  /// Zeros without storing them.
  func addZeros(_ name: String, _ type: TensorType) {
    let shape = sharedInitializer("shape", Literal(vector: type.shape))
    var node = Onnx_NodeProto()
    node.opType = "ConstantOfShape"
    node.name = name
    node.input = [shape]
    node.output = [name]
    let zero = Literal([0], shape: [1], .int64).cast(to: type.elementType)
    node.attribute = [
      .with {
        $0.name = "value"
        $0.type = .tensor
        $0.t = Self.tensor("", zero.type, bytes: Data(zero.bytes))
      }
    ]
    addNode(node)
  }

  /// Copies for outputs that are inputs, constants, or a second name of a value.
  func addOutputs() {
    for output in graph.outputs where names[output.value] != output.name {
      addNode(
        .with {
          $0.opType = "Identity"
          $0.name = output.name
          $0.input = [name(output.value)]
          $0.output = [output.name]
        })
    }
  }

  static func tensor(_ name: String, _ type: TensorType, bytes: Data) -> Onnx_TensorProto {
    .with {
      $0.name = name
      $0.dims = type.shape.map { Int64($0) }
      $0.dataType = Int32(type.elementType.onnx)
      $0.rawData = bytes
    }
  }

  static func declaration(_ name: String, _ type: TensorType) -> Onnx_ValueInfoProto {
    .with { info in
      info.name = name
      info.type.tensorType.elemType = Int32(type.elementType.onnx)
      info.type.tensorType.shape.dim = type.shape.map { extent in .with { $0.dimValue = Int64(extent) } }
    }
  }
}
