import Formats

/// All keys a kind of file may have: found by path, explained, and described by a JSON Schema.
package struct KeyTree: Sendable {
  /// The declarations of the top level.
  package let root: [KeyDeclaration]
  /// Whether single keys can be set on the command line.
  package let takesOverrides: Bool

  package init(_ root: [KeyDeclaration], takesOverrides: Bool = false) {
    self.root = root
    self.takesOverrides = takesOverrides
  }

  /// A key with the path that leads to it: "array.rows", "scratchpads[].banks", "energy.mac.FORMAT.value".
  package struct Entry: Hashable, Sendable {
    package var path: String
    package var declaration: KeyDeclaration
  }

  /// Every key in the order of declaration, sections before what is in them.
  package var all: [Entry] { Self.entries(of: root, under: "") }

  /// The key at a dotted path.
  ///
  /// Elements of a list may be named, numbered, or left out: `scratchpads.spm.banks`, `scratchpads[].banks` and
  /// `scratchpads.banks` are the same key. A symbol such as `tRCDRD` names its key as well.
  package func entry(for path: String) -> Entry? {
    let keys = path.split(separator: ".").map { $0.hasSuffix("[]") ? $0.dropLast(2) : $0 }.map(String.init)
    guard !keys.isEmpty else { return nil }
    if let found = Self.find(keys[...], in: .record(root), declaration: nil, path: "") { return found }
    return all.first { $0.declaration.symbol?.lowercased() == keys[keys.count - 1].lowercased() }
  }

  /// The path that was probably meant.
  package func suggestion(for path: String) -> String? {
    let paths = all.map(\.path)
    if let near = nearest(to: path, among: paths) { return near }
    let last = path.split(separator: ".").last.map(String.init) ?? ""
    let entries = all
    let name = nearest(
      to: last, among: entries.map(\.declaration.name) + entries.compactMap(\.declaration.symbol))
    return name.flatMap { name in
      entries.first { $0.declaration.name == name || $0.declaration.symbol == name }?.path
    }
  }

  /// What a key means, as text for a terminal; nil when there is no such key.
  package func explain(_ path: String) -> String? {
    guard let entry = entry(for: path) else { return nil }
    let key = entry.declaration
    let symbol = key.symbol.map { " (\($0))" } ?? ""
    let form = key.shape.keys.isEmpty ? key.shape.summary : key.shape.form
    var lines = ["\(entry.path)\(symbol): \(form)", "  \(key.sentence)"]
    switch key.shape {
    case .quantity(_, _, let example, let units):
      lines.append(
        "  Units: \(units.filter { $0 != "cycle" }.joined(separator: ", ")); for example '\(example)'.")
    case .word(_, let shortForms), .list(.word(_, let shortForms), _):
      if !shortForms.isEmpty { lines.append("  Short forms: \(shortForms.joined(separator: ", ")).") }
    default: break
    }
    lines.append(key.defaultText.map { "  Optional; the default is \($0)." } ?? "  Required.")
    if takesOverrides, let example = key.shape.overrideExample {
      let setting = "\(entry.path.replacing("[]", with: ".NAME"))=\(example)"
      lines.append("  On the command line: --set \(setting.contains(" ") ? "'\(setting)'" : setting)")
    }
    let inner = key.shape.keys.map {
      (path: "\(entry.path)\(key.shape.elementMark).\($0.name)", sentence: $0.sentence)
    }
    let width = inner.map(\.path.count).max() ?? 0
    for (path, sentence) in inner {
      lines.append("    \(path)\(String(repeating: " ", count: width - path.count))  \(sentence)")
    }
    return lines.joined(separator: "\n")
  }

  /// The keys of the top level with what they mean, as text for a terminal.
  package var overview: String {
    let width = root.map(\.name.count).max() ?? 0
    return root.map { key in
      "\(key.name)\(String(repeating: " ", count: width - key.name.count))  \(key.sentence)"
    }.joined(separator: "\n")
  }

  private static func entries(of keys: [KeyDeclaration], under prefix: String) -> [Entry] {
    keys.flatMap { key -> [Entry] in
      let path = prefix.isEmpty ? key.name : "\(prefix).\(key.name)"
      return [Entry(path: path, declaration: key)]
        + entries(of: key.shape.keys, under: path + key.shape.elementMark)
    }
  }

  private static func find(
    _ keys: ArraySlice<String>, in shape: Shape, declaration: KeyDeclaration?, path: String
  ) -> Entry? {
    guard let key = keys.first else { return declaration.map { Entry(path: path, declaration: $0) } }
    switch shape {
    case .record(let declarations):
      guard let next = declarations.first(where: { $0.name == key }) else { return nil }
      return find(
        keys.dropFirst(), in: next.shape, declaration: next, path: path.isEmpty ? key : "\(path).\(key)")
    case .list(let element, _):
      let marked = path + shape.elementMark
      return find(keys, in: element, declaration: declaration, path: marked)
        ?? find(keys.dropFirst(), in: element, declaration: declaration, path: marked)
    case .table(let words, let allRequired, let value):
      guard words?.contains(key) ?? true else {
        return find(keys, in: value, declaration: declaration, path: path + shape.elementMark)
      }
      let row = KeyDeclaration(
        name: key, shape: value, defaultText: allRequired ? nil : "none",
        sentence: declaration?.sentence ?? "")
      return find(keys.dropFirst(), in: value, declaration: row, path: "\(path).\(key)")
    case .either(let shapes):
      return shapes.lazy.compactMap { find(keys, in: $0, declaration: declaration, path: path) }.first
    case .text, .whole, .number, .flag, .quantity, .form, .word: return nil
    }
  }
}

extension Shape {
  /// The declared keys in a value of this shape, whichever form it takes.
  package var keys: [KeyDeclaration] {
    switch self {
    case .record(let keys): keys
    case .list(let element, _): element.keys
    case .table(_, _, let value): value.keys
    case .either(let shapes): shapes.flatMap(\.keys)
    case .text, .whole, .number, .flag, .quantity, .form, .word: []
    }
  }

  /// What stands in paths for an element of a list or a row of a table.
  package var elementMark: String {
    switch self {
    case .list(let element, _): element.keys.isEmpty ? "" : "[]"
    case .table: ".NAME"
    default: ""
    }
  }

  /// Whether it is written as one scalar.
  package var isScalar: Bool {
    switch self {
    case .text, .whole, .number, .flag, .quantity, .form, .word: true
    case .record, .list, .table, .either: false
    }
  }
}
