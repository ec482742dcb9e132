import Foundation
import Measures
package import Search

/// One of the processes that work on a study: it takes trials until there are none.
package struct StudyWorker: Sendable {
  private let description: StudyDescription
  private let space: any SearchSpace
  private let store: StudyStore
  private let evaluator: TrialEvaluator
  private let search: StudySearch?

  /// - Parameter search: The search that comes before all trials, for a one-shot strategy.
  package init(
    _ description: StudyDescription, space: any SearchSpace, store: StudyStore, evaluator: TrialEvaluator,
    search: StudySearch? = nil
  ) {
    self.description = description
    self.space = space
    self.store = store
    self.evaluator = evaluator
    self.search = search
  }

  /// How a run ended.
  package enum Ending: Hashable, Sendable {
    /// All trials of the budget are done.
    case complete
    /// The time that a run may take is over.
    case outOfTime
    /// Somebody asked to stop.
    case stopped
  }

  /// Works until the study is done, its time is over, or `shouldStop` says so between trials.
  ///
  /// - Parameters:
  ///   - report: Called after each trial of this process, with what the store then holds.
  ///   - reportEpoch: Called after each epoch of the one-shot search that this process runs.
  /// - Throws: ``StudyError`` where the store fails, or the one-shot search.
  package func run(
    shouldStop: () -> Bool, report: ([TrialRecord]) -> Void, reportEpoch: (SearchEpoch) -> Void = { _ in }
  ) throws(StudyError) -> Ending {
    let clock = ContinuousClock()
    let start = clock.now
    let isLate = { description.budget.time.map { clock.now - start > .seconds($0.value) } ?? false }
    let worker = WorkerIdentity.own.number
    var finalists: [Architecture] = []
    if let search {
      switch try search.run(
        store: store, worker: worker, shouldStop: { shouldStop() || isLate() }, report: reportEpoch)
      {
      case .stopped: return isLate() ? .outOfTime : .stopped
      case .finished(let found): finalists = found
      }
    }
    let evaluator = try evaluator.prepared(in: space, store: store)
    var replay = StrategyReplay(description, space: space, finalists: finalists)
    while true {
      if shouldStop() { return .stopped }
      if isLate() { return .outOfTime }
      switch try store.claim(&replay, worker: worker, isAlive: { $0 != worker && WorkerIdentity($0).isAlive })
      {
      case .done: return .complete
      case .wait: Thread.sleep(forTimeInterval: 0.02)
      case .trial(let number, let architecture):
        let begin = clock.now
        let outcome = try evaluator.evaluate(architecture, trial: number, in: space, store: store)
        try store.finish(number, outcome, seconds: (clock.now - begin) / .seconds(1))
        report(try store.trials(readsCurves: false))
      }
    }
  }
}
