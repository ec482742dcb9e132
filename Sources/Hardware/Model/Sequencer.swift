/// The unit that reads the program in order and hands instructions to the queues of the other units.
package struct Sequencer: Hashable, Sendable {
  /// Cycles to decode and hand over one instruction.
  package var issueCycles: Int
  /// Instructions that wait in each unit's queue.
  package var queueDepth: Int
  /// Extra cycles before the first instruction of a layer (configuration, driver).
  package var layerCycles: Int
  /// Extra cycles before the first instruction of a network (launch).
  package var networkCycles: Int

  /// Cycles of each step that the host takes before a layer (``Program/Layer/hostSteps``).
  package var hostStepCycles: Int

  package init(
    issueCycles: Int, queueDepth: Int, layerCycles: Int = 0, networkCycles: Int = 0, hostStepCycles: Int = 0
  ) {
    self.issueCycles = issueCycles
    self.queueDepth = queueDepth
    self.layerCycles = layerCycles
    self.networkCycles = networkCycles
    self.hostStepCycles = hostStepCycles
  }
}
