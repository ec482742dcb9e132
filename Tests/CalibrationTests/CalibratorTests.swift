import Formats
import Foundation
import Hardware
import Testing

@testable import Calibration

/// Calibrations of machines whose true numbers are known: the measurements are simulations.
@Suite struct CalibratorTests {
  /// Small networks that bear on different parameters, so that a fit takes little time.
  private static let subjects = [
    "lenet5", "squeezenet1.1;3x64x64", "mlperf-tiny-ad", "mlperf-tiny-ic", "mlperf-tiny-kws",
    "mlperf-tiny-vww",
  ]

  /// The rows of a machine with other numbers, as a file of measurements.
  private static func csv(_ settings: [String], energy: Bool = false, extra: String = "") throws -> String {
    var lines = ["network,input,cycles" + (energy ? ",energy_uj" : "")]
    for subject in subjects {
      let parts = subject.split(separator: ";").map(String.init)
      let input = parts.count > 1 ? parts[1] : ""
      let one = try MeasurementSet(csv: "network,input,cycles\n\(parts[0]),\(input),1\n", path: "x.csv")
      let prediction = try Prediction(one.rows[0], on: Machines.template(settings).model)
      let joules = energy ? ",\(prediction.joules * 1e6)" : ""
      lines.append("\(parts[0]),\(input),\(prediction.cycles)\(joules)")
    }
    return lines.joined(separator: "\n") + "\n" + extra
  }

  private static func calibrate(
    _ csv: String, keys: [String], split: Split = .none, options: FitOptions = FitOptions(starts: 2),
    store: SimulationStore = SimulationStore()
  ) throws -> CalibrationResult {
    let set = try MeasurementSet(csv: csv, path: "m.csv")
    return try Calibrator(
      template: try Machines.template(), set: set, split: split, keys: keys, options: options, jobs: 2,
      store: store
    ).run()
  }

  @Test func `a fit to simulated times gives their machine's numbers back`() throws {
    let csv = try Self.csv(["dma.latency=90 cycles", "sequencer.layer=3000 cycles"])
    let result = try Self.calibrate(csv, keys: ["dma.latency", "sequencer.layer"], split: .folds(3))
    let time = try #require(result.quantities.first)
    #expect(time.before.meanError > 0.05)
    #expect(time.fitted.meanError < 0.005)
    #expect(try #require(time.heldOut).meanError < 0.02)
    #expect(result.hasConverged)
    let layer = try #require(result.parameters.first { $0.key == "sequencer.layer" })
    let found = try #require(Int(layer.after.split(separator: " ")[0]))
    #expect(abs(found - 3000) < 300)
    #expect(time.beatsOperationCounts == true)
  }

  @Test func `a fit to simulated energies gives the prices back`() throws {
    let csv = try Self.csv(
      ["energy.mac.int8=0.15 pJ", "energy.static-power.other=20 mW"], energy: true)
    let result = try Self.calibrate(csv, keys: ["energy.mac.int8", "energy.static-power.other"])
    let energy = try #require(result.quantities.first { $0.quantity == .energy })
    #expect(energy.before.meanError > 0.05)
    #expect(energy.fitted.meanError < 0.02)
  }

