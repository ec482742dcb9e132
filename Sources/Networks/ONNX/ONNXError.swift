/// Why an ONNX file cannot become a graph.
package enum ONNXError: Error, Hashable, Sendable {
  /// The file cannot be read.
  case unreadable(path: String, reason: String)
  /// The bytes are not an ONNX model: truncated, damaged, or something else.
  case malformed(path: String, found: String, expected: String)
  /// The model speaks a version of a vocabulary that the operator table does not cover.
  case version(path: String, domain: String, found: Int64?)
  /// Inputs whose extents only the caller can know.
  case unboundInputs(path: String, inputs: [UnboundInput])
  /// A binding that does not fit the model.
  case binding(path: String, name: String, found: String, expected: String)
  /// Nodes of a type that no row of the operator table covers, all of the file at once.
  case unsupported(path: String, nodes: [UnsupportedNode])
  /// Nodes of a known type with operands or attributes that cannot be imported, all of the file at once.
  case invalidNodes(path: String, nodes: [InvalidNode])

  /// An input with the extents that the file leaves open.
  package struct UnboundInput: Hashable, Sendable {
    package var name: String
    /// One text for each axis: a number, the file's name of the extent, or "?".
    package var extents: [String]
  }

  /// All nodes of one unsupported type.
  package struct UnsupportedNode: Hashable, Sendable {
    package var domain: String
    package var type: String
    package var count: Int
    /// The name of the first such node.
    package var firstName: String
  }

  /// One node and what is wrong with it.
  package struct InvalidNode: Hashable, Sendable {
    package var name: String
    package var type: String
    package var found: String
    package var expected: String
  }
}

extension ONNXError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unreadable(let path, let reason):
      "\(path): cannot be read: \(reason); give the path of an ONNX file"
    case .malformed(let path, let found, let expected):
      "\(path): found \(found), expected \(expected); export the model again or check it with onnx.checker"
    case .version(let path, let domain, let found):
      "\(path): found \(Self.describe(domain: domain, version: found)), expected ai.onnx version "
        + "\(ONNXModel.supportedOpsets.lowerBound) to \(ONNXModel.supportedOpsets.upperBound); "
        + "export again with opset_version=18 or convert with onnx.version_converter"
    case .unboundInputs(let path, let inputs):
      "\(path): found inputs with open extents:\n" + inputs.map(\.description).joined(separator: "\n")
        + "\nexpected a number for each; give them with " + inputs.map(\.remedy).joined(separator: " ")
    case .binding(let path, let name, let found, let expected):
      "\(path): input '\(name)': found \(found), expected \(expected); correct --input or --batch"
    case .unsupported(let path, let nodes):
      "\(path): found operators that are not supported:\n"
        + nodes.map(\.description).joined(separator: "\n")
        + "\nexpected operators that 'joulery list operations' names; "
        + "replace them in the model, or export with another opset"
    case .invalidNodes(let path, let nodes):
      "\(path): found nodes that cannot be imported:\n" + nodes.map(\.description).joined(separator: "\n")
        + "\ncorrect the model, or bind its inputs with --input NAME=1x3x224x224 if their extents are open"
    }
  }

  private static func describe(domain: String, version: Int64?) -> String {
    guard let version else { return "no operator set version for domain '\(domain)'" }
    return "operator set '\(domain)' version \(version)"
  }
}

extension ONNXError.UnboundInput: CustomStringConvertible {
  package var description: String { "  '\(name)' [\(extents.joined(separator: ", "))]" }

  /// The option that binds this input, with 1 for every open extent.
  var remedy: String {
    let shape = extents.map { Int($0) == nil ? "1" : $0 }.joined(separator: "x")
    return "--input \(name)=\(shape)"
  }
}

extension ONNXError.UnsupportedNode: CustomStringConvertible {
  package var description: String {
    let qualified = domain.isEmpty ? type : "\(domain).\(type)"
    return "  \(qualified) × \(count) (first: '\(firstName)')"
  }
}

extension ONNXError.InvalidNode: CustomStringConvertible {
  package var description: String { "  '\(name)' (\(type)): found \(found), expected \(expected)" }
}
