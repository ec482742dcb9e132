import ArgumentParser
import Formats
import Studies

/// `joulery init`: files to begin with.
struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Write a file to begin with, with every key explained.",
    discussion: """
      Examples:
        joulery init study > study.yaml
        joulery init study-schema > study.schema.json
      """)

  /// What can be begun.
  enum Kind: String, CaseIterable, ExpressibleByArgument {
    case study
    case studySchema = "study-schema"
  }

  @Argument(help: "What to begin: study, or study-schema for the JSON Schema of study files.")
  var kind: Kind

  func run() throws {
    switch kind {
    case .study: try StandardOutput.write(StudyDescription.template)
    case .studySchema: try StandardOutput.write(StudyDescription.schema.text)
    }
  }
}
