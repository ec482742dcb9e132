package import Formats
package import Hardware
import Measures

/// Machines side by side: what one wants to know before choosing.
package struct HardwareListing: Sendable {
  /// A machine by its name, or nil where its file cannot be read.
  package struct Entry: Sendable {
    package var name: String
    package var model: HardwareModel?

    package init(name: String, model: HardwareModel?) {
      self.name = name
      self.model = model
    }
  }

  package var entries: [Entry]

  package init(_ entries: [Entry]) { self.entries = entries }

  /// A row for each machine, and what the abbreviations mean.
  package func terminalText(in style: TerminalStyle) -> String {
    var table = TextTable([
      .init("machine"), .init("array", .right), .init("kind"), .init("dataflow"), .init("format"),
      .init("clock", .right), .init("on chip", .right), .init("DRAM", .right), .init("peak", .right),
    ])
    for entry in entries {
      guard let model = entry.model else {
        table.add(entry.name, "cannot be read; joulery check says why")
        continue
      }
      table.add(
        entry.name, model.array.shape, model.array.kind.rawValue,
        model.array.dataflows.map(\.initials).joined(separator: " "),
        model.array.formats.first?.name.rawValue ?? "", "\(model.clock)", "\(onChip(model))",
        "\(model.memory.peakBandwidth)", engineering(peak(model), unit: "MAC/s"))
    }
    let guide = "ws, os, is, rs: weights, outputs, inputs or rows stay in the array"
    let lines = table.lines(in: style) + ["", style.faint("  " + guide)]
    return lines.map { $0.dropFirst(2) + "\n" }.joined()
  }

  package var json: JSONValue {
    .array(
      entries.map { entry in
        guard let model = entry.model else { return ["name": .string(entry.name), "sentence": .null] }
        return [
          "name": .string(entry.name),
          "sentence": .string(model.summary),
          "array": .string(model.array.shape),
          "kind": .string(model.array.kind.rawValue),
          "dataflows": .array(model.array.dataflows.map { .string($0.rawValue) }),
          "formats": .array(model.array.formats.map { .string($0.name.rawValue) }),
          "clock_hertz": .number(model.clock.value),
          "on_chip_bytes": .integer(onChip(model).count),
          "dram_bytes_per_second": .number(model.memory.peakBandwidth.value),
          "peak_macs_per_second": .number(peak(model)),
        ]
      })
  }

  private func onChip(_ model: HardwareModel) -> Bytes {
    Bytes(model.scratchpads.reduce(0) { $0 + $1.capacity.count })
  }

  private func peak(_ model: HardwareModel) -> Double {
    Double(model.array.macsPerCycle) * model.clock.value * (model.array.formats.first?.rate ?? 1)
  }
}

extension Dataflow {
  /// As SCALE-Sim abbreviates them: "ws".
  var initials: String {
    switch self {
    case .weightStationary: "ws"
    case .outputStationary: "os"
    case .inputStationary: "is"
    case .rowStationary: "rs"
    }
  }
}
