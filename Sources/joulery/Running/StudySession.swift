import Compiler
import Datasets
import Formats
import Foundation
import Hardware
import Reports
import Search
import Studies

/// A study on this machine: what it needs is read, processes work on it, and the result is written.
struct StudySession {
  private let description: StudyDescription
  private let store: StudyStore
  private let options: StudyOptions

  init(_ description: StudyDescription, store: StudyStore, options: StudyOptions) {
    self.description = description
    self.store = store
    self.options = options
  }

  /// Where the store of a study lies: beside its file.
  static func storePath(of study: String) -> String {
    for suffix in [".yaml", ".yml"] where study.hasSuffix(suffix) {
      return study.dropLast(suffix.count) + ".sqlite"
    }
    return study.hasSuffix(".sqlite") ? study : study + ".sqlite"
  }

  private var name: String {
    URL(filePath: store.path).deletingPathExtension().lastPathComponent
  }

  /// Works until the study is complete, then writes what it found.
  ///
  /// - Throws: ``Failure`` with status `interrupted` where somebody asked to stop, or its time is over before the end.
  func run() throws {
    let interruption = Interruption(isResumable: true)
    let status = StatusLine(isQuiet: options.quiet || options.isAssisting)
    status.show("reading \(description.hardware) and \(description.dataset.name)")
    let (space, evaluator) = try prepare()
    let helpers = options.isAssisting ? [] : try startHelpers()
    let parent = getppid()
    defer { for helper in helpers { helper.waitUntilExit() } }
    let worker = StudyWorker(description, space: space, store: store, evaluator: evaluator)
    let ending = try worker.run(
      shouldStop: { interruption.isRequested || (options.isAssisting && getppid() != parent) },
      report: { trials in show(trials, status) })
    status.clear()
    if options.isAssisting { return }
    if ending != .complete {
      for helper in helpers { helper.interrupt() }
      let kept = try store.trials().count { $0.state != .running }
      throw Failure(
        .interrupted,
        "\(name): \(ending == .stopped ? "interrupted" : "its time is over") with \(kept) of "
          + "\(description.budget.trials) trials kept; go on with 'joulery resume \(store.path)'")
    }
    let summary = StudySummary(name: name, description: description, trials: try store.trials())
    try StandardOutput.write(
      options.json ? summary.json.text : summary.terminalText(in: StandardOutput.style))
  }

  private func prepare() throws -> (any SearchSpace, TrialEvaluator) {
    let model = try HardwareLibrary.installed.model(description.hardware)
    let images = try DatasetLibrary.standard(environment: ProcessInfo.processInfo.environment).dataset(
      description.dataset.name)
    let space = description.space.space(input: images.imageShape, classes: images.classes)
    let cost = HardwareCost(model: model, version: Joulery.version, cache: .ofUser)
    return (
      space,
      TrialEvaluator(
        objective: description.objective.objective, cost: cost,
        estimator: try description.qualityEstimator(for: images, threads: options.threads))
    )
  }

  /// Starts the other processes that work on the study.
  private func startHelpers() throws -> [Foundation.Process] {
    let count = min(options.workers ?? description.parallelTrials, description.parallelTrials)
    return try (1..<max(1, count)).map { _ in
      let process = Foundation.Process()
      process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
      process.arguments = ["resume", store.path, "--assisting", "--threads", "\(options.threads)"]
      process.standardOutput = FileHandle.nullDevice
      try process.run()
      return process
    }
  }

  private func show(_ trials: [TrialRecord], _ status: StatusLine) {
    let summary = StudySummary(name: name, description: description, trials: trials)
    let best = summary.best.map { "best \($0.text)" } ?? "none allowed yet"
    status.show("\(trials.count { $0.state != .running })/\(description.budget.trials) trials, \(best)")
  }
}
