import ArgumentParser
import Formats
import FoundationEssentials
import Hardware
import Reports

/// `joulery sweep`: networks on every combination of values of some keys of a machine.
struct SweepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Simulate networks on many variants of a machine, and show which of them nothing beats.",
    discussion: """
      Every combination of the values of all --set options is one variant; the keys of all --zip options change
      together.
      A point that cannot be simulated is a row with its error; the exit code is that of the first one.
      With --csv an interrupted sweep goes on where it stopped when it is started again.

      Examples:
        joulery sweep edge resnet18 --set array.rows=8,16,32 --set array.columns=8,16,32 --csv sweep.csv
        joulery sweep edge lenet5 --zip array.rows=8,16 --zip array.columns=8,16 --report sweep.html
      """)

  @Argument(help: "A name of 'joulery list hardware', or a YAML file.", completion: .machines)
  var hardware: String

  @Argument(
    help: "ONNX files, SCALE-Sim topologies, or names of 'joulery list networks'.", completion: .networks)
  var networks: [String]

  @Option(
    name: .long, parsing: .singleValue,
    help: ArgumentHelp("A key and the values it takes; may be repeated.", valueName: "key=value,value,…"))
  var set: [String] = []

  @Option(
    name: .long, parsing: .singleValue,
    help: ArgumentHelp(
      "A key that changes together with the other zipped ones; may be repeated.",
      valueName: "key=value,value,…"))
  var zip: [String] = []

  @OptionGroup var networkOptions: NetworkOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Points simulated at a time; as many as there are cores if not given."))
  var jobs: Int?

  @Flag(name: .long, help: "Write all points as JSON instead of a table.")
  var json = false

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Write all points as CSV; points that the file already has do not run again.", valueName: "file"),
    completion: .file(extensions: ["csv"]))
  var csv: String?

  @Option(
    name: .long, help: ArgumentHelp("Write a report that any browser shows.", valueName: "file.html"),
    completion: .file(extensions: ["html"]))
  var report: String?

  @OptionGroup var running: RunningOptions

  func validate() throws {
    if let jobs, jobs < 1 { throw ValidationError("--jobs must be at least 1, found \(jobs)") }
    for (index, network) in networks.enumerated() where networks[..<index].contains(network) {
      throw ValidationError("'\(network)' is named twice")
    }
  }

  /// Points of the largest sweep.
  private static let mostPoints = 100_000

  func run() throws {
    let interruption = Interruption()
    try OutputFiles.check([csv, report])
    let status = StatusLine(isQuiet: running.quiet)
    let axes = try SweepAxis.axes(set: set, zip: zip)
    let count = axes.reduce(networks.count) {
      $0.multipliedReportingOverflow(by: $1.steps.count).partialValue
    }
    guard (1...Self.mostPoints).contains(count) else {
      throw Failure(.usage, "--set: found \(count) points, expected at most \(Self.mostPoints)")
    }
    let base = try HardwareSource(hardware, overrides: [], library: .installed)
    var (sweep, tasks) = try points(axes, base, status)
    if let csv, let data = FileManager.default.contents(atPath: csv), !data.isEmpty {
      let kept = try sweep.resume(from: String(decoding: data, as: UTF8.self), file: csv)
      if kept > 0, !running.quiet { StandardError.write("note: \(csv) has \(kept) of \(count) points\n") }
    }
    let run = SweepRun(
      sweep, tasks: tasks, table: csv, cache: running.cache, status: status, interruption: interruption)
    tasks = []
    sweep = try run.run(jobs: min(jobs ?? ProcessInfo.processInfo.activeProcessorCount, count))
    var files = OutputFiles(interruption: interruption)
    if let csv { try files.add(sweep.csv, at: csv) }
    if let report { try files.add(try sweep.html(), at: report) }
    try files.commit()
    try StandardOutput.write(json ? sweep.json.text : sweep.terminalText(in: StandardOutput.style))
    guard let end = Failure.Status(rawValue: sweep.status) else { return }
    let failed = sweep.points.count { $0.figures == nil }
    throw Failure(end, "\(failed) of \(count) points could not be simulated; their rows say why")
  }

  /// All points of the grid, in order.
  ///
  /// - Throws: what is wrong with a network, or with the machine if no variant of it can be read.
  private func points(
    _ axes: [SweepAxis], _ base: HardwareSource, _ status: StatusLine
  ) throws -> (Sweep, [SweepRun.Job]) {
    let keys = axes.flatMap(\.keys)
    var sweep = Sweep(
      hardware: base.identity.name, keys: keys, points: [], provenance: .ofThisProcess())
    var tasks: [SweepRun.Job] = []
    let library = HardwareLibrary.installed
    let variants = SweepAxis.grid(axes).map { values in
      let overrides = Swift.zip(keys, values).map { "\($0)=\($1)" }
      return (
        values,
        Result { try HardwareSource(hardware, overrides: overrides, library: library) }
          .mapError { Failure($0) }
      )
    }
    if let first = variants.first?.1, variants.allSatisfy({ (try? $0.1.get()) == nil }) {
      _ = try first.get()
    }
    for name in networks {
      status.show("reading \(name)")
      let network = try NetworkSource(name, options: networkOptions)
      for (values, variant) in variants {
        sweep.points.append(
          .init(
            network: name, values: values, networkSHA256: network.identity.sha256,
            modelSHA256: (try? variant.get())?.identity.modelSHA256 ?? ""))
        tasks.append(.init(network: network, hardware: variant))
      }
    }
    status.clear()
    return (sweep, tasks)
  }
}
