import Hardware
import Testing

/// Values that are right alone and wrong together.
@Suite struct MismatchTests {
  @Test func `each role is held by exactly one memory`() throws {
    let file = BrokenFile()
    #expect(
      file.messages(replacing: "roles: [activations, weights]", with: "roles: [activations]") == [
        """
        20:1: scratchpads: no memory holds the weights; expected exactly one; add 'weights' to the roles of one of them
        """
      ])
    #expect(
      file.messages(
        replacing: "roles: [activations, weights]", with: "roles: [activations, weights, accumulators]")
        == [
          """
          20:1: scratchpads: spm and accumulators hold the accumulators; expected exactly one; remove 'accumulators' \
          from the others
          """
        ])
    #expect(
      file.messages(replacing: "name: accumulators,", with: "name: spm,") == [
        "21:3: scratchpads: two memories are called 'spm'; expected different names"
      ])
  }

  @Test func `each core has its turns`() {
    #expect(
      BrokenFile().messages(overrides: "interconnect.weights=[1, 2]") == [
        """
        --set interconnect.weights=[1, 2]: interconnect.weights: there are 2 weights and 1 core; expected one weight \
        for each core; remove the key for equal turns
        """
      ])
    #expect(BrokenFile().messages(overrides: "cores=2", "interconnect.weights=[2, 2]") == ["decoded"])
  }

  @Test func `turns are spread as evenly as their weights allow`() {
    #expect(Interconnect().round(cores: 3) == [0, 1, 2])
    #expect(Interconnect(weights: [1, 2, 1]).round(cores: 3) == [1, 0, 2, 1])
    #expect(Interconnect(weights: [5, 1]).round(cores: 2).firstIndex(of: 1) == 3)
  }

  @Test func `banks hold whole words`() throws {
    #expect(
      BrokenFile().messages(replacing: "capacity: 1 MiB", with: "capacity: 1 MB") == [
        """
        21:48: scratchpads.spm.capacity: 1000000 B are not a whole number of words in each of 16 banks; expected a \
        multiple of 512 B
        """
      ])
  }

  @Test func `a bus for results needs folds that do not overlap`() throws {
    #expect(
      BrokenFile().messages(replacing: "preload-rows-per-cycle: 1", with: "drain: bus") == [
        """
        16:3: array.drain: a bus takes results only from a systolic array whose folds do not \
        overlap; expected shifted; set array.drain to shifted
        """
      ])
  }

  @Test func `sums travel in passes of a row-stationary array only`() throws {
    let passes = "{sums-per-cycle: 4, input-pad: 12, inputs: 2048}"
    #expect(
      BrokenFile().messages(replacing: "preload-rows-per-cycle: 1", with: "passes: \(passes)") == [
        """
        16:3: array.passes: sums of a systolic array do not travel in passes; expected none; leave array.passes out
        """
      ])
  }

  @Test func `dataflows and pixels suit the kind of array`() throws {
    let file = BrokenFile()
    #expect(
      file.messages(replacing: "[weight-stationary, output-stationary]", with: "[rs]") == [
        """
        10:3: array.dataflows: a systolic array does not run row-stationary; expected weight-stationary, \
        output-stationary or input-stationary
        """
      ])
    #expect(
      file.messages(replacing: "kind: systolic", with: "kind: dot-product") == [
        "10:3: array.dataflows: a dot-product array does not run output-stationary; expected weight-stationary"
      ])
    #expect(
      file.messages(replacing: "kind: systolic", with: "kind: row-stationary") == [
        "10:3: array.dataflows: a row-stationary array does not run output-stationary; expected row-stationary",
        "10:3: array.dataflows: a row-stationary array does not run weight-stationary; expected row-stationary",
      ])
    #expect(
      file.messages(replacing: "preload-rows-per-cycle: 1", with: "pixels: 4") == [
        "16:3: array.pixels: a systolic array has one pixel per cycle; expected 1"
      ])
    #expect(
      file.messages(
        replacing: "{format: int16, rate: 0.25, accumulator: 8 B}", with: "{format: int8, rate: 0.5}") == [
          "11:3: array.formats: the format int8 is given twice; remove one of them"
        ])
  }

  @Test func `memories feed the array`() throws {
    let file = BrokenFile()
    let remedy = "add banks or widen the word"
    #expect(
      file.messages(replacing: "word: 32 B", with: "word: 1 B") == [
        """
        21:76: scratchpads.spm.word: 16 banks of 1 B deliver 16 B per cycle, and one activation for each row takes \
        32 B; expected banks × word of at least 32 B; \(remedy)
        """,
        """
        21:76: scratchpads.spm.word: 16 banks of 1 B deliver 16 B per cycle, and one row of weights takes 32 B; \
        expected banks × word of at least 32 B; \(remedy)
        """,
      ])
    #expect(
      file.messages(replacing: "preload-rows-per-cycle: 1", with: "preload-rows-per-cycle: 64") == [
        "16:3: array.preload-rows-per-cycle: 64 is more than the array's rows; expected at most 32",
        """
        21:76: scratchpads.spm.word: 16 banks of 32 B deliver 512 B per cycle, and one row of weights takes 2 KiB; \
        expected banks × word of at least 2 KiB; \(remedy)
        """,
      ])
    #expect(
      file.messages(replacing: "banks: 4, word: 128 B", with: "banks: 4, word: 16 B") == [
        """
        22:78: scratchpads.accumulators.word: 4 banks of 16 B deliver 64 B per cycle, and one accumulator for each \
        column takes 128 B; expected banks × word of at least 128 B; \(remedy)
        """
      ])
  }

  @Test func `the accumulators hold one fold`() throws {
    let file = BrokenFile()
    #expect(
      file.messages(replacing: "capacity: 128 KiB", with: "capacity: 2 KiB") == [
        """
        22:49: scratchpads.accumulators.capacity: 2 KiB do not hold the results of one fold (4 KiB); expected at least \
        4 KiB
        """
      ])
    #expect(file.messages(replacing: "capacity: 128 KiB", with: "capacity: 4 KiB") == ["decoded"])
  }

  @Test func `bursts are whole bus cycles and whole accesses of the DRAM`() throws {
    let file = BrokenFile()
    #expect(
      file.messages(replacing: "burst: 256 B", with: "burst: 250 B") == [
        "27:3: dma.burst: 250 B are not a whole number of bus cycles; expected a multiple of 32 B",
        "27:3: dma.burst: 250 B are not a whole number of lpddr4-3200 accesses; expected a multiple of 32 B",
      ])
    #expect(
      file.messages(replacing: "bus: 32 B\n  burst: 256 B", with: "bus: 16 B\n  burst: 16 B") == [
        "27:3: dma.burst: 16 B are not a whole number of lpddr4-3200 accesses; expected a multiple of 32 B"
      ])
  }

  @Test func `the rows of a DRAM are whole accesses`() throws {
    #expect(
      BrokenFile().messages(overrides: "memory.dram.row=2000 B") == [
        """
        --set memory.dram.row=2000 B: memory.dram.row: 2000 B are not a whole number of accesses; expected a multiple \
        of 32 B
        """
      ])
  }

  @Test func `everything that can happen has an energy`() throws {
    let file = BrokenFile()
    #expect(
      file.messages(replacing: "{format: int16, rate: 0.25, accumulator: 8 B}", with: "{format: int4}") == [
        """
        50:3: energy.mac: the energy of a MAC in int4 is missing; expected one for each format of the array; add \
        'int4: {value: 0.2 pJ, source: …}'
        """
      ])
    #expect(
      file.messages(overrides: "memory={pipe: {bandwidth: 1 GB/s, latency: 20 ns}}") == [
        """
        49:1: energy: the energy of moving a byte through the memory's pipe is missing; expected 'memory-byte'; add \
        'memory-byte: {value: 30 pJ, source: …}'
        """
      ])
  }

  @Test func `sources are about keys that exist`() throws {
    #expect(
      BrokenFile().messages(replacing: "sources:\n", with: "sources:\n  array.rosw: x\n  banana: x\n")
        == [
          """
          142:3: sources.array.rosw: 'array.rosw' is not a key of a hardware file; expected a key or a section; did you \
          mean 'array.rows'?
          """,
          "143:3: sources.banana: 'banana' is not a key of a hardware file; expected a key or a section",
        ])
  }
}
