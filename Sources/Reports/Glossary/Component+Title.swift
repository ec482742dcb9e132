package import Hardware

extension Component {
  /// The component as a reader meets it in tables and legends.
  package var title: String {
    switch self {
    case .array: "MAC array"
    case .scratchpad: "Scratchpads"
    case .vector: "Vector unit"
    case .dma: "DMA"
    case .cache: "Caches"
    case .dram: "Main memory"
    case .sequencer: "Sequencer"
    case .other: "Other"
    }
  }

  /// One sentence for `explain`.
  package var sentence: String {
    switch self {
    case .array: "multiply-accumulates, the clocking of the array's cells, and the array's static power"
    case .scratchpad: "words read and written in the on-chip memories, and their leakage"
    case .vector: "elements that passed through the vector unit, and its static power"
    case .dma: "bytes moved over the bus between main memory and scratchpads"
    case .cache: "lines looked up, fetched and written back in the caches between DMA and main memory"
    case .dram: "activates, reads, writes, refreshes and standby of main memory"
    case .sequencer: "instructions issued, and the sequencer's static power"
    case .other: "static power that the machine's file gives to no other component"
    }
  }
}
