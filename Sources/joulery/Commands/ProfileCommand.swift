import ArgumentParser
import Formats
import FoundationEssentials
import Graphs
import Measures
import Networks
import Reports
import Training

/// `joulery profile`: how fast this computer runs or trains a network, kernel by kernel.
struct ProfileCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "profile",
    abstract: "Time a network's training step or inference on this computer, kernel by kernel.",
    discussion: """
      Weights and inputs are random numbers; the time does not depend on them.

      Examples:
        joulery profile resnet20 --batch 128
        joulery profile mobilenet-v2 --work inference --threads 1
        joulery profile convnet --batch 256 --work matching --synthetic 10 --json
      """)

  /// What is run.
  enum Work: String, CaseIterable, ExpressibleByArgument {
    case training, inference, matching
  }

  @Argument(
    help: "An ONNX file, or a name of 'joulery list networks'.", completion: .networks)
  var network: String

  @Option(
    name: .long,
    help: "A training step, inference, or a step of condensing a data set by gradient matching.")
  var work = Work.training

  @Option(
    name: .long,
    help: ArgumentHelp("Synthetic images of a gradient-matching step.", valueName: "count"))
  var synthetic = 10

  @Option(name: .long, help: ArgumentHelp("Runs that are timed.", valueName: "count"))
  var runs = 10

  @Option(name: .long, help: ArgumentHelp("Threads that compute.", valueName: "count"))
  var threads = ProcessInfo.processInfo.activeProcessorCount

  @Option(
    name: .long,
    help: ArgumentHelp("What a run may need: results are computed again until it fits.", valueName: "bytes"))
  var memoryLimit: String?

  @OptionGroup var networkOptions: NetworkOptions

  @Flag(name: .long, help: "Write all figures, those of every step too, as JSON instead of a table.")
  var json = false

  func validate() throws {
    for (name, value) in [("--synthetic", synthetic), ("--runs", runs), ("--threads", threads)]
    where value < 1 {
      throw ValidationError("\(name) must be at least 1, found \(value)")
    }
    if let memoryLimit, (try? Bytes(parsing: memoryLimit)) == nil {
      throw ValidationError("--memory-limit must be bytes with a unit, such as 512MiB, found \(memoryLimit)")
    }
  }

  func run() throws {
    let source = try NetworkSource(network, options: networkOptions)
    let workload = try workload(source)
    let clock = ContinuousClock()
    func compiled() throws -> (plan: Plan, seconds: Double) {
      let start = clock.now
      let plan = try Plan(
        workload.graph, updates: workload.updates, threads: threads,
        memoryLimit: try memoryLimit.map { try Bytes(parsing: $0).count })
      return (plan, (clock.now - start).seconds)
    }
    let (plan, compiling) = try compiled()
    // As a search has it that compiles one network after the other.
    let recompiling = try compiled().seconds
    let execution = try workload.execution(of: plan)
    execution.run()
    let times = execution.times(of: runs)
    let profile = execution.profile(runs: min(3, runs))
    let batch = networkOptions.batch ?? source.graph.inputs.first?.type.shape.first ?? 1
    let report = EngineReport(
      title: "\(title) of \(source.identity.name), batch \(batch), \(threads) threads",
      network: source.identity, kind: work.rawValue, batch: batch, threads: threads,
      compileSeconds: compiling, recompileSeconds: recompiling, times: times, profile: profile,
      operations: 2 * workload.graph.macs,
      arenaBytes: plan.byteCount, limits: .measured(threads: threads), provenance: .ofThisProcess())
    try StandardOutput.write(json ? report.json.text : report.terminalText(in: StandardOutput.style))
  }

  private var title: String {
    switch work {
    case .training: "Training step"
    case .inference: "Inference"
    case .matching: "Gradient-matching step"
    }
  }

  private func workload(_ source: NetworkSource) throws -> Workload {
    switch work {
    case .inference: return Workload(inference: source.graph)
    case .training: return try Workload(training: source.graph)
    case .matching:
      var options = networkOptions
      options.batch = synthetic
      return try Workload(matching: source.graph, synthetic: NetworkSource(network, options: options).graph)
    }
  }
}
