import Datasets
import Foundation
import Measures
import Search
import Studies
import Testing

/// Studies that begin with a one-shot search: interruption, death, several workers, targets, failure.
struct StudySearches {
  static let space = NASBench201Space(channels: 4, cells: 1, input: [1, 8, 8])

  private func description(_ change: (inout StudyDescription) -> Void = { _ in }) -> StudyDescription {
    var description = StudyDescription()
    description.hardware = "edge"
    description.budget.trials = 5
    description.strategy.name = .xnas
    var section = OneShotSection()
    section.epochs = 4
    section.batch = 16
    section.costSamples = 20
    section.finalists = 2
    description.strategy.oneShot = section
    change(&description)
    return description
  }

  private func search(_ description: StudyDescription) throws -> StudySearch {
    let images = try ProceduralImages(extent: 8, seed: 3).images(64)
    return try #require(
      try StudySearch(description, space: Self.space, cost: cost, images: images, threads: 1))
  }

  private var cost: HardwareCost { HardwareCost(model: StudyRuns.model, version: "test", cache: nil) }

  /// Works on a study until `shouldStop`, which is told of epochs and trials so far.
  @discardableResult
  private func run(
    _ description: StudyDescription, at path: String, stopsBehind count: Int = .max
  ) throws -> StudyWorker.Ending {
    let store = try StudyStore(path: path, for: description)
    let worker = StudyWorker(
      description, space: Self.space, store: store,
      evaluator: TrialEvaluator(
        objective: description.objective.objective, cost: cost, estimator: StudyRuns.CountingEstimator()),
      search: try search(description))
    var done = 0
    return try worker.run(
      shouldStop: { done >= count }, report: { _ in done += 1 }, reportEpoch: { _ in done += 1 })
  }

  private func contents(_ path: String) throws -> (trials: [TrialRecord], epochs: [SearchEpoch]) {
    let store = try StudyStore(path: path, for: nil)
    let trials = try store.trials().map {
      var trial = $0
      trial.seconds = 0
      return trial
    }
    let epochs = try store.searchEpochs().map {
      var epoch = $0
      epoch.seconds = 0
      return epoch
    }
    return (trials, epochs)
  }

  @Test(arguments: [StrategySection.Name.xnas, .gaea, .darts, .softmaxGradient])
  func `a study that is interrupted at any point ends as one that is not`(
    name: StrategySection.Name
  ) throws {
    let folder = try StudyRuns.Folder()
    var latency = ObjectiveSection.Wish<Seconds>()
    latency.target = Seconds(5e-6)
    let description = description {
      $0.strategy.name = name
      $0.objective.latency = latency
    }
    #expect(try run(description, at: "\(folder.path)/whole.sqlite") == .complete)
    let whole = try contents("\(folder.path)/whole.sqlite")
    #expect(whole.epochs.count == 4 && whole.trials.count == 5)
    #expect(whole.epochs.allSatisfy { $0.prices.count == 1 && ($0.prices[0].determination ?? 0) > 0.5 })
    for cut in [1, 3, 4, 6] {
      let path = "\(folder.path)/cut\(cut).sqlite"
      #expect(try run(description, at: path, stopsBehind: cut) == .stopped)
      #expect(try run(description, at: path) == .complete)
      let resumed = try contents(path)
      #expect(resumed.epochs == whole.epochs)
      #expect(resumed.trials == whole.trials)
    }
  }

  @Test func `the first trial is what the search found`() throws {
    let folder = try StudyRuns.Folder()
    try run(description(), at: "\(folder.path)/s.sqlite")
    let (trials, epochs) = try contents("\(folder.path)/s.sqlite")
    #expect(trials[0].architecture == epochs[3].architecture)
    #expect(Set(trials.map(\.architecture)).count == 5)
  }

  @Test func `a search whose process died goes on behind its last epoch`() throws {
    let folder = try StudyRuns.Folder()
    let path = "\(folder.path)/died.sqlite"
    try run(description(), at: "\(folder.path)/whole.sqlite")
    try run(description(), at: path, stopsBehind: 2)
    // As kill −9 leaves it: somebody who is no more has it.
    let store = try StudyStore(path: path, for: nil)
    #expect(try store.claimSearch(worker: 999_999_999, isAlive: { _ in false }) == .run)
    #expect(try store.claimSearch(worker: 1, isAlive: { $0 == 999_999_999 }) == .wait)
    #expect(try run(description(), at: path) == .complete)
    #expect(try contents(path).epochs == contents("\(folder.path)/whole.sqlite").epochs)
  }

  @Test func `a search that takes down its process again and again fails in the end`() throws {
    let folder = try StudyRuns.Folder()
    let store = try StudyStore(path: "\(folder.path)/s.sqlite", for: description())
    for attempt in 1...StudyStore.mostAttempts {
      #expect(try store.claimSearch(worker: 999_999_990 + attempt, isAlive: { _ in false }) == .run)
    }
    let error = #expect(throws: StudyError.self) { try run(description(), at: store.path) }
    #expect(error?.description.contains("its process ended 3 times before an epoch did") ?? false)
    // Progress in between forgives.
    let other = try StudyStore(path: "\(folder.path)/o.sqlite", for: description())
    for attempt in 1...5 {
      #expect(try other.claimSearch(worker: attempt, isAlive: { _ in false }) == .run)
      try other.keep(SearchEpochs.epoch(attempt), checkpoint: [])
    }
  }

  @Test func `a search that diverges says so, and the study does not go on`() throws {
    let folder = try StudyRuns.Folder()
    let description = description { $0.strategy.oneShot?.rate = 1e38 }
    for _ in 0..<2 {
      let error = #expect(throws: StudyError.self) { try run(description, at: "\(folder.path)/s.sqlite") }
      #expect(error?.description.contains("the search failed: epoch") ?? false)
      #expect(error?.description.contains("a loss that is no number") ?? false)
    }
  }

  @Test(arguments: [OneShotSection.CostModel.table, .sampled])
  func `what a search finds keeps its targets on the machine`(model: OneShotSection.CostModel) throws {
    let folder = try StudyRuns.Folder()
    let store = try StudyStore(path: "\(folder.path)/c.sqlite", for: description())
    let all = try ["333333", "111111", "000000"].map { code in
      try cost.cost(of: try #require(Self.space.architecture(code)), in: Self.space, store: store)
    }
    // Between the dearest and the cheapest that computes something.
    var latency = ObjectiveSection.Wish<Seconds>()
    latency.target = Seconds((all[0].latency + all[1].latency) / 2)
    var power = ObjectiveSection.Wish<Watts>()
    power.limit = Watts(all.map { $0.energy / $0.latency }.max() ?? 1)
    let description = description {
      $0.objective.latency = latency
      $0.objective.averagePower = power
      $0.strategy.oneShot?.costModel = model
    }
    try run(description, at: "\(folder.path)/s.sqlite")
    let trials = try contents("\(folder.path)/s.sqlite").trials
    #expect(try #require(trials[0].findings).latency <= latency.target?.value ?? 0)
  }

  @Test func `the absolute form holds a network up to its target as well`() throws {
    let folder = try StudyRuns.Folder()
    let store = try StudyStore(path: "\(folder.path)/c.sqlite", for: description())
    let all = try ["333333", "111111"].map { code in
      try cost.cost(of: try #require(Self.space.architecture(code)), in: Self.space, store: store).latency
    }
    let target = 0.2 * all[1] + 0.8 * all[0]
    func found(_ form: ObjectiveSection.Form) throws -> Double {
      var latency = ObjectiveSection.Wish<Seconds>()
      latency.target = Seconds(target)
      let description = description {
        $0.objective.latency = latency
        $0.objective.form = form
        // Mixtures stay nearly even, so that the cell is one of cheap operations.
        $0.strategy.oneShot?.mixtureRate = 1e-9
      }
      let path = "\(folder.path)/\(form.rawValue).sqlite"
      try run(description, at: path)
      return try #require(try contents(path).trials[0].findings).latency
    }
    #expect(try found(.oneSidedAbsolute) < 0.9 * target)
    let held = try found(.absolute)
    #expect(held <= target && held >= 0.9 * target)
  }

  @Test func `a section that does not fit the study is refused`() throws {
    func finding(_ yaml: String) -> String? {
      let error = #expect(throws: StudyError.self) {
        try StudyDescription.decode(yaml: "hardware: edge\n" + yaml, file: "s.yaml")
      }
      return error?.description
    }
    #expect(
      finding("strategy: {name: random, one-shot: {epochs: 3}}")?.contains("the strategy is random") ?? false)
    #expect(
      finding("strategy: {name: xnas, one-shot: {batch: 200}}")?.contains("halved, in batches of 200")
        ?? false)
    #expect(
      finding("strategy: {name: darts, one-shot: {redo: true}}")?.contains("rewards are of validation images")
        ?? false)
    let study = try StudyDescription.decode(
      yaml: "hardware: edge\nstrategy: {name: xnas, one-shot: {rounds: per-batch, skip-limit: 2}}",
      file: "s.yaml")
    #expect(study.oneShotSearch(threads: 1)?.countsSamples == false)
    #expect(study.oneShotSearch(threads: 1)?.skipLimit == 2)
    #expect(try StudyDescription.decode(yaml: study.yaml(), file: "again.yaml") == study)
  }
}
