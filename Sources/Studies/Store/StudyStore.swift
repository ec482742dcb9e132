import Formats
import Foundation
import GRDB
import Search

/// The database of one study: its description, its trials, their curves, and what simulations cost.
///
/// An SQLite file that several processes share: each change is one transaction, and whoever dies leaves at most trials
/// that are marked as running.
package final class StudyStore: Sendable {
  package let path: String
  let database: DatabaseQueue

  /// Opens the store of a study, making it where it does not exist.
  ///
  /// - Parameter description: The study; nil to open what is there, whatever study it holds.
  /// - Throws: ``StudyError`` where there is none, it is damaged, it is of a later version, or of another study.
  package init(path: String, for description: StudyDescription?) throws(StudyError) {
    self.path = path
    guard description != nil || FileManager.default.fileExists(atPath: path) else {
      throw StudyError(
        .notFound, at: path, "there is no such study", remedy: "begin one with `joulery search`")
    }
    do {
      var configuration = Configuration()
      configuration.busyMode = .timeout(60)
      configuration.journalMode = .wal
      database = try DatabaseQueue(path: path, configuration: configuration)
      guard try !database.read(StudyStore.migrator.hasBeenSuperseded) else {
        throw StudyError(
          .badStore, at: path, "the store was written by a later version of joulery",
          remedy: "use that version")
      }
      try StudyStore.migrator.migrate(database)
      if let description { try adopt(description.yaml()) }
    } catch {
      throw StudyStore.failure(error, path)
    }
  }

  /// The tables, version by version; a released version never changes.
  private static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1") { database in
      try database.create(table: "study") { table in
        table.primaryKey("id", .integer).check { $0 == 1 }
        table.column("description", .text).notNull()
      }
      try database.create(table: "trial") { table in
        table.primaryKey("number", .integer)
        table.column("architecture", .text).notNull()
        table.column("text", .text).notNull()
        table.column("state", .text).notNull()
        table.column("worker", .integer).notNull()
        table.column("attempts", .integer).notNull()
        table.column("quality", .double)
        table.column("latency_s", .double)
        table.column("energy_j", .double)
        table.column("peak_power_w", .double)
        table.column("scalar", .double)
        table.column("losses", .text)
        table.column("violation", .double)
        table.column("failure", .text)
        table.column("seconds", .double).notNull().defaults(to: 0)
      }
      try database.create(table: "epoch") { table in
        table.column("trial", .integer).notNull().references("trial", onDelete: .cascade)
        table.column("epoch", .integer).notNull()
        table.column("training_loss", .double)
        table.column("validation_accuracy", .double)
        table.primaryKey(["trial", "epoch"])
      }
      try database.create(table: "cost") { table in
        table.column("hardware", .text).notNull()
        table.column("network", .text).notNull()
        table.column("latency_s", .double).notNull()
        table.column("energy_j", .double).notNull()
        table.column("peak_power_w", .double).notNull()
        table.primaryKey(["hardware", "network"])
      }
    }
    migrator.registerMigration("2") { database in
      // A one-shot search: what its epochs showed, as JSON, and what its last one left to go on with.
      try database.create(table: "search_epoch") { table in
        table.primaryKey("epoch", .integer)
        table.column("payload", .text).notNull()
      }
      try database.create(table: "search_checkpoint") { table in
        table.primaryKey("id", .integer).check { $0 == 1 }
        table.column("epoch", .integer).notNull()
        table.column("state", .blob).notNull()
      }
      // Who runs it, as in `trial`.
      try database.create(table: "search_run") { table in
        table.primaryKey("id", .integer).check { $0 == 1 }
        table.column("state", .text).notNull()
        table.column("worker", .integer).notNull()
        table.column("attempts", .integer).notNull()
        table.column("failure", .text)
      }
    }
    migrator.registerMigration("3") { database in
      // The architectures that the search ended with, in order.
      try database.alter(table: "search_run") { table in table.add(column: "finalists", .text) }
    }
    migrator.registerMigration("4") { database in
      // Training losses of networks that are no trials, epoch by epoch.
      try database.create(table: "probe") { table in
        table.primaryKey("number", .integer)
        table.column("losses", .text).notNull()
      }
    }
    migrator.registerMigration("confirmation") { database in
      // The best network and the reference, trained anew when all trials are done.
      try database.create(table: "confirmation") { table in
        table.column("role", .text).notNull()
        table.column("seed", .integer).notNull()
        table.column("architecture", .text).notNull()
        table.column("text", .text).notNull()
        table.column("accuracy", .double).notNull()
        table.column("latency_s", .double).notNull()
        table.column("energy_j", .double).notNull()
        table.primaryKey(["role", "seed"])
      }
    }
    migrator.registerMigration("5") { database in
      // Weights that all networks of the space share.
      try database.create(table: "shared_weights") { table in
        table.primaryKey("id", .integer).check { $0 == 1 }
        table.column("state", .blob).notNull()
      }
    }
    return migrator
  }

  /// Keeps the description in a new store; in an old one it must be the same.
  private func adopt(_ yaml: String) throws {
    let kept = try database.write { database -> String in
      if let kept = try String.fetchOne(database, sql: "SELECT description FROM study") { return kept }
      try database.execute(sql: "INSERT INTO study VALUES (1, ?)", arguments: [yaml])
      return yaml
    }
    guard kept == yaml else {
      throw StudyError(
        .badStore, at: path, "the store holds another study", expected: "the study of the same file",
        remedy: "the file was changed since: restore it, or begin anew with another name")
    }
  }

  /// The study that the store holds.
  package func description() throws(StudyError) -> StudyDescription {
    do {
      let yaml = try database.read { try String.fetchOne($0, sql: "SELECT description FROM study") }
      guard let yaml else {
        throw StudyError(
          .badStore, at: path, "the store holds no study", remedy: "begin one with `joulery search`")
      }
      return try StudyDescription.decode(yaml: yaml, file: path)
    } catch {
      throw StudyStore.failure(error, path)
    }
  }

  /// What an error of the database means to a user.
  static func failure(_ error: any Error, _ path: String) -> StudyError {
    if let error = error as? StudyError { return error }
    guard let error = error as? DatabaseError else {
      return StudyError(.badStore, at: path, "\(error)")
    }
    switch error.resultCode {
    case .SQLITE_FULL, .SQLITE_IOERR:
      return StudyError(
        .unwritable, at: path,
        "the disk does not take the results (\(error.message ?? "input or output error"))",
        remedy: "make room and resume; finished trials are kept")
    case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM:
      return StudyError(
        .unwritable, at: path, "the store cannot be opened for writing", remedy: "check the folder")
    case .SQLITE_CORRUPT, .SQLITE_NOTADB:
      return StudyError(
        .badStore, at: path, "the store is damaged", expected: "an SQLite database of joulery",
        remedy: "restore a copy, or move it away and begin anew")
    default:
      return StudyError(.badStore, at: path, "the store answers: \(error.message ?? "\(error.resultCode)")")
    }
  }
}
