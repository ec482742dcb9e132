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

  /// All words: quantities of a run and of its layers, bounds, sections of the outputs, then causes, then components.
  package static var entries: [Entry] {
    quantities + bounds + sections + memory
      + CycleCause.allCases.map { Entry(key: $0.rawValue, unit: "cycles", sentence: $0.sentence) }
      + Component.allCases.map { Entry(key: $0.rawValue, unit: "joules", sentence: $0.sentence) }
  }

  /// What a word means, as text for a terminal; nil when it is none of ours.
  ///
  /// Titles of tables ("MAC util", "Waiting for loads") are found as well as keys; a word may have several meanings.
  package static func explain(_ word: String) -> String? {
    let wanted = folded(columnSubject(of: word))
    let found = entries.filter { folded($0.key) == wanted || titles(of: $0.key).contains(wanted) }
    guard !found.isEmpty else { return nil }
    return found.map { entry in
      "\(entry.key)\(entry.unit.map { ", in \($0)" } ?? ""): \(entry.sentence)"
    }.joined(separator: "\n")
  }

  /// Every key, for suggestions.
  package static var keys: [String] { entries.map(\.key) }

  /// What a column that belongs to one cause or component is about: "memory-load" of "cycles_memory-load".
  private static func columnSubject(of word: String) -> String {
    if let cause = CycleCause.allCases.first(where: { word == "cycles_\($0.rawValue)" }) {
      return cause.rawValue
    }
    if let component = Component.allCases.first(where: { word == "energy_\($0.rawValue)_joules" }) {
      return component.rawValue
    }
    return word
  }

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
    "slowdown": ["slowdown"],
    "sram_peak_bytes": ["SRAM peak", "on-chip peak"], "share": ["share"], "main_cause": ["main cause"],
    "window_seconds": ["power window", "window"], "cycles_by_cause": ["causes"],
    "caches": ["Cache hits"],
  ]
}
