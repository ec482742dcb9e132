import Foundation
import Graphs
import Networks
import Testing

/// Files that `scripts/export-networks` wrote, looked for in `JOULERY_NETWORKS` or in `networks/` beside the manifest.
///
/// The exporters and the builders do not know each other: each is the other's oracle.
struct ONNXExportedNetworks {
  static let folder: URL = {
    if let path = ProcessInfo.processInfo.environment["JOULERY_NETWORKS"] { return URL(filePath: path) }
    let root = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL
    return root.appending(path: "networks")
  }()

  static let isMissing = files.isEmpty
  static let remedy: Comment =
    "no exported networks found: run scripts/export-networks, or set JOULERY_NETWORKS"

  static let files: [String] = {
    let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))
    return (names ?? []).filter { $0.hasSuffix(".onnx") }.sorted()
  }()

  /// Files of networks that exist as builders too.
  static let builtIn: [String] = files.filter { BuiltInNetworks.named(Self.network(of: $0)) != nil }

  private static func network(of file: String) -> String {
    let name = String(file.dropLast(".onnx".count))
    return name.hasSuffix(".dynamo") ? String(name.dropLast(".dynamo".count)) : name
  }

  private static func graph(_ file: String) throws -> Graph {
    let model = try ONNXModel(contentsOf: folder.appending(path: file).path(percentEncoded: false))
    return try model.graph(ONNXImportOptions(batch: file.contains("dynamic-batch") ? 2 : nil))
  }

  @Test(.disabled(if: isMissing, remedy), arguments: builtIn)
  func `an exported network has the arithmetic and the ends of its builder`(_ file: String) throws {
    let builder = try #require(BuiltInNetworks.named(Self.network(of: file))).graph()
    let graph = try Self.graph(file)
    #expect(graph.macs == builder.macs)
    // As sets: caches come in another order, and a builder takes the position of its token as an input too.
    #expect(
      Self.shapes(graph.outputs.map { graph.type(of: $0.value) })
        == Self.shapes(builder.outputs.map { builder.type(of: $0.value) }))
    #expect(Self.shapes(graph.inputs.map(\.type)) == Self.shapes(builder.inputs.map(\.type)))
  }

  private static func shapes(_ types: [TensorType]) -> Set<[Int]> { Set(types.map(\.shape)) }

  @Test(.disabled(if: isMissing, remedy), arguments: builtIn)
  func `an exported network has the parameters of its builder`(_ file: String) throws {
    let builder = try #require(BuiltInNetworks.named(Self.network(of: file))).graph()
    let expected = builder.parameterCount - Self.foldedAway(builder) + Self.rewritten(file)
    #expect(try Self.graph(file).parameterCount == expected)
  }

  /// Parameters that vanish when an exporter folds normalisation into the convolution before it: scale and shift
  /// become one bias, which the convolution may have had.
  private static func foldedAway(_ graph: Graph) -> Int {
    graph.nodes.reduce(0) { sum, node in
      guard node.primitive is BatchNormalization, case .node(var index, _) = node.operands[0].source else {
        return sum
      }
      let channels = node.resultTypes[0].shape[1]
      let hasBias = graph.nodes[index].primitive is Binary
      if hasBias, case .node(let inner, _) = graph.nodes[index].operands[0].source { index = inner }
      return graph.nodes[index].primitive is Convolution ? sum + (hasBias ? 2 : 1) * channels : sum
    }
  }

  /// Numbers that an exporter stores otherwise than the module: tables that it cuts, expands or copies.
  private static func rewritten(_ file: String) -> Int {
    // Swin's bias tables of 169 entries for each head are stored looked up, as 49 × 49.
    let biasTables = (49 * 49 - 169) * (2 * 3 + 2 * 6 + 6 * 12 + 2 * 24)
    return switch file {
    case "bert-base.onnx", "bert-base.dynamo.onnx": (128 - 512) * 768  // positions in use
    case "gpt2-small.dynamo.onnx": (128 - 1024) * 768
    case "gpt2-small.onnx": (128 - 1024) * 768 + 50257 * 768  // and the tied matrix a second time
    case "gpt2-small-decode.dynamo.onnx": (1 - 1024) * 768
    case "gpt2-small-decode.onnx": (1 - 1024) * 768 + 50257 * 768
    case "swin-t.onnx": biasTables
    case "swin-t.dynamo.onnx": biasTables + (64 + 16 + 4) * 49 * 49  // and the masks as weights
    default: 0
    }
  }

  @Test(.disabled(if: isMissing, remedy), arguments: files)
  func `every exported network is imported whole`(_ file: String) throws {
    let graph = try Self.graph(file)
    #expect(graph.macs > 0 && graph.parameterCount > 0 && !graph.outputs.isEmpty)
    #expect(graph.nodes.allSatisfy { !$0.name.isEmpty })
  }

  @Test(
    .disabled(if: isMissing, remedy),
    arguments: ["resnet18-qdq.onnx", "resnet18-qoperator.onnx", "resnet18-external.onnx"])
  func `other forms of a network have its arithmetic and parameters`(_ file: String) throws {
    let (plain, other) = (try Self.graph("resnet18.onnx"), try Self.graph(file))
    #expect(other.macs == plain.macs)
    #expect(other.parameterCount == plain.parameterCount)
  }

  @Test(
    .disabled(if: isMissing, remedy),
    arguments: ["resnet18-dynamic-batch.onnx", "resnet18-dynamic-batch.dynamo.onnx"])
  func `an open batch takes the number that it is given`(_ file: String) throws {
    #expect(try Self.graph(file).macs == 2 * Self.graph("resnet18.onnx").macs)
  }

  @Test(.disabled(if: isMissing, remedy))
  func `the digest of a file is its SHA-256`() throws {
    let path = Self.folder.appending(path: "fsrcnn.onnx").path(percentEncoded: false)
    let process = Foundation.Process()
    process.executableURL = URL(filePath: "/usr/bin/sha256sum")
    process.arguments = [path]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let line = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(try ONNXModel(contentsOf: path).sha256 == line.prefix(64))
  }
}
