import Hardware
import Records
import Testing

/// Every key can be explained, and the explanation is the declaration.
@Suite struct ExplainTests {
  @Test func `a key says what it is, whether it is required, and how to set it`() {
    #expect(
      HardwareKeys.explain("array.rows") == """
        array.rows: a whole number 1 … 1024
          Cells along the reduction (input channels of a dot-product block).
          Required.
          On the command line: --set array.rows=32
        """)
    #expect(
      HardwareKeys.explain("array.dataflows") == """
        array.dataflows: a list of weight-stationary, output-stationary, input-stationary and row-stationary
          Dataflows the compiler may choose from, the preferred first.
          Short forms: ws, os, is, rs.
          Required.
          On the command line: --set array.dataflows=[weight-stationary]
        """)
    #expect(
      HardwareKeys.explain("sequencer.layer") == """
        sequencer.layer: 0 … 1000000000 cycles
          Extra cycles before the first instruction of a layer (configuration, driver).
          Units: cycles; for example '8 cycles'.
          Optional; the default is 0 cycles.
          On the command line: --set 'sequencer.layer=8 cycles'
        """)
  }

  @Test func `a section lists its keys`() {
    #expect(
      HardwareKeys.explain("dma") == """
        dma: a section
          The engines that copy between main memory and scratchpads.
          Required.
            dma.clock        Clock of the bus; may differ from the core's.
            dma.bus          Bytes the bus moves in one bus cycle, each direction.
            dma.burst        Longest burst; bursts do not cross a multiple of it.
            dma.store-burst  Longest burst of a store, for an engine that writes word by word; 0 where it is 'burst'.
            dma.outstanding  Bursts under way at once, per direction.
            dma.setup        Core cycles to decode a descriptor before its first burst.
            dma.latency      Bus cycles from the engine to the memory controller, and again back.
            dma.first-touch  Core cycles that the first load from a page of 4 KiB waits (page walk or fault).
        """)
  }

  @Test func `elements go by name, number or neither, and books' symbols find their key`() {
    let banks = HardwareKeys.entry(for: "scratchpads.banks")?.path
    #expect(banks == "scratchpads[].banks")
    for path in ["scratchpads.spm.banks", "scratchpads.0.banks", "scratchpads[].banks"] {
      #expect(HardwareKeys.entry(for: path)?.path == banks)
    }
    #expect(HardwareKeys.entry(for: "tRCDRD")?.path == "memory.dram.timing.activate-to-read")
    #expect(
      HardwareKeys.entry(for: "dram.timing.trc")?.path == "memory.dram.timing.activate-to-activate-same-bank")
    #expect(HardwareKeys.entry(for: "energy.mac.int8.value")?.path == "energy.mac.int8.value")
    #expect(
      HardwareKeys.explain("energy.mac.int8") == """
        energy.mac.int8: {value: 0.2 pJ, source: …}
          One multiply-accumulate, by format of the operands.
          Optional; the default is none.
          On the command line: --set 'energy.mac.int8=0.2 pJ'
            energy.mac.int8.value   The number with its unit.
            energy.mac.int8.source  Where the number comes from.
        """)
  }

  @Test func `what does not exist is not explained, but suggested`() {
    for (path, suggestion) in [
      ("array.rosw", "array.rows"), ("rows", "array.rows"), ("banks", "caches[].banks"),
      ("dram.channels", "memory.channels"), ("scratchpad.bank", "scratchpads[].banks"),
    ] {
      #expect(HardwareKeys.explain(path) == nil)
      #expect(HardwareKeys.suggestion(for: path) == suggestion)
    }
    for path in ["banana", "", ".", "array.rows.x", "array..rows."] {
      #expect(path == "array..rows." || HardwareKeys.explain(path) == nil)
    }
    #expect(HardwareKeys.suggestion(for: "banana") == nil)
  }

  @Test func `every declared key explains itself and has a sentence`() {
    let entries = HardwareKeys.all
    #expect(entries.count > 100)
    for entry in entries {
      let isTable = entry.path.contains(".NAME")
      #expect(isTable || HardwareKeys.entry(for: entry.path) == entry, "\(entry.path)")
      #expect(entry.declaration.sentence.hasSuffix("."), "\(entry.path)")
    }
    #expect(Set(entries.map(\.path)).count == entries.count)
  }
}
