extension Shape {
  /// What kind of section it is.
  package var form: String {
    switch self {
    case .list: "a list of sections"
    case .record(let keys) where keys.map(\.name) == ["value", "source"]:
      "{value: \(keys[0].shape.example), source: …}"
    case .table(let words?, let allRequired, _):
      "\(allRequired ? "all" : "some") of \(words.joined(separator: ", "))"
    case .table(nil, _, _): "a section for each name"
    case .either(let shapes) where shapes.first == .text: "a name, a path, or a section"
    default: "a section"
    }
  }
}