  @Test func `the same seed gives the same result, and a stopped fit goes on to it`() throws {
    let csv = try Self.csv(["sequencer.layer=3000 cycles"])
    let keys = ["sequencer.layer", "dma.setup"]
    let path = FileManager.default.temporaryDirectory.appending(path: "joulery-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let whole = try Self.calibrate(csv, keys: keys, store: SimulationStore(path: path))
    // What was written until a stop: half of the lines, and a piece of the next.
    let lines = try String(contentsOfFile: path, encoding: .utf8)
    try String(lines.prefix(lines.count / 2)).write(toFile: path, atomically: true, encoding: .utf8)
    let store = SimulationStore(path: path)
    let resumed = try Self.calibrate(csv, keys: keys, store: store)
    #expect(resumed.parameters == whole.parameters && resumed.rows == whole.rows)
    #expect(store.counts.reused > 0 && store.counts.simulated < whole.simulations)
  }

  @Test func `usual parameters that the rows cannot tell are left out`() throws {
    let csv = try Self.csv(["sequencer.layer=2000 cycles"])
    let result = try Self.calibrate(csv, keys: [], options: FitOptions(mostEvaluations: 120, starts: 1))
    #expect(result.parameters.count <= 5)
    #expect(result.parameters.contains { $0.key == "sequencer.layer" })
    #expect(result.leftOut.contains { $0.key == "vector.cycles-per-step.gather" })
    #expect(result.warnings.contains { $0.finding.hasPrefix("no row was held out") })
  }

  @Test func `a robust fit is not led astray by one wrong row`() throws {
    let csv = try Self.csv(
      ["sequencer.layer=3000 cycles"], extra: "squeezenet1.1,3x96x96,900000000\n")
    func layer(_ options: FitOptions) throws -> Int {
      let result = try Self.calibrate(csv, keys: ["sequencer.layer"], options: options)
      return Int(result.parameters[0].after.split(separator: " ")[0]) ?? 0
    }
    let plain = abs(try layer(FitOptions(starts: 2)) - 3000)
    let robust = abs(try layer(FitOptions(loss: Loss(knee: Loss.usualKnee), starts: 2)) - 3000)
    #expect(robust < plain / 2)
  }

  @Test func `what cannot be fitted is refused with a remedy`() throws {
    let csv = try Self.csv([])
    func message(_ keys: [String], _ csv: String, yaml: String? = nil) throws -> String {
      let set = try MeasurementSet(csv: csv, path: "m.csv")
      let template = try Machines.template(yaml: yaml)
      do throws(CalibrationError) {
        _ = try Calibrator(template: template, set: set, keys: keys).run()
        return ""
      } catch {
        return error.description
      }
    }
    #expect(
      try message(["dma.latensy"], csv) == """
        --fit dma.latensy: 'dma.latensy' is not a key of a hardware file; expected a key that is a number; did \
        you mean 'dma.latency'?
        """)
    #expect(
      try message(["name"], csv) == "--fit name: 'name' is not a number; expected a key that is one number")
    let two = csv.split(separator: "\n").prefix(2).joined(separator: "\n") + "\n"
    #expect(
      try message(["dma.latency", "dma.setup"], two) == """
        --fit dma.latency,dma.setup: 2 parameters are to be fitted to 1 different runs of m.csv; expected at \
        most as many parameters as runs; name fewer keys, measure more networks, or leave --fit out
        """)
    #expect(
      try message(["energy.mac.int8"], csv) == """
        --fit energy.mac.int8: no key can be fitted to what was measured; expected a key that changes times
        """)
    #expect(
      try message([], "network,cycles\nlenet5,1\nlenet5,9\n").hasPrefix(
        "m.csv:3:1: cycles is 9 times that of the same run in line 2"))
    let ranges = "\ncalibration:\n  parameters:\n    dma.latency: {from: 50 cycles, to: 60 cycles}\n"
    #expect(
      try message([], csv, yaml: Machines.yaml + ranges) == """
        machine.yaml: calibration.parameters.dma.latency: 20 cycles lies outside of 50 cycles … 60 cycles; \
        expected a range around the written value; widen the range, or change the value
        """)
  }

  @Test func `a machine can be judged without a fit`() throws {
    let csv = try Self.csv(["sequencer.layer=3000 cycles"])
    let result = try Self.calibrate(csv, keys: [], split: .judged)
    let time = try #require(result.quantities.first)
    #expect(result.parameters.isEmpty && time.fitted.count == 0)
    #expect(time.heldOut?.count == Self.subjects.count)
    #expect(time.heldOut == time.before)
    #expect(result.rows.allSatisfy { !$0.isFitted && $0.heldOut == $0.before })
    #expect(result.model == (try Machines.template().model))
    #expect(result.protocolSentence == "nothing fitted; 6 rows judge the machine as it is")
    // Only the roofline says something without a row to fit to.
    #expect(time.baselines.map(\.baseline) == [.roofline])
    #expect(result.errorText { $0.fitted } == "none held out")
  }

  @Test func `samples are dealt out to the cores of a machine, which share its memory`() throws {
    func cycles(_ batch: Int, _ cores: Int) throws -> Int {
      let set = try MeasurementSet(csv: "network,batch,cycles\nlenet5,\(batch),1\n", path: "m.csv")
      return try Prediction(set.rows[0], on: try Machines.template(["cores=\(cores)"]).model).cycles
    }
    let alone = try cycles(1, 1)
    let together = try cycles(2, 2)
    // Two samples on two cores: no faster than one on one, and well below one after the other.
    #expect(together >= alone)
    #expect(together < 2 * alone)
    #expect(try cycles(3, 2) > together)
  }

  @Test func `layers by their extents are dealt out as well, and energies of all cores add up`() throws {
    let set = try MeasurementSet(csv: "C,K,P,Q,R,S,N,cycles\n8,16,8,8,3,3,2,1\n", path: "m.csv")
    let model = try Machines.template(["cores=2"]).model
    let both = try Prediction(set.rows[0], on: model)
    let keys = EnergyActions.keys(of: model)
    let joules = zip(keys, both.actions).reduce(0) {
      $0 + (EnergyActions.price(of: $1.0, on: model) ?? 0) * $1.1
    }
    #expect(abs(joules / both.joules - 1) < 1e-9)
  }

  @Test func `actions at another voltage count as what they take`() throws {
    let set = try MeasurementSet(csv: "network,cycles\nlenet5,1\n", path: "m.csv")
    let settings = ["voltage.nominal=0.8 V", "voltage.supply=1 V", "voltage.components=[array, dram, other]"]
    let model = try Machines.template(settings).model
    let run = try Prediction(set.rows[0], on: model)
    let joules = zip(EnergyActions.keys(of: model), run.actions).reduce(0) {
      $0 + (EnergyActions.price(of: $1.0, on: model) ?? 0) * $1.1
    }
    #expect(abs(joules / run.joules - 1) < 1e-9)
    #expect(run.joules > (try Prediction(set.rows[0], on: Machines.template().model)).joules)
  }

  @Test func `a network that does not compile is named with its row`() throws {
    let set = try MeasurementSet(csv: "network,cycles,mapping\nresnet18,10,3_3_4_4_8_8_1\n", path: "m.csv")
    let template = try Machines.template()
    do throws(CalibrationError) {
      _ = try Calibrator(template: template, set: set).run()
      Issue.record("a mapping of a whole network cannot be compiled")
    } catch {
      #expect(error.kind == .unsupported)
      #expect(error.description.hasPrefix("m.csv:2:1: 'resnet18' does not run on the machine: "))
      #expect(error.description.hasSuffix("give the row a 'flag' to leave it out"))
    }
  }

  @Test func `a parameter at its bound and a fit that does not come to rest are said`() throws {
    let csv = try Self.csv(["sequencer.layer=90000 cycles"])
    let result = try Self.calibrate(csv, keys: ["sequencer.layer"])
    #expect(
      result.warnings.contains {
        $0.description == """
          sequencer.layer: the fit ends at a bound of 0 cycles … 20000 cycles; widen the range under \
          calibration.parameters, or look for what the machine's description lacks
          """
      })
    let short = try Self.calibrate(
      try Self.csv(["dma.latency=90 cycles"]), keys: ["dma.latency", "sequencer.layer", "dma.setup"],
      options: FitOptions(method: .nelderMead, mostEvaluations: 10, starts: 1))
    #expect(!short.hasConverged)
    #expect(short.warnings.contains { $0.remedy == "raise --evaluations, or fit fewer keys" })
  }
}

