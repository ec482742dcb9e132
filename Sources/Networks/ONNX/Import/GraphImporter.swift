import Graphs

/// Walks the nodes of a model and lowers each one into the graph.
struct GraphImporter {
  let session: ImportSession
  private let functions: [FunctionKey: Onnx_FunctionProto]
  private var nodeBudget = 1 << 17

  private struct FunctionKey: Hashable {
    var domain: String
    var name: String
    var overload: String
  }

  private var path: String { session.model.path }

  init(session: ImportSession) {
    self.session = session
    functions = Dictionary(
      session.model.structure.functions.map {
        (FunctionKey(domain: Self.canonical($0.domain), name: $0.name, overload: $0.overload), $0)
      }, uniquingKeysWith: { first, _ in first })
  }

  /// Imports the main graph.
  mutating func importModel() throws(ONNXError) -> Graph {
    let model = session.model.structure
    let opsets = Self.opsets(model.opsetImport)
    try checkVersion(opsets)
    let scope = Scope(initializers: model.graph.initializer)
    let frame = Frame(scope: scope, opsets: opsets, callAttributes: [:], prefix: "", depth: 0)
    let results = model.graph.output.map(\.name)
    guard !results.isEmpty else {
      throw .malformed(path: path, found: "a graph without outputs", expected: "at least one output")
    }
    try bindInputs(model.graph, scope: scope)
    try importNodes(model.graph.node, results: results, in: frame)
    for name in results {
      switch binding(of: name, in: scope) {
      case .value(let value): session.addOutput(name, value)
      case .known(let tensor):
        do {
          session.addOutput(name, try session.constant(tensor, countsAsParameter: true))
        } catch { session.report(error, name: name, type: "output") }
      case .poisoned: break
      case .absent, nil:
        throw .malformed(
          path: path, found: "output '\(name)' that no node computes", expected: "a node for it")
      }
    }
    if !session.unsupported.isEmpty { throw .unsupported(path: path, nodes: session.unsupported) }
    if !session.invalid.isEmpty { throw .invalidNodes(path: path, nodes: session.invalid) }
    return session.graph
  }

  private static func canonical(_ domain: String) -> String { domain == "ai.onnx" ? "" : domain }

  private static func opsets(_ imports: [Onnx_OperatorSetIdProto]) -> [String: Int64] {
    Dictionary(imports.map { (canonical($0.domain), $0.version) }, uniquingKeysWith: max)
  }

  private func checkVersion(_ opsets: [String: Int64]) throws(ONNXError) {
    guard let version = opsets[""], ONNXModel.supportedOpsets.contains(version) else {
      throw .version(path: path, domain: "ai.onnx", found: opsets[""])
    }
  }

  /// Binds the inputs that some node reads; initializers may stand among the inputs and are not any.
  private func bindInputs(_ graph: Onnx_GraphProto, scope: Scope) throws(ONNXError) {
    let initializers = Set(graph.initializer.map(\.name))
    let inputs = graph.input.filter { !initializers.contains($0.name) }
    var read = Set(graph.output.map(\.name))
    for node in graph.node { read.formUnion(NodeOrder.names(readBy: node)) }
    let used = inputs.filter { read.contains($0.name) }
    let types = try InputShapes(path: path, options: session.options)
      .types(of: used, known: Set(inputs.map(\.name)))
    for (input, type) in zip(used, types) { scope.bind(input.name, to: session.addInput(input.name, type)) }
  }

  private func binding(of name: String, in scope: Scope) -> Binding? {
    scope.binding(of: name) { message in
      do throws(NodeFinding) {
        return .known(try session.known(message, name: message.name))
      } catch {
        session.report(error, name: message.name, type: "initializer")
        return .poisoned
      }
    }
  }

  // MARK: Nodes

  private mutating func importNodes(
    _ nodes: [Onnx_NodeProto], results: [String], in frame: Frame
  ) throws(ONNXError) {
    let order: [Int]
    do { order = try NodeOrder.order(nodes, results: results) } catch {
      throw .malformed(path: path, found: error.found, expected: error.expected)
    }
    nodeBudget -= order.count
    guard nodeBudget >= 0, frame.depth < Frame.deepest else {
      throw .malformed(
        path: path, found: "functions or branches that call each other without end",
        expected: "at most \(Frame.deepest) calls inside each other and 2^17 nodes in all")
    }
    reportUnusedUnsupported(nodes, in: frame, used: order)
    var read = Set(results)
    for index in order { read.formUnion(NodeOrder.names(readBy: nodes[index])) }
    for index in order {
      let node = nodes[index]
      let name = frame.prefix + (node.name.isEmpty ? "\(node.opType)_\(index)" : node.name)
      let bindings = try importNode(node, name: name, read: read, in: frame)
      for (result, output) in node.output.enumerated() where !output.isEmpty {
        frame.scope.bind(output, to: result < bindings.count ? bindings[result] : .absent)
      }
    }
  }

  /// Nodes whose results nobody uses are not imported, but an unknown operator among them is not passed over either.
  private func reportUnusedUnsupported(_ nodes: [Onnx_NodeProto], in frame: Frame, used: [Int]) {
    guard used.count < nodes.count else { return }
    let used = Set(used)
    for (index, node) in nodes.enumerated() where !used.contains(index) && !isKnown(node, in: frame) {
      session.reportUnsupported(
        node, name: frame.prefix + (node.name.isEmpty ? "\(node.opType)_\(index)" : node.name))
    }
  }

  private func isKnown(_ node: Onnx_NodeProto, in frame: Frame) -> Bool {
    let domain = Self.canonical(node.domain)
    return functions[FunctionKey(domain: domain, name: node.opType, overload: node.overload)] != nil
      || OperatorTable.row(domain: domain, type: node.opType, version: frame.opsets[domain] ?? 1) != nil
  }

