package import Compiler
import Formats
import GRDB
import Graphs
package import Hardware
import Measures
package import Search
import Simulator

/// What a network takes on a machine, found by simulating it; the same function is simulated once.
package struct HardwareCost: Sendable {
  /// Seconds, joules and watts of one image.
  package struct Cost: Hashable, Sendable {
    package var latency: Double
    package var energy: Double
    package var peakPower: Double
  }

  private let model: HardwareModel
  /// Stands for the machine and the version of the simulator in the store.
  private let key: String
  private let cache: MappingCache?

  package init(model: HardwareModel, version: String, cache: MappingCache?) {
    self.model = model
    self.cache = cache
    key = "\(version) \(sha256(of: Array(model.yaml().utf8)))"
  }

  /// The cost of an architecture, from the store where it is there.
  ///
  /// - Throws: `ShapeError`, `CompileError` or `SimulationError` for a network that the machine cannot run;
  ///   ``StudyError`` where the store cannot be read or written.
  package func cost(
    of architecture: Architecture, in space: any SearchSpace, store: StudyStore
  ) throws -> Cost {
    let form = space.canonicalForm(of: architecture)
    if let kept = try store.cost(hardware: key, network: form) { return kept }
    let graph = try space.network(architecture, batch: 1)
    let program = try GraphCompiler(for: model, cache: cache).compile(graph).program
    let result = try Machine(model).run(program)
    let cost = Cost(
      latency: result.latency.value, energy: result.energy.value, peakPower: result.peakPower.value)
    try store.keep(cost, hardware: key, network: form)
    return cost
  }
}

extension StudyStore {
  fileprivate func cost(hardware: String, network: String) throws(StudyError) -> HardwareCost.Cost? {
    do {
      return try database.read { database in
        try Row.fetchOne(
          database, sql: "SELECT * FROM cost WHERE hardware = ? AND network = ?",
          arguments: [hardware, network])
      }.map {
        HardwareCost.Cost(latency: $0["latency_s"], energy: $0["energy_j"], peakPower: $0["peak_power_w"])
      }
    } catch {
      throw StudyStore.failure(error, path)
    }
  }

  fileprivate func keep(_ cost: HardwareCost.Cost, hardware: String, network: String) throws(StudyError) {
    do {
      try database.write {
        try $0.execute(
          sql: "INSERT OR REPLACE INTO cost VALUES (?, ?, ?, ?, ?)",
          arguments: [hardware, network, cost.latency, cost.energy, cost.peakPower])
      }
    } catch {
      throw StudyStore.failure(error, path)
    }
  }
}
