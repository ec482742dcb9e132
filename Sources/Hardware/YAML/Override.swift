import Formats
import Records

extension YAMLNode {
  /// Replaces or adds the value that an override such as `array.rows=32` names.
  ///
  /// What the override gets wrong is noted in `decoding` at the place "--set array.rows=32"; a key that does not exist
  /// is added all the same, for the decoding of the whole to refuse.
  mutating func apply(_ override: String, _ decoding: inout Decoding) {
    let place = Place(source: "--set \(override)")
    func refuse(_ finding: String, expected expectation: String? = nil, remedy: String? = nil) {
      decoding.diagnostics.append(Diagnostic(at: place, finding, expected: expectation, remedy: remedy))
    }
    guard let equals = override.firstIndex(of: "="), equals != override.startIndex else {
      refuse("the override has no value", expected: "KEY=VALUE", remedy: "write for example 'array.rows=32'")
      return
    }
    let written = String(override[..<equals])
    let keys = (Self.overrideAliases[written] ?? written).split(
      separator: ".", omittingEmptySubsequences: false)
    guard !keys.contains(where: \.isEmpty) else {
      refuse("a part of the key is empty", expected: "KEY=VALUE", remedy: "write for example 'array.rows=32'")
      return
    }
    let text = String(override[override.index(after: equals)...])
    guard text.contains(where: { !$0.isWhitespace }) else {
      refuse("the override has no value", expected: "KEY=VALUE", remedy: "write for example 'array.rows=32'")
      return
    }
    guard written != Self.variantKey else { return applyVariant(text, at: place, &decoding) }
    let product: String
    do throws(Diagnostic) {
      product = try multiplied(text, at: keys.map(String.init)[...], place)
    } catch {
      decoding.diagnostics.append(error)
      return
    }
    do throws(FormatError) {
      let value = try YAMLReader.read(product, file: place.source).moved(to: place)
      let problem = set(keys.map(String.init)[...], to: value, path: "", parts: decoding.parts)
      if let problem { decoding.diagnostics += problem }
    } catch {
      for diagnostic in error.diagnostics {
        refuse(diagnostic.finding, expected: diagnostic.expectation, remedy: diagnostic.remedy)
      }
    }
  }

  /// Other spellings that overrides allow.
  private static let overrideAliases = ["array.dataflow": "array.dataflows"]

  /// Sets the value at `keys`; what is wrong with the path, else nil.
  private mutating func set(
    _ keys: ArraySlice<String>, to value: YAMLNode, path: String,
    parts: @Sendable (PartReference) -> Result<YAMLNode, FormatError>
  ) -> [Diagnostic]? {
    guard let key = keys.first else {
      self = value
      return nil
    }
    let deeper = path.isEmpty ? key : "\(path).\(key)"
    switch content {
    case .mapping(var entries):
      // The entries leave the node while they change, so that each level is changed in place.
      content = .mapping([])
      defer { content = .mapping(entries) }
      let index =
        entries.firstIndex { $0.key == key }
        ?? {
          entries.append(
            Entry(key: key, keyPlace: value.place, value: YAMLNode(.mapping([]), at: value.place)))
          return entries.count - 1
        }()
      entries[index].keyPlace = value.place
      if key == "value", keys.count == 1, let source = entries.firstIndex(where: { $0.key == "source" }) {
        entries[source].value = YAMLNode(.scalar(value.place.source, isPlain: false), at: value.place)
      }
      return entries[index].value.set(keys.dropFirst(), to: value, path: deeper, parts: parts)
    case .sequence(var nodes):
      let names = nodes.enumerated().map { $1[key: "name"]?.text ?? $1[key: "format"]?.text ?? "\($0)" }
      guard
        let index = names.firstIndex(of: key) ?? Int(key).flatMap({ nodes.indices.contains($0) ? $0 : nil })
      else {
        return [
          Diagnostic(
            at: value.place, "\(path) has no element '\(excerpt(key))'", expected: listed(names),
            remedy: nearest(to: key, among: names).map { "did you mean '\($0)'?" })
        ]
      }
      defer { content = .sequence(nodes) }
      return nodes[index].set(keys.dropFirst(), to: value, path: deeper, parts: parts)
    case .scalar(let name, _):
      guard path == "memory.dram" else {
        return [Diagnostic(at: value.place, "\(path) has no keys", remedy: "set '\(path)' itself")]
      }
      switch parts(PartReference(folder: "dram", name: name, place: place)) {
      case .failure(let error): return error.diagnostics
      case .success(let part):
        self = part
        return set(keys, to: value, path: path, parts: parts)
      }
    }
  }
}
