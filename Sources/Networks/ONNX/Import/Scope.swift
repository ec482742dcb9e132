/// The names of one graph, function call or branch, and what they stand for.
final class Scope {
  let parent: Scope?
  private var bindings: [String: Binding] = [:]
  private var initializers: [String: Onnx_TensorProto] = [:]

  init(parent: Scope? = nil, initializers: [Onnx_TensorProto] = []) {
    self.parent = parent
    for tensor in initializers { self.initializers[tensor.name] = tensor }
  }

  func bind(_ name: String, to binding: Binding) { bindings[name] = binding }

  /// What a name stands for here or further out; an initializer is made a tensor at its first use.
  func binding(of name: String, making tensor: (Onnx_TensorProto) -> Binding) -> Binding? {
    if let binding = bindings[name] { return binding }
    if let message = initializers[name] {
      let binding = tensor(message)
      bindings[name] = binding
      return binding
    }
    return parent?.binding(of: name, making: tensor)
  }
}

/// Where nodes are imported: the main graph, a function's body or a branch.
struct Frame {
  let scope: Scope
  /// Versions of the operator sets by domain.
  let opsets: [String: Int64]
  /// Attributes of the call that a function's nodes refer to.
  let callAttributes: [String: Onnx_AttributeProto]
  /// What comes before the names of nodes.
  let prefix: String
  /// Calls and branches around this one.
  let depth: Int

  static let deepest = 32

  /// A node's attributes with references to the call's attributes resolved; unset ones are left out.
  func attributes(of node: Onnx_NodeProto) -> [Onnx_AttributeProto] {
    node.attribute.compactMap { attribute in
      guard !attribute.refAttrName.isEmpty else { return attribute }
      guard var value = callAttributes[attribute.refAttrName] else { return nil }
      value.name = attribute.name
      return value
    }
  }
}