  /// The bindings of a node's results; findings are recorded, and results that miss are poisoned.
  private mutating func importNode(
    _ node: Onnx_NodeProto, name: String, read: Set<String>, in frame: Frame
  ) throws(ONNXError) -> [Binding] {
    let poison = node.output.map { _ in Binding.poisoned }
    let domain = Self.canonical(node.domain)
    let function = functions[FunctionKey(domain: domain, name: node.opType, overload: node.overload)]
    let version = frame.opsets[domain] ?? 1
    let row = OperatorTable.row(domain: domain, type: node.opType, version: version)
    guard function != nil || row != nil else {
      session.reportUnsupported(node, name: name)
      return poison
    }
    guard let operands = operands(of: node, name: name, in: frame.scope) else { return poison }
    if let function { return try call(function, node, operands, name: name, in: frame) }
    guard let row else { return poison }
    var lowering = NodeLowering(
      session: session, type: node.opType, name: name, opset: version, operands: operands,
      resultsInUse: node.output.map { !$0.isEmpty && read.contains($0) },
      attributes: AttributeReader(frame.attributes(of: node)))
    do {
      if row.isBranch { return try branch(&lowering, node, in: frame) }
      let results = try lower(row, &lowering)
      let unknown = lowering.attributes.unknown
      guard unknown.isEmpty else {
        throw NodeFinding(
          found: "attribute " + unknown.map { "'\($0)'" }.joined(separator: ", "),
          expected: "attributes of \(node.opType) in operator set \(version)")
      }
      return results
    } catch let finding as NodeFinding {
      session.report(finding, name: name, type: node.opType)
      return poison
    } catch let error as ONNXError {
      throw error
    } catch {
      session.report(NodeFinding(found: "\(error)", expected: "no error"), name: name, type: node.opType)
      return poison
    }
  }

  /// Lowers a node, aside where it computes with tensors of the file only.
  private func lower(_ row: OperatorTable.Row, _ lowering: inout NodeLowering) throws(NodeFinding)
    -> [Binding]
  {
    var sources: [Int] = []
    var areKnown = !lowering.operands.isEmpty
    for operand in lowering.operands {
      switch operand {
      case .known(let tensor): sources += tensor.sources
      case .absent: break
      case .value, .poisoned: areKnown = false
      }
    }
    guard areKnown, row.folds(lowering) else { return try row.lower(&lowering) }
    var copy = lowering
    let results = try session.folding(name: lowering.name, sources: Array(Set(sources)).sorted()) {
      () throws(NodeFinding) in try row.lower(&copy)
    }
    lowering = copy
    return results
  }

  /// What a node's operands stand for, nil (with a finding) where some do not exist or were not imported.
  private func operands(of node: Onnx_NodeProto, name: String, in scope: Scope) -> [Binding]? {
    var operands: [Binding] = []
    var isComplete = true
    for input in node.input {
      guard !input.isEmpty else {
        operands.append(.absent)
        continue
      }
      guard let binding = binding(of: input, in: scope) else {
        session.report(
          NodeFinding(
            found: "operand '\(input)' that nothing computes", expected: "an input, weight or result"),
          name: name, type: node.opType)
        isComplete = false
        continue
      }
      if case .poisoned = binding { isComplete = false }
      operands.append(binding)
    }
    return isComplete ? operands : nil
  }

  // MARK: Functions and branches

  /// Imports a function's body in place of its call.
  private mutating func call(
    _ function: Onnx_FunctionProto, _ node: Onnx_NodeProto, _ operands: [Binding], name: String,
    in frame: Frame
  ) throws(ONNXError) -> [Binding] {
    let scope = Scope()
    for (index, parameter) in function.input.enumerated() {
      scope.bind(parameter, to: index < operands.count ? operands[index] : .absent)
    }
    var attributes: [String: Onnx_AttributeProto] = [:]
    for attribute in function.attributeProto { attributes[attribute.name] = attribute }
    for attribute in frame.attributes(of: node) { attributes[attribute.name] = attribute }
    let inner = Frame(
      scope: scope, opsets: frame.opsets.merging(Self.opsets(function.opsetImport)) { _, own in own },
      callAttributes: attributes, prefix: name + "/", depth: frame.depth + 1)
    try importNodes(function.node, results: function.output, in: inner)
    return results(function.output, in: scope, name: name, type: node.opType)
  }

  /// Imports the branch of an If that its condition, known already, selects.
  private mutating func branch(
    _ lowering: inout NodeLowering, _ node: Onnx_NodeProto, in frame: Frame
  ) throws -> [Binding] {
    let condition = try lowering.requiredScalar(0, "condition values")
    guard let graph = try lowering.attributes.graph(condition != 0 ? "then_branch" : "else_branch") else {
      throw NodeFinding(found: "a missing branch", expected: "then_branch and else_branch")
    }
    let inner = Frame(
      scope: Scope(parent: frame.scope, initializers: graph.initializer), opsets: frame.opsets,
      callAttributes: frame.callAttributes, prefix: lowering.name + "/", depth: frame.depth + 1)
    let names = graph.output.map(\.name)
    try importNodes(graph.node, results: names, in: inner)
    return results(names, in: inner.scope, name: lowering.name, type: node.opType)
  }

  private func results(_ names: [String], in scope: Scope, name: String, type: String) -> [Binding] {
    names.map { result in
      if let binding = binding(of: result, in: scope) { return binding }
      session.report(
        NodeFinding(found: "result '\(result)' that no node computes", expected: "a node for it"), name: name,
        type: type)
      return .poisoned
    }
  }
}
