import Hardware
import Testing

/// Every way to get a key wrong has its message, asserted word for word.
@Suite struct DecodingErrorTests {
  private static let keysOfArray = """
    kind, rows, columns, pixels, dataflows, formats, overlaps-preload, overlaps-folds, preload-rows-per-cycle, \
    minimum-fold, pipeline, depthwise-channels, drain, packs-kernel, passes, sparsity
    """

  @Test func `a misspelt key is named twice: as unknown and as missing`() throws {
    #expect(
      BrokenFile().messages(replacing: "rows: 32", with: "rosw: 32") == [
        "7:3: array.rows is missing; expected a whole number 1 … 1024; check its spelling",
        """
        8:3: array: 'rosw' is not a key here; expected one of \(Self.keysOfArray) or counting; did you mean \
        'rows'?
        """,
      ])
  }

  @Test func `all errors of a file come at once, by place`() throws {
    let messages = BrokenFile().messages(
      replacing: "clock: 800 MHz\n\narray:\n  kind: systolic\n  rows: 32\n",
      with: "clock: 800\n\narray:\n  kind: sistolic\n  rows: 0\n  banana: 1\n")
    #expect(
      messages == [
        "4:8: clock: '800' has no unit; expected a frequency in Hz, kHz, MHz or GHz; write for example '800 MHz'",
        """
        7:9: array.kind: 'sistolic' is unknown; expected systolic, dot-product or row-stationary; did you mean \
        'systolic'?
        """,
        "8:9: array.rows: 0 is out of range; expected a whole number 1 … 1024",
        """
        9:3: array: 'banana' is not a key here; expected one of \(Self.keysOfArray) or counting; remove it
        """,
      ])
  }

  @Test func `a missing section says what to add`() throws {
    #expect(
      BrokenFile().messages(replacing: "sequencer:\n  issue: 4 cycles\n  queue-depth: 8\n", with: "") == [
        """
        2:1: sequencer is missing; expected a mapping with the keys issue, queue-depth, layer, network and host-step; add \
        'sequencer: {issue: 8 cycles, …}'
        """
      ])
    #expect(
      BrokenFile().messages(replacing: "  rows: 32\n", with: "") == [
        "7:3: array.rows is missing; expected a whole number 1 … 1024; add 'rows: 32'"
      ])
  }

  @Test(
    arguments: [
      ("thirty", "'thirty' is not a whole number; expected a whole number 1 … 1024"),
      ("\"32\"", "'32' is not a whole number; expected a whole number 1 … 1024; remove the quotes"),
      ("32 B", "'32 B' is not a whole number; expected a whole number 1 … 1024"),
      ("32.0", "'32.0' is not a whole number; expected a whole number 1 … 1024"),
      ("+32", "'+32' is not a whole number; expected a whole number 1 … 1024"),
      (
        "99999999999999999999999",
        "'99999999999999999999999' is not a whole number; expected a whole number 1 … 1024"
      ),
      ("1025", "1025 is out of range; expected a whole number 1 … 1024"),
      ("-1", "-1 is out of range; expected a whole number 1 … 1024"),
      ("~", "the value is empty; expected a whole number 1 … 1024"),
      ("[32]", "the value is a list; expected a whole number 1 … 1024"),
      ("{a: 1}", "the value is a mapping; expected a whole number 1 … 1024"),
    ])
  func `a whole number is one, within its range`(written: String, message: String) throws {
    #expect(
      BrokenFile().messages(replacing: "rows: 32", with: "rows: \(written)") == [
        "8:9: array.rows: \(message)"
      ])
  }

  @Test func `a share lies above 0 and is at most 1`() throws {
    let expected = "expected a number above 0, at most 1"
    let file = BrokenFile()
    #expect(
      file.messages(replacing: "rate: 0.25", with: "rate: 0") == [
        "13:29: array.formats.int16.rate: 0 is out of range; \(expected)"
      ])
    #expect(
      file.messages(replacing: "rate: 0.25", with: "rate: 1.5") == [
        "13:29: array.formats.int16.rate: 1.5 is out of range; \(expected)"
      ])
    #expect(
      file.messages(replacing: "rate: 0.25", with: "rate: quarter") == [
        "13:29: array.formats.int16.rate: 'quarter' is not a number; \(expected)"
      ])
  }

  @Test func `truth values are true and false alone`() throws {
    #expect(
      BrokenFile().messages(replacing: "overlaps-folds: true", with: "overlaps-folds: yes") == [
        "15:19: array.overlaps-folds: 'yes' is not a truth value; expected true or false"
      ])
  }

  @Test func `quantities need their unit and keep their range`() throws {
    let file = BrokenFile()
    #expect(
      file.messages(replacing: "capacity: 1 MiB", with: "capacity: 64 TiB") == [
        "21:58: scratchpads.spm.capacity: '64 TiB' is out of range; expected an amount of memory 1 B … 16 GiB"
      ])
    #expect(
      file.messages(replacing: "pipeline: 2 cycles", with: "pipeline: 2 ns") == [
        """
        18:13: array.pipeline: '2 ns' is a duration; expected a number of cycles; write for example '8 cycles'
        """
      ])
    #expect(
      file.messages(replacing: "pipeline: 2 cycles", with: "pipeline: -2 cycles") == [
        "18:13: array.pipeline: '-2 cycles' is out of range; expected 0 … 4096 cycles"
      ])
    #expect(
      file.messages(replacing: "value: 0.0522 pJ", with: "value: 0.0522") == [
        """
        52:14: energy.mac.int8.value: '0.0522' has no unit; expected an energy in fJ, pJ, nJ, µJ, mJ or J; write for \
        example '0.0522 pJ'
        """
      ])
  }

  @Test func `lists hold something, once, and of the right kind`() throws {
    let original = "dataflows: [weight-stationary, output-stationary]"
    let file = BrokenFile()
    #expect(
      file.messages(replacing: original, with: "dataflows: []") == [
        "10:14: array.dataflows: the list is empty; expected 1 … 256 elements"
      ])
    #expect(
      file.messages(replacing: original, with: "dataflows: [ws, ws]") == [
        "10:19: array.dataflows.1: the element is given twice; remove one of them"
      ])
    #expect(
      file.messages(replacing: original, with: "dataflows: {a: 1}") == [
        """
        10:14: array.dataflows: the value is a mapping; expected a list of weight-stationary, output-stationary, \
        input-stationary and row-stationary
        """
      ])
    let many = "dataflows: [\(String(repeating: "ws, ", count: 257))]"
    #expect(
      file.messages(replacing: original, with: many) == [
        "10:14: array.dataflows: the list has 257 elements; expected 1 … 256 elements"
      ])
  }

  @Test func `a word alone stands for a list of one, and dataflows have short forms`() throws {
    let original = "dataflows: [weight-stationary, output-stationary]"
    #expect(BrokenFile().messages(replacing: original, with: "dataflows: os") == ["decoded"])
  }

  @Test func `tables name their rows`() throws {
    let file = BrokenFile()
    #expect(
      file.messages(replacing: "simple: 1, multiply: 1,", with: "simple: 1,") == [
        """
        42:20: vector.cycles-per-step: 'multiply' is missing; expected a mapping from simple, multiply, divide, \
        transcendental, reduce and gather to whole numbers 1 … 4096; add 'multiply: …'
        """
      ])
    #expect(
      file.messages(replacing: "    int8:\n", with: "    int9:\n") == [
        """
        51:5: energy.mac: 'int9' is not a key here; expected one of int4, int8, int16, float16, bfloat16 or float32; \
        did you mean 'int4'?
        """
      ])
    #expect(
      file.messages(replacing: "    spm:\n", with: "    smp:\n") == [
        """
        67:5: energy.scratchpads: 'smp' is not a key here; expected one of spm or accumulators; did you mean 'spm'?
        """
      ])
    #expect(
      file.messages(replacing: "cycles-per-step: {simple: 1,", with: "cycles-per-step: 3 #") == [
        """
        42:20: vector.cycles-per-step: the value is '3'; expected a mapping from simple, multiply, divide, \
        transcendental, reduce and gather to whole numbers 1 … 4096
        """
      ])
  }

  @Test func `each memory has its energies`() throws {
    let file = BrokenFile()
    #expect(
      file.messages(replacing: "  - {name: accumulators,", with: "  - {name: accumulator,") == [
        """
        76:5: energy.scratchpads: 'accumulators' is not a key here; expected one of spm or accumulator; did you mean \
        'accumulator'?
        """
      ])
    #expect(
      file.messages(
        replacing: "  - {name: accumulators,",
        with: "  - {name: x, roles: [], capacity: 1 B, banks: 1, word: 1 B}\n  - {name: accumulators,")
        == ["22:22: scratchpads.x.roles: the list is empty; expected 1 … 256 elements"])
    #expect(
      file.messages(
        replacing: "  scratchpads:\n    spm:\n", with: "  scratchpads: {}\n  other:\n    spm:\n"
      ).first == """
        66:16: energy.scratchpads: the memory 'accumulators' is missing; expected each memory in 'scratchpads'; add \
        'accumulators: {read: …, write: …}'
        """)
  }

  @Test func `texts are not empty`() throws {
    #expect(
      BrokenFile().messages(replacing: "name: edge", with: "name: ' '") == [
        "2:7: name: the text is empty; expected a text"
      ])
    #expect(
      BrokenFile().messages(replacing: "name: edge", with: "name: [a]") == [
        "2:7: name: the value is a list; expected a text"
      ])
  }

  @Test func `unknown sections are listed at the root`() throws {
    #expect(
      BrokenFile().messages(replacing: "name: edge\n", with: "name: edge\nnoc: 3\n") == [
        """
        3:1: the file: 'noc' is not a key here; expected one of name, summary, clock, cores, array, scratchpads, \
        dma, caches, interconnect, memory, vector, sequencer, energy, voltage, variants, sources or calibration; \
        remove it
        """
      ])
  }
}

