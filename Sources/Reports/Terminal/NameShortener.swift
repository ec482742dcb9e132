/// Cuts names to a width so that those of different things stay different.
///
/// Names of layers agree at their starts (exporters' prefixes) or at their ends ("conv1"); which part tells them apart
/// depends on the network, so several cuts are tried on all names together.
struct NameShortener: Sendable {
  /// The most characters of a name.
  var width: Int
  var ellipsis: String
  /// Whether ends tell more than starts, as in names of layers.
  var prefersEnds = true

  /// The names, cut where they are too long; where no cut keeps all apart, those that clash end in their number.
  func shortened(_ names: [String]) -> [String] {
    let distinct = Set(names).count
    var best: (texts: [String], count: Int)?
    // Quarters of the room for the start of a name.
    for quarters in prefersEnds ? [0, 2, 1, 3, 4] : [4, 2, 3, 1, 0] {
      let texts = names.map { cut($0, quarters: quarters) }
      let count = Set(texts).count
      if count == distinct { return texts }
      if count > best?.count ?? 0 { best = (texts, count) }
    }
    return numbered(best?.texts ?? names, names)
  }

  private func cut(_ name: String, quarters: Int) -> String {
    guard name.count > width else { return name }
    let room = max(1, width - ellipsis.count)
    let start = room * quarters / 4
    return String(name.prefix(start)) + ellipsis + String(name.suffix(room - start))
  }

  /// Gives those that stand for several names a number: the first of them keeps 1.
  private func numbered(_ texts: [String], _ names: [String]) -> [String] {
    var known: [String: [String]] = [:]
    for (text, name) in zip(texts, names) where !(known[text]?.contains(name) ?? false) {
      known[text, default: []].append(name)
    }
    return zip(texts, names).map { text, name in
      guard let all = known[text], all.count > 1, let position = all.firstIndex(of: name) else { return text }
      let mark = "#\(position + 1)"
      return String(text.prefix(max(1, width - mark.count))) + mark
    }
  }
}
