import GRDB

extension StudyStore {
  /// How many networks were simulated; equal functions count once.
  package func simulationCount() throws(StudyError) -> Int {
    do {
      return try database.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM cost") ?? 0 }
    } catch {
      throw StudyStore.failure(error, path)
    }
  }
}
