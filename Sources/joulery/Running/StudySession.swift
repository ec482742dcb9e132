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
  let description: StudyDescription
  let store: StudyStore
  let options: StudyOptions
  private let status: StatusLine
  private let space: any SearchSpace
  private let evaluator: TrialEvaluator
  private let search: StudySearch?

  /// Reads what the study needs, then opens its store: a study that cannot run leaves none behind.
  init(
    _ description: StudyDescription, store: @autoclosure () throws -> StudyStore, options: StudyOptions
  ) throws {
    self.description = description
    self.options = options
    status = StatusLine(isQuiet: options.quiet || options.isAssisting)
    status.show("reading \(description.hardware) and \(description.dataset.name)")
    (space, evaluator, search) = try Self.prepare(description, threads: options.threads)
    self.store = try store()
  }

  /// Where the store of a study lies: beside its file.
  static func storePath(of study: String) -> String {
    for suffix in [".yaml", ".yml"] where study.hasSuffix(suffix) {
      return study.dropLast(suffix.count) + ".sqlite"
    }
    return study.hasSuffix(".sqlite") ? study : study + ".sqlite"
  }

  var name: String {
    URL(filePath: store.path).deletingPathExtension().lastPathComponent
  }

  /// Works until the study is complete, then writes what it found.
  ///
  /// - Throws: ``Failure`` with status `interrupted` where somebody asked to stop, or its time is over before the end.
  func run() throws {
    let interruption = Interruption(isResumable: true)
    let helpers = options.isAssisting ? [] : try startHelpers()
    let parent = getppid()
    defer { for helper in helpers { helper.waitUntilExit() } }
    let worker = StudyWorker(
      description, space: space, store: store, evaluator: evaluator, search: search)
    let ending = try worker.run(
      shouldStop: { interruption.isRequested || (options.isAssisting && getppid() != parent) },
      report: { trials in show(trials, status) }, reportEpoch: { epoch in show(epoch, in: space, status) })
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
    try confirm(interruption, status)
    let summary = StudySummary(
      name: name, description: description, trials: try store.trials(),
      confirmations: try store.confirmations())
    let searched = try store.searchEpochs().last?.terminalText(in: StandardOutput.style) ?? ""
    try StandardOutput.write(
      options.json ? summary.json.text : summary.terminalText(in: StandardOutput.style) + searched)
  }

  private static func prepare(
    _ description: StudyDescription, threads: Int
  ) throws -> (any SearchSpace, TrialEvaluator, StudySearch?) {
    let model = try HardwareLibrary.installed.model(description.hardware)
    let images = try DatasetLibrary.standard(environment: ProcessInfo.processInfo.environment).dataset(
      description.dataset.name)
    let space = description.space.space(input: images.imageShape, classes: images.classes)
    let cost = HardwareCost(model: model, version: Joulery.version, cache: .ofUser)
    return (
      space,
      TrialEvaluator(
        objective: description.objective.objective, cost: cost,
        estimator: try description.qualityEstimator(for: images, threads: threads)),
      try search(description, of: space, cost: cost, images: images, threads: threads)
    )
  }

  /// The one-shot search that comes before the trials, on the images that they are trained on.
  private static func search(
    _ description: StudyDescription, of space: any SearchSpace, cost: HardwareCost, images: ImageDataset,
    threads: Int
  ) throws -> StudySearch? {
    guard description.strategy.name.isOneShot else { return nil }
    guard let space = space as? any OneShotSpace else {
      throw Failure(
        .badInput,
        "strategy \(description.strategy.name.rawValue): found the space \(space.name), which has no search network, "
          + "expected nas-bench-201 or darts-edges")
    }
    let count = description.dataset.training
    guard count <= images.training.count else {
      throw Failure(
        .badInput,
        "\(description.dataset.name): found \(images.training.count) training images, expected \(count); lower "
          + "dataset.training")
    }
    return try StudySearch(
      description, space: space, cost: cost, images: images.training.subset(0..<count),
      threads: threads)
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

  private func show(_ epoch: SearchEpoch, in space: any SearchSpace, _ status: StatusLine) {
    status.show(
      "epoch \(epoch.number) of the search: \(space.text(of: epoch.architecture)), \(epoch.wipedCount) wiped")
  }

  private func show(_ trials: [TrialRecord], _ status: StatusLine) {
    let summary = StudySummary(name: name, description: description, trials: trials)
    let best = summary.best.map { "best \($0.text)" } ?? "none allowed yet"
    status.show("\(trials.count { $0.state != .running })/\(description.budget.trials) trials, \(best)")
  }
}
