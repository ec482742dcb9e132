import Hardware
import Measures

/// A machine whose numbers are round, for reports about runs that never happened.
func machineFixture() -> HardwareModel {
  func sourced<Amount: Quantity>(_ amount: Amount) -> EnergyTable.Sourced<Amount> {
    EnergyTable.Sourced(amount, source: "fixture")
  }
  let scratchpads = [
    Scratchpad(
      name: "activations", roles: [.activations], capacity: Bytes(512 << 10), banks: 16, wordBytes: 32),
    Scratchpad(name: "weights", roles: [.weights], capacity: Bytes(384 << 10), banks: 8, wordBytes: 32),
    Scratchpad(
      name: "accumulators", roles: [.accumulators], capacity: Bytes(128 << 10), banks: 8, wordBytes: 128),
  ]
  return HardwareModel(
    name: "edge", summary: "A machine for tests.", clock: Hertz(800e6),
    array: MACArray(
      kind: .systolic, rows: 32, columns: 32, dataflows: [.weightStationary],
      formats: [OperandFormat(name: .int8)],
      overlapsPreload: true, overlapsFolds: true),
    scratchpads: scratchpads,
    dma: DMAEngine(
      clock: Hertz(800e6), busBytes: 16, burstBytes: 256, outstanding: 16, setupCycles: 16, latencyCycles: 24),
    memory: .pipe(MemoryPipe(bandwidth: BytesPerSecond(12.8e9), latency: Seconds(80e-9))),
    vector: VectorUnit(lanes: 32, cyclesPerStep: [.simple: 1, .multiply: 1], pipelineCycles: 4),
    sequencer: Sequencer(issueCycles: 2, queueDepth: 4),
    energy: EnergyTable(
      mac: [.int8: sourced(Joules(0.2e-12))], arrayCellCycle: sourced(Joules(0.02e-12)),
      scratchpadRead: scratchpads.map { _ in sourced(Joules(8e-12)) },
      scratchpadWrite: scratchpads.map { _ in sourced(Joules(9e-12)) },
      vectorElement: [.simple: sourced(Joules(0.1e-12))], dmaByte: sourced(Joules(0.5e-12)),
      instruction: sourced(Joules(10e-12)), memoryByte: sourced(Joules(40e-12)),
      staticPower: [.init(component: .other, power: sourced(Watts(0.01)))]))
}
