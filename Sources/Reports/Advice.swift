import Hardware
import Measures
import Simulator

/// One thing that keeps a run from being faster or leaner, and which keys of the machine bear on it.
package struct Advice: Hashable, Sendable {
  /// What was found, with its share: "12.5 % of the cycles go to waiting for loads".
  package var finding: String
  /// What to try.
  package var remedy: String
  /// Keys of the hardware file that change it.
  package var keys: [String]

  /// The whole as one sentence.
  package var sentence: String { "\(finding): \(remedy) (\(keys.joined(separator: ", ")))" }
}

extension RunReport {
  /// What costs most and can be changed, the largest loss of cycles first, then idle cells, then energy; at most four.
  package var advice: [Advice] {
    let idle = idleCores
    let losses = result.arrayCyclesByCause.bySize.filter {
      // Cores without a network wait for the others all the time; that is said in words of its own.
      $0.cause != .compute && !(idle != nil && $0.cause == .otherCores)
        && Double($0.cycles) >= 0.03 * Double(result.arrayCycles)
    }
    let cycles = losses.map { loss in
      Advice(
        finding: "\(percent(loss.cycles, of: result.arrayCycles)) of the cycles go to \(loss.cause.phrase)",
        remedy: loss.cause.remedy, keys: loss.cause.keys)
    }
    let advice = ([idle].compactMap { $0 } + cycles.prefix(2) + [idleCells, memoryEnergy].compactMap { $0 })
      .prefix(4)
    return advice.map { entry in
      var named = entry
      named.keys = entry.keys.map(settable)
      return named
    }
  }

  /// The key as `--set` takes it: scratchpads are set by name, here the one that holds the activations.
  private func settable(_ key: String) -> String {
    let section = "scratchpads."
    guard key.hasPrefix(section), let index = hardware.model.scratchpadIndex(holding: .activations) else {
      return key
    }
    return section + hardware.model.scratchpads[index].name + "." + key.dropFirst(section.count)
  }

  /// Cores that no network runs on.
  private var idleCores: Advice? {
    let idle = cores.indices.count { core in !tenants.contains { $0.core == core } }
    guard idle > 0, !tenants.isEmpty else { return nil }
    return Advice(
      finding: "\(idle) of \(cores.count) cores have no network",
      remedy: "run more networks at once, or fewer cores", keys: ["cores"])
  }

  /// Cells without useful work in cycles in which the array computes.
  private var idleCells: Advice? {
    let computing = result.arrayCyclesByCause.first { $0.cause == .compute }?.cycles ?? 0
    guard computing > 0, result.cycles > 0 else { return nil }
    let busy = result.macUtilization * Double(result.arrayCycles) / Double(computing)
    guard busy < 0.85, Double(computing) > 0.1 * Double(result.arrayCycles) else { return nil }
    return Advice(
      finding: "While the array computes, \(percent(1 - busy)) of its multipliers have nothing to do",
      remedy:
        "the layers do not fill it; try another shape or dataflow, more samples in one run, or a smaller array",
      keys: ["array.rows", "array.columns", "array.dataflows"])
  }

  private var memoryEnergy: Advice? {
    guard result.energy > .zero,
      let memory = result.energyByComponent.first(where: { $0.component == .dram }),
      memory.energy / result.energy > 0.5
    else { return nil }
    return Advice(
      finding: "\(percent(memory.energy / result.energy)) of the energy goes to main memory",
      remedy: "more on-chip memory keeps activations and weights from travelling",
      keys: ["scratchpads.capacity", "memory.dram"])
  }
}

extension CycleCause {
  /// What an architect can try against it.
  var remedy: String {
    switch self {
    case .compute: "a larger or faster array does the same work in fewer cycles"
    case .preload: "load the next stationary operand while the current one is in use, or several rows at once"
    case .fillDrain: "let the next fold start while the last one drains, or use longer tiles"
    case .bankConflict: "more banks, a second port, or memories of their own for activations and weights"
    case .memoryLoad: "more memory bandwidth, or more on-chip memory so that less has to be loaded"
    case .memoryStore: "more memory bandwidth, or more on-chip memory so that less has to be stored"
    case .vector: "a wider or faster vector unit"
    case .issue: "deeper queues or a faster sequencer"
    case .contention: "more memory bandwidth, more on-chip memory, or fewer cores at once"
    case .otherCores: "another way of sharing the work out, more samples in one run, or fewer cores"
    }
  }

  /// The keys of the hardware file that bear on it.
  var keys: [String] {
    switch self {
    case .compute: ["array.rows", "array.columns", "clock"]
    case .preload: ["array.overlaps-preload", "array.preload-rows-per-cycle"]
    case .fillDrain: ["array.overlaps-folds", "array.minimum-fold"]
    case .bankConflict: ["scratchpads.banks", "scratchpads.ports"]
    case .memoryLoad, .memoryStore: ["memory.channels", "scratchpads.capacity"]
    case .vector: ["vector.lanes", "vector.cycles-per-step"]
    case .issue: ["sequencer.issue", "sequencer.queue-depth"]
    case .contention: ["memory.channels", "interconnect.port", "interconnect.arbitration"]
    case .otherCores: ["cores", "interconnect.latency"]
    }
  }
}
