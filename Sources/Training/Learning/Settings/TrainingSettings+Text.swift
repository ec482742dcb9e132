package import Formats

extension TrainingSettings {
  /// The settings as a recipe file: one line for each key.
  package var yaml: String {
    SettingKeys.all.map { "\($0.name): \($0.text(in: self))\n" }.joined()
  }

  /// Reads a recipe file: a YAML mapping of some keys; a list may be written as one.
  ///
  /// - Throws: `FormatError` with everything that is wrong, at its line and column.
  package mutating func read(yaml text: String, file: String) throws(FormatError) {
    let root = try YAMLReader.read(text, file: file)
    guard case .mapping(let entries) = root.content else {
      throw FormatError([Diagnostic(at: root.place, root.kind, expected: "a mapping, such as “epochs: 5”")])
    }
    var diagnostics: [Diagnostic] = []
    for entry in entries {
      guard let text = entry.value.settingText else {
        let expectation = SettingKeys.named(entry.key)?.expectation ?? "a text"
        diagnostics.append(Diagnostic(at: entry.value.place, entry.value.kind, expected: expectation))
        continue
      }
      if let fault = set(entry.key, text, keyPlace: entry.keyPlace, valuePlace: entry.value.place) {
        diagnostics.append(fault)
      }
    }
    guard diagnostics.isEmpty else { throw FormatError(diagnostics) }
  }

  /// Sets one key; `source` is what messages name.
  ///
  /// - Throws: `FormatError` for a key that does not exist, or a value it does not take.
  package mutating func set(_ key: String, to text: String, source: String) throws(FormatError) {
    let place = Place(source: source)
    if let fault = set(key, text, keyPlace: place, valuePlace: place) { throw FormatError([fault]) }
  }

  private mutating func set(
    _ name: String, _ text: String, keyPlace: Place, valuePlace: Place
  ) -> Diagnostic? {
    guard let key = SettingKeys.named(name) else {
      let near = nearest(to: name, among: SettingKeys.all.map(\.name))
      return Diagnostic(
        at: keyPlace, "“\(excerpt(name))” is no key of a recipe",
        expected: "one of those that 'joulery list recipe-keys' shows",
        remedy: near.map { "did you mean “\($0)”?" })
    }
    guard key.set(text, in: &self) else {
      return Diagnostic(at: valuePlace, "“\(excerpt(text))” for \(name)", expected: key.expectation)
    }
    return nil
  }
}

extension YAMLNode {
  /// A scalar, or a list of scalars joined by commas.
  fileprivate var settingText: String? {
    switch content {
    case .scalar(let text, _): return text
    case .sequence(let nodes):
      let texts = nodes.compactMap(\.settingText)
      return texts.count == nodes.count ? texts.joined(separator: ", ") : nil
    case .mapping: return nil
    }
  }
}
