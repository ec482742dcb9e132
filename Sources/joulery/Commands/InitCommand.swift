import ArgumentParser
import Studies

/// `joulery init`: files to begin with.
struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Write a file to begin with, with every key explained.",
    discussion: """
      Example:
        joulery init study > study.yaml
      """)

  /// What can be begun.
  enum Kind: String, CaseIterable, ExpressibleByArgument {
    case study
  }

  @Argument(help: "What to begin: study.")
  var kind: Kind

  func run() throws {
    switch kind {
    case .study: try StandardOutput.write(StudyDescription.template)
    }
  }
}
