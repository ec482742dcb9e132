import ArgumentParser
import Formats
import FoundationEssentials
import Graphs
import Hardware
import Measures
import Reports
import Studies

/// `joulery check`: reads files and says everything that is wrong with them.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Read networks and machines, and say everything that is wrong with them.",
    discussion: """
      Hardware files (machines and DRAM parts) end in .yaml, topologies in .csv; everything else is read as a network.
      The exit code is that of the first file that is wrong.
      """)

  @Argument(help: "YAML, ONNX or CSV files.", completion: .file(extensions: ["yaml", "onnx", "csv"]))
  var files: [String]

  @OptionGroup var networkOptions: NetworkOptions

  @Flag(name: .long, help: "Write the findings of all files as JSON.")
  var json = false

  func run() throws {
    var first: Failure?
    var results: [JSONValue] = []
    for file in files {
      do {
        let summary = try summary(of: file)
        results.append(["path": .string(file), "summary": .string(summary), "findings": .array([])])
        if !json { try StandardOutput.write("\(StandardOutput.style.printable("\(file): \(summary)"))\n") }
      } catch {
        let failure = Failure(error)
        let findings = failure.findings.map { JSONValue.string($0) }
        results.append(["path": .string(file), "summary": .null, "findings": .array(findings)])
        if !json { failure.report() }
        first = first ?? failure
      }
    }
    if json {
      let document: JSONValue = ["schema": .integer(RunReport.schema), "files": .array(results)]
      try StandardOutput.write(document.text)
    }
    if let first { throw Failure(first.status) }
  }

  private func summary(of file: String) throws -> String {
    if file.hasSuffix(".yaml") || file.hasSuffix(".yml") {
      if let study = try study(in: file) {
        return
          "a study of \(study.budget.trials) trials, \(study.strategy.name.rawValue) on \(study.hardware)"
      }
      switch try HardwareLibrary.installed.file(file) {
      case .machine(let model): return "a machine that can be simulated: \(model.headline)"
      case .dram(let standard): return "a DRAM part that machines can name: \(standard.headline)"
      }
    }
    let network = try NetworkSource(file, options: networkOptions)
    let macs = engineering(Double(network.identity.macs), unit: "MAC")
    return "a network of \(network.graph.nodes.count) operations, \(macs), "
      + "\(grouped(network.identity.parameters)) parameters"
  }

  /// The study that a file describes; nil where it is about something else.
  private func study(in file: String) throws -> StudyDescription? {
    guard let bytes = FileManager.default.contents(atPath: file) else { return nil }
    let text = String(decoding: bytes, as: UTF8.self)
    guard StudyDescription.isStudy(yaml: text, file: file) else { return nil }
    return try StudyDescription.decode(yaml: text, file: file)
  }
}
