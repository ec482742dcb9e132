extension Glossary {
  /// Numbers of a run and of its layers.
  static let quantities: [Entry] = [
    Entry(
      key: "cycles", unit: "core clock cycles",
      sentence: "from the issue of the first instruction to the completion of the last one"),
    Entry(
      key: "latency_seconds", unit: "seconds",
      sentence: "cycles divided by the core clock: one run from start to end"),
    Entry(
      key: "energy_joules", unit: "joules",
      sentence: "every action times its energy, plus static power times the latency; main memory included"),
    Entry(key: "average_power_watts", unit: "watts", sentence: "energy divided by latency"),
    Entry(
      key: "peak_power_watts", unit: "watts",
      sentence:
        "the highest average power in any window of the power trace; shorter windows show higher peaks"),
    Entry(
      key: "mac_utilization", unit: nil,
      sentence:
        "useful multiply-accumulates divided by those that the array could have done in the same cycles at its rate for "
        + "the format of the program, 0 to 1"
    ),
    Entry(
      key: "macs", unit: "operations", sentence: "useful multiply-accumulate operations; one is two FLOPs"),
    Entry(key: "parameters", unit: "elements", sentence: "elements of all trained tensors of the network"),
    Entry(
      key: "dram_read_bytes", unit: "bytes", sentence: "read from main memory, whole bursts of the transfers"),
    Entry(
      key: "dram_write_bytes", unit: "bytes",
      sentence: "written to main memory, whole bursts of the transfers"),
    Entry(key: "dram_bytes", unit: "bytes", sentence: "read from and written to main memory by one layer"),
    Entry(
      key: "sram_peak_bytes", unit: "bytes",
      sentence: "the most bytes of all scratchpads together that are allocated at once"),
    Entry(
      key: "caches", unit: nil,
      sentence: "the caches between DMA and main memory: hits, misses and lines written back of each"),
    Entry(
      key: "hits", unit: "requests",
      sentence: "requests whose line a cache held, or had asked for; 'Cache hits' is their share"),
    Entry(
      key: "misses", unit: "requests",
      sentence: "requests that fetched their line from the level below a cache"),
    Entry(
      key: "write_backs", unit: "lines", sentence: "written lines that a cache handed to the level below"),
    Entry(
      key: "start_cycle", unit: "core clock cycles",
      sentence: "when the first instruction of the layer starts"),
    Entry(
      key: "end_cycle", unit: "core clock cycles",
      sentence:
        "when the last instruction of the layer ends; layers overlap where the next one's weights load early"),
    Entry(
      key: "last_cycle", unit: "core clock cycles", sentence: "when the last instruction of a core ends"),
    Entry(
      key: "alone_cycles", unit: "core clock cycles",
      sentence: "of one of several networks at once: from start to end without the others"),
    Entry(
      key: "together_cycles", unit: "core clock cycles",
      sentence: "of one of several networks at once: from the start of the run to its own end"),
    Entry(key: "alone_seconds", unit: "seconds", sentence: "alone_cycles divided by the core clock"),
    Entry(key: "together_seconds", unit: "seconds", sentence: "together_cycles divided by the core clock"),
    Entry(
      key: "compute_cycles", unit: "core clock cycles",
      sentence: "cycles in which the array worked on the layer: streaming, preload, fill and drain"),
    Entry(
      key: "mapping_efficiency", unit: nil,
      sentence:
        "share of the array's cells that hold an operand or a sum, over all folds of the layer, 0 to 1"),
    Entry(
      key: "compute_utilization", unit: nil,
      sentence:
        "share of the cells' cycles that went to stored weights while the array worked on the layer, 0 to 1"),
    Entry(
      key: "sram_reads", unit: "elements",
      sentence:
        "read by the array from the scratchpads: activations, weights, and outputs (sums read back to be added to)"
    ),
    Entry(
      key: "sram_writes", unit: "elements", sentence: "written by the array to the scratchpads: outputs"),
    Entry(
      key: "stored_weights", unit: "elements",
      sentence: "weights that are kept, each once; fewer than the layer has where the array leaves out zeros"),
    Entry(
      key: "weight_metadata_bits", unit: "bits",
      sentence: "say where in its block each stored weight stood; zero where all weights are stored"),
    Entry(
      key: "cycles_by_cause", unit: "core clock cycles",
      sentence:
        "the cycles of the array divided among causes; each cycle has one, so that all add up to the total"),
    Entry(
      key: "share", unit: "percent",
      sentence: "the layer's part of the cycles of the run, by the causes that it is charged with"),
    Entry(key: "main_cause", unit: nil, sentence: "the cause to which most of the layer's cycles went"),
    Entry(
      key: "window_seconds", unit: "seconds",
      sentence: "length of a window of the power trace; the last one may be shorter"),
    Entry(key: "watts", unit: "watts", sentence: "average power in each window of the power trace"),
    Entry(
      key: "mapping", unit: nil,
      sentence:
        "how the layer was cut into tiles and which operand stays in the array, and why that was chosen"),
    Entry(
      key: "cores", unit: nil,
      sentence:
        "what each of several cores did; the totals and causes of the run are sums over all of them, the cycles "
        + "the longest"),
    Entry(
      key: "contended_cycles", unit: "core clock cycles",
      sentence:
        "in which main memory or the interconnect served another core while this one had an access waiting, "
        + "whether its array had to wait or not"),
    Entry(
      key: "slowdown", unit: nil,
      sentence: "how many times as long a network takes beside others as alone on the machine"),
    Entry(
      key: "sha256", unit: nil,
      sentence:
        "digest of the file, in hexadecimal; of a built-in network, digest of its canonical description"),
    Entry(
      key: "calibration", unit: nil,
      sentence: "how the machine's parameters were fitted to measurements; uncalibrated when they were not"),
  ]
}
