import GRDB
import Search

extension StudyStore {
  /// All trials in the order of their numbers, with or without what each epoch showed.
  package func trials(readsCurves: Bool = true) throws(StudyError) -> [TrialRecord] {
    do {
      return try database.read { database in try StudyStore.records(in: database, readsCurves: readsCurves) }
    } catch {
      throw StudyStore.failure(error, path)
    }
  }

  static func records(in database: Database, readsCurves: Bool) throws -> [TrialRecord] {
    var curves: [Int: [TrialRecord.Epoch]] = [:]
    let rows = readsCurves ? try Row.fetchAll(database, sql: "SELECT * FROM epoch ORDER BY trial, epoch") : []
    for row in rows {
      curves[row["trial"], default: []].append(
        TrialRecord.Epoch(
          trainingLoss: row["training_loss"] ?? .nan, validationAccuracy: row["validation_accuracy"]))
    }
    return try Row.fetchAll(database, sql: "SELECT * FROM trial ORDER BY number").map { row in
      try record(row, curve: curves[row["number"]] ?? [])
    }
  }

  private static func record(_ row: Row, curve: [TrialRecord.Epoch]) throws -> TrialRecord {
    let number: Int = row["number"]
    guard let state = TrialRecord.State(rawValue: row["state"]) else {
      throw StudyError(.badStore, at: "trial \(number)", "an unknown state")
    }
    var record = TrialRecord(
      number: number, architecture: Architecture(numbers(row["architecture"]).map { Int($0) }),
      text: row["text"], state: state, findings: nil, failure: row["failure"], seconds: row["seconds"])
    if state == .scored {
      record.findings = TrialRecord.Findings(
        quality: row["quality"], latency: row["latency_s"], energy: row["energy_j"],
        peakPower: row["peak_power_w"],
        score: Score(
          scalar: row["scalar"] ?? -.infinity, losses: numbers(row["losses"]), violation: row["violation"]),
        curve: curve)
    }
    return record
  }

  /// Numbers of a list such as "3 1.5 inf".
  private static func numbers(_ text: String) -> [Double] {
    text.split(separator: " ").compactMap { Double($0) }
  }

  /// Marks a trial as begun by a process.
  static func begin(
    _ number: Int, _ architecture: Architecture, text: String, worker: Int, in database: Database
  ) throws {
    try database.execute(
      sql: """
        INSERT INTO trial (number, architecture, text, state, worker, attempts) VALUES (?, ?, ?, 'running', ?, 1)
        """,
      arguments: [number, architecture.options.map(String.init).joined(separator: " "), text, worker])
  }

  /// Keeps what came of a trial.
  package func finish(
    _ number: Int, _ outcome: Result<TrialRecord.Findings, TrialFailure>, seconds: Double
  ) throws(StudyError) {
    do {
      try database.write { database in
        try database.execute(sql: "DELETE FROM epoch WHERE trial = ?", arguments: [number])
        switch outcome {
        case .failure(let failure):
          try database.execute(
            sql: "UPDATE trial SET state = 'failed', failure = ?, seconds = ? WHERE number = ?",
            arguments: [failure.message, seconds, number])
        case .success(let findings):
          let losses = findings.score.losses.map { "\($0)" }.joined(separator: " ")
          // SQLite has no infinities for numbers without a quality: they are kept as NULL.
          let scalar = findings.score.scalar.isFinite ? findings.score.scalar : nil
          try database.execute(
            sql: """
              UPDATE trial SET state = 'scored', quality = ?, latency_s = ?, energy_j = ?, peak_power_w = ?,
                scalar = ?, losses = ?, violation = ?, seconds = ? WHERE number = ?
              """,
            arguments: [
              findings.quality, findings.latency, findings.energy, findings.peakPower, scalar, losses,
              findings.score.violation, seconds, number,
            ])
          for (epoch, values) in findings.curve.enumerated() {
            try database.execute(
              sql: "INSERT INTO epoch VALUES (?, ?, ?, ?)",
              arguments: [number, epoch + 1, values.trainingLoss, values.validationAccuracy])
          }
        }
      }
    } catch {
      throw StudyStore.failure(error, path)
    }
  }
}

/// Why a trial has no score.
package struct TrialFailure: Error, Hashable, Sendable {
  package var message: String
  package init(_ message: String) { self.message = message }
}
