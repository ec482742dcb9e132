import Formats

/// Which rows are fitted and which are kept back to judge the fit.
package enum Split: Hashable, Sendable {
  /// All rows are fitted; nothing is known of others.
  case none
  /// Rows of these groups are held out.
  case holdOut([String])
  /// Groups are dealt into so many parts; each is predicted by a fit to the others.
  case folds(Int)
  /// Nothing is fitted: all rows judge the machine as it is.
  case judged
  /// Rows whose cell in a column says "fit" are fitted, the others are held out.
  case column(String)

  /// The parts of a split: which rows to fit and which to predict, by index.
  package struct Part: Hashable, Sendable {
    package var fitted: [Int]
    package var heldOut: [Int]
  }

  /// The fits to make: the first is the one whose values are kept, the others only judge.
  ///
  /// - Throws: ``CalibrationError`` for groups that do not exist, or a split that leaves nothing to fit.
  package func parts(of rows: [Measurement], file: String) throws(CalibrationError) -> [Part] {
    let all = Array(rows.indices)
    let parts: [Part]
    switch self {
    case .none: parts = [Part(fitted: all, heldOut: [])]
    case .judged: return [Part(fitted: [], heldOut: all)]
    case .column: parts = [part(all) { rows[$0].split == "fit" }]
    case .holdOut(let groups):
      let known = rows.map(\.group)
      for group in groups where !known.contains(group) {
        throw CalibrationError(
          .badInput,
          Diagnostic(
            at: Place(source: "--hold-out \(group)"), "no row belongs to '\(excerpt(group))'",
            expected: "the name of a network or group in \(file)",
            remedy: nearest(to: group, among: known).map { "did you mean '\($0)'?" }))
      }
      parts = [part(all) { !groups.contains(rows[$0].group) }]
    case .folds(let count):
      var groups: [String] = []
      for row in rows where !groups.contains(row.group) { groups.append(row.group) }
      guard groups.count >= count, count >= 2 else {
        throw CalibrationError(
          .badInput,
          Diagnostic(
            at: Place(source: "--folds \(count)"), "\(file) has rows of \(groups.count) networks or layers",
            expected: "2 … \(max(2, groups.count)) folds"))
      }
      parts =
        [Part(fitted: all, heldOut: [])]
        + (0..<count).map { fold in
          part(all) { row in groups.firstIndex(of: rows[row].group).map { $0 % count != fold } ?? true }
        }
    }
    guard parts.allSatisfy({ !$0.fitted.isEmpty }) else {
      throw CalibrationError(
        .badInput,
        Diagnostic(
          at: Place(source: file), "the split leaves no row to fit",
          expected: self.isByColumn ? "rows with the word 'fit' in the column" : "fewer held-out networks"))
    }
    return parts
  }

  private var isByColumn: Bool { if case .column = self { true } else { false } }

  private func part(_ rows: [Int], isFitted: (Int) -> Bool) -> Part {
    Part(fitted: rows.filter(isFitted), heldOut: rows.filter { !isFitted($0) })
  }

  /// One sentence for reports and files.
  package func sentence(fitted: Int, heldOut: Int) -> String {
    switch self {
    case .none: "all \(fitted) rows fitted, none held out"
    case .judged: "nothing fitted; \(heldOut) rows judge the machine as it is"
    case .holdOut(let groups):
      "\(fitted) rows fitted; \(heldOut) rows of \(listed(groups, joining: "and")) held out"
    case .column(let name): "\(fitted) rows with 'fit' under '\(name)' fitted, \(heldOut) held out"
    case .folds(let count):
      "\(fitted) rows fitted; each predicted once more by a fit without its network, in \(count) folds"
    }
  }
}
