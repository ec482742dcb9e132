package import Formats

/// One declared key of a record: how it is described, read and written.
package struct Field<Owner: Hashable & Sendable>: Sendable {
  package var declaration: KeyDeclaration
  /// Reads the key's value into the owner; whether that went well.
  package var decode: @Sendable (_ node: YAMLNode, _ owner: inout Owner, _ decoding: inout Decoding) -> Bool
  /// Puts the declared default into the owner, for a key that is absent.
  package var reset: @Sendable (inout Owner) -> Void
  /// The value as written; nil when it is the default.
  package var encode: @Sendable (Owner) -> YAMLNode?

  /// A key that must be there.
  package static func required<Value>(
    _ name: String, _ path: any WritableKeyPath<Owner, Value> & Sendable, _ codec: Codec<Value>,
    _ sentence: String,
    symbol: String? = nil
  ) -> Field {
    Field(
      declaration: KeyDeclaration(
        name: name, shape: codec.shape, defaultText: nil, sentence: sentence, symbol: symbol),
      decode: { $0.store(codec, path, &$1, &$2) }, reset: { _ in },
      encode: { codec.encode($0[keyPath: path]) })
  }

  /// A key that may be absent.
  package static func optional<Value>(
    _ name: String, _ path: any WritableKeyPath<Owner, Value> & Sendable, _ codec: Codec<Value>,
    default standard: Value, _ sentence: String, symbol: String? = nil
  ) -> Field {
    Field(
      declaration: KeyDeclaration(
        name: name, shape: codec.shape, defaultText: YAMLWriter.flow(codec.encode(standard)),
        sentence: sentence,
        symbol: symbol),
      decode: { $0.store(codec, path, &$1, &$2) }, reset: { $0[keyPath: path] = standard },
      encode: { $0[keyPath: path] == standard ? nil : codec.encode($0[keyPath: path]) })
  }
}

extension YAMLNode {
  fileprivate func store<Owner, Value>(
    _ codec: Codec<Value>, _ path: WritableKeyPath<Owner, Value>, _ owner: inout Owner,
    _ decoding: inout Decoding
  ) -> Bool {
    guard let value = codec.decode(self, &decoding) else { return false }
    owner[keyPath: path] = value
    return true
  }
}

/// A mapping with declared keys that is read into a struct.
///
/// Keys are read in the order of declaration, so that a later key can rely on an earlier one.
package struct Record<Owner: Hashable & Sendable>: Sendable {
  /// The value to start from; every key is set in it, by the file or by its declared default.
  package var blank: Owner
  package var fields: [Field<Owner>]

  package init(blank: Owner, _ fields: [Field<Owner>]) {
    self.blank = blank
    self.fields = fields
  }

  package var codec: Codec<Owner> {
    let shape = Shape.record(fields.map(\.declaration))
    let names = fields.map(\.declaration.name)
    return Codec(
      shape,
      decode: { node, decoding in
        guard case .mapping(let entries) = node.content else {
          decoding.refuse(at: node.place, "the value is \(node.kind)", expected: shape.summary)
          return nil
        }
        var owner = blank
        var isComplete = true
        for field in fields {
          let key = field.declaration
          if let entry = entries.first(where: { $0.key == key.name }) {
            let isGood = decoding.within(key.name, at: entry.keyPlace) {
              field.decode(entry.value, &owner, &$0)
            }
            isComplete = isComplete && isGood
          } else if key.isRequired {
            decoding.refuseMissing(key, in: node, entries, among: names)
            isComplete = false
          } else {
            field.reset(&owner)
          }
        }
        for entry in entries where !names.contains(entry.key) {
          decoding.refuseKey(entry, among: names)
          isComplete = false
        }
        return isComplete ? owner : nil
      },
      encode: { owner in
        .unplaced(
          .mapping(
            fields.compactMap { field in
              field.encode(owner).map { YAMLNode.entry(field.declaration.name, $0) }
            }))
      })
  }
}

extension Decoding {
  /// Refuses a mapping that lacks a required key.
  fileprivate mutating func refuseMissing(
    _ key: KeyDeclaration, in node: YAMLNode, _ entries: [YAMLNode.Entry], among names: [String]
  ) {
    let prefix = path.isEmpty ? "" : pathText + "."
    let isMisspelt = entries.contains {
      !names.contains($0.key) && nearest(to: $0.key, among: names) == key.name
    }
    diagnostics.append(
      Diagnostic(
        at: node.place, "\(prefix)\(key.name) is missing", expected: key.shape.summary,
        remedy: isMisspelt ? "check its spelling" : "add '\(key.name): \(key.shape.example)'"))
  }
}

extension Shape {
  /// A value that would do, for remedies.
  package var example: String {
    switch self {
    case .whole(let range): "\(min(max(32, range.lowerBound), range.upperBound))"
    case .number(let range, _): plain(range.upperBound)
    case .flag: "true"
    case .quantity(_, _, let example, _), .form(_, _, let example): example
    case .word(let words, _): words.first ?? "…"
    case .list(let element, _): "[\(element.example)]"
    case .either(let shapes): shapes.first?.example ?? "…"
    case .record(let keys):
      keys.first.map { "{\($0.name): \($0.shape.example)\(keys.count > 1 ? ", …" : "")}" } ?? "{}"
    case .text, .table: "…"
    }
  }

  /// A value to set on the command line; nil for sections.
  package var overrideExample: String? {
    switch self {
    case .record(let keys) where keys.map(\.name) == ["value", "source"]: keys[0].shape.example
    case .record, .table, .either: nil
    case .list(let element, _): element.isScalar ? example : nil
    default: example
    }
  }
}
