import Foundation
import GRDB
package import Search

extension StudyStore {
  /// What each epoch of the study's one-shot search showed, in order; none where its strategy is another.
  package func searchEpochs() throws(StudyError) -> [SearchEpoch] {
    do {
      return try database.read { database in
        try String.fetchAll(database, sql: "SELECT payload FROM search_epoch ORDER BY epoch").map {
          try StudyStore.decoder.decode(SearchEpoch.self, from: Data($0.utf8))
        }
      }
    } catch {
      throw StudyStore.failure(error, path)
    }
  }

  /// Keeps what an epoch showed, and with it, in one transaction, all that it takes to go on behind it.
  package func keep(_ epoch: SearchEpoch, checkpoint: [UInt8]) throws(StudyError) {
    do {
      let payload = String(decoding: try StudyStore.encoder.encode(epoch), as: UTF8.self)
      try database.write { database in
        try database.execute(
          sql: "INSERT OR REPLACE INTO search_epoch VALUES (?, ?)", arguments: [epoch.number, payload])
        try database.execute(
          sql: "INSERT OR REPLACE INTO search_checkpoint VALUES (1, ?, ?)",
          arguments: [epoch.number, Data(checkpoint)])
        // Only deaths without progress in between count against the search.
        try database.execute(sql: "UPDATE search_run SET attempts = 1")
      }
    } catch {
      throw StudyStore.failure(error, path)
    }
  }

  /// What the search's last epoch left to go on with; nil before its first.
  package func searchCheckpoint() throws(StudyError) -> [UInt8]? {
    do {
      return try database.read { database in
        try Data.fetchOne(database, sql: "SELECT state FROM search_checkpoint").map { [UInt8]($0) }
      }
    } catch {
      throw StudyStore.failure(error, path)
    }
  }

  private static var encoder: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    encoder.keyEncodingStrategy = .convertToSnakeCase
    return encoder
  }

  private static var decoder: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return decoder
  }
}
