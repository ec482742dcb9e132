import ArgumentParser

/// Which trial of a study is meant.
struct TrialOptions: ParsableArguments {
  @Flag(name: .long, help: "The network that the objective of a study prefers.")
  var best = false

  @Option(name: .long, help: ArgumentHelp("The network of a trial of a study.", valueName: "number"))
  var trial: Int?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Threads that train the network of a study; as many as the study had give the same weights.",
      valueName: "n"))
  var threads = 1

  var isOfStudy: Bool { best || trial != nil }

  func validate() throws {
    if best, trial != nil { throw ValidationError("--best and --trial: found both, expected one of them") }
    if threads < 1 { throw ValidationError("--threads: found \(threads), expected at least 1") }
  }
}
