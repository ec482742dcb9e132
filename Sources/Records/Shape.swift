import Formats

/// What a key is, as data: messages, the JSON Schema, `explain` and the documentation table come from it.
package struct KeyDeclaration: Hashable, Sendable {
  package var name: String
  package var shape: Shape
  /// The value when the key is absent, as it would be written; nil when the key is required.
  package var defaultText: String?
  /// What it means, as one sentence.
  package var sentence: String
  /// The name the field's books give it ("tRCD"), if it has one.
  package var symbol: String?

  package init(name: String, shape: Shape, defaultText: String?, sentence: String, symbol: String? = nil) {
    self.name = name
    self.shape = shape
    self.defaultText = defaultText
    self.sentence = sentence
    self.symbol = symbol
  }

  package var isRequired: Bool { defaultText == nil }
}

/// The form of a value in a file.
package indirect enum Shape: Hashable, Sendable {
  case text
  /// A whole number within a range.
  case whole(ClosedRange<Int>)
  /// A number within a range, or within it but above its lower end.
  case number(ClosedRange<Double>, excludesLower: Bool)
  case flag
  /// A number with a unit: what kind, how it is written, in which units.
  case quantity(kind: String, range: String, example: String, units: [String])
  /// A text of a certain form: what it is, as a regular expression, and an example.
  case form(String, pattern: String, example: String)
  /// One of some words, or of their short forms.
  case word([String], shortForms: [String])
  /// A list of at least so many.
  case list(Shape, minimum: Int)
  /// A mapping with declared keys.
  case record([KeyDeclaration])
  /// A mapping whose keys are chosen among given words (all of them, if so required) or are free.
  case table(keys: [String]?, allRequired: Bool, Shape)
  /// One of several forms.
  case either([Shape])

  /// What it is, for messages and tables: "a whole number 1 … 1024".
  package var summary: String {
    switch self {
    case .text: "a text"
    case .whole(let range): "a whole number \(range.lowerBound) … \(range.upperBound)"
    case .number(let range, let excludesLower):
      "a number \(excludesLower ? "above " : "")\(plain(range.lowerBound))\(excludesLower ? ", at most " : " … ")"
        + plain(range.upperBound)
    case .flag: "true or false"
    // "4 cycles" says its kind itself.
    case .quantity(let kind, let range, _, _): range.hasSuffix("cycles") ? range : "\(kind) \(range)"
    case .form(let summary, _, _): summary
    case .word(let words, _): listed(words)
    case .list(let element, let minimum):
      minimum > 0 ? "a list of \(element.plural)" : "a list of \(element.plural), or []"
    case .record(let keys): "a mapping with the keys \(listed(keys.map(\.name), joining: "and"))"
    case .table(let keys, let allRequired, let value):
      "a mapping from \(keys.map { listed($0, joining: allRequired ? "and" : "or") } ?? "names") to \(value.plural)"
    case .either(let shapes): listed(shapes.map(\.summary))
    }
  }

  /// The plural for lists: "mappings with the keys …".
  private var plural: String {
    switch self {
    case .word(let words, _): listed(words, joining: "and")
    case .record(let keys): "mappings with the keys \(listed(keys.map(\.name), joining: "and"))"
    case .whole(let range): "whole numbers \(range.lowerBound) … \(range.upperBound)"
    case .text: "texts"
    default: summary
    }
  }
}

/// A number without a trailing ".0".
package func plain(_ value: Double) -> String {
  value == value.rounded() && value.magnitude < 0x1p53 ? "\(Int(value))" : "\(value)"
}
