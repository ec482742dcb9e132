package import Measures

/// A machine: everything the compiler and the simulator need to know of it, read from one YAML file.
package struct HardwareModel: Hashable, Sendable {
  package var name: String
  /// One sentence for lists and reports.
  package var summary: String
  /// The clock of sequencer, array, scratchpads and vector unit.
  package var clock: Hertz
  /// Copies of everything but main memory, each with a program of its own.
  package var cores: Int
  package var array: MACArray
  /// On-chip memories; each role is held by exactly one of them.
  package var scratchpads: [Scratchpad]
  package var dma: DMAEngine
  /// Between the DMA and main memory, nearest to the DMA first; most machines have none.
  package var caches: [Cache]
  /// How several cores reach main memory.
  package var interconnect: Interconnect
  package var memory: MainMemory
  package var vector: VectorUnit
  package var sequencer: Sequencer
  package var energy: EnergyTable
  /// The supply at which the energies hold, and the one at which the machine runs.
  package var voltage: SupplyVoltage
  /// Settings that go together, by name.
  package var variants: [Variant]
  /// Where numbers other than energies come from, in the order of the file.
  package var sources: [SourceNote]
  /// Which numbers a calibration may change, and what the last one found.
  package var calibration: CalibrationNotes

  package init(
    name: String, summary: String, clock: Hertz, cores: Int = 1, array: MACArray, scratchpads: [Scratchpad],
    dma: DMAEngine, caches: [Cache] = [], interconnect: Interconnect = Interconnect(), memory: MainMemory,
    vector: VectorUnit, sequencer: Sequencer, energy: EnergyTable, voltage: SupplyVoltage = SupplyVoltage(),
    variants: [Variant] = [], sources: [SourceNote] = [],
    calibration: CalibrationNotes = CalibrationNotes()
  ) {
    self.name = name
    self.summary = summary
    self.clock = clock
    self.cores = cores
    self.array = array
    self.scratchpads = scratchpads
    self.dma = dma
    self.caches = caches
    self.interconnect = interconnect
    self.memory = memory
    self.vector = vector
    self.sequencer = sequencer
    self.energy = energy
    self.voltage = voltage
    self.variants = variants
    self.sources = sources
    self.calibration = calibration
  }

  /// The index of the memory that holds `role`.
  package func scratchpadIndex(holding role: Scratchpad.Role) -> Int? {
    scratchpads.firstIndex { $0.roles.contains(role) }
  }
}

/// Where the number under a key, or all numbers of a section, come from.
package struct SourceNote: Hashable, Sendable {
  /// A dotted path: "array.rows", "dma".
  package var key: String
  package var sentence: String

  package init(key: String, sentence: String) {
    self.key = key
    self.sentence = sentence
  }
}
