import Hardware
import Simulator

/// What the words of the outputs mean.
package enum Glossary {
  /// One word with its meaning.
  package struct Entry: Hashable, Sendable {
    /// As it stands in JSON and CSV: "mac_utilization".
    package var key: String
    /// nil for numbers without a unit, and for words.
    package var unit: String?
    package var sentence: String
  }

  /// All words: quantities of a run and of its layers, then causes, then components.
  package static var entries: [Entry] {
    quantities
      + CycleCause.allCases.map { Entry(key: $0.rawValue, unit: "cycles", sentence: $0.sentence) }
      + Component.allCases.map { Entry(key: $0.rawValue, unit: "joules", sentence: $0.sentence) }
  }

  /// What a word means, as text for a terminal; nil when it is none of ours.
  ///
  /// Titles of tables ("MAC util", "Waiting for loads") are found as well as keys; a word may have several meanings.
  package static func explain(_ word: String) -> String? {
    let wanted = folded(word)
    let found = entries.filter { folded($0.key) == wanted || titles(of: $0.key).contains(wanted) }
    guard !found.isEmpty else { return nil }
    return found.map { entry in
      "\(entry.key)\(entry.unit.map { ", in \($0)" } ?? ""): \(entry.sentence)"
    }.joined(separator: "\n")
  }

  /// Every key, for suggestions.
  package static var keys: [String] { entries.map(\.key) }

  private static func folded(_ word: String) -> String {
    word.lowercased().filter { $0.isLetter || $0.isNumber }
  }

  private static func titles(of key: String) -> [String] {
    let fromCause = CycleCause(rawValue: key).map { [$0.title] } ?? []
    let fromComponent = Component(rawValue: key).map { [$0.title] } ?? []
    return (fromCause + fromComponent + (headings[key] ?? [])).map(folded)
  }

  /// Headings of tables and tiles, by the key of what they show.
  private static let headings: [String: [String]] = [
    "mac_utilization": ["MAC util", "MAC utilisation", "utilisation", "utilization"],
    "latency_seconds": ["latency"], "energy_joules": ["energy"],
    "average_power_watts": ["average power", "power"],
    "peak_power_watts": ["peak power"], "dram_bytes": ["DRAM", "main memory traffic"],
    "dram_read_bytes": ["DRAM read"], "dram_write_bytes": ["DRAM written"],
    "sram_peak_bytes": ["SRAM peak", "on-chip peak"], "share": ["share"], "main_cause": ["main cause"],
    "window_seconds": ["power window", "window"], "cycles_by_cause": ["causes"],
  ]

  private static let quantities: [Entry] = [
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
        "useful multiply-accumulates divided by those that the array could have done in the same cycles, 0 to 1"
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
      key: "start_cycle", unit: "core clock cycles",
      sentence: "when the first instruction of the layer starts"),
    Entry(
      key: "end_cycle", unit: "core clock cycles",
      sentence:
        "when the last instruction of the layer ends; layers overlap where the next one's weights load early"),
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
      key: "sha256", unit: nil,
      sentence:
        "digest of the file, in hexadecimal; of a built-in network, digest of its canonical description"),
    Entry(
      key: "calibration", unit: nil,
      sentence: "how the machine's parameters were fitted to measurements; uncalibrated when they were not"),
  ]
}
