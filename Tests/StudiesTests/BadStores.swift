import Foundation
import GRDB
import Measures
import Search
import Testing

@testable import Studies

/// Stores that are damaged or have no room: what is said, and that nothing is lost.
struct BadStores {
  private static let space = NASBench201Space(channels: 4, cells: 1, input: [1, 16, 16])

  private var description: StudyDescription {
    var description = StudyDescription()
    description.hardware = "edge"
    description.budget.trials = 40
    description.strategy.name = .random
    return description
  }

  @discardableResult
  private func run(_ store: StudyStore) throws -> [TrialRecord] {
    let worker = StudyWorker(
      description, space: Self.space, store: store,
      evaluator: TrialEvaluator(
        objective: description.objective.objective,
        cost: HardwareCost(model: StudyRuns.model, version: "test", cache: nil),
        estimator: StudyRuns.CountingEstimator()))
    _ = try worker.run(shouldStop: { false }) { _ in }
    return try store.trials().map {
      var trial = $0
      trial.seconds = 0
      return trial
    }
  }

  @Test func `a disk that is full ends the study with all that was kept, and it goes on when there is room`()
    throws
  {
    let folder = try StudyRuns.Folder()
    let whole = try run(StudyStore(path: "\(folder.path)/whole.sqlite", for: description))
    let path = "\(folder.path)/full.sqlite"
    do {
      let store = try StudyStore(path: path, for: description)
      // Two pages beyond the empty tables.
      try store.database.writeWithoutTransaction { database in
        let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
        try database.execute(sql: "PRAGMA max_page_count = \(pages + 2)")
      }
      let error = #expect(throws: StudyError.self) { try run(store) }
      #expect(error?.kind == .unwritable)
      #expect(error?.description.contains("make room and resume; finished trials are kept") ?? false)
    }
    let store = try StudyStore(path: path, for: nil)
    let kept = try store.trials()
    #expect(kept.count { $0.state == .scored } > 0 && kept.count < whole.count)
    #expect(try run(store) == whole)
  }

  @Test func `a store whose pages are damaged says so`() throws {
    let folder = try StudyRuns.Folder()
    let path = "\(folder.path)/s.sqlite"
    try run(StudyStore(path: path, for: description))
    var bytes = try Data(contentsOf: URL(filePath: path))
    let first = 4096
    try #require(bytes.count > 4 * first)
    // All pages but the first, which says what tables there are.
    for index in first..<bytes.count { bytes[index] = 0xA5 }
    try bytes.write(to: URL(filePath: path))
    let error = #expect(throws: StudyError.self) {
      let store = try StudyStore(path: path, for: nil)
      _ = try store.description()
      _ = try store.trials()
    }
    #expect(error?.kind == .badStore)
    #expect(error?.description.contains("the store is damaged") ?? false, "\(error?.description ?? "")")
  }

  @Test func `a limit that no network keeps leaves a study with its nearest one`() throws {
    let folder = try StudyRuns.Folder()
    var description = description
    description.budget.trials = 6
    description.objective.energy = {
      var wish = ObjectiveSection.Wish<Joules>()
      wish.limit = Joules(1e-12)
      return wish
    }()
    let store = try StudyStore(path: "\(folder.path)/l.sqlite", for: description)
    let worker = StudyWorker(
      description, space: Self.space, store: store,
      evaluator: TrialEvaluator(
        objective: description.objective.objective,
        cost: HardwareCost(model: StudyRuns.model, version: "test", cache: nil),
        estimator: StudyRuns.CountingEstimator()))
    #expect(try worker.run(shouldStop: { false }) { _ in } == .complete)
    let summary = StudySummary(name: "l", description: description, trials: try store.trials())
    #expect(summary.best == nil && summary.front.isEmpty && summary.openFront.isEmpty)
    let energies = summary.trials.compactMap { $0.findings?.energy }
    #expect(summary.nearest?.findings?.energy == energies.min())
  }
}
