import Graphs

/// Finds the shape of every input from the file, the caller's bindings and the names that extents share.
struct InputShapes {
  let path: String
  let options: ONNXImportOptions

  /// An extent as the file gives it.
  private enum Extent {
    case fixed(Int)
    case open(name: String?)
  }

  private struct Declaration {
    var name: String
    var elementType: ElementType
    /// Nil where the file does not even say the rank.
    var extents: [Extent]?
  }

  /// The types of the given inputs, in order.
  ///
  /// - Throws: ``ONNXError`` that names all inputs with open extents at once.
  func types(of inputs: [Onnx_ValueInfoProto], known: Set<String>) throws(ONNXError) -> [TensorType] {
    for name in options.bindings.keys.sorted() where !known.contains(name) {
      throw .binding(
        path: path, name: name, found: "no such input",
        expected: known.isEmpty ? "no bindings" : "one of " + known.sorted().joined(separator: ", "))
    }
    var declarations: [Declaration] = []
    for input in inputs { declarations.append(try declaration(of: input)) }
    let symbols = try symbols(of: declarations)
    var types: [TensorType] = []
    var unbound: [ONNXError.UnboundInput] = []
    for declaration in declarations {
      if let shape = shape(of: declaration, symbols: symbols) {
        types.append(TensorType(shape, declaration.elementType))
      } else {
        unbound.append(Self.describe(declaration))
      }
    }
    guard unbound.isEmpty else { throw .unboundInputs(path: path, inputs: unbound) }
    for (type, declaration) in zip(types, declarations) {
      do { try type.validate("input") } catch {
        throw .binding(path: path, name: declaration.name, found: error.found, expected: error.expected)
      }
    }
    try checkBatch(declarations, types)
    return types
  }

  private func declaration(of input: Onnx_ValueInfoProto) throws(ONNXError) -> Declaration {
    guard case .tensorType(let tensor) = input.type.value else {
      throw .binding(
        path: path, name: input.name, found: "a value that is not a tensor", expected: "a tensor")
    }
    let elementType: ElementType
    do { elementType = try ElementType(onnx: Int(tensor.elemType)) } catch {
      throw .binding(path: path, name: input.name, found: error.found, expected: error.expected)
    }
    guard tensor.hasShape else {
      return Declaration(name: input.name, elementType: elementType, extents: nil)
    }
    let extents = tensor.shape.dim.map { dimension -> Extent in
      switch dimension.value {
      case .dimValue(let value): value < 0 ? .open(name: nil) : .fixed(Int(value))
      case .dimParam(let name): .open(name: name.isEmpty ? nil : name)
      case nil: .open(name: nil)
      }
    }
    return Declaration(name: input.name, elementType: elementType, extents: extents)
  }

  /// Values of named extents, as bindings and the batch determine them.
  private func symbols(of declarations: [Declaration]) throws(ONNXError) -> [String: Int] {
    var symbols: [String: Int] = [:]
    for declaration in declarations {
      guard let binding = options.bindings[declaration.name], let extents = declaration.extents else {
        continue
      }
      let texts = Self.describe(declaration).extents.joined(separator: ", ")
      guard binding.count == extents.count else {
        throw .binding(
          path: path, name: declaration.name, found: "\(binding.count) extents \(binding)",
          expected: "\(extents.count): [\(texts)]")
      }
      for (value, extent) in zip(binding, extents) {
        switch extent {
        case .fixed(let expected) where value != expected:
          throw .binding(
            path: path, name: declaration.name, found: "\(binding)", expected: "[\(texts)]")
        case .open(let name?):
          if let other = symbols[name], other != value {
            throw .binding(
              path: path, name: declaration.name, found: "'\(name)' bound to \(other) and to \(value)",
              expected: "one value")
          }
          symbols[name] = value
        default: break
        }
      }
    }
    if let batch = options.batch {
      for case .open(let name?) in declarations.compactMap({ $0.extents?.first })
      where symbols[name] == nil {
        symbols[name] = batch
      }
    }
    return symbols
  }

  private func shape(of declaration: Declaration, symbols: [String: Int]) -> [Int]? {
    if let binding = options.bindings[declaration.name] { return binding }
    guard let extents = declaration.extents else { return nil }
    var shape: [Int] = []
    for (axis, extent) in extents.enumerated() {
      switch extent {
      case .fixed(let value): shape.append(value)
      case .open(let name):
        guard let value = name.flatMap({ symbols[$0] }) ?? (axis == 0 ? options.batch : nil) else {
          return nil
        }
        shape.append(value)
      }
    }
    return shape
  }

  /// A batch that reaches no input would be ignored silently; it is refused unless it is what the file says.
  private func checkBatch(_ declarations: [Declaration], _ types: [TensorType]) throws(ONNXError) {
    guard let batch = options.batch, let first = declarations.first else { return }
    guard types.contains(where: { $0.shape.first == batch }) else {
      throw .binding(
        path: path, name: first.name, found: "batch \(batch) for a first extent of \(types[0])",
        expected: "an open first extent; export the model with a dynamic batch")
    }
  }

  private static func describe(_ declaration: Declaration) -> ONNXError.UnboundInput {
    let extents = declaration.extents?.map { extent in
      switch extent {
      case .fixed(let value): "\(value)"
      case .open(let name): name ?? "?"
      }
    }
    return ONNXError.UnboundInput(name: declaration.name, extents: extents ?? ["unknown rank"])
  }
}
