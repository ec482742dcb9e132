import ArgumentParser
import Formats
import FoundationEssentials
import Reports
import Studies

/// `joulery search`: finds out which network should run on a machine.
struct SearchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "search",
    abstract: "Search for networks that are accurate, fast and frugal on a machine.",
    discussion: """
      Trials are kept beside the study file, in STUDY.sqlite; an interrupted search goes on where it was.

      Examples:
        joulery init study > study.yaml
        joulery search study.yaml
        joulery search study.yaml --workers 2 --json
      """)

  @Argument(help: "A study file (YAML).", completion: .file(extensions: ["yaml"]))
  var study: String

  @OptionGroup var options: StudyOptions

  func run() throws {
    guard let bytes = FileManager.default.contents(atPath: study) else {
      throw Failure(
        .notFound,
        "\(study): the file cannot be read; expected a study file; write one with 'joulery init study'")
    }
    let description = try StudyDescription.decode(yaml: String(decoding: bytes, as: UTF8.self), file: study)
    try StudySession(
      description, store: StudyStore(path: StudySession.storePath(of: study), for: description),
      options: options
    ).run()
  }
}

/// `joulery resume`: goes on with a study.
struct ResumeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Go on with a study that was interrupted, or show one that is complete.",
    discussion: """
      The result is the same as if the study had never been interrupted.

      Example:
        joulery resume study.sqlite
      """)

  @Argument(
    help: "A study's store (STUDY.sqlite) or its file.", completion: .file(extensions: ["sqlite", "yaml"]))
  var study: String

  @OptionGroup var options: StudyOptions

  func run() throws {
    let store = try StudyStore(path: StudySession.storePath(of: study), for: nil)
    try StudySession(store.description(), store: store, options: options).run()
  }
}

/// `joulery studies`: what studies there are.
struct StudiesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "studies", abstract: "List the studies of a folder with their best networks.")

  @Argument(help: "The folder.", completion: .directory)
  var folder = "."

  @Flag(name: .long, help: "Write JSON instead of a table.")
  var json = false

  func run() throws {
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".sqlite") }
        .sorted()
    } catch {
      throw Failure(.notFound, "\(folder): the folder cannot be read; expected a folder with studies")
    }
    let summaries = try names.map { name in
      let store = try StudyStore(path: folder == "." ? name : "\(folder)/\(name)", for: nil)
      return StudySummary(
        name: String(name.dropLast(7)), description: try store.description(), trials: try store.trials())
    }
    if json {
      let document: JSONValue = [
        "schema": .integer(StudySummary.schema), "studies": .array(summaries.map(\.headJSON)),
      ]
      return try StandardOutput.write(document.text)
    }
    try StandardOutput.write(StudySummary.list(summaries, folder: folder, in: StandardOutput.style))
  }
}
