import ArgumentParser

/// Options of the commands that work on a study.
struct StudyOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "Processes that work on the study; by default as many as trials may be under way.", valueName: "n"))
  var workers: Int?

  @Option(name: .long, help: ArgumentHelp("Threads that train one network.", valueName: "n"))
  var threads = 1

  @Flag(name: .long, help: "Write all trials as JSON instead of a table.")
  var json = false

  @Flag(name: .shortAndLong, help: "Show no progress.")
  var quiet = false

  /// Set for the processes that a study starts beside the first one; they write nothing.
  @Flag(name: .customLong("assisting"), help: .private)
  var isAssisting = false

  func validate() throws {
    if let workers, workers < 1 { throw ValidationError("--workers: found \(workers), expected at least 1") }
    if threads < 1 { throw ValidationError("--threads: found \(threads), expected at least 1") }
  }
}
