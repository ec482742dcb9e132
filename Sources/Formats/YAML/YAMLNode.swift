/// A value of a YAML document with the place where it stands.
package struct YAMLNode: Hashable, Sendable {
  package enum Content: Hashable, Sendable {
    /// A text; plain when it was written without quotes, so that it may also be a number or a truth value.
    case scalar(String, isPlain: Bool)
    case sequence([YAMLNode])
    case mapping([Entry])
  }

  /// A key with its value; keys of a mapping differ from each other.
  package struct Entry: Hashable, Sendable {
    package var key: String
    package var keyPlace: Place
    package var value: YAMLNode

    package init(key: String, keyPlace: Place, value: YAMLNode) {
      self.key = key
      self.keyPlace = keyPlace
      self.value = value
    }
  }

  package var content: Content
  package var place: Place

  package init(_ content: Content, at place: Place) {
    self.content = content
    self.place = place
  }

  /// What kind of value it is, for messages: "a mapping".
  package var kind: String {
    switch content {
    case .scalar(let text, let isPlain):
      isPlain && YAMLNode.nullTexts.contains(text) ? "empty" : "'\(excerpt(text))'"
    case .sequence: "a list"
    case .mapping: "a mapping"
    }
  }

  /// Whether nothing was written: an empty plain scalar, `~` or `null`.
  package var isNull: Bool {
    if case .scalar(let text, isPlain: true) = content { YAMLNode.nullTexts.contains(text) } else { false }
  }

  private static let nullTexts: [String] = ["", "~", "null", "Null", "NULL"]

  /// The value of `key` when this is a mapping that has it.
  package subscript(key key: String) -> YAMLNode? {
    guard case .mapping(let entries) = content else { return nil }
    return entries.first { $0.key == key }?.value
  }

  /// The same tree with every place moved to `place`.
  package func moved(to place: Place) -> YAMLNode {
    switch content {
    case .scalar: YAMLNode(content, at: place)
    case .sequence(let nodes): YAMLNode(.sequence(nodes.map { $0.moved(to: place) }), at: place)
    case .mapping(let entries):
      YAMLNode(
        .mapping(entries.map { Entry(key: $0.key, keyPlace: place, value: $0.value.moved(to: place)) }),
        at: place)
    }
  }
}

/// At most 40 characters of `text` on one line.
package func excerpt(_ text: String) -> String {
  let line = String(text.prefix(41).map { $0.isNewline ? " " : $0 })
  return line.count <= 40 ? line : line.prefix(39) + "…"
}
