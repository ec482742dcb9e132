import ArgumentParser
import Compiler
import Formats
import Hardware
import Reports

/// `joulery simulate`: one network on one machine.
struct SimulateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate",
    abstract:
      "Simulate a network, or several at once, on a machine: latency, energy, power and where they went.",
    discussion: """
      Examples:
        joulery simulate resnet18
        joulery simulate model.onnx --on edge --report report.html --trace run.pftrace
        joulery simulate model.onnx --input images=1x3x320x320 --set array.rows=16 --json
        joulery simulate resnet18 --on edge-x4 --batch 8 --partition batch
        joulery simulate resnet18 mobilenet-v2 --on edge-x2
      """)

  @Argument(
    help: ArgumentHelp(
      "An ONNX file, a SCALE-Sim topology (.csv), or a name of 'joulery list networks'.",
      discussion: "Several run at once: the first on core 0, the next on core 1, and round again.",
      valueName: "network"),
    completion: .networks)
  var networks: [String]

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
      "How several cores share out one network: batch, tile or pipeline.",
      discussion: "By batch where there are several samples, else by tile.", valueName: "way"))
  var partition: Partition?

  @Option(
    name: .long, parsing: .singleValue,
    help: ArgumentHelp(
      "Tile the layers of a network in this way, instead of searching; once for each layer.",
      discussion: """
        Gemmini's tile sizes R_S_P_Q_C_K_N, or levels of loops in Timeloop's notation; only on a systolic array that \
        keeps weights stationary. Several layers run one after another on operands in the same places.
        """,
      valueName: "3_3_14_14_64_16_1"))
  var mapping: [String] = []

  @Flag(
    name: .long,
    help: ArgumentHelp(
      "Show beside each layer the least time that its work and its traffic allow.",
      discussion: "JSON and the HTML report always have these bounds."))
  var bound = false

  @Flag(
    name: .long,
    help: ArgumentHelp(
      "Begin with the caches as an earlier run leaves them.",
      discussion: "The program runs twice, and the second run is reported. Scratchpads begin empty in both."))
  var warm = false

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

  func validate() throws {
    if networks.count > 1, partition != nil {
      throw ValidationError("--partition shares out one network, found \(networks.count)")
    }
    if !mapping.isEmpty, networks.count > 1 || partition != nil {
      throw ValidationError("--mapping tiles one network on one core")
    }
  }

  func run() throws {
    let interruption = Interruption()
    try OutputFiles.check([csv, report, trace])
    let status = StatusLine(isQuiet: running.quiet)
    let hardware = try HardwareSource(on, overrides: set, library: .installed)
    let result: RunReport
    if networks.count > 1 || hardware.identity.model.cores > 1 || partition != nil {
      guard mapping.isEmpty else {
        throw Failure(.usage, "--mapping: found a machine of several cores, expected one; try --set cores=1")
      }
      guard !bound else {
        throw Failure(.usage, "--bound: found several cores or networks, expected one; try --set cores=1")
      }
      guard !warm else {
        throw Failure(.usage, "--warm: found several cores or networks, expected one; try --set cores=1")
      }
      let shared = SharedSimulation(
        networks: networks, options: networkOptions, hardware: hardware, partition: partition,
        cache: running.cache, status: status)
      result = try shared.run()
    } else {
      status.show("reading \(networks[0])")
      let source = try NetworkSource(networks[0], options: networkOptions)
      result = try Simulation(
        network: source, hardware: hardware, mappings: try mapping.map(ExplicitMapping.init),
        isWarm: warm, cache: running.cache, status: status
      ).run()
    }
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
