import ArgumentParser
import Compiler
import Formats
import Hardware
import Reports

/// `joulery simulate`: one network on one machine.
struct SimulateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate",
    abstract: "Simulate a network on a machine: latency, energy, power and where they went.",
    discussion: """
      Examples:
        joulery simulate resnet18
        joulery simulate model.onnx --on edge --report report.html --trace run.pftrace
        joulery simulate model.onnx --input images=1x3x320x320 --set array.rows=16 --json
      """)

  @Argument(
    help: "An ONNX file, a SCALE-Sim topology (.csv), or a name of 'joulery list networks'.",
    completion: .networks)
  var network: String

  @Option(
    name: .long,
    help: ArgumentHelp("A name of 'joulery list hardware', or a YAML file.", valueName: "hardware"),
    completion: .machines)
  var on = "edge"

  @Option(
    name: .long, parsing: .singleValue,
    help: ArgumentHelp(
      "Override a key of the machine, such as array.rows=32; may be repeated.", valueName: "key=value"))
  var set: [String] = []

  @OptionGroup var networkOptions: NetworkOptions

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Tile a network of one layer in this way, instead of searching.",
      discussion: """
        Gemmini's tile sizes R_S_P_Q_C_K_N, or levels of loops in Timeloop's notation; only on a systolic array that \
        keeps weights stationary.
        """,
      valueName: "3_3_14_14_64_16_1"))
  var mapping: String?

  @Flag(
    name: .long,
    help: ArgumentHelp(
      "Show beside each layer the least time that its work and its traffic allow.",
      discussion: "JSON and the HTML report always have these bounds."))
  var bound = false

  @Flag(name: .long, help: "Write the whole result as JSON instead of a table.")
  var json = false

  @Option(
    name: .long, help: ArgumentHelp("Write the layers as CSV.", valueName: "file"),
    completion: .file(extensions: ["csv"]))
  var csv: String?

  @Option(
    name: .long, help: ArgumentHelp("Write a report that any browser shows.", valueName: "file.html"),
    completion: .file(extensions: ["html"]))
  var report: String?

  @Option(
    name: .long, help: ArgumentHelp("Write a timeline for ui.perfetto.dev.", valueName: "file.pftrace"),
    completion: .file(extensions: ["pftrace"]))
  var trace: String?

  @OptionGroup var running: RunningOptions

  func run() throws {
    let interruption = Interruption()
    try OutputFiles.check([csv, report, trace])
    let status = StatusLine(isQuiet: running.quiet)
    let hardware = try HardwareSource(on, overrides: set, library: .installed)
    status.show("reading \(network)")
    let source = try NetworkSource(network, options: networkOptions)
    let result = try Simulation(
      network: source, hardware: hardware, mapping: try mapping.map(ExplicitMapping.init),
      cache: running.cache, status: status
    ).run()
    var files = OutputFiles(interruption: interruption)
    if let csv { try files.add(result.layersCSV, at: csv) }
    if let report { try files.add(try result.html(), at: report) }
    if let trace {
      status.show("writing \(trace)")
      try files.add(at: trace) { try result.writeTrace(to: $0) }
      status.clear()
    }
    let style = StandardOutput.style
    let text =
      json
      ? result.json.text : result.terminalText(in: style) + (bound ? result.boundsText(in: style) : "")
    try files.commit()
    try StandardOutput.write(text)
  }
}
