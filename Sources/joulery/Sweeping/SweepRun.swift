import Compiler
import Dispatch
import Formats
import FoundationEssentials
import Hardware
import Reports
import Synchronization

/// Runs the points of a sweep that have not run, several at a time, and keeps what is finished in its table.
final class SweepRun: Sendable {
  /// A point with everything it takes to run it, or with what is wrong with its machine.
  struct Job: Sendable {
    var network: NetworkSource
    var hardware: Result<HardwareSource, Failure>
  }

  private struct State {
    var sweep: Sweep
    var next = 0
    var finished: Int
    /// When the table was last written, and how long that took.
    var lastSave: ContinuousClock.Instant
    var saving = Duration.zero
  }

  private let tasks: [Job]
  private let table: String?
  private let cache: MappingCache?
  private let status: StatusLine
  private let interruption: Interruption
  private let state: Mutex<State>

  /// Prepares a run.
  ///
  /// - Parameters:
  ///   - sweep: The points, those of earlier runs with their outcome.
  ///   - tasks: One for each point.
  ///   - table: Where finished points are kept while the sweep runs; nil to keep them in memory only.
  init(
    _ sweep: Sweep, tasks: [Job], table: String?, cache: MappingCache?, status: StatusLine,
    interruption: Interruption
  ) {
    self.tasks = tasks
    self.table = table
    self.cache = cache
    self.status = status
    self.interruption = interruption
    let finished = sweep.points.count { $0.outcome != nil }
    state = Mutex(State(sweep: sweep, finished: finished, lastSave: .now))
  }

  /// Runs all points that are open on `jobs` threads, and returns the sweep.
  ///
  /// - Throws: ``Failure`` where the table cannot be written.
  func run(jobs: Int) throws -> Sweep {
    interruption.onEnd { [self] in keep() }
    let failure = Mutex<Failure?>(nil)
    DispatchQueue.concurrentPerform(iterations: jobs) { _ in
      while failure.withLock({ $0 == nil }), let index = take() {
        do {
          try finish(index, with: outcome(of: tasks[index]))
        } catch {
          failure.withLock { $0 = $0 ?? Failure(error) }
        }
      }
    }
    status.clear()
    interruption.onEnd(nil)
    if let failure = failure.withLock({ $0 }) { throw failure }
    return state.withLock { $0.sweep }
  }

  /// The next point that has no outcome.
  private func take() -> Int? {
    state.withLock { state in
      while state.next < tasks.count {
        state.next += 1
        if state.sweep.points[state.next - 1].outcome == nil { return state.next - 1 }
      }
      return nil
    }
  }

  private func outcome(of job: Job) -> Sweep.Outcome {
    do {
      let report = try Simulation(
        network: job.network, hardware: try job.hardware.get(), cache: cache,
        status: StatusLine(isQuiet: true)
      ).run()
      return .figures(Sweep.Figures(report.summary))
    } catch {
      return .failed(Failure(error))
    }
  }

  private func finish(_ index: Int, with outcome: Sweep.Outcome) throws {
    try state.withLock { state in
      state.sweep.points[index].outcome = outcome
      state.finished += 1
      status.show("\(state.finished) of \(tasks.count) points")
      // Writing the table takes at most a twentieth of the time.
      guard table != nil, state.lastSave.duration(to: .now) > state.saving * 20 else { return }
      let start = ContinuousClock.now
      try save(state.sweep)
      state.lastSave = .now
      state.saving = start.duration(to: state.lastSave)
    }
  }

  private func save(_ sweep: Sweep) throws {
    guard let table else { return }
    var files = OutputFiles(interruption: interruption)
    try files.add(sweep.csv, at: table)
    try files.commit()
  }

  /// Keeps what is finished when the run is interrupted; what to tell the user.
  private func keep() -> String {
    state.withLock { state in
      guard let table, state.finished > 0 else { return "interrupted; nothing was kept" }
      do {
        try save(state.sweep)
      } catch {
        return "interrupted; \(Failure(error).findings.joined(separator: "; "))"
      }
      return
        "interrupted; \(table) keeps \(state.finished) of \(tasks.count) points, run the same command to go on"
    }
  }
}

extension Sweep.Outcome {
  /// The outcome of a point that ended like this.
  static func failed(_ failure: Failure) -> Sweep.Outcome {
    .failed(status: failure.status.rawValue, finding: failure.findings.joined(separator: "; "))
  }
}
