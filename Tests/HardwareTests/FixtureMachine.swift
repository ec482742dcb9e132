/// A machine as text: a copy of an early `edge`, so that line numbers in messages stay when the shipped one changes.
enum FixtureMachine {
  static let yaml = #"""
    # yaml-language-server: $schema=schema.json
    name: edge
    summary: A 32×32 int8 systolic NPU for edge devices with 1 MiB of SRAM and 32-bit LPDDR4
    clock: 800 MHz

    array:
      kind: systolic
      rows: 32
      columns: 32
      dataflows: [weight-stationary, output-stationary]
      formats:
        - {format: int8, rate: 1, accumulator: 4 B}
        - {format: int16, rate: 0.25, accumulator: 8 B}
      overlaps-preload: true
      overlaps-folds: true
      preload-rows-per-cycle: 1
      minimum-fold: 4 cycles
      pipeline: 2 cycles

    scratchpads:
      - {name: spm, roles: [activations, weights], capacity: 1 MiB, banks: 16, word: 32 B, ports: 1rw}
      - {name: accumulators, roles: [accumulators], capacity: 128 KiB, banks: 4, word: 128 B, ports: 1r1w}

    dma:
      clock: 800 MHz
      bus: 32 B
      burst: 256 B
      outstanding: 16
      setup: 16 cycles
      latency: 20 cycles

    memory:
      dram: lpddr4-3200
      channels: 2
      address-map: row-bank-column-channel
      row-policy: open
      queue-depth: 32
      hit-cap: 64

    vector:
      lanes: 32
      cycles-per-step: {simple: 1, multiply: 1, divide: 4, transcendental: 4, reduce: 1, gather: 2}
      pipeline: 8 cycles

    sequencer:
      issue: 4 cycles
      queue-depth: 8

    energy:
      mac:
        int8:
          value: 0.0522 pJ
          source: >-
            8-bit multiply 0.2 pJ and 32-bit add 0.1 pJ at 45 nm (Horowitz, ISSCC 2014), × 0.174 to 16 nm
            (Stillmaker and Baas, Integration 58, 2017)
        int16:
          value: 0.154 pJ
          source: >-
            16-bit multiply 0.783 pJ (fit in google/qkeras qtools) and 32-bit add 0.1 pJ at 45 nm (Horowitz,
            ISSCC 2014), × 0.174 to 16 nm (Stillmaker and Baas, Integration 58, 2017)
      array-cell-cycle:
        value: 0.0626 pJ
        source: >-
          40 register bits a cell (8 operand, 32 partial sum; held weights are not clocked) × 0.009 pJ (Aladdin,
          40 nm, in accelergy-aladdin-plug-in), × 0.174 to 16 nm (Stillmaker and Baas, Integration 58, 2017)
      scratchpads:
        spm:
          read:
            value: 11.6 pJ
            source: >-
              CACTI 7, 64 KiB bank with a 256-bit port, 22 nm LSTP: 13.62 pJ, × √(16/22)
          write:
            value: 12.2 pJ
            source: >-
              CACTI 7, 64 KiB bank with a 256-bit port, 22 nm LSTP: 14.35 pJ, × √(16/22)
        accumulators:
          read:
            value: 9.72 pJ
            source: >-
              CACTI 7, a bank of four 8 KiB arrays with 256-bit ports, 22 nm LSTP: 4 × 2.849 pJ, × √(16/22)
          write:
            value: 21 pJ
            source: >-
              CACTI 7, a bank of four 8 KiB arrays with 256-bit ports, 22 nm LSTP: 4 × 6.164 pJ, × √(16/22)
      vector:
        simple:
          value: 0.0174 pJ
          source: >-
            32-bit add 0.1 pJ at 45 nm (Horowitz, ISSCC 2014), × 0.174 to 16 nm (Stillmaker and Baas,
            Integration 58, 2017)
        multiply:
          value: 0.557 pJ
          source: >-
            32-bit multiply 3.1 pJ and add 0.1 pJ at 45 nm (Horowitz, ISSCC 2014), × 0.174 to 16 nm (Stillmaker
            and Baas, Integration 58, 2017)
        divide:
          value: 2.23 pJ
          source: >-
            four multiply-adds of a Newton iteration at 3.2 pJ, 45 nm (Horowitz, ISSCC 2014), × 0.174 to 16 nm
            (Stillmaker and Baas, Integration 58, 2017)
        transcendental:
          value: 1.67 pJ
          source: >-
            three multiply-adds of a piecewise cubic at 3.2 pJ, 45 nm (Horowitz, ISSCC 2014), × 0.174 to 16 nm
            (Stillmaker and Baas, Integration 58, 2017)
        reduce:
          value: 0.0174 pJ
          source: >-
            32-bit add 0.1 pJ at 45 nm (Horowitz, ISSCC 2014), × 0.174 to 16 nm (Stillmaker and Baas,
            Integration 58, 2017)
        gather:
          value: 0.0348 pJ
          source: >-
            two 32-bit address additions at 0.1 pJ, 45 nm (Horowitz, ISSCC 2014), × 0.174 to 16 nm (Stillmaker
            and Baas, Integration 58, 2017)
      dma-byte:
        value: 0.0546 pJ
        source: >-
          a quarter of a 32-bit 1:4 crossbar (0.68 pJ) and two FIFO registers of 8 bits at 0.009 pJ (Aladdin, 40
          nm), × 0.174 to 16 nm (Stillmaker and Baas, Integration 58, 2017)
      instruction:
        value: 2.71 pJ
        source: >-
          CACTI 7, 16 B from an 8 KiB program memory at 22 nm LSTP: 2 × 1.590 pJ, × √(16/22)
      static-power:
        array:
          value: 2.18 mW
          source: >-
            1024 cells × 0.0112 mW at 40 nm (Aladdin: 32-bit adder 0.0023 mW, 1/16 of a 32×32 multiplier of 0.08
            mW, 56 register bits of 7e-5 mW), × 0.19 (area, 45 to 16 nm)
        scratchpad:
          value: 0.0183 mW
          source: >-
            CACTI 7, 22 nm LSTP: 16 banks of 64 KiB × 0.995 µW and 16 arrays of 8 KiB × 0.15 µW
        vector:
          value: 0.5 mW
          source: >-
            32 lanes × (32-bit multiplier 0.08 mW and adder 0.0023 mW at 40 nm, Aladdin), × 0.19 (area, 45 to 16
            nm)

    sources:
      clock: "design choice: an Ethos-U65 runs at 0.5 to 1 GHz (ethos-u-vela architecture_features.py)"
      array: >-
        design choice: 1024 MACs, twice an Ethos-U65-512; folds at least 4 cycles apart as in Gemmini's
        ExecuteController.scala
      scratchpads.spm: >-
        design choice: a word is one row of 32 int8 operands; 16 banks keep array, vector unit and DMA apart
      scratchpads.accumulators: "design choice: a word is one row of 32 int32 results"
      dma: >-
        design choice: 25.6 GB/s each way, twice the DRAM's peak; 16 bursts of 256 B cover 320 ns at 12.8 GB/s
      memory: >-
        design choice: LPDDR4-3200 ×32 is common on edge boards; a queue of 32 as in DRAMsim3's configs, twice
        that as starvation bound
      vector: "design choice: one lane for each column of the array; divide and transcendental iterate four times"
      sequencer: "design choice: an instruction of 16 B in 4 cycles"

    """#
}
