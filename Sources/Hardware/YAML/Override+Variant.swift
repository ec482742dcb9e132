import Formats
import Measures
import Records

extension YAMLNode {
  /// The key of an override that chooses a variant.
  static let variantKey = "variant"

  /// Applies the settings of a variant, as if each were an override of its own.
  mutating func applyVariant(_ name: String, at place: Place, _ decoding: inout Decoding) {
    guard case .mapping(let variants) = self[key: "variants"]?.content, !variants.isEmpty else {
      decoding.diagnostics.append(
        Diagnostic(
          at: place, "the machine has no variants", expected: "a section 'variants'",
          remedy: "set its keys one by one"))
      return
    }
    guard let variant = variants.first(where: { $0.key == name }) else {
      decoding.diagnostics.append(
        Diagnostic(
          at: place, "there is no variant '\(excerpt(name))'", expected: listed(variants.map(\.key)),
          remedy: nearest(to: name, among: variants.map(\.key)).map { "did you mean '\($0)'?" }))
      return
    }
    // What is wrong with the section itself is found when it is decoded.
    guard case .mapping(let settings) = variant.value.content else { return }
    for setting in settings {
      guard setting.key != Self.variantKey, let text = setting.value.text else { continue }
      apply("\(setting.key)=\(text)", &decoding)
    }
  }

  /// The text of a setting; one that begins with `×` as the product with what stands under its key.
  func multiplied(_ text: String, at keys: ArraySlice<String>, _ place: Place) throws(Diagnostic) -> String {
    guard text.first == "×" else { return text }
    let factor = text.dropFirst().drop { $0 == " " }
    guard let factor = parsedDecimal(String(factor)), factor > 0 else {
      throw Diagnostic(
        at: place, "'\(excerpt(text))' is no factor", expected: "a number above 0 behind ×",
        remedy: "write for example '×1.5'")
    }
    guard let written = scalar(at: keys) else {
      throw Diagnostic(
        at: place, "there is no number to multiply", expected: "a key that the file gives",
        remedy: "set the value itself")
    }
    let digits = written.prefix { $0.isNumber || ".-+".contains($0) }
    guard let number = parsedDecimal(String(digits)) else {
      throw Diagnostic(
        at: place, "'\(excerpt(written))' cannot be multiplied", expected: "a number with or without a unit",
        remedy: "set the value itself")
    }
    let rest = written.dropFirst(digits.count)
    let product = number * factor
    // Lanes, cycles and bytes stay whole.
    guard Self.isWhole(keys, unit: rest) else { return shortest(product, digits: 12) + rest }
    return "\(Int(min(max(1, product.rounded()), 1e15)))" + rest
  }

  /// Whether the key takes whole numbers only, as it is declared or by the unit that stands there.
  private static func isWhole(_ keys: ArraySlice<String>, unit: Substring) -> Bool {
    if ["cycle", "cycles", "B"].contains(unit.drop { $0 == " " }) { return true }
    guard case .whole = HardwareKeys.entry(for: keys.joined(separator: "."))?.declaration.shape else {
      return false
    }
    return true
  }

  /// The text of the scalar under a path; elements of lists go by their name.
  private func scalar(at keys: ArraySlice<String>) -> String? {
    guard let key = keys.first else { return text ?? self[key: "value"]?.text }
    switch content {
    case .mapping: return self[key: key]?.scalar(at: keys.dropFirst())
    case .sequence(let nodes):
      let element = nodes.enumerated().first { index, node in
        (node[key: "name"]?.text ?? node[key: "format"]?.text ?? "\(index)") == key
      }
      return element?.element.scalar(at: keys.dropFirst())
    case .scalar: return nil
    }
  }
}
