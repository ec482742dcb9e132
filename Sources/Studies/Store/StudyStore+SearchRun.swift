import GRDB
package import Search

/// What a worker is to do about the study's one-shot search.
package enum SearchClaim: Hashable, Sendable {
  /// Run it, from its last epoch on.
  case run
  /// Another process does.
  case wait
  /// It ended with these architectures, the best first.
  case finished([Architecture])
  /// It cannot be run.
  case failed(String)
}

extension StudyStore {
  /// Takes the search for a process unless it is done or another one that lives has it.
  ///
  /// - Parameter isAlive: Whether the process of a ``WorkerIdentity/number`` still runs.
  package func claimSearch(worker: Int, isAlive: (Int) -> Bool) throws(StudyError) -> SearchClaim {
    do {
      return try database.write { database in
        guard let row = try Row.fetchOne(database, sql: "SELECT * FROM search_run") else {
          try database.execute(
            sql: "INSERT INTO search_run (id, state, worker, attempts) VALUES (1, 'running', ?, 1)",
            arguments: [worker])
          return .run
        }
        let state: String = row["state"]
        switch state {
        case "finished":
          let text: String = row["finalists"] ?? ""
          return .finished(
            text.split(separator: ",").map { architecture in
              Architecture(architecture.split(separator: " ").compactMap { Int($0) })
            })
        case "failed": return .failed(row["failure"] ?? "")
        default: break
        }
        if isAlive(row["worker"]) { return .wait }
        guard (row["attempts"] as Int) < StudyStore.mostAttempts else {
          let failure = "its process ended \(StudyStore.mostAttempts) times before an epoch did"
          try database.execute(
            sql: "UPDATE search_run SET state = 'failed', failure = ?", arguments: [failure])
          return .failed(failure)
        }
        try database.execute(
          sql: "UPDATE search_run SET worker = ?, attempts = attempts + 1", arguments: [worker])
        return .run
      }
    } catch {
      throw StudyStore.failure(error, path)
    }
  }

  /// Keeps what the search ended with.
  package func finishSearch(_ outcome: Result<[Architecture], TrialFailure>) throws(StudyError) {
    do {
      try database.write { database in
        switch outcome {
        case .success(let finalists):
          let text = finalists.map { $0.options.map(String.init).joined(separator: " ") }
          try database.execute(
            sql: "UPDATE search_run SET state = 'finished', finalists = ?",
            arguments: [text.joined(separator: ",")])
          // The weights of the search network are of no further use.
          try database.execute(sql: "DELETE FROM search_checkpoint")
        case .failure(let failure):
          try database.execute(
            sql: "UPDATE search_run SET state = 'failed', failure = ?", arguments: [failure.message])
        }
      }
    } catch {
      throw StudyStore.failure(error, path)
    }
  }

  /// Gives the search back, so that the next process need not find out that this one is gone.
  package func releaseSearch() throws(StudyError) {
    do {
      try database.write {
        try $0.execute(sql: "UPDATE search_run SET worker = 0, attempts = 0 WHERE state = 'running'")
      }
    } catch {
      throw StudyStore.failure(error, path)
    }
  }
}
