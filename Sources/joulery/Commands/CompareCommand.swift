import ArgumentParser
import Formats
import Hardware
import Reports

/// `joulery compare`: networks on one machine, one network on several machines, or each on each.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Simulate several networks, or on several machines, and show the runs side by side.",
    discussion: """
      Examples:
        joulery compare resnet18 mobilenet-v2
        joulery compare resnet50 --on edge,tpu-v1
      """)

  @Argument(
    help: "ONNX files, SCALE-Sim topologies, or names of 'joulery list networks'.", completion: .networks)
  var networks: [String]

  @Option(
    name: .long, parsing: .singleValue,
    help: ArgumentHelp("Machines, separated by commas; may be repeated.", valueName: "hardware,…"),
    completion: .machines)
  var on: [String] = ["edge"]

  @Option(
    name: .long, parsing: .singleValue,
    help: ArgumentHelp("Override a key of every machine; may be repeated.", valueName: "key=value"))
  var set: [String] = []

  @OptionGroup var networkOptions: NetworkOptions

  @Flag(name: .long, help: "Write the totals of all runs as JSON instead of a table.")
  var json = false

  @Option(
    name: .long, help: ArgumentHelp("Write the totals as CSV.", valueName: "file"),
    completion: .file(extensions: ["csv"]))
  var csv: String?

  @OptionGroup var running: RunningOptions

  private var machines: [String] {
    on.flatMap { $0.split(separator: ",").map(String.init) }
  }

  func validate() throws {
    if machines.isEmpty { throw ValidationError("--on names no machine") }
    if networks.count * machines.count < 2 {
      throw ValidationError(
        "found one run, expected several; name more networks, or more machines with --on A,B")
    }
  }

  func run() throws {
    let interruption = Interruption()
    try OutputFiles.check([csv])
    let status = StatusLine(isQuiet: running.quiet)
    let library = HardwareLibrary.installed
    let hardware = try machines.map { try HardwareSource($0, overrides: set, library: library) }
    var runs: [RunSummary] = []
    for name in networks {
      status.show("reading \(name)")
      let source = try NetworkSource(name, options: networkOptions)
      for machine in hardware {
        guard machine.identity.model.cores == 1 else {
          let shared = SharedSimulation(
            networks: [name], options: networkOptions, hardware: machine, cache: running.cache, status: status
          )
          runs.append(try shared.run().summary)
          continue
        }
        runs.append(
          try Simulation(network: source, hardware: machine, cache: running.cache, status: status).run()
            .summary)
      }
    }
    let statements = hardware.map { ($0.identity.name, $0.identity.model.calibrationStatement) }
    let shared = statements.allSatisfy { $0.1 == statements[0].1 }
    let calibration =
      shared ? statements[0].1 : statements.map { "\($0.0) \($0.1)" }.joined(separator: "; ")
    let comparison = Comparison(runs: runs, provenance: .ofThisProcess(calibration: calibration))
    var files = OutputFiles(interruption: interruption)
    if let csv { try files.add(comparison.csv, at: csv) }
    try files.commit()
    try StandardOutput.write(json ? comparison.json.text : comparison.terminalText(in: StandardOutput.style))
  }
}
