import Formats

/// Changes single numbers in the text of a hardware file and leaves everything else as its author wrote it.
struct YAMLEdit: Sendable {
  private(set) var lines: [String]
  private let root: YAMLNode
  private var changes: [Change] = []

  /// A text to put in at a place.
  private struct Change: Hashable, Sendable {
    var line: Int
    var column: Int
    /// Scalars to take out there.
    var length: Int
    var text: String
    /// Whether the text is a line of its own before the place's line.
    var isLine: Bool
  }

  /// - Throws: ``FormatError`` where the text is no YAML.
  init(_ yaml: String, file: String) throws(FormatError) {
    root = try YAMLReader.read(yaml, file: file)
    lines = yaml.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  /// Sets the value at a path; keys that are not there are added to the deepest mapping that is.
  /// - Parameter comment: What stands behind the value in its line.
  mutating func set(_ path: [String], to text: String, comment: String) {
    var path = path
    if let node = root.node(at: path[...]), case .mapping = node.content { path.append("value") }
    if let node = root.node(at: path[...]), case .scalar(let old, _) = node.content {
      change(at: node.place, length: old.unicodeScalars.count, to: text)
      append(comment, toLine: node.place.line)
      return
    }
    var depth = path.count - 1
    while depth > 0, !isMapping(root.node(at: path[..<depth])) { depth -= 1 }
    insert(path[depth...], to: text, comment: comment, in: root.node(at: path[..<depth]))
  }

  /// Puts a sentence in front of the text at a path, which may stand in quotes or in a block of lines; nothing where there
  /// is no text.
  mutating func prefix(_ path: [String], with sentence: String) {
    guard let node = root.node(at: path[...]), case .scalar = node.content else { return }
    let place = node.place
    let rest = lines[place.line - 1].unicodeScalars.dropFirst(place.column - 1)
    switch rest.first {
    case ">", "|":
      // A block is indented as its first line is.
      let margin = lines.indices.contains(place.line) ? lines[place.line].prefix { $0 == " " } : ""
      changes.append(
        Change(line: place.line + 1, column: 1, length: 0, text: "\(margin)\(sentence)", isLine: true))
    case "\"", "'":
      changes.append(
        Change(
          line: place.line, column: place.column + 1, length: 0, text: "\(sentence) ", isLine: false))
    default:
      change(at: place, length: 0, to: "\(sentence) ")
    }
  }

  /// Whether there is a value at a path.
  func has(_ path: [String]) -> Bool { root.node(at: path[...]) != nil }

  private func isMapping(_ node: YAMLNode?) -> Bool {
    if case .mapping = node?.content { true } else { false }
  }

  private mutating func change(at place: Place, length: Int, to text: String) {
    changes.append(
      Change(line: place.line, column: place.column, length: length, text: text, isLine: false))
  }

  private mutating func append(_ comment: String, toLine line: Int) {
    let text = lines[line - 1]
    let separator = text.contains(" # ") || changes.contains { $0.line == line && $0.text.hasPrefix("  # ") }
    changes.append(
      Change(
        line: line, column: text.unicodeScalars.count + 1, length: 0,
        text: separator ? "; \(comment)" : "  # \(comment)", isLine: false))
  }

  private mutating func insert(
    _ keys: ArraySlice<String>, to text: String, comment: String, in mapping: YAMLNode?
  ) {
    guard case .mapping(let entries) = mapping?.content, let first = entries.first else { return }
    let place = first.keyPlace
    let before = lines[place.line - 1].unicodeScalars.prefix(place.column - 1)
    if before.allSatisfy({ $0 == " " }) {
      for (depth, key) in keys.enumerated() {
        let margin = String(repeating: " ", count: place.column - 1 + 2 * depth)
        let isLast = depth == keys.count - 1
        changes.append(
          Change(
            line: place.line, column: depth + 1, length: 0,
            text: "\(margin)\(key):" + (isLast ? " \(text)  # \(comment)" : ""), isLine: true))
      }
    } else {
      let nested = keys.dropLast().map { "\($0): {" }.joined()
      let closing = String(repeating: "}", count: keys.count - 1)
      change(at: place, length: 0, to: "\(nested)\(keys.last ?? ""): \(text)\(closing), ")
      append(comment, toLine: place.line)
    }
  }

  /// The text with all changes made.
  var text: String {
    var lines = lines
    // From the end, so that places before stay right; of changes at one place the first stays first.
    let order = changes.enumerated().sorted {
      ($0.element.line, $0.element.isLine ? 0 : 1, $0.element.column, $0.offset)
        > ($1.element.line, $1.element.isLine ? 0 : 1, $1.element.column, $1.offset)
    }
    for (_, change) in order {
      if change.isLine {
        lines.insert(change.text, at: change.line - 1)
      } else {
        var scalars = Array(lines[change.line - 1].unicodeScalars)
        let start = min(change.column - 1, scalars.count)
        scalars.replaceSubrange(
          start..<min(start + change.length, scalars.count), with: Array(change.text.unicodeScalars))
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        lines[change.line - 1] = String(view)
      }
    }
    return lines.joined(separator: "\n")
  }
}

extension String {
  /// The text of a YAML document without the lines of one top-level key.
  func removingSection(_ key: String) -> String {
    var isInside = false
    let kept = split(separator: "\n", omittingEmptySubsequences: false).filter { line in
      if line.hasPrefix("\(key):") {
        isInside = true
      } else if let first = line.first, first != " ", first != "#" {
        isInside = false
      }
      return !isInside
    }
    return kept.joined(separator: "\n")
  }
}
