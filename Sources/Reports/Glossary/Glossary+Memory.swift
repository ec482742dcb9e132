extension Glossary {
  /// What `joulery memory` says of a DRAM under load.
  static let memory: [Entry] = [
    Entry(key: "channels", unit: nil, sentence: "DRAM channels, each with a controller of its own"),
    Entry(
      key: "address_map", unit: nil,
      sentence: "the order in which the fields of an address are cut, most significant first"),
    Entry(key: "peak_bytes_per_second", unit: "bytes per second", sentence: "what all channels move at most"),
    Entry(key: "curves", unit: nil, sentence: "latency at rising load, one for each pattern of addresses"),
    Entry(key: "pattern", unit: nil, sentence: "how addresses follow each other: streaming or random"),
    Entry(key: "write_share", unit: nil, sentence: "share of the accesses that write, 0 to 1"),
    Entry(key: "accesses", unit: nil, sentence: "accesses that were simulated at each load"),
    Entry(key: "saturation_share", unit: nil, sentence: "share of the peak that is served at most, 0 to 1"),
    Entry(
      key: "idle_nanoseconds", unit: "nanoseconds", sentence: "latency of an access that waits for nobody"),
    Entry(key: "offered_share", unit: nil, sentence: "share of the peak that is asked for, 0 to 1"),
    Entry(key: "delivered_share", unit: nil, sentence: "share of the peak that is served, 0 to 1"),
    Entry(
      key: "mean_nanoseconds", unit: "nanoseconds",
      sentence: "mean latency of an access, from its arrival to its last byte"),
    Entry(
      key: "p95_nanoseconds", unit: "nanoseconds", sentence: "latency that 95 % of the accesses stay below"),
    Entry(key: "worst_nanoseconds", unit: "nanoseconds", sentence: "the longest latency of any access"),
  ]
}
