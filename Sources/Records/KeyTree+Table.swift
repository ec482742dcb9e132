extension KeyTree {
  /// The keys as a Markdown table: path, value, default and meaning.
  package func table(of isIncluded: (Entry) -> Bool = { _ in true }) -> [String] {
    let head = ["| key | value | default | meaning |", "|---|---|---|---|"]
    return head
      + all.filter(isIncluded).map { entry in
        let key = entry.declaration
        let symbol = key.symbol.map { " (\($0))" } ?? ""
        let isSection = !key.shape.isScalar && !key.shape.keys.isEmpty
        let form = key.shape.form
        let value = isSection ? (form.hasPrefix("{") ? "`\(form)`" : form) : key.shape.summary
        return
          "| `\(entry.path)` | \(value) | \(key.defaultText.map { "`\($0)`" } ?? "required") | \(key.sentence)\(symbol) |"
      }
  }
}
