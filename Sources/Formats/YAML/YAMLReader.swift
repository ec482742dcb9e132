import Yams

/// Reads one YAML document into a tree in which every value knows its place.
///
/// What a description of a machine does not need is refused rather than guessed at: tags, several documents, keys
/// that are not text, merge keys. The limits below bound time and memory on hostile input: aliases are few, so
/// that their expansion stays small.
package struct YAMLReader: Sendable {
  /// Bytes of text.
  package static let largestText = 1 << 20
  /// Values in the document, aliases expanded.
  package static let mostNodes = 100_000
  /// Nested lists and mappings.
  package static let deepestNesting = 64
  /// Uses of an anchor.
  package static let mostAliases = 16

  /// Reads the document in `text`; `file` is what places name.
  /// - Throws: ``FormatError`` with everything that is wrong.
  package static func read(_ text: String, file: String) throws(FormatError) -> YAMLNode {
    let start = Place(source: file, line: 1, column: 1)
    guard text.utf8.count <= largestText else {
      throw FormatError([
        Diagnostic(
          at: start, "the file has \(text.utf8.count) bytes", expected: "at most \(largestText)",
          remedy: "split it into parts")
      ])
    }
    if let place = text.placeOfAlias(number: mostAliases + 1, in: file) {
      throw FormatError([
        Diagnostic(
          at: place, "the file uses more than \(mostAliases) aliases",
          remedy: "write the values out, or quote texts with '*'")
      ])
    }
    let root: Node?
    do {
      root = try compose(yaml: text, .basic)
    } catch let error as YamlError {
      throw FormatError([diagnostic(for: error, text: text, file: file)])
    } catch {
      throw FormatError([Diagnostic(at: start, "the file cannot be read as YAML: \(error)")])
    }
    guard let root else {
      throw FormatError([Diagnostic(at: start, "the file is empty", expected: "a YAML mapping")])
    }
    var conversion = Conversion(file: file)
    let node = conversion.node(from: root, depth: 0)
    guard conversion.diagnostics.isEmpty else { throw FormatError(conversion.diagnostics) }
    return node
  }

  /// Turns Yams' error into ours.
  private static func diagnostic(for error: YamlError, text: String, file: String) -> Diagnostic {
    func place(_ mark: Mark) -> Place { Place(source: file, line: mark.line, column: mark.column) }
    let tooDeep = Diagnostic(
      at: Place(source: file, line: 1, column: 1), "lists or mappings are nested too deep",
      expected: "at most \(deepestNesting) levels")
    switch error {
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      guard !problem.hasPrefix("Maximum nesting level") else { return tooDeep }
      let whole = context.map { "\($0.text): \(problem)" } ?? problem
      return Diagnostic(
        at: place(mark), "this is not YAML: \(whole)", remedy: "check indentation, colons and quotes")
    case .reader(let problem, let offset, _, _):
      let before = text.prefix(offset ?? 0)
      let line = before.count { $0.isNewline } + 1
      let column = (before.lastIndex { $0.isNewline }.map { before[$0...].count } ?? before.count + 1)
      return Diagnostic(at: Place(source: file, line: line, column: column), "this is not YAML: \(problem)")
    case .duplicatedKeysInMapping(let duplicates, let context):
      let key = duplicates.first ?? ""
      let first = context.mark
      let second =
        text.secondPlace(ofKey: key, after: first.line, column: first.column, in: file) ?? place(first)
      return Diagnostic(
        at: second, "'\(excerpt(key))' is given twice, first in line \(first.line)",
        expected: "each key once",
        remedy: "remove one of them")
    case .memory: return tooDeep
    default:
      return Diagnostic(at: Place(source: file, line: 1, column: 1), "this is not YAML: \(error)")
    }
  }
}

/// The walk over Yams' tree, with what was found wrong on the way.
private struct Conversion {
  let file: String
  var diagnostics: [Diagnostic] = []
  var nodeCount = 0

  init(file: String) { self.file = file }

