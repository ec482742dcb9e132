import Measures
package import Search

/// A strategy that follows what the store says was asked and answered.
package struct StrategyReplay: Sendable {
  private var strategy: any Strategy
  private let space: any SearchSpace
  private let parallelTrials: Int
  private let trialBudget: Int
  private var askedCount = 0
  private var toldCount = 0

  /// - Parameter finalists: What the study's one-shot search found.
  package init(
    _ description: StudyDescription, space: any SearchSpace, finalists: [Architecture] = []
  ) {
    self.space = space
    parallelTrials = description.parallelTrials
    trialBudget = description.budget.trials
    strategy = description.strategy.make(
      in: space, finalists: finalists, random: RandomStream(seed: UInt64(description.seed)).child(0))
  }

  /// What comes after the trials of the store.
  package enum Next: Sendable {
    case ask(number: Int, Architecture, text: String)
    case wait
    case done
  }

  /// Follows the store's trials and asks for the next.
  ///
  /// - Throws: ``StudyError`` where the store holds other trials than the strategy asks for.
  package mutating func next(after records: [TrialRecord]) throws(StudyError) -> Next {
    while askedCount < records.count {
      guard tell(upTo: askedCount - parallelTrials, records) else {
        throw StudyError(.badStore, at: "trial \(askedCount)", "it was begun before trial \(toldCount) ended")
      }
      let architecture = strategy.ask()
      guard architecture == records[askedCount].architecture else {
        throw StudyError(
          .badStore, at: "trial \(askedCount)", "the store has the network \(records[askedCount].text)",
          expected: architecture.map(space.text) ?? "no further trial",
          remedy: "the store was made by another version; begin anew under another name")
      }
      askedCount += 1
    }
    guard askedCount < trialBudget else { return .done }
    guard tell(upTo: askedCount - parallelTrials, records) else { return .wait }
    guard let architecture = strategy.ask() else { return .done }
    askedCount += 1
    return .ask(number: askedCount - 1, architecture, text: space.text(of: architecture))
  }

  /// Tells the results up to a trial, in order; whether all of them are there.
  private mutating func tell(upTo last: Int, _ records: [TrialRecord]) -> Bool {
    while toldCount <= last {
      guard let trial = records[toldCount].trial else { return false }
      strategy.tell(trial)
      toldCount += 1
    }
    return true
  }
}
