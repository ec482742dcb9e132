import Hardware
import Measures

extension SimulationResult {
  /// The result of cores that ran side by side for the same cycles.
  ///
  /// Where a core has the layers of the core before it by name, they are parts of the same layers and become one; where
  /// cores run different layers they follow each other. Causes are added up over the cores. The timeline has the instructions of core after
  /// core.
  ///
  /// - Parameter macsPerCycle: What one array does at its peak in the programs' format.
  init(merging cores: [SimulationResult], macsPerCycle: Double) {
    let cycles = cores[0].cycles
    let layers = Self.mergedLayers(cores.map(\.layers), macsPerCycle: macsPerCycle)
    let byComponent = Component.allCases.map { component in
      layers.reduce(0.0) { $0 + $1.energyByComponent[component.index].value }
    }
    let counts = cores.dropFirst().reduce(cores[0].counts) { $0 + $1.counts }
    let slots = Double(cycles) * macsPerCycle * Double(cores.count)
    self.init(
      clock: cores[0].clock, cycles: cycles, energy: Joules(byComponent.reduce(0, +)),
      energyByComponent: Component.allCases.filter { byComponent[$0.index] > 0 }.map {
        ComponentEnergy(component: $0, energy: Joules(byComponent[$0.index]))
      },
      arrayCyclesByCause: CycleCause.allCases.indices.map { cause in
        CauseCycles(
          cause: CycleCause.allCases[cause],
          cycles: cores.reduce(0) { $0 + $1.arrayCyclesByCause[cause].cycles })
      },
      layers: layers, power: PowerTrace(adding: cores.map(\.power)), counts: counts,
      timeline: cores.flatMap(\.timeline), macUtilization: slots == 0 ? 0 : Double(counts.macs) / slots,
      cores: cores.count)
    contendedCycles = cores.reduce(0) { $0 + $1.contendedCycles }
  }

  private static func mergedLayers(_ cores: [[LayerResult]], macsPerCycle: Double) -> [LayerResult] {
    var merged = cores[0]
    for layers in cores.dropFirst() {
      if layers.map(\.name) == merged.suffix(layers.count).map(\.name) {
        let first = merged.count - layers.count
        for index in layers.indices { merged[first + index].add(layers[index], macsPerCycle: macsPerCycle) }
      } else {
        merged += layers
      }
    }
    return merged
  }
}

extension LayerResult {
  /// Adds the part of another core.
  fileprivate mutating func add(_ part: LayerResult, macsPerCycle: Double) {
    if part.endCycle > 0 {
      startCycle = endCycle > 0 ? min(startCycle, part.startCycle) : part.startCycle
      endCycle = max(endCycle, part.endCycle)
    }
    computeCycles += part.computeCycles
    macs += part.macs
    energy = Joules(energy.value + part.energy.value)
    energyByComponent = zip(energyByComponent, part.energyByComponent).map { Joules($0.value + $1.value) }
    dramReadBytes += part.dramReadBytes
    dramWriteBytes += part.dramWriteBytes
    if let use = part.arrayUse { arrayUse = arrayUse.map { $0 + use } ?? use }
    // A core that had no part of the layer has no cycles of it.
    func working(_ layer: LayerResult) -> Int {
      layer.cyclesByCause.contains { $0.cycles > 0 } ? layer.cores : 0
    }
    cores = max(1, working(self) + working(part))
    cyclesByCause = zip(cyclesByCause, part.cyclesByCause).map {
      CauseCycles(cause: $0.cause, cycles: $0.cycles + $1.cycles)
    }
    let cycles = cyclesByCause.reduce(0) { $0 + $1.cycles }
    macUtilization = cycles == 0 ? 0 : Double(macs) / (Double(cycles) * macsPerCycle)
  }
}

extension ActionCounts {
  /// The actions of two cores.
  fileprivate static func + (left: Self, right: Self) -> Self {
    var sum = left
    sum.macs += right.macs
    sum.arrayCellCycles += right.arrayCellCycles
    sum.scratchpadReads = zip(left.scratchpadReads, right.scratchpadReads).map(+)
    sum.scratchpadWrites = zip(left.scratchpadWrites, right.scratchpadWrites).map(+)
    sum.vectorElements += right.vectorElements
    sum.dmaBytes += right.dmaBytes
    sum.instructions += right.instructions
    sum.memoryReadBytes += right.memoryReadBytes
    sum.memoryWriteBytes += right.memoryWriteBytes
    sum.dramActivates += right.dramActivates
    sum.dramRefreshes += right.dramRefreshes
    return sum
  }
}

extension PowerTrace {
  /// The power of cores whose windows are the same.
  fileprivate init(adding cores: [PowerTrace]) {
    self = cores[0]
    for core in cores.dropFirst() {
      watts = zip(watts, core.watts).map { Watts($0.value + $1.value) }
      wattsByComponent = zip(wattsByComponent, core.wattsByComponent).map { left, right in
        zip(left, right).map { Watts($0.value + $1.value) }
      }
      memoryBytes = zip(memoryBytes, core.memoryBytes).map(+)
    }
  }
}
