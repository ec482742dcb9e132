package import Formats
package import Records

/// All keys a hardware file may have.
package enum HardwareKeys {
  /// The keys of the whole file.
  package static var tree: KeyTree {
    KeyTree(HardwareModel.record.fields.map(\.declaration), takesOverrides: true)
  }

  /// Every key in the order of declaration, sections before what is in them.
  package static var all: [KeyTree.Entry] { tree.all }

  /// The key at a dotted path; see ``KeyTree/entry(for:)``.
  package static func entry(for path: String) -> KeyTree.Entry? { tree.entry(for: path) }

  /// The path that was probably meant.
  package static func suggestion(for path: String) -> String? { tree.suggestion(for: path) }

  /// What a key means, as text for a terminal; nil when there is no such key.
  package static func explain(_ path: String) -> String? { tree.explain(path) }

  /// The JSON Schema of a hardware file, for editors; it is kept as `hwmodels/schema.json`.
  package static var schema: JSONValue { tree.schema(title: "Joulery hardware model") }

  /// The JSON Schema of a DRAM part; it is kept as `hwmodels/dram/schema.json`.
  package static var dramSchema: JSONValue {
    KeyTree(DRAMStandard.record.fields.map(\.declaration)).schema(title: "Joulery DRAM part")
  }
}
