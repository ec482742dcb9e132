import ArgumentParser
import Calibration
import Formats
import FoundationEssentials
import Hardware
import Reports

/// `joulery calibrate`: fits a machine to measurements and says how wrong it is on what it has not seen.
struct CalibrateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "calibrate",
    abstract: "Fit a machine to measurements, and say how wrong it is on rows that it has not seen.",
    discussion: """
      Measurements are comma-separated values: a column 'network' (an ONNX file or a built-in name) or the extents of \
      layers (C, K, P, Q, R, S), and 'latency_ms', 'cycles', 'energy_uj' or 'power_mw' with the unit in the name.

      Examples:
        joulery calibrate edge --measurements board.csv --folds 5
        joulery calibrate npu.yaml --measurements board.csv --split set --out calibrated.yaml --report report.html
      """)

  @Argument(help: "A name of 'joulery list hardware', or a YAML file.", completion: .machines)
  var hardware: String

  @Option(
    name: .long, help: ArgumentHelp("What was measured.", valueName: "file.csv"),
    completion: .file(extensions: ["csv"]))
  var measurements: String

  @OptionGroup var choice: CalibrationOptions

  @Option(
    name: .long, parsing: .singleValue,
    help: ArgumentHelp("Override a key of the machine; may be repeated.", valueName: "key=value"))
  var set: [String] = []

  @Option(
    name: .long, help: ArgumentHelp("Write the calibrated machine.", valueName: "file.yaml"),
    completion: .file(extensions: ["yaml"]))
  var out: String?

  @Option(
    name: .long, help: ArgumentHelp("Write a report that any browser shows.", valueName: "file.html"),
    completion: .file(extensions: ["html"]))
  var report: String?

  @Flag(name: .long, help: "Write the whole result as JSON instead of a table.")
  var json = false

  @Flag(
    name: .long, help: "Replace a machine that is there, and write one whose search did not come to rest.")
  var force = false

  @OptionGroup var running: RunningOptions

  func run() throws {
    let interruption = Interruption()
    interruption.onEnd { "interrupted; nothing was written; the same command goes on where this one was" }
    try OutputFiles.check([out, report])
    if let out, !force, FileManager.default.fileExists(atPath: out) {
      throw Failure(.usage, "\(out): found a file, expected none; choose another path, or add --force")
    }
    if out != nil, try choice.rowSplit == .judged {
      throw Failure(.usage, "--fit none fits nothing, so that there is no machine to write; leave --out out")
    }
    let status = StatusLine(isQuiet: running.quiet)
    let template = try HardwareTemplate(hardware, overrides: set)
    status.show("reading \(measurements)")
    let csv = try text(of: measurements)
    let rows = try MeasurementSet(csv: csv, path: measurements, splitColumn: choice.split)
    let calibrator = Calibrator(
      template: template, set: rows, split: try choice.rowSplit, keys: choice.keys, options: choice.options,
      jobs: choice.jobs ?? ProcessInfo.processInfo.activeProcessorCount,
      store: running.noCache ? SimulationStore() : SimulationStore(ofUserFor: [template.yaml, csv]),
      progress: { status.show($0) })
    let result = try calibrator.run()
    status.clear()
    let provenance = Provenance.ofThisProcess()
    var files = OutputFiles(interruption: interruption)
    if let report {
      try files.add(
        try result.html(version: provenance.version, command: provenance.commandLine), at: report)
    }
    if let out, result.hasConverged || force {
      try files.add(try CalibratedFile(result, template: template).text, at: out)
    }
    try files.commit()
    try StandardOutput.write(
      json
        ? result.json(version: provenance.version, command: provenance.commandLine).text
        : result.terminalText(in: StandardOutput.style))
    guard result.hasConverged || force else {
      throw Failure(
        .badInput,
        "\(measurements): the search did not come to rest in \(result.evaluations) machines; no machine was "
          + "written; raise --evaluations, fit fewer keys with --fit, or add --force")
    }
  }

  private func text(of path: String) throws -> String {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Failure(.notFound, "\(path): cannot be read, expected a file of measurements")
    }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw Failure(.badInput, "\(path): found bytes that are not UTF-8, expected comma-separated values")
    }
    return text
  }
}

extension HardwareTemplate {
  /// Reads a machine by name or path.
  init(_ nameOrPath: String, overrides: [String]) throws {
    let library = HardwareLibrary.installed
    let path = try library.path(of: nameOrPath)
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Failure(.notFound, "\(path): cannot be read, expected a hardware file")
    }
    try self.init(
      yaml: String(decoding: data, as: UTF8.self), path: path, overrides: overrides,
      parts: library.parts(besides: path))
  }
}
