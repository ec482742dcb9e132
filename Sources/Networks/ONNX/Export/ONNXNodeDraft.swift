import FoundationEssentials
import Graphs
import SwiftProtobuf

/// One node of the graph while it becomes operators: names of its operands and results, and the means to add operators.
struct ONNXNodeDraft {
  private let draft: ONNXDraft
  /// Names of the operands.
  let x: [String]
  let types: [TensorType]
  /// Names of the results.
  let results: [String]
  let resultTypes: [TensorType]
  private let name: String

  init(_ draft: ONNXDraft, _ graph: Graph, _ index: Int) {
    self.draft = draft
    let node = graph.nodes[index]
    name = node.name
    x = node.operands.map { draft.name($0) }
    types = node.operands.map { graph.type(of: $0) }
    results = node.resultTypes.indices.map { draft.name(Value(.node(index, result: $0))) }
    resultTypes = node.resultTypes
  }

  func name(of value: Value) -> String { draft.name(value) }
  func type(of value: Value) -> TensorType { draft.type(of: value) }

  var element: ElementType { types[0].elementType }
  func shape(_ operand: Int) -> [Int] { types[operand].shape }

  /// A value of an attribute.
  enum Attribute {
    case integer(Int)
    case integers([Int])
    case real(Double)
    case text(String)
  }

  /// Adds the operator that computes the node's first result.
  mutating func finish(
    _ type: String, _ operands: [String], _ attributes: [(String, Attribute)] = [], domain: String = ""
  ) {
    add(type, operands, [results[0]], attributes, name: name, domain: domain)
  }

  /// Adds the operator that computes the node's second result.
  mutating func finishSecond(_ type: String, _ operands: [String], _ attributes: [(String, Attribute)] = []) {
    add(type, operands, [results[1]], attributes, name: results[1])
  }

  /// Adds the operator that computes all results.
  mutating func finishAll(_ type: String, _ operands: [String], _ attributes: [(String, Attribute)] = []) {
    add(type, operands, results, attributes, name: name)
  }

  /// Adds an operator on the way and returns the name of its result.
  mutating func step(
    _ type: String, _ operands: [String], _ attributes: [(String, Attribute)] = []
  ) -> String {
    let result = draft.unique("\(name)/\(type)")
    add(type, operands, [result], attributes, name: result)
    return result
  }

  private mutating func add(
    _ type: String, _ operands: [String], _ results: [String], _ attributes: [(String, Attribute)],
    name: String, domain: String = ""
  ) {
    var node = Onnx_NodeProto()
    node.opType = type
    node.domain = domain
    node.name = name
    node.input = operands
    node.output = results
    node.attribute = attributes.map { key, value in
      .with { attribute in
        attribute.name = key
        switch value {
        case .integer(let value): (attribute.type, attribute.i) = (.int, Int64(value))
        case .integers(let values): (attribute.type, attribute.ints) = (.ints, values.map { Int64($0) })
        case .real(let value): (attribute.type, attribute.f) = (.float, Float(value))
        case .text(let value): (attribute.type, attribute.s) = (.string, Data(value.utf8))
        }
      }
    }
    draft.addNode(node)
  }

  // MARK: Constants

  /// A vector of int64 numbers: extents, axes.
  mutating func vector(_ numbers: [Int], _ role: String = "shape") -> String {
    draft.sharedInitializer(role, Literal(vector: numbers))
  }

  /// One number of an element type, without axes.
  mutating func scalar(_ number: Double, _ type: ElementType? = nil) -> String {
    draft.sharedInitializer(
      "number", Literal([number], shape: [], .float64).cast(to: type ?? element))
  }

  mutating func literal(_ literal: Literal, _ role: String) -> String {
    draft.sharedInitializer(role, literal)
  }
}

extension Bool {
  /// 1 or 0, as attributes say it.
  var attribute: ONNXNodeDraft.Attribute { .integer(self ? 1 : 0) }
}
