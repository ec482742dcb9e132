import Foundation
import Graphs
import SwiftProtobuf
import Testing

@testable import Networks

/// One of the node tests that the package `onnx` ships: a model of one operator, its inputs and its outputs.
///
/// A test is a folder with `model.onnx` and `test_data_set_0/{input,output}_N.pb`, each a TensorProto.
struct NodeTestData {
  var name: String
  var model: Onnx_ModelProto
  /// What the inputs hold, in the order of the model; nil for an input that is left out.
  var inputs: [Onnx_TensorProto?]
  var outputs: [Onnx_TensorProto]

  /// Why a test is about things that are no tensors.
  struct NoTensor: Error { var kind: String }

  init(_ folder: URL) throws {
    name = String(folder.lastPathComponent.dropFirst("test_".count))
    let model = try Onnx_ModelProto(serializedBytes: Data(contentsOf: folder.appending(path: "model.onnx")))
    self.model = model
    let values = model.graph.input + model.graph.output
    if let other = values.first(where: { $0.type.value.map { !$0.isTensor } ?? false }) {
      throw NoTensor(kind: other.type.value?.kind ?? "")
    }
    let data = folder.appending(path: "test_data_set_0")
    func read(_ role: String, _ count: Int) throws -> [Onnx_TensorProto?] {
      try (0..<count).map { index in
        let file = data.appending(path: "\(role)_\(index).pb")
        guard FileManager.default.fileExists(atPath: file.path) else { return nil }
        var tensor = try Onnx_TensorProto(serializedBytes: Data(contentsOf: file))
        // bfloat16 is stored as the integers of its bits; the model says what it is.
        let declared = (role == "input" ? model.graph.input : model.graph.output)[index].type.tensorType
          .elemType
        if tensor.dataType == 4, declared == 16 { tensor.dataType = declared }
        return tensor
      }
    }
    inputs = try read("input", model.graph.input.count)
    outputs = try read("output", model.graph.output.count).compactMap(\.self)
  }

  /// The operators of the model, without those of its functions.
  var operators: [String] {
    Set(model.graph.node.map { $0.domain.isEmpty ? $0.opType : "\($0.domain).\($0.opType)" }).sorted()
  }

  /// The model with the contents of some inputs written into it, which are then no inputs any more.
  func fixing(_ fixes: (Onnx_TensorProto) -> Bool) throws -> ONNXModel {
    var message = model
    for (input, tensor) in zip(model.graph.input, inputs) {
      guard var tensor, fixes(tensor) else { continue }
      tensor.name = input.name
      message.graph.initializer.append(tensor)
    }
    return try ONNXModel(bytes: message.serializedBytes(), path: "\(name).onnx")
  }

  static func literal(_ tensor: Onnx_TensorProto) throws -> Literal {
    let type = TensorType(tensor.dims.map { Int($0) }, try ElementType(onnx: Int(tensor.dataType)))
    return tensor.hasRawData
      ? Literal(bytes: [UInt8](tensor.rawData), type: type) : Literal(fields: tensor, type: type)
  }
}

extension Onnx_TypeProto.OneOf_Value {
  fileprivate var isTensor: Bool { if case .tensorType = self { true } else { false } }

  fileprivate var kind: String { "\(self)".hasPrefix("sequence") ? "sequences" : "optional values" }
}

/// The node tests of the package `onnx`: where JOULERY_ONNX_NODES says, or where scripts/fetch-onnx-tests puts them.
enum NodeTestFolder {
  static var root: URL {
    if let path = ProcessInfo.processInfo.environment["JOULERY_ONNX_NODES"] {
      return URL(fileURLWithPath: path)
    }
    let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    return checkout.appending(path: ".cache/onnx-nodes")
  }

  static var isThere: Bool { FileManager.default.fileExists(atPath: root.path) }

  /// All tests, sorted by name.
  static var folders: [URL] {
    get throws {
      try FileManager.default.contentsOfDirectory(
        at: root.resolvingSymlinksInPath(), includingPropertiesForKeys: nil
      )
      .filter { $0.lastPathComponent.hasPrefix("test_") }
      .sorted { $0.lastPathComponent < $1.lastPathComponent }
    }
  }
}
