import ArgumentParser
import Formats
import Hardware
import Records
import Reports
import Studies

/// `joulery explain`: what a key of a hardware or study file, or a word of an output, means.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Explain a key of a hardware or study file, an output column, a cause or a component.",
    discussion: """
      Examples:
        joulery explain array.rows
        joulery explain study.objective.latency
        joulery explain mac_utilization
        joulery explain fill-drain
      """)

  @Argument(
    help: "A key such as array.rows or study.space, or a word such as mac_utilization.",
    completion: .custom { _, _, _ in
      HardwareKeys.all.map(\.path) + Glossary.keys + StudyDescription.tree.all.map { "study.\($0.path)" }
    })
  var key: String

  @Flag(name: .long, help: "Write JSON instead of text.")
  var json = false

  func run() throws {
    let texts = [HardwareKeys.explain(key), studyText, Glossary.explain(key)].compactMap { $0 }
    guard !texts.isEmpty else {
      let near =
        studyKey.flatMap { StudyDescription.tree.suggestion(for: $0) }.map { "study.\($0)" }
        ?? HardwareKeys.suggestion(for: key) ?? nearest(to: key, among: Glossary.keys)
      throw Failure(
        .notFound,
        "explain: found '\(key)', expected a key of a hardware or study file, or a word of an output"
          + (near.map { "; did you mean '\($0)'?" } ?? ""))
    }
    if json {
      let document: JSONValue = [
        "schema": .integer(RunReport.schema), "key": .string(key), "texts": .array(texts.map { .string($0) }),
      ]
      return try StandardOutput.write(document.text)
    }
    let style = StandardOutput.style
    let lines = texts.joined(separator: "\n\n").split(separator: "\n", omittingEmptySubsequences: false)
    try StandardOutput.write(lines.map { style.printable(String($0)) + "\n" }.joined())
  }

  /// What follows "study.", which sets keys of study files apart from those of hardware files.
  private var studyKey: String? { key.hasPrefix("study.") ? String(key.dropFirst(6)) : nil }

  private var studyText: String? {
    if key == "study" { return StudyDescription.tree.overview }
    return studyKey.flatMap { StudyDescription.tree.explain($0) }
  }
}
