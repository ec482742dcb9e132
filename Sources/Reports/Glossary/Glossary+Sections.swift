extension Glossary {
  /// Parts of the JSON outputs, and words that identify what ran.
  static let sections: [Entry] = [
    Entry(
      key: "schema", unit: nil,
      sentence: "version of the layout of the output: raised when a key changes its meaning or goes"),
    Entry(key: "version", unit: nil, sentence: "the version of joulery that wrote the output"),
    Entry(key: "command", unit: nil, sentence: "the command line that gives the same output again"),
    Entry(key: "notes", unit: nil, sentence: "what one must know to read the numbers right"),
    Entry(key: "network", unit: nil, sentence: "what ran: its name, digest, size and number format"),
    Entry(key: "hardware", unit: nil, sentence: "on what it ran: name and digests of the machine, overrides"),
    Entry(key: "name", unit: nil, sentence: "of a network, a machine or a layer, as its file gives it"),
    Entry(
      key: "format", unit: nil, sentence: "the number format in which the array multiplies, such as int8"),
    Entry(
      key: "model_sha256", unit: nil,
      sentence: "digest of the whole machine with its shared parts and overrides, in its canonical YAML"),
    Entry(key: "overrides", unit: nil, sentence: "keys of the machine that the command line changed"),
    Entry(key: "clock_hertz", unit: "hertz", sentence: "the core clock, in which cycles are counted"),
    Entry(
      key: "totals", unit: nil,
      sentence: "one number for the whole run each: cycles, latency, energy, power, utilisation, traffic"),
    Entry(
      key: "energy_by_component", unit: "joules",
      sentence: "the energy of the run divided among components; they add up to energy_joules"),
    Entry(
      key: "array_cycles_by_cause", unit: "core clock cycles",
      sentence: "the cycles of the MAC array divided among causes; they add up to cycles"),
    Entry(key: "layers", unit: nil, sentence: "operations that run as one, in the order of the program"),
    Entry(key: "layer", unit: nil, sentence: "operations that run as one: a product and what follows it"),
    Entry(key: "index", unit: nil, sentence: "the layer's place in the program, from 0"),
    Entry(
      key: "operator", unit: nil, sentence: "the layer's anchoring operation with what is fused into it"),
    Entry(
      key: "power_trace", unit: nil, sentence: "average power in windows of equal length over the run"),
    Entry(
      key: "activations", unit: "elements", sentence: "of sram_reads: the operand that streams or is held"),
    Entry(key: "weights", unit: "elements", sentence: "of sram_reads: weights, or the right operand"),
    Entry(
      key: "outputs", unit: "elements",
      sentence: "of sram_reads and sram_writes: sums that are read back to be added to, or written"),
    Entry(
      key: "sram_reads_activations", unit: "elements",
      sentence: "activations that the array read from the scratchpads"),
    Entry(
      key: "sram_reads_weights", unit: "elements",
      sentence: "weights that the array read from the scratchpads"),
    Entry(
      key: "sram_reads_outputs", unit: "elements", sentence: "sums that the array read back to add to them"),
    Entry(
      key: "sram_writes_outputs", unit: "elements", sentence: "sums that the array wrote to the scratchpads"),
    Entry(key: "runs", unit: nil, sentence: "the runs of a comparison, networks outermost"),
    Entry(
      key: "points", unit: nil, sentence: "the points of a sweep, in the order of the grid, or of a curve"),
    Entry(
      key: "settings", unit: nil, sentence: "the values that the varied keys of the machine have at a point"),
    Entry(
      key: "on_front", unit: nil,
      sentence: "whether no other point of the same network is both faster and leaner in energy"),
    Entry(
      key: "status", unit: nil, sentence: "exit code that a run of this point alone would have; 0 is success"),
    Entry(key: "error", unit: nil, sentence: "why the point could not be simulated"),
    Entry(key: "cores", unit: nil, sentence: "what each core of the machine did in the run, in their order"),
    Entry(key: "core", unit: nil, sentence: "the place of a core in the machine, from 0"),
    Entry(key: "networks", unit: nil, sentence: "the networks that ran at once, and what that cost each"),
    Entry(key: "network_sha256", unit: nil, sentence: "digest of the network of a point"),
  ]
}
