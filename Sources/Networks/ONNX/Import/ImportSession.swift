import FoundationEssentials
import Graphs

/// The state of one import: the graph that grows, and everything found on the way.
///
/// A class that never leaves the import, so that operators can emit into one graph without copying it.
final class ImportSession {
  let model: ONNXModel
  let options: ONNXImportOptions
  private let folder: ExternalFolder
  private(set) var graph: Graph
  private(set) var unsupported: [ONNXError.UnsupportedNode] = []
  private var unsupportedPlaces: [String: Int] = [:]
  private(set) var invalid: [ONNXError.InvalidNode] = []
  private var nextID = 0
  /// Constants that the graph holds already, by tensor.
  private var constants: [Int: Value] = [:]
  /// Initializers that count as parameters through some constant of the graph.
  private var counted: Set<Int> = []
  private var literals: [Int: Literal] = [:]
  /// While a node of constants is evaluated: its graph's constants as tensors, in order.
  private var trial: [KnownTensor]?
  private var foldedElements = 0

  /// All folds of an import together touch at most this many elements.
  private static let foldingBudget = 1 << 24
  /// Constants of at most this many bytes carry their contents in the graph.
  private static let smallConstant = 4096

  init(model: ONNXModel, options: ONNXImportOptions) {
    self.model = model
    self.options = options
    folder = ExternalFolder(ofModelAt: model.path)
    graph = Graph(
      name: options.name ?? URL(filePath: model.path).deletingPathExtension().lastPathComponent)
  }

  // MARK: Findings

  func reportUnsupported(_ node: Onnx_NodeProto, name: String) {
    let key = node.domain + "." + node.opType
    if let index = unsupportedPlaces[key] {
      unsupported[index].count += 1
    } else {
      unsupportedPlaces[key] = unsupported.count
      unsupported.append(
        ONNXError.UnsupportedNode(domain: node.domain, type: node.opType, count: 1, firstName: name))
    }
  }

  func report(_ finding: NodeFinding, name: String, type: String) {
    invalid.append(
      ONNXError.InvalidNode(name: name, type: type, found: finding.found, expected: finding.expected))
  }

  // MARK: Graph

  func addInput(_ name: String, _ type: TensorType) -> Binding { .value(graph.addInput(name, type)) }

  func addOutput(_ name: String, _ value: Value) {
    graph.outputs.append(Graph.Output(name: name, value: value))
  }

  func add(_ primitive: any Primitive, _ operands: [Value], name: String) throws(NodeFinding) -> [Value] {
    do { return try graph.addNode(primitive, operands, name: name) } catch { throw NodeFinding(error) }
  }

  func type(of value: Value) -> TensorType { graph.type(of: value) }

  /// The constant of a tensor in the graph; each tensor becomes one constant, each weight is counted once.
  func constant(_ tensor: KnownTensor, countsAsParameter: Bool) throws(NodeFinding) -> Value {
    if let value = constants[tensor.id] { return value }
    var isParameter = false
    if countsAsParameter, trial == nil {
      for source in tensor.sources where counted.insert(source).inserted { isParameter = true }
    }
    let bytes = trial == nil ? try bytes(of: tensor) : nil
    let value = graph.addConstant(tensor.name, tensor.type, bytes: bytes, isParameter: isParameter)
    constants[tensor.id] = value
    trial?.append(tensor)
    return value
  }

  private func bytes(of tensor: KnownTensor) throws(NodeFinding) -> [UInt8]? {
    switch tensor.contents {
    case .literal(let literal): return literal.bytes
    case .stored(let stored):
      guard options.readsWeights || stored.type.byteCount <= Self.smallConstant else { return nil }
      return try read(stored)
    case .typeOnly: return nil
    }
  }

  // MARK: Tensors of the file

  /// A tensor computed or written down during the import.
  func known(_ literal: Literal, name: String, sources: [Int] = []) -> KnownTensor {
    nextID += 1
    return KnownTensor(
      id: nextID, name: name, type: literal.type, contents: .literal(literal), sources: sources)
  }

  /// A tensor of which only the type is known.
  func known(_ type: TensorType, name: String, sources: [Int]) -> KnownTensor {
    nextID += 1
    return KnownTensor(id: nextID, name: name, type: type, contents: .typeOnly, sources: sources)
  }

