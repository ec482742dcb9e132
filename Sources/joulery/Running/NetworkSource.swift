import Formats
import FoundationEssentials
import Graphs
import Networks
import Reports

/// A network as the user named it, read: the graph, and who it is.
struct NetworkSource {
  var graph: Graph
  var identity: NetworkIdentity
  /// What was assumed when it was read.
  var notes: [String] = []

  /// Reads an ONNX file, a SCALE-Sim topology or a built-in network; weights stay in the file unless they are asked for.
  ///
  /// - Throws: the error of the reader, or ``Failure`` for a name that means nothing.
  init(_ name: String, options: NetworkOptions, readsWeights: Bool = false) throws {
    if name.hasSuffix(".yaml") || name.hasSuffix(".yml") {
      throw Failure(
        .usage,
        "\(name): found a hardware file, expected a network; name the machine with --on \(name) behind a network"
      )
    } else if name.hasSuffix(".onnx") {
      try self.init(onnx: name, options: options, readsWeights: readsWeights)
    } else if name.hasSuffix(".csv") {
      try self.init(topology: name, options: options)
    } else if let network = BuiltInNetworks.named(name) {
      try self.init(builtIn: network, options: options)
    } else if FileManager.default.fileExists(atPath: name) {
      try self.init(onnx: name, options: options, readsWeights: readsWeights)
    } else {
      let near = nearest(to: name, among: BuiltInNetworks.all.map(\.name))
      throw Failure(
        .notFound,
        "\(name): found no file and no built-in network of this name, expected an ONNX file, a SCALE-Sim topology or a "
          + "built-in name; try \(near.map { "'\($0)', or " } ?? "")'joulery list networks'")
    }
  }

  /// A network that was made here.
  init(graph: Graph) {
    self.graph = graph
    identity = NetworkIdentity(graph: graph, sha256: sha256(of: Array(graph.canonicalDescription.utf8)))
  }

  private init(onnx path: String, options: NetworkOptions, readsWeights: Bool) throws {
    let model = try ONNXModel(contentsOf: path)
    let bindings = Dictionary(uniqueKeysWithValues: options.input.map { ($0.name, $0.extents) })
    graph = try model.graph(
      ONNXImportOptions(bindings: bindings, batch: options.batch, readsWeights: readsWeights))
    identity = NetworkIdentity(graph: graph, sha256: model.sha256)
  }

  private init(topology path: String, options: NetworkOptions) throws {
    guard options.input.isEmpty, options.batch == nil else {
      throw Failure(
        .usage, "\(path): found --input or --batch, expected neither; a SCALE-Sim topology fixes all extents")
    }
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw Failure(.notFound, "\(path): cannot be read, expected a SCALE-Sim topology")
    }
    graph = try TopologyFile(contentsOf: path).graph()
    identity = NetworkIdentity(graph: graph, sha256: sha256(of: Array(bytes)))
  }

  private init(builtIn network: BuiltInNetwork, options: NetworkOptions) throws {
    guard options.input.count <= 1 else {
      throw Failure(
        .usage, "--input: found \(options.input.count) shapes, expected one; '\(network.name)' has one input")
    }
    var batch = options.batch ?? 1
    var shape: [Int]?
    if let given = options.input.first {
      shape = Array(given.extents.dropFirst())
      batch = given.extents[0]
      if let wanted = options.batch, wanted != batch {
        throw Failure(
          .usage,
          "--batch: found \(wanted), expected \(batch) as in --input \(given.name); give one of the two")
      }
    }
    graph = try network.graph(batch: batch, inputShape: shape)
    identity = NetworkIdentity(graph: graph, sha256: sha256(of: Array(graph.canonicalDescription.utf8)))
    if let given = options.input.first, let input = graph.inputs.first, given.name != input.name {
      throw Failure(
        .usage, "--input: found '\(given.name)', expected '\(input.name)', the input of '\(network.name)'")
    }
  }
}

extension NetworkIdentity {
  /// Several networks that run at once.
  init(together networks: [NetworkIdentity]) {
    self.init(
      name: networks.map(\.name).joined(separator: " + "),
      sha256: Formats.sha256(of: Array(networks.map(\.sha256).joined().utf8)),
      macs: networks.reduce(0) { $0 + $1.macs }, parameters: networks.reduce(0) { $0 + $1.parameters })
  }

  init(graph: Graph, sha256: String) {
    self.init(name: graph.name, sha256: sha256, macs: graph.macs, parameters: graph.parameterCount)
  }
}
