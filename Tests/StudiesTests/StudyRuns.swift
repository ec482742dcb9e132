import Foundation
import Graphs
import Hardware
import Measures
import Search
import Studies
import Testing

/// Studies from the first trial to the last: determinism, interruption, failures, several workers.
struct StudyRuns {
  /// A folder that goes when the test ends.
  final class Folder {
    let path = FileManager.default.temporaryDirectory.appending(path: "study-\(UUID().uuidString)").path()
    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(atPath: path) }
  }

  /// Quality without training: convolutions of 3 × 3 are good; some cells cannot be evaluated.
  struct CountingEstimator: QualityEstimator {
    var failing: Set<Int> = []
    func quality(
      of architecture: Architecture, in space: any SearchSpace, trial: Int
    ) throws -> (quality: Double, curve: [TrialRecord.Epoch]) {
      if failing.contains(trial) { throw TrialFailure("trial \(trial) is not meant to work") }
      let count = architecture.options.count { $0 == 3 }
      return (Double(count) / 6, [TrialRecord.Epoch(trainingLoss: Double(6 - count))])
    }
  }

  static let model: HardwareModel = {
    let library = HardwareLibrary.standard(
      environment: [:],
      currentDirectory: URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL.path(),
      executable: nil)
    do { return try library.model("edge") } catch { fatalError("\(error)") }
  }()

  private func description(_ change: (inout StudyDescription) -> Void = { _ in }) -> StudyDescription {
    var description = StudyDescription()
    description.hardware = "edge"
    description.budget.trials = 24
    description.strategy.population = 6
    change(&description)
    return description
  }

  @discardableResult
  private func run(
    _ description: StudyDescription, at path: String, failing: Set<Int> = [], trials: Int = .max
  ) throws -> [TrialRecord] {
    let store = try StudyStore(path: path, for: description)
    let worker = StudyWorker(
      description, space: NASBench201Space(channels: 8, cells: 1, input: [1, 16, 16]), store: store,
      evaluator: TrialEvaluator(
        objective: description.objective.objective,
        cost: HardwareCost(model: Self.model, version: "test", cache: nil),
        estimator: CountingEstimator(failing: failing)))
    var count = 0
    _ = try worker.run(shouldStop: { count >= trials }) { _ in count += 1 }
    return try store.trials()
  }

  private func withoutTimes(_ trials: [TrialRecord]) -> [TrialRecord] {
    trials.map {
      var trial = $0
      trial.seconds = 0
      return trial
    }
  }

  @Test func `a study that is interrupted and resumed has the trials of one that is not`() throws {
    let folder = try Folder()
    let whole = try run(description(), at: "\(folder.path)/whole.sqlite")
    #expect(whole.count == 24)
    #expect(whole.allSatisfy { $0.state == .scored })
    for cut in [1, 7, 23] {
      let path = "\(folder.path)/cut\(cut).sqlite"
      #expect(try run(description(), at: path, trials: cut).count == cut)
      let resumed = try run(description(), at: path)
      #expect(withoutTimes(resumed) == withoutTimes(whole))
    }
  }

  @Test func `a trial whose process died is begun again`() throws {
    let folder = try Folder()
    let path = "\(folder.path)/died.sqlite"
    let whole = try run(description(), at: "\(folder.path)/whole.sqlite")
    try run(description(), at: path, trials: 5)
    // As kill −9 leaves it: trial 5 is marked as running by a process that is no more.
    let store = try StudyStore(path: path, for: description())
    var replay = StrategyReplay(
      description(), space: NASBench201Space(channels: 8, cells: 1, input: [1, 16, 16]))
    guard case .trial(5, _) = try store.claim(&replay, worker: 999_999_999, isAlive: { _ in true }) else {
      Issue.record("trial 5 was expected")
      return
    }
    #expect(try store.trials().last?.state == .running)
    #expect(withoutTimes(try run(description(), at: path)) == withoutTimes(whole))
  }

  @Test func `a trial that takes down its process again and again fails in the end`() throws {
    let folder = try Folder()
    let store = try StudyStore(path: "\(folder.path)/s.sqlite", for: description())
    let space = NASBench201Space(channels: 8, cells: 1, input: [1, 16, 16])
    for attempt in 1...StudyStore.mostAttempts {
      var replay = StrategyReplay(description(), space: space)
      guard case .trial(0, _) = try store.claim(&replay, worker: attempt, isAlive: { _ in false }) else {
        Issue.record("trial 0 was expected")
        return
      }
    }
    var replay = StrategyReplay(description(), space: space)
    guard case .trial(1, _) = try store.claim(&replay, worker: 9, isAlive: { _ in false }) else {
      Issue.record("trial 1 was expected")
      return
    }
    let first = try #require(try store.trials().first)
    #expect(first.state == .failed)
    #expect(first.failure == "its process ended 3 times before the trial did")
  }

  @Test func `a process with the number of one that is gone is not taken for it`() throws {
    let own = WorkerIdentity.own
    #expect(own.isAlive)
    #expect(WorkerIdentity(own.number) == own)
    #expect(!WorkerIdentity(own.number + 1 << 22).isAlive)
    #expect(!WorkerIdentity(0).isAlive)
  }

  @Test func `curves are kept, and left out where nobody asks for them`() throws {
    let folder = try Folder()
    let path = "\(folder.path)/c.sqlite"
    let trials = try run(description { $0.budget.trials = 3 }, at: path)
    #expect(trials.allSatisfy { $0.findings?.curve.count == 1 })
    let store = try StudyStore(path: path, for: nil)
    #expect(try store.trials(readsCurves: false).allSatisfy { $0.findings?.curve.isEmpty ?? false })
  }

  @Test func `a failed trial does not end a study`() throws {
    let folder = try Folder()
    let trials = try run(description(), at: "\(folder.path)/f.sqlite", failing: [0, 3, 10])
    #expect(trials.count == 24)
    #expect(trials.filter { $0.state == .failed }.map(\.number) == [0, 3, 10])
    #expect(trials[3].failure == "trial 3 is not meant to work")
  }

  @Test func `trials that wait for none before them do not depend on who ends first`() throws {
    let folder = try Folder()
    let parallel = description { $0.parallelTrials = 4 }
    let alone = try run(parallel, at: "\(folder.path)/alone.sqlite")
    // Four workers of one process, each taking what it gets.
    let path = "\(folder.path)/four.sqlite"
    let store = try StudyStore(path: path, for: parallel)
    let space = NASBench201Space(channels: 8, cells: 1, input: [1, 16, 16])
    let evaluator = TrialEvaluator(
      objective: parallel.objective.objective,
      cost: HardwareCost(model: Self.model, version: "test", cache: nil), estimator: CountingEstimator())
    var replays = Array(repeating: StrategyReplay(parallel, space: space), count: 4)
    var running: [(number: Int, architecture: Architecture)] = []
    var random = RandomStream(seed: 3)
    var isDone = false
    while !isDone || !running.isEmpty {
      let worker = random.below(4)
      switch try store.claim(&replays[worker], worker: worker, isAlive: { _ in true }) {
      case .trial(let number, let architecture): running.append((number, architecture))
      case .wait: break
      case .done: isDone = true
      }
      #expect(running.count <= 4)
      if !running.isEmpty, random.below(2) == 0 {
        let next = running.remove(at: random.below(running.count))
        let outcome = try evaluator.evaluate(next.architecture, trial: next.number, in: space, store: store)
        try store.finish(next.number, outcome, seconds: 0)
      }
    }
    #expect(withoutTimes(try store.trials()) == withoutTimes(alone))
    // More at once is another search: fewer results are known when the strategy chooses.
    let serial = try run(description(), at: "\(folder.path)/serial.sqlite")
    #expect(serial.map(\.architecture) != alone.map(\.architecture))
  }

  @Test func `a network that is too slow is not trained`() throws {
    let folder = try Folder()
    let trials = try run(
      description {
        $0.objective.latency = {
          var wish = ObjectiveSection.Wish<Seconds>(); wish.limit = Seconds(1e-9); return wish
        }()
      },
      at: "\(folder.path)/slow.sqlite", failing: Set(0..<24))
    #expect(trials.allSatisfy { $0.state == .scored && $0.findings?.quality == nil })
    #expect(trials.allSatisfy { ($0.findings?.score.violation ?? 0) > 0 })
  }

  @Test func `what a store is not for is refused`() throws {
    let folder = try Folder()
    let path = "\(folder.path)/a.sqlite"
    try run(description(), at: path, trials: 1)
    let other = description { $0.seed = 2 }
    let error = #expect(throws: StudyError.self) { try StudyStore(path: path, for: other) }
    #expect(error?.description.contains("the store holds another study") ?? false)
    let missing = #expect(throws: StudyError.self) {
      try StudyStore(path: "\(folder.path)/none.sqlite", for: nil)
    }
    #expect(missing?.kind == .notFound)
    let broken = "\(folder.path)/broken.sqlite"
    try Data("this is no database, however long one looks at it".utf8).write(to: URL(filePath: broken))
    let damage = #expect(throws: StudyError.self) { try StudyStore(path: broken, for: nil) }
    #expect(damage?.kind == .badStore)
    #expect(damage?.description.contains("the store is damaged") ?? false)
  }

  @Test func `the same function is simulated once`() throws {
    let folder = try Folder()
    let store = try StudyStore(path: "\(folder.path)/c.sqlite", for: description())
    let space = NASBench201Space(channels: 8, cells: 1, input: [1, 16, 16])
    let cost = HardwareCost(model: Self.model, version: "test", cache: nil)
    // A skip and a sum of one path: two cells, one function.
    let first = try cost.cost(of: Architecture([3, 0, 1, 0, 0, 1]), in: space, store: store)
    let second = try cost.cost(of: Architecture([1, 0, 3, 0, 0, 1]), in: space, store: store)
    #expect(first == second)
    #expect(first.latency > 0 && first.energy > 0 && first.peakPower >= first.energy / first.latency)
  }
}