/// The machine that the tests calibrate.
enum Machines {
  static let folder: String = {
    var url = URL(filePath: #filePath)
    for _ in 0..<3 { url.deleteLastPathComponent() }
    return url.appending(path: "hwmodels").path
  }()

  /// The shipped machine `edge`, with a pipe in place of its DRAM: less to simulate.
  static let yaml: String = {
    let text = (try? String(contentsOfFile: "\(folder)/edge.yaml", encoding: .utf8)) ?? ""
    guard let start = text.range(of: "\nmemory:\n"), let end = text.range(of: "\nvector:\n") else {
      return ""
    }
    return text[..<start.lowerBound] + "\nmemory:\n  pipe: {bandwidth: 12.8 GB/s, latency: 60 ns}\n"
      + text[end.lowerBound...].replacing(
        "\nenergy:\n", with: "\nenergy:\n  memory-byte: {value: 64 pJ, source: LPDDR4 at 8 pJ/bit}\n")
  }()

  /// The shipped machine `edge`, DRAM and all.
  static func edge() throws -> HardwareTemplate {
    try template(yaml: try String(contentsOfFile: "\(folder)/edge.yaml", encoding: .utf8))
  }

  static func template(_ overrides: [String] = [], yaml: String? = nil) throws -> HardwareTemplate {
    try HardwareTemplate(
      yaml: yaml ?? Self.yaml, path: "machine.yaml", overrides: overrides,
      parts: HardwareLibrary(searchPath: [folder]).parts(besides: "machine.yaml"))
  }
}
