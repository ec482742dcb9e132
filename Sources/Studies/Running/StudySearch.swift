package import Datasets
import Foundation
import Measures
package import Search

/// The one-shot search that a study begins with: run by one process, followed by all.
package struct StudySearch: Sendable {
  private let search: OneShotSearch
  private let section: OneShotSection
  private let objective: Objective
  private let space: any OneShotSpace
  private let cost: HardwareCost
  /// Images that weights learn from.
  private let training: LabelledImages
  /// Images that mixtures learn from.
  private let validation: LabelledImages

  /// The search of a study; nil where its strategy is no one-shot one.
  ///
  /// - Parameter images: The training images of the study, of which one half teaches weights and the other mixtures.
  /// - Throws: `DatasetError` for fewer than two images.
  package init?(
    _ description: StudyDescription, space: any OneShotSpace, cost: HardwareCost, images: LabelledImages,
    threads: Int
  ) throws {
    guard let search = description.oneShotSearch(threads: threads) else { return nil }
    self.search = search
    self.space = space
    self.cost = cost
    section = description.strategy.oneShot ?? OneShotSection()
    objective = description.objective.objective
    let half = images.count / 2
    training = try images.subset(0..<half)
    validation = try images.subset(half..<2 * half)
  }

  /// How a run of the search ended.
  package enum Ending: Hashable, Sendable {
    case finished([Architecture])
    /// Somebody asked to stop; a later run goes on behind the last epoch.
    case stopped
  }

  /// Runs the search, or waits until the process that does is through.
  ///
  /// - Parameter report: Called behind each epoch of this process.
  /// - Throws: ``StudyError`` where the store fails or the search cannot be run.
  package func run(
    store: StudyStore, worker: Int, shouldStop: () -> Bool, report: (SearchEpoch) -> Void = { _ in }
  ) throws(StudyError) -> Ending {
    while true {
      if shouldStop() { return .stopped }
      switch try store.claimSearch(
        worker: worker, isAlive: { $0 != worker && WorkerIdentity($0).isAlive })
      {
      case .wait: Thread.sleep(forTimeInterval: 0.05)
      case .finished(let finalists): return .finished(finalists)
      case .failed(let message):
        throw StudyError(
          .badInput, at: store.path, "the search failed: \(message)",
          remedy: "change the study and begin anew under another name")
      case .run:
        do {
          guard let finalists = try searched(store: store, shouldStop: shouldStop, report: report) else {
            try store.releaseSearch()
            return .stopped
          }
          try store.finishSearch(.success(finalists))
        } catch let error as StudyError {
          throw error
        } catch {
          try store.finishSearch(.failure(TrialFailure("\(error)")))
        }
      }
    }
  }

  /// The search from its last epoch to its end; nil where it was stopped.
  private func searched(
    store: StudyStore, shouldStop: () -> Bool, report: (SearchEpoch) -> Void
  ) throws -> [Architecture]? {
    let run = try OneShotRun(
      search, in: space, training: training, validation: validation, costs: try costs(store),
      checkpoint: try store.searchCheckpoint())
    while let epoch = try run.nextEpoch(shouldStop: shouldStop) {
      try store.keep(epoch, checkpoint: try run.checkpoint())
      report(epoch)
    }
    guard run.isFinished else { return nil }
    let epochs = try store.searchEpochs()
    let found = search.finalists(of: epochs, in: space, count: section.finalists)
    // In the very last round the rule wipes all but the leaders: what the mixtures like was known before.
    guard let last = epochs.last(where: { $0.entropy > 0 }) ?? epochs.last, !wanted.isEmpty else {
      return found
    }
    let present = last.isPresent.enumerated().map { choice, isPresent in
      isPresent.indices.map {
        isPresent[$0] && (search.keepsZero || $0 != space.zeroOption(ofChoice: choice))
      }
    }
    let repair = Repair(space: space, isPresent: present)
    var seen: Set<Architecture> = []
    return try found.map { architecture in
      try repair.repaired(architecture, mixtures: last.mixtures) { try standing(of: $0, store) }
    }.filter { seen.insert($0).inserted }
  }

  /// Costs that are to be held to something, to what, and whether from both sides.
  private var wanted: [(criterion: Criterion, target: Double, isEquality: Bool)] {
    objective.costs.compactMap { cost in
      (cost.target ?? cost.limit).map {
        (cost.criterion, $0, cost.target != nil && objective.form.isTwoSided)
      }
    }
  }

  /// How an architecture's costs lie to what they are held to; one that the machine cannot run exceeds everything.
  private func standing(
    of architecture: Architecture, _ store: StudyStore
  ) throws(StudyError) -> Repair.Standing {
    guard let metrics = try metrics(of: architecture, store) else {
      return Repair.Standing(excess: .infinity)
    }
    return Repair.Standing(
      excess: wanted.map { metrics[$0.criterion] / $0.target }.max() ?? 0,
      shortfall: wanted.filter(\.isEquality).map { 1 - metrics[$0.criterion] / $0.target }.max() ?? 0)
  }

  /// What the machine says; nil for an architecture that it cannot run.
  private func metrics(of architecture: Architecture, _ store: StudyStore) throws(StudyError) -> Metrics? {
    do {
      let cost = try cost.cost(of: architecture, in: space, store: store)
      return Metrics(
        quality: 0, latency: Seconds(cost.latency), energy: Joules(cost.energy),
        peakPower: Watts(cost.peakPower))
    } catch let error as StudyError {
      throw error
    } catch {
      return nil
    }
  }

  /// Networks drawn at the start of each epoch to put the table of costs right.
  private static let checks = 32

  /// The costs as the search sees them: it knows of no machine.
  private func costs(_ store: StudyStore) throws -> [PricedCost] {
    guard !wanted.isEmpty else { return [] }
    var random = RandomStream(seed: search.seed).child(1 << 40)
    var samples: [(architecture: Architecture, metrics: Metrics)] = []
    for _ in 0..<section.costSamples {
      let architecture = space.sample(using: &random)
      if let metrics = try metrics(of: architecture, store) { samples.append((architecture, metrics)) }
    }
    guard samples.count >= 2 else {
      throw TrialFailure("the machine runs none of \(section.costSamples) networks drawn from the space")
    }
    let latency = samples.reduce(0) { $0 + $1.metrics.latency } / Double(samples.count)
    return try wanted.map { criterion, target, isEquality in
      let value = { @Sendable (metrics: Metrics) in
        // A ratio does not add up, but the excess of energy over the allowed power times time does.
        criterion == .averagePower
          ? target
            + AverageCost.excess(energies: [metrics.energy], times: [metrics.latency], limit: target)[0]
            / latency
          : metrics[criterion]
      }
      let worst = samples.map { value($0.metrics) }.max() ?? target
      let cost = { @Sendable (architecture: Architecture) throws in
        try metrics(of: architecture, store).map(value) ?? worst
      }
      switch section.costModel {
      case .table:
        guard
          let table = CostTable.fitted(
            to: samples.map { ($0.architecture, value($0.metrics)) },
            radices: space.choices.map(\.options.count))
        else { throw TrialFailure("too few networks to fit a table of costs to") }
        return PricedCost(
          criterion, target: target, isEquality: isEquality,
          estimate: CheckedCostTable(table, checks: Self.checks, cost: cost))
      case .sampled:
        return PricedCost(
          criterion, target: target, isEquality: isEquality,
          estimate: SampledCost(samples: max(1, section.costSamples / 50), cost: cost))
      }
    }
  }
}
