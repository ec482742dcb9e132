import Foundation
import Measures
package import Search

/// One of the processes that work on a study: it takes trials until there are none.
package struct StudyWorker: Sendable {
  private let description: StudyDescription
  private let space: any SearchSpace
  private let store: StudyStore
  private let evaluator: TrialEvaluator

  package init(
    _ description: StudyDescription, space: any SearchSpace, store: StudyStore, evaluator: TrialEvaluator
  ) {
    self.description = description
    self.space = space
    self.store = store
    self.evaluator = evaluator
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
  /// - Parameter report: Called after each trial of this process, with what the store then holds.
  /// - Throws: ``StudyError`` where the store fails.
  package func run(
    shouldStop: () -> Bool, report: ([TrialRecord]) -> Void
  ) throws(StudyError) -> Ending {
    var replay = StrategyReplay(description, space: space)
    let clock = ContinuousClock()
    let start = clock.now
    let worker = WorkerIdentity.own.number
    while true {
      if shouldStop() { return .stopped }
      if let time = description.budget.time, clock.now - start > .seconds(time.value) { return .outOfTime }
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
