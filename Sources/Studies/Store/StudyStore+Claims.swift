import GRDB
package import Search

/// What a worker is to do next.
package enum Claim: Sendable {
  /// Evaluate this one.
  case trial(number: Int, architecture: Architecture)
  /// Nothing yet: trials that others evaluate must end first.
  case wait
  /// Nothing more.
  case done
}

extension StudyStore {
  /// How often a trial is begun again after its process died before it is given up.
  package static let mostAttempts = 3

  /// Takes the next trial for a process, or one whose process died.
  ///
  /// The strategy is shown results in the order of trials, and at trial n those up to n − parallel, however fast others
  /// are; so what it asks depends on nothing but the description.
  /// - Parameters:
  ///   - replay: The strategy as far as this process has followed it.
  ///   - isAlive: Whether the process of a ``WorkerIdentity/number`` still runs.
  package func claim(
    _ replay: inout StrategyReplay, worker: Int, isAlive: (Int) -> Bool
  ) throws(StudyError) -> Claim {
    var following = replay
    do {
      let claim = try database.write { database -> Claim in
        try StudyStore.giveUp(in: database, isAlive: isAlive)
        let orphan = try Row.fetchAll(
          database,
          sql: "SELECT number, architecture, worker FROM trial WHERE state = 'running' ORDER BY number"
        ).first { !isAlive($0["worker"]) }
        if let orphan {
          let number: Int = orphan["number"]
          try database.execute(
            sql: "UPDATE trial SET worker = ?, attempts = attempts + 1 WHERE number = ?",
            arguments: [worker, number])
          let text: String = orphan["architecture"]
          return .trial(
            number: number, architecture: Architecture(text.split(separator: " ").compactMap { Int($0) }))
        }
        // Strategies look at scores only; curves may be long.
        let records = try StudyStore.records(in: database, readsCurves: false)
        switch try following.next(after: records) {
        case .ask(let number, let architecture, let text):
          try StudyStore.begin(number, architecture, text: text, worker: worker, in: database)
          return .trial(number: number, architecture: architecture)
        case .wait: return .wait
        case .done: return records.contains { $0.state == .running } ? .wait : .done
        }
      }
      replay = following
      return claim
    } catch {
      throw StudyStore.failure(error, path)
    }
  }

  /// Counts trials as failed that took down their process again and again.
  private static func giveUp(in database: Database, isAlive: (Int) -> Bool) throws {
    let rows = try Row.fetchAll(
      database, sql: "SELECT number, worker FROM trial WHERE state = 'running' AND attempts >= ?",
      arguments: [mostAttempts])
    for row in rows where !isAlive(row["worker"]) {
      try database.execute(
        sql: "UPDATE trial SET state = 'failed', failure = ? WHERE number = ?",
        arguments: ["its process ended \(mostAttempts) times before the trial did", row["number"] as Int])
    }
  }
}
