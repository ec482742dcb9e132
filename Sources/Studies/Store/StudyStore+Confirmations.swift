import GRDB
import Search

extension StudyStore {
  /// All trainings of the confirmation, by role and seed.
  package func confirmations() throws(StudyError) -> [Confirmation] {
    do {
      return try database.read { database in
        try Row.fetchAll(database, sql: "SELECT * FROM confirmation ORDER BY role, seed").map { row in
          let name: String = row["role"]
          guard let role = Confirmation.Role(rawValue: name) else {
            throw StudyError(.badStore, at: path, "a confirmation of an unknown role, '\(name)'")
          }
          let options: String = row["architecture"]
          return Confirmation(
            role: role, seed: row["seed"],
            architecture: Architecture(options.split(separator: " ").compactMap { Int($0) }),
            text: row["text"], accuracy: row["accuracy"], latency: row["latency_s"], energy: row["energy_j"])
        }
      }
    } catch {
      throw StudyStore.failure(error, path)
    }
  }

  /// Keeps a training.
  package func keep(_ confirmation: Confirmation) throws(StudyError) {
    do {
      try database.write { database in
        try database.execute(
          sql: "INSERT OR REPLACE INTO confirmation VALUES (?, ?, ?, ?, ?, ?, ?)",
          arguments: [
            confirmation.role.rawValue, confirmation.seed,
            confirmation.architecture.options.map(String.init).joined(separator: " "), confirmation.text,
            confirmation.accuracy, confirmation.latency, confirmation.energy,
          ])
      }
    } catch {
      throw StudyStore.failure(error, path)
    }
  }
}