  mutating func node(from node: Node, depth: Int) -> YAMLNode {
    let place = place(of: node)
    nodeCount += 1
    guard nodeCount <= YAMLReader.mostNodes else {
      if nodeCount == YAMLReader.mostNodes + 1 {
        refuse(at: place, "the document has more than \(YAMLReader.mostNodes) values")
      }
      return YAMLNode(.scalar("", isPlain: true), at: place)
    }
    guard depth <= YAMLReader.deepestNesting else {
      refuse(
        at: place, "lists or mappings are nested too deep",
        expected: "at most \(YAMLReader.deepestNesting) levels")
      return YAMLNode(.scalar("", isPlain: true), at: place)
    }
    if !Self.plainTags.contains(node.tag.description) {
      refuse(at: place, "the tag '\(excerpt("\(node.tag)"))' is not understood", remedy: "remove it")
    }
    switch node {
    case .scalar(let scalar):
      return YAMLNode(.scalar(scalar.string, isPlain: scalar.style == .plain), at: place)
    case .sequence(let sequence):
      return YAMLNode(.sequence(sequence.map { self.node(from: $0, depth: depth + 1) }), at: place)
    case .mapping(let mapping):
      return YAMLNode(.mapping(mapping.compactMap { entry($0.key, $0.value, depth: depth) }), at: place)
    case .alias:
      refuse(at: place, "the alias is not understood", remedy: "write the value out")
      return YAMLNode(.scalar("", isPlain: true), at: place)
    }
  }

  private mutating func entry(_ key: Node, _ value: Node, depth: Int) -> YAMLNode.Entry? {
    let keyPlace = place(of: key)
    guard case .scalar(let scalar) = key else {
      refuse(at: keyPlace, "a key is a list or a mapping", expected: "a text")
      return nil
    }
    guard scalar.string != "<<" else {
      refuse(at: keyPlace, "merge keys are not understood", remedy: "write the values out")
      return nil
    }
    return YAMLNode.Entry(key: scalar.string, keyPlace: keyPlace, value: node(from: value, depth: depth + 1))
  }

  private mutating func refuse(
    at place: Place, _ finding: String, expected expectation: String? = nil, remedy: String? = nil
  ) {
    diagnostics.append(Diagnostic(at: place, finding, expected: expectation, remedy: remedy))
  }

  private func place(of node: Node) -> Place {
    Place(source: file, line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
  }

  private static let plainTags = Set([Tag.Name.str, .seq, .map, .implicit, .nonSpecific].map(\.rawValue))
}

extension String {
  /// The place of the `number`-th text that could be an alias (`*name` where a value may start), if there are as many.
  ///
  /// It counts too much rather than too little: stars inside quoted text count as well.
  fileprivate func placeOfAlias(number: Int, in file: String) -> Place? {
    var count = 0
    var mayStart = true
    var previousWasStar = false
    for index in utf8.indices {
      let byte = utf8[index]
      let isSpace = byte == 0x20 || (0x09...0x0D).contains(byte)
      if previousWasStar, !isSpace {
        count += 1
        if count == number {
          let before = self[..<utf8.index(before: index)].unicodeScalars
          let line = before.count { $0 == "\n" } + 1
          let column = before.reversed().prefix { $0 != "\n" }.count + 1
          return Place(source: file, line: line, column: column)
        }
      }
      previousWasStar = byte == UInt8(ascii: "*") && mayStart
      mayStart = isSpace || "[{,:-?".utf8.contains(byte)
    }
    return nil
  }

  /// Where `key` stands again, in the same column of a later line or later in the same line.
  fileprivate func secondPlace(ofKey key: String, after line: Int, column: Int, in file: String) -> Place? {
    let lines = split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.indices.contains(line - 1) else { return nil }
    func isKey(_ text: Substring) -> Bool {
      [key, "\"\(key)\"", "'\(key)'"].contains { spelling in
        guard text.hasPrefix(spelling) else { return false }
        return text.dropFirst(spelling.count).drop { $0 == " " }.first == ":"
      }
    }
    for number in line..<lines.count where isKey(lines[number].dropFirst(column - 1)) {
      return Place(source: file, line: number + 1, column: column)
    }
    let sameLine = lines[line - 1]
    for offset in column..<max(column, sameLine.count) where isKey(sameLine.dropFirst(offset)) {
      return Place(source: file, line: line, column: offset + 1)
    }
    return nil
  }
}
