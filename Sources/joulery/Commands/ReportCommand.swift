import ArgumentParser
import Compiler
import Formats
import FoundationEssentials
import Graphs
import Reports
import Search
import Studies

/// `joulery report`: what a study found, as a page.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Show what a study has found so far: as a table, as JSON, or as a page for a browser.",
    discussion: """
      The page shows the front of accuracy, latency and energy, the best networks as graphs, how the search came there, \
      what it took, and all trials. The run of the best network on the machine is written beside it, in FILE.winner.html.

      Examples:
        joulery report study.sqlite
        joulery report study.yaml --html study.html
      """)

  @Argument(
    help: "A study's store (STUDY.sqlite) or its file.", completion: .file(extensions: ["sqlite", "yaml"]))
  var study: String

  @Option(
    name: .long, help: ArgumentHelp("Write a report that any browser shows.", valueName: "file.html"),
    completion: .file(extensions: ["html"]))
  var html: String?

  @Flag(name: .long, help: "Write JSON instead of a table.")
  var json = false

  @OptionGroup var running: RunningOptions

  func run() throws {
    let interruption = Interruption()
    let winnerPath = html.map { path in
      (path.hasSuffix(".html") ? String(path.dropLast(5)) : path) + ".winner.html"
    }
    try OutputFiles.check([html, winnerPath])
    let status = StatusLine(isQuiet: running.quiet)
    status.show("reading \(study)")
    let folder = try StudyFolder(study)
    var report = StudyReport(
      summary: folder.summary, space: folder.space, simulationCount: try folder.store.simulationCount(),
      searchEpochs: try folder.store.searchEpochs(),
      version: Joulery.version, commandLine: Provenance.ofThisProcess().commandLine)
    var files = OutputFiles(interruption: interruption)
    if let html, let winnerPath {
      if let best = folder.summary.best {
        let page = try winner(best.architecture, in: folder, status)
        report.winnerPage = String(winnerPath.split(separator: "/").last ?? "")
        try files.add(page, at: winnerPath)
      }
      try files.add(try report.html(), at: html)
    }
    let style = StandardOutput.style
    status.clear()
    try StandardOutput.write(json ? report.json.text : report.terminalText(in: style))
    try files.commit()
  }

  /// The best network's run on the machine of the study, as a page.
  private func winner(_ architecture: Architecture, in folder: StudyFolder, _ status: StatusLine) throws
    -> String
  {
    let hardware = try HardwareSource(
      folder.summary.description.hardware, overrides: [], library: .installed)
    let network = NetworkSource(graph: try folder.space.network(architecture, batch: 1))
    return try Simulation(network: network, hardware: hardware, cache: running.cache, status: status).run()
      .html()
  }
}
