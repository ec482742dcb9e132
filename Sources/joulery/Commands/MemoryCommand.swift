import ArgumentParser
import Formats
import Hardware
import Reports
import Simulator

/// `joulery memory`: latency of a machine's DRAM at rising load.
struct MemoryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "memory",
    abstract: "Load a machine's DRAM ever more, and show how long accesses take.",
    discussion: """
      Examples:
        joulery memory --on edge
        joulery memory --set memory.dram=ddr4-3200 --set memory.channels=1 --svg curve.svg
        joulery memory --writes 0.3 --json
      """)

  @Option(
    name: .long,
    help: ArgumentHelp("A name of 'joulery list hardware', or a YAML file.", valueName: "hardware"),
    completion: .machines)
  var on = "edge"

  @Option(
    name: .long, parsing: .singleValue,
    help: ArgumentHelp(
      "Override a key of the machine, such as memory.channels=4; may be repeated.", valueName: "key=value"))
  var set: [String] = []

  @Option(name: .long, help: ArgumentHelp("Share of the accesses that write, 0 to 1.", valueName: "share"))
  var writes = 0.0

  @Flag(name: .long, help: "Write JSON instead of a table.")
  var json = false

  @Option(
    name: .long, help: ArgumentHelp("Write the curves as a picture.", valueName: "file.svg"),
    completion: .file(extensions: ["svg"]))
  var svg: String?

  func validate() throws {
    guard (0...1).contains(writes) else { throw ValidationError("--writes must be 0 to 1, found \(writes)") }
  }

  func run() throws {
    let interruption = Interruption()
    try OutputFiles.check([svg])
    let hardware = try HardwareSource(on, overrides: set, library: .installed)
    guard case .dram(let system) = hardware.identity.model.memory else {
      throw Failure(
        .usage,
        "\(hardware.identity.name): found a pipe for memory, expected DRAM; name another machine with --on, such as edge"
      )
    }
    let curves = DRAMTraffic.Pattern.allCases.map {
      DRAMLoadCurve(DRAMTraffic($0, writeShare: writes, accesses: 20_000 * system.channels), on: system)
    }
    let report = MemoryReport(
      machine: hardware.identity.name, system: system, curves: curves, provenance: .ofThisProcess())
    var files = OutputFiles(interruption: interruption)
    if let svg { try files.add(report.svg, at: svg) }
    try files.commit()
    try StandardOutput.write(json ? report.json.text : report.terminalText(in: StandardOutput.style))
  }
}
