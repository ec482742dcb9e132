/// Why a graph cannot be written as an ONNX file.
package enum ONNXExportError: Error, Hashable, Sendable {
  /// Nodes whose primitive has no form in ONNX, all of the graph at once.
  case inexpressible(graph: String, nodes: [Place])
  /// Constants without contents.
  case missingValues(graph: String, constants: [String])
  /// Values that do not belong to their constant.
  case value(constant: String, found: String, expected: String)
  /// The file would be larger than protobuf allows.
  case tooLarge(graph: String, byteCount: Int)

  /// A node, and why it cannot be written.
  package struct Place: Hashable, Sendable {
    package var name: String
    package var primitive: String
    package var reason: String
  }
}

extension ONNXExportError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .inexpressible(let graph, let nodes):
      "\(graph): found nodes that ONNX has no operator for:\n"
        + nodes.map { "  '\($0.name)' (\($0.primitive)): \($0.reason)" }.joined(separator: "\n")
        + "\nexpected operators of set \(ONNXExport.opset); export the network itself, not its training step"
    case .missingValues(let graph, let constants):
      "\(graph): found no values for \(constants.count) weights, the first '\(constants.first ?? "")', "
        + "expected a trained network; train it, or export the structure alone with --structure-only"
    case .value(let constant, let found, let expected):
      "weight '\(constant)': found \(found), expected \(expected); give the values of this network"
    case .tooLarge(let graph, let byteCount):
      "\(graph): found \(byteCount) bytes of weights, expected less than 2 GiB, the most that one file holds; "
        + "export the structure alone with --structure-only"
    }
  }
}