  /// A tensor of the file; large or small, it is not read here.
  func known(_ message: Onnx_TensorProto, name: String) throws(NodeFinding) -> KnownTensor {
    let stored = try StoredTensor(message, in: folder, payloads: model.payloads)
    nextID += 1
    let type = stored.type
    let isTrained = type.rank > 0 && (type.elementType.isFloatingPoint || type.elementType.isWeightInteger)
    return KnownTensor(
      id: nextID, name: name, type: type, contents: .stored(stored), sources: isTrained ? [nextID] : [])
  }

  /// The same elements under another shape of as many elements.
  func reshaped(_ tensor: KnownTensor, to shape: [Int]) -> KnownTensor {
    nextID += 1
    var result = tensor
    result.id = nextID
    result.type.shape = shape
    switch tensor.contents {
    case .literal(var literal):
      literal.shape = shape
      result.contents = .literal(literal)
    case .stored(var stored):
      stored.type.shape = shape
      result.contents = .stored(stored)
    case .typeOnly: break
    }
    return result
  }

  /// The elements of a tensor, nil where they are unknown or too many to be worth reading.
  func literal(of tensor: KnownTensor) throws(NodeFinding) -> Literal? {
    if let literal = literals[tensor.id] { return literal }
    switch tensor.contents {
    case .literal(let literal): return literal
    case .typeOnly: return nil
    case .stored(let stored):
      guard spend(stored.type.count) else { return nil }
      let literal: Literal
      if case .fields(let message) = stored.place {
        literal = Literal(fields: message, type: stored.type)
      } else {
        literal = Literal(bytes: try read(stored), type: stored.type)
      }
      literals[tensor.id] = literal
      return literal
    }
  }

  private func read(_ stored: StoredTensor) throws(NodeFinding) -> [UInt8] {
    switch stored.place {
    case .bytes(let bytes): return bytes
    case .fields(let message): return Literal(fields: message, type: stored.type).bytes
    case .file(let range):
      let start = model.bytes.startIndex
      return [UInt8](model.bytes[start + range.lowerBound..<start + range.upperBound])
    case .external(let data):
      guard let bytes = FileBytes.read(data.range, of: data.path) else {
        throw NodeFinding(
          found: "external data '\(data.path)' that cannot be read", expected: "a readable file")
      }
      return bytes
    }
  }

  // MARK: Folding

  /// Runs a lowering on constants in a graph of its own and evaluates what it emitted.
  ///
  /// Results that depend on nothing but the file become tensors of the file: their contents are computed where
  /// all tensors on the way are small and the primitives have a rule, else the type alone is kept.
  func folding(
    name: String, sources: [Int], _ lowering: () throws(NodeFinding) -> [Binding]
  ) throws(NodeFinding) -> [Binding] {
    let saved = (graph, constants)
    graph = Graph(name: name)
    constants = [:]
    trial = []
    defer {
      (graph, constants) = saved
      trial = nil
    }
    let results = try lowering()
    let values = try trialLiterals()
    return results.map { binding in
      guard case .value(let value) = binding else { return binding }
      if let literal = values[value] { return .known(known(literal, name: name, sources: sources)) }
      return .known(known(graph.type(of: value), name: name, sources: sources))
    }
  }

  private func trialLiterals() throws(NodeFinding) -> [Value: Literal] {
    var values: [Value: Literal] = [:]
    for (index, tensor) in (trial ?? []).enumerated() {
      if let literal = try literal(of: tensor) { values[Value(.constant(index))] = literal }
    }
    for (index, node) in graph.nodes.enumerated() {
      let operands = node.operands.compactMap { values[$0] }
      guard operands.count == node.operands.count, node.resultTypes.count == 1,
        spend(node.resultTypes[0].count), operands.allSatisfy({ spend($0.count) }),
        let literal = Literal.evaluate(node.primitive, operands, result: node.resultTypes[0])
      else { continue }
      values[Value(.node(index, result: 0))] = literal
    }
    return values
  }

  /// Whether a literal of so many elements may still be made or walked through.
  func spend(_ count: Int) -> Bool {
    guard count <= Literal.maximumCount, foldedElements + count <= Self.foldingBudget else { return false }
    foldedElements += count
    return true
  }
}

extension ElementType {
  /// Whether quantised weights and biases come in this format.
  fileprivate var isWeightInteger: Bool { isInteger && bits <= 32 }
}
