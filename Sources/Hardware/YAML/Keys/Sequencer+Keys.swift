import Records

extension Sequencer {
  /// The keys of the section `sequencer`.
  static let record = Record(
    blank: Sequencer(issueCycles: 0, queueDepth: 0),
    [
      .required(
        "issue", \.issueCycles, .cycles(0...1_000_000), "Cycles to decode and hand over one instruction."),
      .required(
        "queue-depth", \.queueDepth, .whole(1...4096), "Instructions that wait in each unit's queue."),
      .optional(
        "layer", \.layerCycles, .cycles(0...1_000_000_000), default: 0,
        "Extra cycles before the first instruction of a layer (configuration, driver)."),
      .optional(
        "network", \.networkCycles, .cycles(0...1_000_000_000), default: 0,
        "Extra cycles before the first instruction of a network (launch)."),
      .optional(
        "host-step", \.hostStepCycles, .cycles(0...1_000_000), default: 0,
        "Cycles of each tiling that the host tries before a layer, where Gemmini's software chose its sizes."),
    ])
}
