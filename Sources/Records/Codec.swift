package import Formats

/// How a value is read from YAML, written to it, and described.
package struct Codec<Value: Hashable & Sendable>: Sendable {
  package var shape: Shape
  /// The value in `node`; nil after a diagnostic.
  package var decode: @Sendable (_ node: YAMLNode, _ decoding: inout Decoding) -> Value?
  package var encode: @Sendable (Value) -> YAMLNode

  package init(
    _ shape: Shape, decode: @escaping @Sendable (_ node: YAMLNode, _ decoding: inout Decoding) -> Value?,
    encode: @escaping @Sendable (Value) -> YAMLNode
  ) {
    self.shape = shape
    self.decode = decode
    self.encode = encode
  }
}

extension YAMLNode {
  /// A value that stands in no file.
  package static func unplaced(_ content: Content) -> YAMLNode { YAMLNode(content, at: Place(source: "")) }
  package static func plain(_ text: String) -> YAMLNode { unplaced(.scalar(text, isPlain: true)) }

  /// Whether the value was given on the command line rather than in a file.
  package var isOverride: Bool { place.line == 0 }
}

extension Decoding {
  /// The text of a scalar that is not empty; else nil after a diagnostic.
  package mutating func scalar(_ node: YAMLNode, expected expectation: String) -> (
    text: String, isPlain: Bool
  )? {
    guard case .scalar(let text, let isPlain) = node.content, !node.isNull else {
      refuse(at: node.place, "the value is \(node.kind)", expected: expectation)
      return nil
    }
    return (text, isPlain)
  }
}

extension Codec where Value == String {
  /// A text of one or more characters.
  package static let text = Codec(
    .text,
    decode: { node, decoding in
      guard let (text, _) = decoding.scalar(node, expected: Shape.text.summary) else { return nil }
      guard text.contains(where: { !$0.isWhitespace }) else {
        decoding.refuse(at: node.place, "the text is empty", expected: Shape.text.summary)
        return nil
      }
      return text
    },
    encode: { .unplaced(.scalar($0, isPlain: false)) })
}

extension Codec where Value == Int {
  /// A whole number without a unit.
  package static func whole(_ range: ClosedRange<Int>) -> Codec {
    let shape = Shape.whole(range)
    return Codec(
      shape,
      decode: { node, decoding in
        guard let (text, isPlain) = decoding.scalar(node, expected: shape.summary) else { return nil }
        guard isPlain, let value = Int(text), !text.hasPrefix("+") else {
          decoding.refuse(
            at: node.place, "'\(excerpt(text))' is not a whole number", expected: shape.summary,
            remedy: !isPlain && Int(text) != nil ? "remove the quotes" : nil)
          return nil
        }
        guard range.contains(value) else {
          decoding.refuse(at: node.place, "\(value) is out of range", expected: shape.summary)
          return nil
        }
        return value
      },
      encode: { .plain("\($0)") })
  }
}

extension Codec where Value == Double {
  /// A number without a unit.
  package static func number(_ range: ClosedRange<Double>, excludesLower: Bool = false) -> Codec {
    let shape = Shape.number(range, excludesLower: excludesLower)
    return Codec(
      shape,
      decode: { node, decoding in
        guard let (text, isPlain) = decoding.scalar(node, expected: shape.summary) else { return nil }
        guard isPlain, let value = parsedDecimal(text) else {
          decoding.refuse(at: node.place, "'\(excerpt(text))' is not a number", expected: shape.summary)
          return nil
        }
        guard range.contains(value), !(excludesLower && value == range.lowerBound) else {
          decoding.refuse(at: node.place, "\(plain(value)) is out of range", expected: shape.summary)
          return nil
        }
        return value
      },
      encode: { .plain(plain($0)) })
  }
}

extension Codec where Value == Bool {
  /// `true` or `false`.
  package static let flag = Codec(
    .flag,
    decode: { node, decoding in
      guard let (text, isPlain) = decoding.scalar(node, expected: Shape.flag.summary) else { return nil }
      guard isPlain, text == "true" || text == "false" else {
        decoding.refuse(
          at: node.place, "'\(excerpt(text))' is not a truth value", expected: Shape.flag.summary)
        return nil
      }
      return text == "true"
    },
    encode: { .plain($0 ? "true" : "false") })
}

extension Codec where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
  /// One of the words of an enumeration, or of their short forms.
  package static func word(shortForms: [(String, Value)] = []) -> Codec {
    let words = Value.allCases.map(\.rawValue)
    let shape = Shape.word(words, shortForms: shortForms.map(\.0))
    let short = shortForms.map { (form: $0.0, value: $0.1) }
    return Codec(
      shape,
      decode: { node, decoding in
        guard let (text, _) = decoding.scalar(node, expected: shape.summary) else { return nil }
        if let value = Value(rawValue: text) ?? short.first(where: { $0.form == text })?.value {
          return value
        }
        let suggestion = nearest(to: text, among: words)
        decoding.refuse(
          at: node.place, "'\(excerpt(text))' is unknown", expected: shape.summary,
          remedy: suggestion.map { "did you mean '\($0)'?" })
        return nil
      },
      encode: { .plain($0.rawValue) })
  }
}
