import Hardware
package import Measures
import Simulator

/// Bytes in use of one on-chip memory over the run, as steps.
package struct OccupancySeries: Hashable, Sendable {
  package var name: String
  package var capacity: Bytes
  package var steps: [Step]

  /// From `cycle` on, `bytes` are in use.
  package struct Step: Hashable, Sendable {
    package var cycle: Int
    package var bytes: Int
  }
}

extension RunReport {
  /// The occupancy of each on-chip memory that the program uses, in the order of the machine's file.
  ///
  /// A step takes effect when its instruction starts; where units run ahead of one another, a later step never takes
  /// effect before an earlier one.
  package var occupancy: [OccupancySeries] {
    guard !cores.isEmpty else { return occupancy(of: CoreRun(program: program, result: result), suffix: "") }
    return cores.enumerated().flatMap { occupancy(of: $1, suffix: " of core \($0)") }
  }

  private func occupancy(of core: CoreRun, suffix: String) -> [OccupancySeries] {
    hardware.model.scratchpads.enumerated().compactMap { index, scratchpad in
      var steps: [OccupancySeries.Step] = []
      for step in core.program.occupancy where Int(step.memory) == index {
        let instruction = Int(step.instruction)
        guard core.result.timeline.indices.contains(instruction) else { continue }
        let cycle = max(steps.last?.cycle ?? 0, core.result.timeline[instruction].start)
        if steps.last?.cycle == cycle { steps.removeLast() }
        steps.append(.init(cycle: cycle, bytes: step.bytes))
      }
      return steps.isEmpty
        ? nil : OccupancySeries(name: scratchpad.name + suffix, capacity: scratchpad.capacity, steps: steps)
    }
  }
}
