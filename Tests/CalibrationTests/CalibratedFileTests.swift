import Formats
import Hardware
import Testing

@testable import Calibration

/// A calibrated machine is its author's file with other numbers.
@Suite struct CalibratedFileTests {
  @Test func `a number is changed where it stands, and what stands around it stays`() throws {
    var edit = try YAMLEdit(
      """
      # a machine
      dma:
        setup: 16 cycles  # as measured
        latency: 20 cycles
      vector:
        cycles-per-step: {simple: 1, multiply: 1}
      energy:
        mac:
          int8:
            value: 0.2 pJ
            source: a book
        dma-byte: {value: 1 pJ, source: a book}
      """, file: "m.yaml")
    edit.set(["dma", "setup"], to: "8 cycles", comment: "was 16")
    edit.set(["dma", "latency"], to: "100 cycles", comment: "was 20")
    edit.set(["vector", "cycles-per-step", "multiply"], to: "3", comment: "was 1")
    edit.set(["vector", "cycles-per-step", "simple"], to: "2", comment: "simple was 1")
    edit.set(["energy", "mac", "int8"], to: "0.3 pJ", comment: "was 0.2 pJ")
    edit.set(["energy", "dma-byte"], to: "2 pJ", comment: "was 1 pJ")
    #expect(
      edit.text == """
        # a machine
        dma:
          setup: 8 cycles  # as measured; was 16
          latency: 100 cycles  # was 20
        vector:
          cycles-per-step: {simple: 2, multiply: 3}  # was 1; simple was 1
        energy:
          mac:
            int8:
              value: 0.3 pJ  # was 0.2 pJ
              source: a book
          dma-byte: {value: 2 pJ, source: a book}  # was 1 pJ
        """)
  }

  @Test func `a key that is not there is added to the deepest mapping that is`() throws {
    var edit = try YAMLEdit(
      "sequencer:\n  issue: 4 cycles\nmemory:\n  pipe: {latency: 1 ns}\nenergy:\n  mac: {}\n", file: "m.yaml")
    edit.set(["sequencer", "layer"], to: "300 cycles", comment: "was 0")
    edit.set(["energy", "static-power", "other"], to: "{value: 1 mW, source: x}", comment: "was 0 W")
    edit.set(["memory", "pipe", "bandwidth"], to: "1 GB/s", comment: "new")
    #expect(
      edit.text == """
        sequencer:
          layer: 300 cycles  # was 0
          issue: 4 cycles
        memory:
          pipe: {bandwidth: 1 GB/s, latency: 1 ns}  # new
        energy:
          static-power:
            other: {value: 1 mW, source: x}  # was 0 W
          mac: {}

        """)
  }

  @Test func `a sentence goes in front of a source, however it is written`() throws {
    var edit = try YAMLEdit(
      """
      a: {value: 1 pJ, source: a book}
      b: {value: 1 pJ, source: "a page: 3"}
      c:
        source: >-
          a long
          text
      """, file: "m.yaml")
    for key in ["a", "b", "c"] { edit.prefix([key, "source"], with: "fitted –") }
    edit.prefix(["d", "source"], with: "fitted –")
    #expect(
      edit.text == """
        a: {value: 1 pJ, source: fitted – a book}
        b: {value: 1 pJ, source: "fitted – a page: 3"}
        c:
          source: >-
            fitted –
            a long
            text
        """)
  }

  @Test func `a section is taken out with all its lines`() {
    let text = "a: 1\ncalibration:\n  x: 2\n\n  # inside\n  y: 3\nb: 4\n"
    #expect(text.removingSection("calibration") == "a: 1\nb: 4\n")
  }

  @Test
  func `the file of a result is the fitted machine, says how it was found, and knows when it is changed`()
    throws
  {
    let csv = """
      network,cycles,energy_uj,date
      lenet5,60000,3,2026-05-01
      squeezenet1.1,3000000,400,2026-05-02
      """
    let template = try Machines.template()
    let set = try MeasurementSet(csv: csv, path: "m.csv")
    let result = try Calibrator(
      template: template, set: set,
      keys: ["sequencer.layer", "memory.pipe.bandwidth", "energy.static-power.other"],
      options: FitOptions(mostEvaluations: 40, starts: 1), jobs: 2
    ).run()
    let text = try CalibratedFile(result, template: template).text
    let machine = try HardwareModel.decode(yaml: text, file: "out.yaml", parts: template.parts)
    #expect(machine.fingerprint == result.model.fingerprint)
    #expect(
      machine.calibrationStatement.hasPrefix("calibrated on m.csv; error held out: none held out; fitted: "))
    let outcome = try #require(machine.calibration.outcome)
    #expect(outcome.date == "2026-05-01, 2026-05-02")
    #expect(outcome.values.map(\.key) == result.parameters.map(\.key))
    #expect(text.contains("# layer fitted; was 0 cycles, 95 % in "))
    let changed = try HardwareModel.decode(
      yaml: text, file: "out.yaml", overrides: ["array.rows=16"], parts: template.parts)
    #expect(changed.calibrationStatement == "uncalibrated: changed after its calibration on m.csv")
    #expect(template.model.calibrationStatement == "uncalibrated")
    // A second calibration starts from the first one's file, and replaces what it said.
    let again = try HardwareTemplate(yaml: text, path: "out.yaml", parts: template.parts)
    let second = try Calibrator(
      template: again, set: set, keys: ["sequencer.layer"],
      options: FitOptions(mostEvaluations: 40, starts: 1), jobs: 2
    ).run()
    let rewritten = try CalibratedFile(second, template: again).text
    #expect(rewritten.split(separator: "calibration:").count == 2)
    #expect(
      try HardwareModel.decode(yaml: rewritten, file: "out.yaml", parts: template.parts).calibration.outcome?
        .values.map(\.key) == ["sequencer.layer"])
  }

  @Test func `a fitted price says so in its source, and keeps the old one`() throws {
    let csv = "network,cycles,energy_uj\nlenet5,60000,3\nsqueezenet1.1,3000000,400\n"
    let template = try Machines.edge()
    let result = try Calibrator(
      template: template, set: try MeasurementSet(csv: csv, path: "m.csv"), keys: ["energy.mac.int8"],
      options: FitOptions(mostEvaluations: 20, starts: 1), jobs: 2
    ).run()
    let text = try CalibratedFile(result, template: template).text
    let machine = try HardwareModel.decode(yaml: text, file: "out.yaml", parts: template.parts)
    let source = try #require(machine.energy.mac[.int8]?.source)
    #expect(source.hasPrefix("fitted to m.csv; before that 52.2 fJ from this source – 8-bit multiply"))
  }

  @Test func `a number of a named DRAM part can be fitted, and the part is written out`() throws {
    let csv = "network,cycles\nlenet5,60000\nsqueezenet1.1,3000000\n"
    let template = try Machines.edge()
    let result = try Calibrator(
      template: template, set: try MeasurementSet(csv: csv, path: "m.csv"),
      keys: ["memory.dram.timing.read-latency"], options: FitOptions(mostEvaluations: 20, starts: 1), jobs: 2
    ).run()
    let text = try CalibratedFile(result, template: template).text
    #expect(text.contains("dram:  # lpddr4-3200, written out"))
    let machine = try HardwareModel.decode(yaml: text, file: "out.yaml", parts: template.parts)
    #expect(machine.fingerprint == result.model.fingerprint)
  }

  @Test func `a file that would say other numbers than the fit is not written`() throws {
    let template = try Machines.template()
    let set = try MeasurementSet(csv: "network,cycles\nlenet5,60000\n", path: "m.csv")
    var result = try Calibrator(
      template: template, set: set, keys: ["dma.setup"], options: FitOptions(mostEvaluations: 20, starts: 1)
    ).run()
    result.parameters[0].after = "17 cycles"
    do throws(CalibrationError) {
      _ = try CalibratedFile(result, template: template)
      Issue.record("numbers that are not those of the fit were written")
    } catch {
      #expect(
        error.description == """
          machine.yaml: the fitted numbers cannot be put into this file; expected keys in block style, without anchors
          """)
    }
  }
}
