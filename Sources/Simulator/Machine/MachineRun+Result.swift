import Hardware
import Measures

extension MachineRun {
  /// Books every cycle up to `cycles`, the end of the run, and the energy of all accesses.
  mutating func closeBooks(cycles: Int) {
    let end = issue.lastEnd
    if !program.instructions.isEmpty, causes.bookedUntil < end {
      bookIdle(until: end, leadingTo: issue.lastInstruction, includingItself: true)
    }
    let last = program.instructions.isEmpty ? 0 : layer(of: issue.lastInstruction)
    if !program.layers.isEmpty { causes.book(until: cycles, .otherCores, layer: last) }
    if !model.caches.isEmpty {
      // Main memory may still be at what no instruction waits for.
      now = cycles
      collectMemory()
      energy.close(at: cycles)
    }
    energy.settleMemory(port.prices)
  }

  /// Books what flows all the time: static power, DRAM standby and refresh.
  mutating func bookStanding(_ costs: StandingCosts, cycles: Int) {
    let layerCycles = program.layers.indices.map { causes.total(of: $0) }
    for entry in model.energyAtSupply.staticPower {
      // What is beyond the cores is there once.
      let isShared = entry.component == .other || entry.component == .dram
      energy.chargeStatic(
        entry.power.amount * (isShared ? costs.share : 1), of: entry.component, clock: model.clock,
        cycles: cycles, layerCycles: layerCycles)
    }
    energy.chargeStatic(
      costs.standby * costs.share, of: .dram, clock: model.clock, cycles: cycles, layerCycles: layerCycles)
    energy.chargeCaches(model.cachesAtSupply, port.caches.counts, cycles: cycles, layerCycles: layerCycles)
    energy.chargeShared(
      Double(costs.refreshes) * costs.refreshEnergy * costs.share, of: .dram, cycles: cycles,
      layerCycles: layerCycles)
    energy.chargeShared(
      Double(costs.strayActivates) * costs.activateEnergy * costs.share, of: .dram, cycles: cycles,
      layerCycles: layerCycles)
    guard costs.isCounted else { return }
    energy.noteRefreshes(costs.refreshes)
    energy.noteActivates(costs.strayActivates)
  }

  /// The result of a run of `cycles` whose books are closed.
  mutating func result(cycles: Int) -> SimulationResult {
    let layerCycles = program.layers.indices.map { causes.total(of: $0) }
    let spans = layerSpans()
    let layers = program.layers.indices.map {
      layerResult($0, span: spans[$0], cycles: layerCycles[$0])
    }
    let components = Component.allCases
    let byComponent = components.map { component in
      layers.reduce(0.0) { $0 + $1.energyByComponent[component.index].value }
    }
    return SimulationResult(
      clock: model.clock, cycles: cycles, energy: Joules(byComponent.reduce(0, +)),
      energyByComponent: components.filter { byComponent[$0.index] > 0 }.map {
        ComponentEnergy(component: $0, energy: Joules(byComponent[$0.index]))
      },
      arrayCyclesByCause: CycleCause.allCases.map { cause in
        CauseCycles(
          cause: cause, cycles: program.layers.indices.reduce(0) { $0 + causes.cycles(of: $1, cause) })
      },
      layers: layers, power: powerTrace(cycles: cycles), counts: energy.counts,
      timeline: program.instructions.indices.map {
        InstructionTiming(start: timeline.start[$0], end: timeline.end[$0])
      },
      macUtilization: utilization(macs: energy.counts.macs, cycles: cycles))
  }

  /// Useful work as a share of what the array does at its peak in the program's format.
  private func utilization(macs: Int, cycles: Int) -> Double {
    let rate = model.array.formats.first { $0.name == program.format }?.rate ?? 1
    return cycles == 0 ? 0 : Double(macs) / (Double(cycles) * Double(model.array.macsPerCycle) * rate)
  }

  /// First start and last end of each layer's instructions.
  private func layerSpans() -> [InstructionTiming] {
    var spans = Array(repeating: InstructionTiming(start: Int.max, end: 0), count: program.layers.count)
    for index in program.instructions.indices {
      let layer = layer(of: index)
      spans[layer].start = min(spans[layer].start, timeline.start[index])
      spans[layer].end = max(spans[layer].end, timeline.end[index])
    }
    return spans.map { InstructionTiming(start: min($0.start, $0.end), end: $0.end) }
  }

  private func layerResult(_ index: Int, span: InstructionTiming, cycles: Int) -> LayerResult {
    let layer = program.layers[index]
    let components = Component.allCases.count
    let joules = (0..<components).map { Joules(energy.byLayer[index * components + $0]) }
    let byCause = CycleCause.allCases.map { CauseCycles(cause: $0, cycles: causes.cycles(of: index, $0)) }
    return LayerResult(
      name: layer.name, operatorName: layer.operatorName, mapping: layer.mapping, startCycle: span.start,
      endCycle: span.end,
      computeCycles: [CycleCause.compute, .preload, .fillDrain, .bankConflict].reduce(0) {
        $0 + causes.cycles(of: index, $1)
      },
      macs: layer.macs, macUtilization: utilization(macs: layer.macs, cycles: cycles),
      energy: Joules(joules.reduce(0) { $0 + $1.value }), energyByComponent: joules,
      dramReadBytes: energy.memoryByLayer[index].readBytes,
      dramWriteBytes: energy.memoryByLayer[index].writeBytes, cyclesByCause: byCause, arrayUse: uses[index])
  }

  private func powerTrace(cycles: Int) -> PowerTrace {
    let components = Component.allCases.count
    let bins = energy.bins
    let seconds = 1 / model.clock.value
    var total: [Watts] = []
    var split: [[Watts]] = []
    for window in 0..<bins.count {
      let start = window * bins.windowCycles
      let length = Double(max(1, min(bins.windowCycles, cycles - start))) * seconds
      let joules = (0..<components).map { bins.joules[window * components + $0] }
      total.append(Watts(joules.reduce(0, +) / length))
      split.append(joules.map { Watts($0 / length) })
    }
    return PowerTrace(
      windowCycles: bins.windowCycles, window: Seconds(Double(bins.windowCycles) * seconds), watts: total,
      wattsByComponent: split, memoryBytes: bins.memory.map(\.bytes))
  }
}
