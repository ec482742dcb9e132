extension Glossary {
  /// Least times and what they are made of.
  static let bounds: [Entry] = [
    Entry(
      key: "bounds", unit: nil,
      sentence: "times that no run can beat, from the network's work and the machine's peaks; see --bound"),
    Entry(
      key: "compute_seconds", unit: "seconds",
      sentence: "multiply-accumulates divided by the peak of the unit that does them, in the program's format"
    ),
    Entry(
      key: "bandwidth_seconds", unit: "seconds",
      sentence:
        "weights, inputs and outputs of the run, each once, divided by the peak of main memory and of its bus"
    ),
    Entry(
      key: "capacity_seconds", unit: "seconds",
      sentence: "the same with what must leave and come back because it does not fit on the chip"),
    Entry(
      key: "binding", unit: nil, sentence: "the largest of the bounds: compute, bandwidth or capacity"),
    Entry(
      key: "simulated_seconds", unit: "seconds",
      sentence:
        "of a layer that computing binds, its share of the array's cycles; else from its first instruction to its last"
    ),
    Entry(key: "ratio", unit: nil, sentence: "the simulated time divided by the largest bound; at least 1"),
    Entry(
      key: "unavoidable_bytes", unit: "bytes",
      sentence: "weights, inputs and outputs that must cross to or from main memory once"),
    Entry(
      key: "least_bytes", unit: "bytes",
      sentence: "what must cross to or from main memory, given the size of the chip's memories"),
  ]
}
