import ArgumentParser

/// Measures the strategies of the room `Search`; `benchmarks/search/run` calls it and writes the page.
///
/// Each command writes one JSON document to standard output.
@main
struct SearchBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "search-benchmark",
    abstract: "Measure the strategies of a search.",
    subcommands: [
      TheoryCommand.self, QueriesCommand.self, OracleCommand.self, FrontsCommand.self, SpeedsCommand.self,
      TableCommand.self, MethodsCommand.self, InheritedCommand.self, StepsCommand.self,
    ])
}
