package import FoundationEssentials
package import Graphs
import SwiftProtobuf

/// A graph on its way into an ONNX file.
///
/// Every primitive says in its own conformance which operators it becomes, or why it has none; see
/// ``ONNXExportable``. Names of inputs, outputs, nodes and weights are kept where they are unique.
package struct ONNXExport {
  /// The version of ONNX's operator set that the files speak, and the version of the file format that goes with it.
  package static let opset: Int64 = 21
  static let fileVersion: Int64 = 10

  /// What is written for weights of which only the shape is known.
  package enum MissingValues: Hashable, Sendable {
    /// Nothing: it is an error.
    case refused
    /// A `ConstantOfShape` of zeros, so that the file holds the structure and stays small.
    case zeros
  }

  /// Elements of constants in row-major order, by name, for those without bytes or in their place.
  package var values: [String: [Float]]
  package var missingValues: MissingValues

  package init(values: [String: [Float]] = [:], missingValues: MissingValues = .refused) {
    self.values = values
    self.missingValues = missingValues
  }

  /// The bytes of a file with a graph.
  ///
  /// - Throws: ``ONNXExportError``; what cannot be expressed comes in one error for the whole graph.
  package func data(_ graph: Graph) throws -> Data {
    let size = graph.constants.reduce(0) {
      $0 + ($1.bytes?.count ?? values[$1.name].map { $0.count * 4 } ?? 0)
    }
    guard size < 1 << 31 else { throw ONNXExportError.tooLarge(graph: graph.name, byteCount: size) }
    return try model(graph).serializedBytes()
  }

  func model(_ graph: Graph) throws(ONNXExportError) -> Onnx_ModelProto {
    var model = Onnx_ModelProto()
    model.irVersion = Self.fileVersion
    model.producerName = "joulery"
    let draft = ONNXDraft(graph)
    model.graph.name = graph.name
    model.graph.input = graph.inputs.indices.map { index in
      ONNXDraft.declaration(draft.name(Value(.input(index))), graph.inputs[index].type)
    }
    let layers = graph.quantizedLayers
    let needed = graph.needed(layers)
    try addConstants(of: graph, needed.constants, to: draft)
    var inexpressible: [ONNXExportError.Place] = []
    for (index, node) in graph.nodes.enumerated() where needed.nodes.contains(index) {
      var context = ONNXNodeDraft(draft, graph, index)
      if let layer = layers[index] {
        layer.export(to: &context)
        continue
      }
      do throws(Inexpressible) {
        guard let primitive = node.primitive as? any ONNXExportable else {
          throw Inexpressible(reason: "no rule says how to write it")
        }
        try primitive.export(to: &context)
      } catch {
        inexpressible.append(.init(name: node.name, primitive: node.primitive.name, reason: error.reason))
      }
    }
    guard inexpressible.isEmpty else {
      throw .inexpressible(graph: graph.name, nodes: inexpressible)
    }
    draft.addOutputs()
    model.graph.node = draft.nodes
    model.graph.initializer = draft.initializers
    model.graph.output = graph.outputs.map { ONNXDraft.declaration($0.name, graph.type(of: $0.value)) }
    model.opsetImport = [.with { $0.version = Self.opset }]
    if draft.usesMicrosoft {
      model.opsetImport.append(
        .with {
          $0.domain = "com.microsoft"
          $0.version = 1
        })
    }
    return model
  }

  private func addConstants(
    of graph: Graph, _ needed: Set<Int>, to draft: ONNXDraft
  ) throws(ONNXExportError) {
    var missing: [String] = []
    for (index, constant) in graph.constants.enumerated() where needed.contains(index) {
      let name = draft.name(Value(.constant(index)))
      if let numbers = values[constant.name] {
        guard constant.type.elementType == .float32, numbers.count == constant.type.count else {
          throw .value(
            constant: constant.name, found: "\(numbers.count) float32 elements", expected: "\(constant.type)")
        }
        draft.addInitializer(name, constant.type, bytes: numbers.withUnsafeBytes { Data($0) })
      } else if let bytes = constant.bytes {
        draft.addInitializer(name, constant.type, bytes: Data(bytes))
      } else if missingValues == .zeros {
        draft.addZeros(name, constant.type)
      } else {
        missing.append(constant.name)
      }
    }
    guard missing.isEmpty else { throw .missingValues(graph: graph.name, constants: missing) }
  }
}

/// A primitive that becomes operators of ONNX.
protocol ONNXExportable: Primitive {
  /// Adds the operators; the results take the names of the node's results.
  ///
  /// - Throws: ``Inexpressible`` where these attributes or element types have no form in ONNX.
  func export(to node: inout ONNXNodeDraft) throws(Inexpressible)
}

/// Why a node has no form in ONNX.
struct Inexpressible: Error {
  var reason: String
}
