import Records

extension StudyDescription {
  /// A study file that runs as it is, each key with what it means; keys without a usual value are commented out.
  package static var template: String {
    var lines = ["# A study: which network should run on this machine? Run it with: joulery search FILE"]
    write(tree.root, indent: "", to: &lines)
    return lines.joined(separator: "\n") + "\n"
  }

  /// Values in place of defaults, so that a study finds something worthwhile within minutes.
  private static let values = [
    "hardware": "edge", "objective.latency.target": "4 us", "dataset.training": "1024",
    "dataset.validation": "1024", "estimator.epochs": "6", "budget.trials": "100", "parallel": "2",
    "confirmations": "3",
  ]

  private static func write(
    _ keys: [KeyDeclaration], indent: String, path: String = "", isCommentedOut: Bool = false,
    to lines: inout [String]
  ) {
    for key in keys {
      let name = path.isEmpty ? key.name : "\(path).\(key.name)"
      let mark = isCommentedOut ? "# " : ""
      lines.append("\(indent)# \(key.sentence) (\(key.shape.keys.isEmpty ? key.shape.summary : "a section"))")
      if !key.shape.keys.isEmpty {
        let isWanted = key.defaultText != "none" || values.keys.contains { $0.hasPrefix(name + ".") }
        let isOut = isCommentedOut || !isWanted
        lines.append("\(indent)\(isOut ? "# " : "")\(key.name):")
        write(key.shape.keys, indent: indent + "  ", path: name, isCommentedOut: isOut, to: &lines)
      } else if let value = values[name] ?? key.defaultText.flatMap({ $0 == "none" ? nil : $0 }) {
        lines.append("\(indent)\(mark)\(key.name): \(value)")
      } else {
        lines.append("\(indent)# \(key.name): \(key.shape.example)")
      }
    }
  }
}
