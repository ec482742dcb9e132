package import Formats
package import Hardware
import Measures
package import Records

/// A hardware file as text, from which machines with other numbers are made.
package struct HardwareTemplate: Sendable {
  package var yaml: String
  package var path: String
  /// Settings of the command line, which hold for all machines made.
  package var overrides: [String]
  package let parts: @Sendable (PartReference) -> Result<YAMLNode, HardwareError>
  /// The machine as the file has it.
  package let model: HardwareModel

  /// Reads the machine.
  /// - Throws: ``HardwareError`` with everything that is wrong in the file.
  package init(
    yaml: String, path: String, overrides: [String] = [],
    parts: @escaping @Sendable (PartReference) -> Result<YAMLNode, HardwareError>
  ) throws(HardwareError) {
    self.yaml = yaml
    self.path = path
    self.overrides = overrides
    self.parts = parts
    model = try HardwareModel.decode(yaml: yaml, file: path, overrides: overrides, parts: parts)
  }

  /// The machine with some settings changed.
  /// - Throws: ``HardwareError`` for a setting that the file refuses.
  func model(_ settings: [String]) throws(HardwareError) -> HardwareModel {
    try HardwareModel.decode(yaml: yaml, file: path, overrides: overrides + settings, parts: parts)
  }

  /// The number under a key, as written or by default; nil where there is none.
  func number(at key: String) -> WrittenNumber? {
    guard let declaration = HardwareKeys.entry(for: key)?.declaration else { return nil }
    let root = try? YAMLReader.read(model.yaml(), file: path)
    let text = root?.scalar(at: key.split(separator: ".").map(String.init)[...]) ?? declaration.defaultText
    guard let text, var number = WrittenNumber(parsing: text) else { return nil }
    if case .number = declaration.shape { number.kind = .number }
    return number
  }
}

extension YAMLNode {
  /// The text of the scalar at a path; elements of lists go by their name, priced actions by their value.
  func scalar(at path: ArraySlice<String>) -> String? { node(at: path)?.scalarText }

  private var scalarText: String? {
    switch content {
    case .scalar(let text, _): text
    case .mapping: self[key: "value"]?.scalarText
    case .sequence: nil
    }
  }

  /// The node at a path.
  func node(at path: ArraySlice<String>) -> YAMLNode? {
    guard let key = path.first else { return self }
    switch content {
    case .mapping: return self[key: key]?.node(at: path.dropFirst())
    case .sequence(let nodes):
      let element = nodes.first { node in
        ["name", "format"].contains { node[key: $0]?.scalarText == key }
      }
      return element?.node(at: path.dropFirst())
    case .scalar: return nil
    }
  }
}