/// Memory is DRAM or a pipe, and DRAM a part.
@Suite struct MemoryErrorTests {
  @Test func `an unknown part lists the parts there are`() throws {
    #expect(
      BrokenFile().messages(replacing: "dram: lpddr4-3200", with: "dram: lpddr4") == [
        """
        33:9: there is no dram part called 'lpddr4'; expected ddr4-2400, ddr4-3200, hbm2, hbm2-2000, lpddr4-3200 or \
        lpddr5-6400; did you mean 'lpddr4-3200'?
        """
      ])
    #expect(
      BrokenFile().messages(replacing: "dram: lpddr4-3200", with: "dram: ./nothing.yaml") == [
        "33:9: there is no file './nothing.yaml'"
      ])
  }

  @Test func `DRAM and pipe exclude each other`() throws {
    #expect(
      BrokenFile().messages(replacing: "dram: lpddr4-3200", with: "dram: lpddr4-3200\n  pipe: {}") == [
        "34:9: memory: both 'dram' and 'pipe' are given; expected one of them; remove one of them"
      ])
    #expect(
      BrokenFile().messages(
        replacing:
          "dram: lpddr4-3200\n  channels: 2\n  address-map: row-bank-column-channel\n  row-policy: open\n",
        with: "pipe: {bandwidth: 1 GB/s, latency: 1 ns}\n") == [
          "34:3: memory: 'queue-depth' is not a key here; expected 'pipe'; remove it",
          "35:3: memory: 'hit-cap' is not a key here; expected 'pipe'; remove it",
        ])
    #expect(
      BrokenFile().messages(replacing: "memory:\n", with: "memory: 5\nx:\n").first
        == "32:9: memory: the value is '5'; expected a mapping with 'dram' or 'pipe'")
  }
}
