import Foundation
import Testing

@testable import Networks

/// The page that says which node tests pass and why others are not supported.
struct NodeTestReport {
  private struct Entry {
    var name: String
    var operators: [String]
    var outcome: NodeTestOutcome
  }

  private var entries: [Entry] = []

  mutating func add(_ name: String, _ operators: [String], _ outcome: NodeTestOutcome) {
    entries.append(Entry(name: name, operators: operators, outcome: outcome))
  }

  static var page: URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "benchmarks/results/onnx-node-tests.md")
  }

  /// Compares the page with the one in the repository, or writes it where JOULERY_UPDATE is set.
  func compareOrUpdate() throws {
    if ProcessInfo.processInfo.environment["JOULERY_UPDATE"] != nil {
      try Data(text.utf8).write(to: Self.page)
      return
    }
    let found = try String(contentsOf: Self.page, encoding: .utf8)
    #expect(found == text, "benchmarks/results/onnx-node-tests.md is out of date: run with JOULERY_UPDATE=1")
  }

  // MARK: Page

  var text: String {
    let passed = count(entries) { $0 == .executed || $0 == .folded }
    let folded = count(entries) { $0 == .folded }
    let disputed = entries.filter { $0.outcome == .disputed }.map(\.name)
    var lines = [
      "# ONNX node tests", "",
      "The tests of single operators that the package `onnx` 1.17.0 ships, run through the importer and the engine with",
      "the tolerance of ONNX's own runner. Reproduce with `scripts/fetch-onnx-tests`, then",
      "`JOULERY_UPDATE=1 scripts/test --filter NodeTests`.", "",
      "| tests | passed | of them computed by the importer | not supported | disputed | wrong |",
      "| ---: | ---: | ---: | ---: | ---: | ---: |",
      "| \(entries.count) | \(passed) | \(folded) | \(entries.count - passed - failures - disputed.count) "
        + "| \(disputed.count) | \(failures) |",
      "",
      "Disputed tests expect what ONNX Runtime 1.32 does not give either; it gives what we give:",
      disputed.map { "`\($0)`" }.joined(separator: ", ") + ".", "",
      "## Operators of the table", "",
      "A test counts for every operator of its model that the importer has a row for.", "",
      "| operator | passed | not supported | reasons |", "| --- | ---: | ---: | --- |",
    ]
    for name in OperatorTable.operatorNames {
      let mine = entries.filter { $0.operators.contains(name) }
      let passed = count(mine) { $0 == .executed || $0 == .folded }
      let reasons = Self.reasons(mine)
      lines.append("| \(name) | \(passed) | \(mine.count - passed) | \(reasons.joined(separator: "; ")) |")
    }
    let claimed = Set(OperatorTable.operatorNames)
    let others = entries.filter { entry in !entry.operators.allSatisfy { claimed.contains($0) } }
    lines += [
      "", "## Operators without a row", "",
      Set(others.flatMap(\.operators)).subtracting(claimed).sorted().joined(separator: ", ") + ".",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  private var failures: Int {
    count(entries) { if case .failed = $0 { true } else { false } }
  }

  private func count(_ entries: [Entry], _ condition: (NodeTestOutcome) -> Bool) -> Int {
    entries.count { condition($0.outcome) }
  }

  /// The reasons of unsupported tests with their numbers, the most frequent first.
  private static func reasons(_ entries: [Entry]) -> [String] {
    var counts: [String: Int] = [:]
    for entry in entries {
      if case .unsupported(let reason) = entry.outcome { counts[reason, default: 0] += 1 }
    }
    return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.value) × \($0.key)" }
  }
}
