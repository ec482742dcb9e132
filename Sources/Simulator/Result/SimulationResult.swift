package import Hardware
package import Measures

/// What a run of a program on a machine took: time, energy and where they went.
///
/// Invariants: the causes of all layers add up to ``cycles``; the energies by layer, by component and over the windows
/// of ``power`` agree with ``energy`` to 1e-9.
package struct SimulationResult: Hashable, Sendable {
  package var clock: Hertz
  /// Core cycles from the first issue to the last completion.
  package var cycles: Int
  package var energy: Joules
  /// Components in the order of ``Hardware/Component``; those without energy are left out.
  package var energyByComponent: [ComponentEnergy]
  /// Cycles of the array by cause, all causes in declaration order.
  package var arrayCyclesByCause: [CauseCycles]
  package var layers: [LayerResult]
  package var power: PowerTrace
  package var counts: ActionCounts
  /// Start and end of each instruction of the program, in program order.
  package var timeline: [InstructionTiming]
  /// Useful work as a share of the peak: macs / (cycles × macsPerCycle × rate of the format).
  package var macUtilization: Double
  /// Cycles in which another core was served while this one had an access waiting, whether its array could go on or not;
  /// the sum over the cores where there are several.
  package var contendedCycles = 0
  /// Cores whose cycles are added up in ``arrayCyclesByCause``.
  package var cores: Int
  /// The cycles of all arrays together: what the causes add up to.
  package var arrayCycles: Int { cycles * cores }

  package init(
    clock: Hertz, cycles: Int, energy: Joules, energyByComponent: [ComponentEnergy],
    arrayCyclesByCause: [CauseCycles],
    layers: [LayerResult], power: PowerTrace, counts: ActionCounts, timeline: [InstructionTiming],
    macUtilization: Double, cores: Int = 1
  ) {
    self.cores = cores
    self.clock = clock
    self.cycles = cycles
    self.energy = energy
    self.energyByComponent = energyByComponent
    self.arrayCyclesByCause = arrayCyclesByCause
    self.layers = layers
    self.power = power
    self.counts = counts
    self.timeline = timeline
    self.macUtilization = macUtilization
  }

  package var latency: Seconds { Seconds(Double(cycles) / clock.value) }
  package var averagePower: Watts { cycles == 0 ? .zero : Watts(energy.value / latency.value) }
  package var peakPower: Watts { power.peak }
}

/// Energy of one component.
package struct ComponentEnergy: Hashable, Sendable {
  package var component: Component
  package var energy: Joules
  package init(component: Component, energy: Joules) {
    self.component = component
    self.energy = energy
  }
}

/// Cycles that went to one cause.
package struct CauseCycles: Hashable, Sendable {
  package var cause: CycleCause
  package var cycles: Int
  package init(cause: CycleCause, cycles: Int) {
    self.cause = cause
    self.cycles = cycles
  }
}

/// What one layer took.
package struct LayerResult: Hashable, Sendable {
  package var name: String
  package var operatorName: String
  package var mapping: String
  package var startCycle: Int
  package var endCycle: Int
  /// Cycles in which the array worked on this layer: streaming, preload, fill and drain of its folds.
  package var computeCycles: Int
  package var macs: Int
  /// macs / (Σ causes × macsPerCycle × rate of the format).
  package var macUtilization: Double
  package var energy: Joules
  /// By component, in the order of ``Hardware/Component``, one entry for each.
  package var energyByComponent: [Joules]
  package var dramReadBytes: Int
  package var dramWriteBytes: Int
  /// The layer's share of the run, all causes in declaration order.
  package var cyclesByCause: [CauseCycles]
  /// What the array did for the layer; nil where it had no part.
  package var arrayUse: ArrayUse?
  /// Cores that had a part of the layer and whose cycles are added up in ``cyclesByCause``.
  package var cores: Int

  package init(
    name: String, operatorName: String, mapping: String, startCycle: Int, endCycle: Int, computeCycles: Int,
    macs: Int,
    macUtilization: Double, energy: Joules, energyByComponent: [Joules], dramReadBytes: Int,
    dramWriteBytes: Int,
    cyclesByCause: [CauseCycles], arrayUse: ArrayUse? = nil, cores: Int = 1
  ) {
    self.cores = cores
    self.name = name
    self.operatorName = operatorName
    self.mapping = mapping
    self.startCycle = startCycle
    self.endCycle = endCycle
    self.computeCycles = computeCycles
    self.macs = macs
    self.macUtilization = macUtilization
    self.energy = energy
    self.energyByComponent = energyByComponent
    self.dramReadBytes = dramReadBytes
    self.dramWriteBytes = dramWriteBytes
    self.cyclesByCause = cyclesByCause
    self.arrayUse = arrayUse
  }

  package var dramBytes: Int { dramReadBytes + dramWriteBytes }
}

/// Power over time, in windows of equal length; the last one may be short.
package struct PowerTrace: Hashable, Sendable {
  package var windowCycles: Int
  package var window: Seconds
  /// Average power of each window, in order.
  package var watts: [Watts]
  /// Average power of each window by component (in the order of ``Hardware/Component``), window-major.
  package var wattsByComponent: [[Watts]]
  /// Main-memory bytes moved in each window.
  package var memoryBytes: [Int]

  package init(
    windowCycles: Int, window: Seconds, watts: [Watts], wattsByComponent: [[Watts]], memoryBytes: [Int]
  ) {
    self.windowCycles = windowCycles
    self.window = window
    self.watts = watts
    self.wattsByComponent = wattsByComponent
    self.memoryBytes = memoryBytes
  }

  package var peak: Watts { watts.max() ?? .zero }
}

/// How often each action happened over the whole run.
package struct ActionCounts: Hashable, Sendable {
  package var macs = 0
  package var arrayCellCycles = 0
  /// Words read and written, by scratchpad index.
  package var scratchpadReads: [Int] = []
  package var scratchpadWrites: [Int] = []
  package var vectorElements = 0
  package var dmaBytes = 0
  package var instructions = 0
  package var memoryReadBytes = 0
  package var memoryWriteBytes = 0
  package var dramActivates = 0
  package var dramRefreshes = 0
  /// By cache, nearest to the DMA first.
  package var caches: [CacheCounts] = []
  package init() {}
}

/// When an instruction ran, in core cycles.
package struct InstructionTiming: Hashable, Sendable {
  package var start: Int
  package var end: Int
  package init(start: Int, end: Int) {
    self.start = start
    self.end = end
  }
}
