import Hardware
import Measures

/// Books every action's energy by layer, by component and by time, so that the three sums agree.
struct EnergyLedger {
  private static let componentCount = Component.allCases.count
  private(set) var bins = PowerBins()
  /// Joules, layer-major, one entry per component.
  private(set) var byLayer: [Double]
  private(set) var counts = ActionCounts()
  private(set) var memoryByLayer: [MemoryActions]
  private let table: EnergyTable
  private let macEnergy: Double
  private let cells: Int
  private let scratchpads: Int

  init(model: HardwareModel, program: Program) {
    byLayer = Array(repeating: 0, count: max(1, program.layers.count) * Self.componentCount)
    memoryByLayer = Array(repeating: MemoryActions(), count: max(1, program.layers.count))
    table = model.energyAtSupply
    macEnergy = table.mac[program.format]?.amount.value ?? 0
    cells = model.array.macsPerCycle
    scratchpads = model.scratchpads.count
    counts.scratchpadReads = Array(repeating: 0, count: scratchpads)
    counts.scratchpadWrites = Array(repeating: 0, count: scratchpads)
  }

  /// Books `energy` joules of a component for a layer, spread over the cycles `start ..< end`.
  mutating func charge(_ energy: Double, of component: Component, layer: Int, from start: Int, to end: Int) {
    guard energy != 0 else { return }
    byLayer[layer * Self.componentCount + component.index] += energy
    bins.add(energy, of: component, from: start, to: end)
  }

  mutating func chargeArray(macs: Int, streamCycles: Int, layer: Int, from start: Int, to end: Int) {
    counts.macs += macs
    counts.arrayCellCycles += cells * streamCycles
    let energy =
      Double(macs) * macEnergy + Double(cells * streamCycles) * table.arrayCellCycle.amount.value
    charge(energy, of: .array, layer: layer, from: start, to: end)
  }

  mutating func chargeVector(_ tile: VectorTile, layer: Int, from start: Int, to end: Int) {
    counts.vectorElements += tile.elements * tile.classes.count
    let perElement = tile.classes.reduce(0.0) {
      $0 + (table.vectorElement[$1]?.amount.value ?? 0)
    }
    charge(Double(tile.elements) * perElement, of: .vector, layer: layer, from: start, to: end)
  }

  mutating func chargeScratchpad(
    _ memory: Int, reads: Int, writes: Int, layer: Int, from start: Int, to end: Int
  ) {
    guard memory >= 0 else { return }
    counts.scratchpadReads[memory] += reads
    counts.scratchpadWrites[memory] += writes
    let energy =
      Double(reads) * table.scratchpadRead[memory].amount.value
      + Double(writes) * table.scratchpadWrite[memory].amount.value
    charge(energy, of: .scratchpad, layer: layer, from: start, to: end)
  }

  mutating func chargeInstruction(layer: Int, at cycle: Int) {
    counts.instructions += 1
    charge(table.instruction.amount.value, of: .sequencer, layer: layer, from: cycle, to: cycle + 1)
  }

  /// Notes bytes that crossed the DMA's bus until cycle `cycle - 1`; their energy is booked by ``settleMemory(_:)``.
  mutating func noteBus(bytes: Int, layer: Int, at cycle: Int) {
    let actions = MemoryActions(busBytes: bytes)
    memoryByLayer[layer] += actions
    bins.add(actions, at: max(0, cycle - 1))
  }

  /// Closes the windows of power at the end of the run.
  mutating func close(at cycles: Int) { bins.close(at: cycles) }

  /// Notes one access of main memory that ended with cycle `cycle - 1`; its energy is booked by ``settleMemory(_:)``.
  mutating func noteMemory(bytes: Int, isWrite: Bool, activates: Int, layer: Int, at cycle: Int) {
    let actions = MemoryActions(
      readBytes: isWrite ? 0 : bytes, writeBytes: isWrite ? bytes : 0, activates: activates)
    memoryByLayer[layer] += actions
    bins.add(actions, at: max(0, cycle - 1))
  }

  /// Books the energy of all accesses noted, and of their way over the bus.
  mutating func settleMemory(_ prices: MemoryPrices) {
    let busByte = table.dmaByte.amount.value
    for (layer, actions) in memoryByLayer.enumerated() {
      byLayer[layer * Self.componentCount + Component.dram.index] += prices.joules(for: actions)
      byLayer[layer * Self.componentCount + Component.dma.index] += Double(actions.busBytes) * busByte
      counts.memoryReadBytes += actions.readBytes
      counts.memoryWriteBytes += actions.writeBytes
      counts.dmaBytes += actions.busBytes
      counts.dramActivates += actions.activates
    }
    bins.settle(.dram) { prices.joules(for: $0) }
    bins.settle(.dma) { Double($0.busBytes) * busByte }
  }

  /// Books what the caches did, spread over the run, to the layers by the cycles that are theirs.
  mutating func chargeCaches(
    _ caches: [Cache], _ counts: [CacheCounts], cycles: Int, layerCycles: [Int]
  ) {
    self.counts.caches = counts
    for (cache, count) in zip(caches, counts) {
      let lines = count.misses + count.writeBacks
      chargeShared(
        Double(count.hits + count.misses) * cache.accessEnergy.amount.value
          + Double(lines) * cache.lineEnergy.amount.value,
        of: .cache, cycles: cycles, layerCycles: layerCycles)
    }
  }

  /// Makes the windows of power reach to the end of the run.
  mutating func coverRun(of cycles: Int) {
    if cycles > 0 { bins.reserve(through: cycles - 1) }
  }

  mutating func noteActivates(_ count: Int) { counts.dramActivates += count }
  mutating func noteRefreshes(_ count: Int) { counts.dramRefreshes += count }

  /// Books power that flows all the time, shared among the layers by the cycles that are theirs.
  mutating func chargeStatic(
    _ power: Watts, of component: Component, clock: Hertz, cycles: Int, layerCycles: [Int]
  ) {
    let total = power.value * Double(cycles) / clock.value
    chargeShared(total, of: component, cycles: cycles, layerCycles: layerCycles)
  }

  /// Books an energy evenly over the run, shared among the layers by their cycles.
  mutating func chargeShared(
    _ energy: Double, of component: Component, cycles: Int, layerCycles: [Int]
  ) {
    guard energy != 0, cycles > 0 else { return }
    bins.add(energy, of: component, from: 0, to: cycles)
    for (layer, share) in layerCycles.enumerated() {
      byLayer[layer * Self.componentCount + component.index] +=
        energy * Double(share) / Double(cycles)
    }
  }
}

/// What main memory charges for its actions, in joules.
struct MemoryPrices {
  var readByte: Double
  var writeByte: Double
  var activate: Double

  func joules(for actions: MemoryActions) -> Double {
    Double(actions.readBytes) * readByte + Double(actions.writeBytes) * writeByte
      + Double(actions.activates) * activate
  }
}
