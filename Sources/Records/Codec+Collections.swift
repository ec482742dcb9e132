package import Formats

/// The most elements of a list in a file.
private let longestList = 256

extension Codec {
  /// A list of values; one value alone stands for a list of one.
  ///
  /// - Parameters:
  ///   - identity: The key of the elements that names them in paths, if they are mappings.
  ///   - allowsRepeats: Whether equal elements may follow each other, as in a list of numbers.
  package static func list<Element>(
    of element: Codec<Element>, identity: String? = nil, minimum: Int = 1, allowsRepeats: Bool = false
  ) -> Codec
  where Value == [Element] {
    let shape = Shape.list(element.shape, minimum: minimum)
    return Codec(
      shape,
      decode: { node, decoding in
        let nodes: [YAMLNode]
        switch node.content {
        case .sequence(let elements): nodes = elements
        case .scalar where !node.isNull && identity == nil: nodes = [node]
        default:
          decoding.refuse(at: node.place, "the value is \(node.kind)", expected: shape.summary)
          return nil
        }
        guard nodes.count >= minimum, nodes.count <= longestList else {
          decoding.refuse(
            at: node.place, nodes.isEmpty ? "the list is empty" : "the list has \(nodes.count) elements",
            expected: "\(minimum) … \(longestList) elements")
          return nil
        }
        var values: [Element] = []
        for (index, node) in nodes.enumerated() {
          let label = identity.flatMap { node[key: $0]?.text } ?? "\(index)"
          let value = decoding.within(label, at: node.place) { element.decode(node, &$0) }
          if let value {
            if !allowsRepeats, values.contains(value) {
              decoding.within(label, at: node.place) {
                $0.refuse(at: node.place, "the element is given twice", remedy: "remove one of them")
              }
            }
            values.append(value)
          }
        }
        return values.count == nodes.count ? values : nil
      },
      encode: { .unplaced(.sequence($0.map(element.encode))) })
  }

  /// A mapping from the words of an enumeration to values.
  package static func table<Key, Element>(
    of element: Codec<Element>, allRequired: Bool
  ) -> Codec where Value == [Key: Element], Key: RawRepresentable & CaseIterable, Key.RawValue == String {
    Codec<[TableRow<Key, Element>]>.rows(of: element, allRequired: allRequired).mapped(
      to: { rows in Dictionary(rows.map { ($0.key, $0.value) }) { first, _ in first } },
      from: { table in Key.allCases.compactMap { key in table[key].map { TableRow(key: key, value: $0) } } })
  }

  /// A mapping from the words of an enumeration to values, in the order of the file.
  package static func rows<Key, Element>(
    of element: Codec<Element>, allRequired: Bool
  ) -> Codec where Value == [TableRow<Key, Element>], Key.RawValue == String {
    let words = Key.allCases.map(\.rawValue)
    let shape = Shape.table(keys: words, allRequired: allRequired, element.shape)
    return Codec(
      shape,
      decode: { node, decoding in
        guard let rows = decoding.rows(in: node, shape: shape, keys: words, element) else { return nil }
        let missing = allRequired ? words.filter { word in !rows.contains { $0.key == word } } : []
        for word in missing where node[key: word] == nil {
          decoding.refuse(
            at: node.place, "'\(word)' is missing", expected: shape.summary, remedy: "add '\(word): …'")
        }
        guard missing.isEmpty else { return nil }
        return rows.compactMap { row in Key(rawValue: row.key).map { TableRow(key: $0, value: row.value) } }
      },
      encode: { rows in
        .unplaced(
          .mapping(rows.map { YAMLNode.entry($0.key.rawValue, element.encode($0.value)) }))
      })
  }
}

/// A row of a table: a key with its value.
package struct TableRow<
  Key: Hashable & Sendable & RawRepresentable & CaseIterable, Value: Hashable & Sendable
>:
  Hashable, Sendable
{
  package var key: Key
  package var value: Value

  package init(key: Key, value: Value) {
    self.key = key
    self.value = value
  }
}

extension Decoding {
  /// The entries of a mapping, with unknown keys refused; nil when it is none or when any entry is wrong.
  package mutating func rows<Element>(
    in node: YAMLNode, shape: Shape, keys: [String]?, _ element: Codec<Element>
  ) -> [(key: String, value: Element)]? {
    guard case .mapping(let entries) = node.content else {
      refuse(at: node.place, "the value is \(node.kind)", expected: shape.summary)
      return nil
    }
    var rows: [(key: String, value: Element)] = []
    for entry in entries {
      if let keys, !keys.contains(entry.key) {
        refuseKey(entry, among: keys)
        continue
      }
      let value = within(entry.key, at: entry.keyPlace) { element.decode(entry.value, &$0) }
      if let value { rows.append((entry.key, value)) }
    }
    return rows.count == entries.count ? rows : nil
  }

  /// Refuses a key that is not declared.
  package mutating func refuseKey(_ entry: YAMLNode.Entry, among keys: [String]) {
    let suggestion = nearest(to: entry.key, among: keys)
    refuse(
      at: entry.keyPlace, "'\(excerpt(entry.key))' is not a key here",
      expected: keys.count > 1 ? "one of \(listed(keys))" : "'\(listed(keys))'",
      remedy: suggestion.map { "did you mean '\($0)'?" } ?? "remove it")
  }
}

extension YAMLNode {
  package static func entry(_ key: String, _ value: YAMLNode) -> Entry {
    Entry(key: key, keyPlace: Place(source: ""), value: value)
  }

  /// The text of a scalar.
  package var text: String? {
    if case .scalar(let text, _) = content { text } else { nil }
  }
}
