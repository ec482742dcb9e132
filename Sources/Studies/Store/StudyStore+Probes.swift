import Foundation
import GRDB

extension StudyStore {
  /// Training losses of the probes that were trained, by their numbers.
  package func probes() throws(StudyError) -> [Int: [Double]] {
    do {
      return try database.read { database in
        let rows = try Row.fetchAll(database, sql: "SELECT number, losses FROM probe")
        return Dictionary(
          uniqueKeysWithValues: rows.map { row in
            let text: String = row["losses"]
            return (row["number"] as Int, text.split(separator: " ").compactMap { Double($0) })
          })
      }
    } catch {
      throw StudyStore.failure(error, path)
    }
  }

  /// Weights that all networks share, once they are trained.
  package func sharedWeights() throws(StudyError) -> [UInt8]? {
    do {
      return try database.read { database in
        try Data.fetchOne(database, sql: "SELECT state FROM shared_weights").map { [UInt8]($0) }
      }
    } catch {
      throw StudyStore.failure(error, path)
    }
  }

  /// Keeps the shared weights; several processes may find out the same ones.
  package func keepSharedWeights(_ state: [UInt8]) throws(StudyError) {
    do {
      try database.write {
        try $0.execute(sql: "INSERT OR IGNORE INTO shared_weights VALUES (1, ?)", arguments: [Data(state)])
      }
    } catch {
      throw StudyStore.failure(error, path)
    }
  }

  /// Keeps the losses of a probe; several processes may find out the same ones.
  package func keepProbe(_ number: Int, losses: [Double]) throws(StudyError) {
    do {
      try database.write {
        try $0.execute(
          sql: "INSERT OR IGNORE INTO probe VALUES (?, ?)",
          arguments: [number, losses.map { "\($0)" }.joined(separator: " ")])
      }
    } catch {
      throw StudyStore.failure(error, path)
    }
  }
}
