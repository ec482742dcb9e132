package import Formats

extension KeyTree {
  /// The JSON Schema of a file, for editors.
  package func schema(title: String) -> JSONValue {
    let head: [JSONValue.Member] = [
      .init("$schema", "http://json-schema.org/draft-07/schema#"), .init("title", .string(title)),
    ]
    guard case .object(let members) = Shape.record(root).schema else { return .object(head) }
    return .object(head + members)
  }
}

extension Shape {
  /// The JSON Schema of a value of this shape.
  fileprivate var schema: JSONValue {
    switch self {
    case .text: ["type": "string", "minLength": .integer(1)]
    case .whole(let range):
      ["type": "integer", "minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound)]
    case .number(let range, let excludesLower):
      [
        "type": "number", excludesLower ? "exclusiveMinimum" : "minimum": .number(range.lowerBound),
        "maximum": .number(range.upperBound),
      ]
    case .flag: ["type": "boolean"]
    case .quantity(let kind, let range, let example, let units):
      [
        "type": "string", "description": .string("\(kind) \(range)"),
        "pattern": .string(
          "^\\s*[-+]?[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]+)?\\s*(\(units.map(\.pattern).joined(separator: "|")))\\s*$"
        ),
        "examples": .array([.string(example)]),
      ]
    case .form(_, let pattern, let example):
      ["type": "string", "pattern": .string(pattern), "examples": .array([.string(example)])]
    case .word(let words, let shortForms): ["enum": .array((words + shortForms).map { .string($0) })]
    case .list(let element, let minimum):
      list(of: element, minimum: minimum)
    case .record(let keys):
      [
        "type": "object", "additionalProperties": .bool(false),
        "required": .array(keys.filter(\.isRequired).map { .string($0.name) }),
        "properties": .object(keys.map { JSONValue.Member($0.name, $0.schema) }),
      ]
    case .table(nil, _, let value): ["type": "object", "additionalProperties": value.schema]
    case .table(let words?, let allRequired, let value):
      [
        "type": "object", "additionalProperties": .bool(false),
        "required": .array(allRequired ? words.map { .string($0) } : []),
        "properties": .object(words.map { JSONValue.Member($0, value.schema) }),
      ]
    case .either(let shapes): ["anyOf": .array(shapes.map(\.schema))]
    }
  }

  private func list(of element: Shape, minimum: Int) -> JSONValue {
    let list: JSONValue = [
      "type": "array", "minItems": .integer(minimum), "uniqueItems": .bool(true), "items": element.schema,
    ]
    return element.isScalar ? ["anyOf": .array([list, element.schema])] : list
  }
}

extension KeyDeclaration {
  /// The schema of the key's value with what the key means.
  fileprivate var schema: JSONValue {
    guard case .object(var members) = shape.schema else { return shape.schema }
    let meaning = symbol.map { "\(sentence) (\($0))" } ?? sentence
    if let index = members.firstIndex(where: { $0.name == "description" }) {
      members[index].value = .string("\(meaning) \(shape.summary).")
    } else {
      members.insert(.init("description", .string(meaning)), at: 0)
    }
    if let defaultText, shape.isScalar { members.append(.init("default", defaultJSON(defaultText))) }
    return .object(members)
  }

  private func defaultJSON(_ text: String) -> JSONValue {
    switch shape {
    case .whole: Int(text).map { .integer($0) } ?? .string(text)
    case .number: Double(text).map { .number($0) } ?? .string(text)
    case .flag: .bool(text == "true")
    default: .string(text)
    }
  }
}

extension String {
  /// A unit as a regular expression: `µ` may be written `u`.
  fileprivate var pattern: String { hasPrefix("µ") ? "[µ\u{3BC}u]\(dropFirst())" : self }
}
