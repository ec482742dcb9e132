import Hardware
import Measures
import Testing

/// `--set KEY=VALUE` changes any key, with the checks of a file.
@Suite struct OverrideTests {
  private func edge(_ overrides: String...) throws -> HardwareModel {
    try ShippedFiles.library.model("edge", overrides: overrides)
  }

  @Test func `any key can be set`() throws {
    let model = try edge(
      "array.rows=64", "array.dataflow=os", "scratchpads.spm.banks=64", "scratchpads.1.ports=1rw",
      "array.formats.int8.rate=0.5", "clock=1 GHz", "summary=a, b", "energy.mac.int8=1 pJ",
      "energy.mac.int16.value=2 pJ", "memory.dram.timing.read-latency=30 cycles", "sequencer.layer=100 cycles"
    )
    #expect(model.array.rows == 64)
    #expect(model.array.dataflows == [.outputStationary])
    #expect(model.scratchpads[0].banks == 64)
    #expect(model.scratchpads[1].ports == .single)
    #expect(model.array.formats[0].rate == 0.5)
    #expect(model.clock == Hertz(1e9))
    #expect(model.summary == "a, b")
    #expect(model.energy.mac[.int8] == .init(Joules(1e-12), source: "--set energy.mac.int8=1 pJ"))
    #expect(model.energy.mac[.int16] == .init(Joules(2e-12), source: "--set energy.mac.int16.value=2 pJ"))
    #expect(model.sequencer.layerCycles == 100)
    guard case .dram(let system) = model.memory else {
      Issue.record("the memory is no longer DRAM")
      return
    }
    #expect(system.standard.timing.readLatency == 30)
    #expect(system.standard.timing.writeLatency == 14)
  }

  @Test(
    arguments: [
      ("none", SparsitySupport.none), ("layers", .layers), ("2:4", .storage(.pattern(kept: 2, of: 4))),
      ("63:64", .storage(.pattern(kept: 63, of: 64))), ("rows:8", .storage(.rows(block: 8))),
    ])
  func `sparsity has a form for each kind, and reads back from it`(text: String, support: SparsitySupport)
    throws
  {
    let model = try edge("array.sparsity=\(text)")
    #expect(model.array.sparsity == support)
    #expect(try HardwareModel.decode(yaml: model.yaml(), file: "again.yaml") == model)
  }

  @Test(arguments: [
    "4:4", "0:4", "5:4", "1:65", "rows:1", "rows:65", "rows", "half", "2:4:8", ":4", "columns:8",
  ])
  func `other forms of sparsity are refused`(text: String) {
    #expect(
      BrokenFile().messages(overrides: "array.sparsity=\(text)") == [
        """
        --set array.sparsity=\(text): array.sparsity: '\(text)' is no form of sparsity; expected none, layers, N:M with \
        N < M ≤ 64, or rows:B with B from 2 to 64; write for example '2:4'
        """
      ])
  }

  @Test func `the last of two overrides wins, and none changes nothing`() throws {
    #expect(try edge("array.rows=64", "array.rows=16").array.rows == 16)
    #expect(try edge() == edge("array.rows=32"))
  }

  @Test func `a section and a part can be replaced`() throws {
    let model = try edge(
      "memory.dram=lpddr5-6400",
      "vector={lanes: 8, cycles-per-step: {simple: 1, multiply: 1, divide: 1, transcendental: 1, reduce: 1, gather: 1}, pipeline: 1 cycle}"
    )
    #expect(model.memory.peakBandwidth == BytesPerSecond(25.6e9))
    #expect(model.vector.lanes == 8)
  }

  @Test func `what is wrong with an override is said at the override`() throws {
    let file = BrokenFile()
    let noValue = "the override has no value; expected KEY=VALUE; write for example 'array.rows=32'"
    #expect(file.messages(overrides: "array.rows") == ["--set array.rows: \(noValue)"])
    #expect(file.messages(overrides: "=3") == ["--set =3: \(noValue)"])
    #expect(file.messages(overrides: "array.rows= ") == ["--set array.rows= : \(noValue)"])
    #expect(
      file.messages(overrides: "array..rows=2") == [
        """
        --set array..rows=2: a part of the key is empty; expected KEY=VALUE; write for example 'array.rows=32'
        """
      ])
    #expect(
      file.messages(overrides: "array.rows=[1") == [
        """
        --set array.rows=[1: this is not YAML: while parsing a flow sequence: did not find expected ',' or ']'; check \
        indentation, colons and quotes
        """
      ])
    #expect(
      file.messages(overrides: "array.rows.x=1") == [
        "--set array.rows.x=1: array.rows has no keys; set 'array.rows' itself"
      ])
    #expect(
      file.messages(overrides: "scratchpads.smp.banks=1") == [
        """
        --set scratchpads.smp.banks=1: scratchpads has no element 'smp'; expected spm or accumulators; did you mean \
        'spm'?
        """
      ])
    #expect(
      file.messages(overrides: "scratchpads.7.banks=1") == [
        "--set scratchpads.7.banks=1: scratchpads has no element '7'; expected spm or accumulators"
      ])
    #expect(
      file.messages(overrides: "array.rosw=64").map { $0.suffix(22) } == ["; did you mean 'rows'?"])
    #expect(
      file.messages(overrides: "clock=20 ns") == [
        """
        --set clock=20 ns: clock: '20 ns' is a duration; expected a frequency in Hz, kHz, MHz or GHz; write for \
        example '800 MHz'
        """
      ])
    #expect(
      file.messages(overrides: "dma.burst=48 B") == [
        "--set dma.burst=48 B: dma.burst: 48 B are not a whole number of bus cycles; expected a multiple of 32 B",
        """
        --set dma.burst=48 B: dma.burst: 48 B are not a whole number of lpddr4-3200 accesses; expected a multiple of \
        32 B
        """,
      ])
  }

  @Test func `a part that is missing is said once`() throws {
    #expect(
      BrokenFile().messages(overrides: "memory.dram=lpddr9", "memory.dram.rows=3") == [
        """
        --set memory.dram=lpddr9: there is no dram part called 'lpddr9'; expected ddr4-2400, ddr4-3200, hbm2, \
        hbm2-2000, lpddr4-3200 or lpddr5-6400
        """
      ])
  }
}
