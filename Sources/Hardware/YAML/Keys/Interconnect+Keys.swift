import Records

extension Interconnect {
  /// The keys of the section `interconnect`.
  static let record = Record(
    blank: Interconnect(),
    [
      .optional(
        "port", \.portBytes, .bytes(1...4096), default: 64, "Bytes that cross a port in one core cycle."),
      .optional(
        "latency", \.latencyCycles, .cycles(0...1_000_000), default: 0,
        "Core cycles of the way through, each direction; at least 1 for news from core to core."),
      .optional(
        "queue-depth", \.queueDepth, .whole(1...1024), default: 4,
        "Accesses that wait in a core's port for each channel."),
      .optional(
        "arbitration", \.arbitration, .word(), default: .roundRobin,
        "Who goes first when several cores want the same channel."),
      .optional(
        "weights", \.weights, .list(of: .whole(1...64), minimum: 0, allowsRepeats: true), default: [],
        "Turns of each core in a round, by core; empty for one each."),
    ])
}
