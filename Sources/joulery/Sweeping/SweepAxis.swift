/// Keys of a machine that change together, and the settings they take one after the other.
struct SweepAxis: Hashable, Sendable {
  var keys: [String]
  /// For each step one value of every key, as written.
  var steps: [[String]]

  /// Reads "array.rows=8,16,32"; commas inside brackets, braces and quotes belong to a value.
  ///
  /// - Throws: ``Failure`` of status `usage`, naming the option.
  init(_ text: String, option: String) throws {
    guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
      throw Failure(
        .usage,
        "\(option) \(text): found no values, expected KEY=VALUE,VALUE,…; for example array.rows=8,16,32")
    }
    let values = Self.split(text[text.index(after: equals)...])
    guard !values.contains(where: \.isEmpty) else {
      throw Failure(.usage, "\(option) \(text): found an empty value, expected VALUE,VALUE,…")
    }
    for (index, value) in values.enumerated() where values[..<index].contains(value) {
      throw Failure(.usage, "\(option) \(text): found '\(value)' twice, expected each value once")
    }
    keys = [String(text[..<equals])]
    steps = values.map { [$0] }
  }

  private init(keys: [String], steps: [[String]]) {
    self.keys = keys
    self.steps = steps
  }

  /// All axes of a command line: one for each `--set`, and one for all `--zip` together.
  ///
  /// - Throws: ``Failure`` of status `usage` for a key given twice, or zipped keys with different numbers of values.
  static func axes(set: [String], zip: [String]) throws -> [SweepAxis] {
    var axes = try set.map { try SweepAxis($0, option: "--set") }
    let zipped = try zip.map { try SweepAxis($0, option: "--zip") }
    if let first = zipped.first {
      for axis in zipped where axis.steps.count != first.steps.count {
        throw Failure(
          .usage,
          "--zip: found \(axis.steps.count) values for '\(axis.keys[0])' and \(first.steps.count) for "
            + "'\(first.keys[0])', expected as many for each key")
      }
      axes.append(
        SweepAxis(
          keys: zipped.flatMap(\.keys),
          steps: first.steps.indices.map { step in zipped.flatMap { $0.steps[step] } }))
    }
    let keys = axes.flatMap(\.keys)
    for (index, key) in keys.enumerated() where keys[..<index].contains(key) {
      throw Failure(.usage, "\(key): found in two axes, expected each key once; list its values with commas")
    }
    return axes
  }

  /// Every combination of the steps of all axes, the last axis fastest: one value of each key.
  static func grid(_ axes: [SweepAxis]) -> [[String]] {
    axes.reduce([[]]) { rows, axis in rows.flatMap { row in axis.steps.map { row + $0 } } }
  }

  /// The parts between commas that stand outside of brackets, braces and quotes, without spaces around them.
  private static func split(_ text: Substring) -> [String] {
    var parts = [""]
    var depth = 0
    var quote: Character?
    for character in text {
      if let open = quote {
        if character == open { quote = nil }
      } else if character == "\"" || character == "'" {
        quote = character
      } else if "[{".contains(character) {
        depth += 1
      } else if "]}".contains(character) {
        depth -= 1
      } else if character == ",", depth == 0 {
        parts.append("")
        continue
      }
      parts[parts.count - 1].append(character)
    }
    return parts.map { part in
      String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
  }
}
