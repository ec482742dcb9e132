package import FoundationEssentials
import SwiftProtobuf

/// An ONNX file: its decoded structure and, mapped but not read, its weights.
///
/// Opening costs what the structure costs: payloads above 4 KiB stay in the file until someone asks for them.
package struct ONNXModel: Sendable {
  /// Versions of ONNX's own operator set that the operator table covers.
  package static let supportedOpsets: ClosedRange<Int64> = 7...22

  package let path: String
  package let structure: Onnx_ModelProto
  /// The mapped file.
  package let bytes: Data
  /// Lengths of the payloads that stay in the file, by their offsets.
  let payloads: [Int: Int]
  private let digest: FileDigest?

  /// Opens a file and starts to compute its SHA-256 beside.
  ///
  /// - Throws: ``ONNXError`` when the file cannot be read or is not a model.
  package init(contentsOf path: String) throws(ONNXError) {
    let bytes: Data
    do {
      bytes = try Data(contentsOf: URL(filePath: path), options: .alwaysMapped)
    } catch {
      throw .unreadable(path: path, reason: Self.reason(error, path: path))
    }
    try self.init(bytes: bytes, path: path, digest: FileDigest(path: path))
  }

  /// A model from bytes in memory; `path` says in which folder external data lies.
  package init(bytes: Data, path: String) throws(ONNXError) {
    try self.init(bytes: bytes, path: path, digest: nil)
  }

  private init(bytes: Data, path: String, digest: FileDigest?) throws(ONNXError) {
    self.path = path
    self.bytes = bytes
    self.digest = digest
    do {
      let elision = try bytes.withUnsafeBytes { try WeightElision($0) }
      payloads = elision.payloads
      structure = try Onnx_ModelProto(serializedBytes: elision.structure)
    } catch let damage as WeightElision.Damage {
      throw .malformed(path: path, found: damage.found, expected: damage.expected)
    } catch {
      throw .malformed(path: path, found: "bytes that do not decode (\(error))", expected: "an ONNX file")
    }
    guard structure.hasGraph else {
      throw .malformed(path: path, found: "no graph in \(bytes.count) bytes", expected: "an ONNX model")
    }
  }

  /// The SHA-256 of the file in lower-case hexadecimal digits; empty for a model that has no file.
  package var sha256: String { digest?.hexadecimal ?? "" }

  /// Whether the first extent of the first input is open, so that the importer can set a batch.
  package var hasOpenBatch: Bool {
    let weights = Set(structure.graph.initializer.map(\.name))
    guard let input = structure.graph.input.first(where: { !weights.contains($0.name) }),
      case .tensorType(let tensor) = input.type.value
    else { return false }
    switch tensor.shape.dim.first?.value {
    case .dimValue(let extent): return extent < 0
    case .dimParam, nil: return true
    }
  }

  private static func reason(_ error: any Error, path: String) -> String {
    guard let error = error as? CocoaError else { return "\(error)" }
    switch error.code {
    case .fileReadNoSuchFile, .fileNoSuchFile: return "no such file"
    case .fileReadNoPermission: return "no permission"
    default: return "it is not a readable file"
    }
  }
}
