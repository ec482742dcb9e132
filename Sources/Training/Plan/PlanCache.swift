package import Graphs
import Synchronization

/// Plans by the structure of their graphs: a network that was sampled before is not compiled again.
///
/// Safe to use from several threads; the plan that was not asked for the longest is dropped when there are too many.
package final class PlanCache: Sendable {
  private struct Key: Hashable, Sendable {
    var inputs: [Graph.Input]
    var constants: [Graph.Constant]
    var primitives: [HashablePrimitive]
    var operands: [[Value]]
    var outputs: [Graph.Output]
    var updates: [Plan.Update]
    var weights: WeightLayout?
    var threads: Int
  }

  private struct HashablePrimitive: Hashable, Sendable {
    var primitive: any Primitive

    static func == (left: HashablePrimitive, right: HashablePrimitive) -> Bool {
      AnyHashable(left.primitive) == AnyHashable(right.primitive)
    }

    func hash(into hasher: inout Hasher) { hasher.combine(AnyHashable(primitive)) }
  }

  private struct State: Sendable {
    var plans: [Key: (plan: Plan, lastUse: Int)] = [:]
    var uses = 0
    var hits = 0
  }

  private let state = Mutex(State())
  private let capacity: Int

  package init(capacity: Int = 256) { self.capacity = max(1, capacity) }

  /// How often a plan was there already.
  package var hits: Int { state.withLock { $0.hits } }

  /// The plan of a graph, compiled now or before.
  ///
  /// - Throws: ``PlanError`` as ``Plan`` does.
  package func plan(
    _ graph: Graph, updates: [Plan.Update] = [], weights: WeightLayout? = nil, threads: Int = 2
  ) throws -> Plan {
    let key = Key(
      inputs: graph.inputs, constants: graph.constants,
      primitives: graph.nodes.map { HashablePrimitive(primitive: $0.primitive) },
      operands: graph.nodes.map(\.operands),
      outputs: graph.outputs, updates: updates, weights: weights, threads: threads)
    let known = state.withLock { state -> Plan? in
      state.uses += 1
      guard let entry = state.plans[key] else { return nil }
      state.hits += 1
      state.plans[key] = (entry.plan, state.uses)
      return entry.plan
    }
    if let known { return known }
    let plan = try Plan(graph, updates: updates, weights: weights, threads: threads)
    state.withLock { state in
      if state.plans.count >= capacity,
        let oldest = state.plans.min(by: { $0.value.lastUse < $1.value.lastUse })?.key
      {
        state.plans[oldest] = nil
      }
      state.plans[key] = (plan, state.uses)
    }
    return plan
  }
}
