import Measures
import Records

extension DMAEngine {
  /// The keys of the section `dma`.
  static let record = Record(
    blank: DMAEngine(
      clock: .zero, busBytes: 0, burstBytes: 0, outstanding: 0, setupCycles: 0, latencyCycles: 0),
    [
      .required(
        "clock", \.clock, .quantity(Hertz(1e6)...Hertz(10e9)), "Clock of the bus; may differ from the core's."
      ),
      .required("bus", \.busBytes, .bytes(1...4096), "Bytes the bus moves in one bus cycle, each direction."),
      .required(
        "burst", \.burstBytes, .bytes(1...65536), "Longest burst; bursts do not cross a multiple of it."),
      .optional(
        "store-burst", \.storeBurstBytes, .bytes(0...65536), default: 0,
        "Longest burst of a store, for an engine that writes word by word; 0 where it is 'burst'."),
      .required("outstanding", \.outstanding, .whole(1...1024), "Bursts under way at once, per direction."),
      .required(
        "setup", \.setupCycles, .cycles(0...1_000_000),
        "Core cycles to decode a descriptor before its first burst."),
      .required(
        "latency", \.latencyCycles, .cycles(0...1_000_000),
        "Bus cycles from the engine to the memory controller, and again back."),
      .optional(
        "first-touch", \.firstTouchCycles, .cycles(0...1_000_000), default: 0,
        "Core cycles that the first load from a page of 4 KiB waits (page walk or fault)."
      ),
    ])
}
