import Foundation
import Testing

/// The command `calibrate` of the built program.
@Suite struct CalibrateTests {
  private let program: Program
  /// Times of three small networks, and an energy.
  private static let csv = """
    network,input,cycles,energy_uj
    lenet5,,40000,2
    squeezenet1.1,3x64x64,900000,90
    resnet18,3x64x64,2500000,400
    mlperf-tiny-ic,,150000,10
    """

  init() throws {
    program = try Program()
    try program.write(Self.csv, to: "m.csv")
  }

  @Test func `a calibrated machine is a machine, whose error simulate prints until it is changed`() throws {
    defer { program.remove() }
    let run = try program(
      "calibrate", "edge", "--measurements", "m.csv", "--fit", "sequencer.layer,energy.static-power.other",
      "--folds", "2", "--evaluations", "40", "--out", "new.yaml", "--report", "r.html", "--no-cache")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("edge calibrated on m.csv"))
    #expect(run.output.contains("Errors of cycles") && run.output.contains("held out"))
    #expect(run.errors.isEmpty, "progress is for terminals only")
    #expect(program.files == ["m.csv", "new.yaml", "r.html"])
    let page = String(decoding: try program.read("r.html"), as: UTF8.self)
    #expect(page.contains("<svg") && page.contains("Residuals by class") && !page.contains("{{"))

    let simulated = try program("simulate", "lenet5", "--on", "new.yaml")
    #expect(simulated.output.contains("hardware model: calibrated on m.csv; error held out: cycles "))
    let changed = try program("simulate", "lenet5", "--on", "new.yaml", "--set", "array.rows=16")
    #expect(changed.output.contains("uncalibrated: changed after its calibration on m.csv"))
    #expect(try program("simulate", "lenet5").output.contains("hardware model: uncalibrated"))
    #expect(try program("check", "new.yaml").status == 0)
  }

  @Test func `a machine is judged on its cores without a fit`() throws {
    defer { program.remove() }
    try program.write("network,batch,latency_us\nlenet5,2,90\nlenet5,1,70\n", to: "pair.csv")
    let run = try program(
      "calibrate", "edge", "--measurements", "pair.csv", "--fit", "none", "--set", "cores=2", "--no-cache",
      "--report", "r.html")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("edge judged on pair.csv") && !run.output.contains("Parameters"))
    #expect(run.output.contains("nothing fitted; 2 rows judge the machine as it is"))
    let page = String(decoding: try program.read("r.html"), as: UTF8.self)
    #expect(page.contains("Error of the machine as it is: latency ") && page.contains("Residuals by class"))
    #expect(!page.contains("Parameters") && !page.contains("Correlations") && !page.contains("{{"))
    // The lines that are 10 % off run beside the one that is right, to the edges of the plot.
    let lines = page.matches(of: /d="M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)" class="(peak|roof)"/)
    let slopes = try lines.map { line in
      let ends = try [line.1, line.2, line.3, line.4].map { try #require(Double($0)) }
      return (ends[3] - ends[1]) / (ends[2] - ends[0])
    }
    #expect(lines.map(\.5) == ["peak", "peak", "roof", "peak", "peak", "roof"])
    for (slope, right) in zip(slopes, [2, 2, 2, 5, 5, 5].map { slopes[$0] }) {
      #expect(abs(slope / right - 1) < 0.005)
    }
  }

  @Test func `the same command gives the same JSON, from nothing or from what was simulated before`() throws {
    defer { program.remove() }
    let words = [
      "calibrate", "edge", "--measurements", "m.csv", "--fit", "sequencer.layer", "--evaluations", "30",
      "--json",
    ]
    let first = try program.run(words + ["--no-cache"])
    let second = try program.run(words)
    let third = try program.run(words)
    #expect(first.status == 0 && first.output.contains("\"kendall_tau_b\""))
    // The command line is part of the result.
    #expect(first.output.replacing(" --no-cache", with: "") == second.output)
    #expect(second.output == third.output)
  }

  @Test func `what cannot be done ends with an honest code and leaves no machine`() throws {
    defer { program.remove() }
    try program.write("network,latency\nlenet5,1\n", to: "unit.csv")
    try program.write("name: keep", to: "old.yaml")
    let cases: [(Int32, [String], String)] = [
      (65, ["--measurements", "unit.csv"], "unit.csv:1:9: the column 'latency' has no unit"),
      (66, ["--measurements", "none.csv"], "none.csv: cannot be read"),
      (64, ["--measurements", "m.csv", "--out", "old.yaml"], "old.yaml: found a file, expected none"),
      (64, ["--measurements", "m.csv", "--fit", "dma.latensy"], "did you mean 'dma.latency'?"),
      (64, ["--measurements", "m.csv", "--hold-out", "alexnet"], "no row belongs to 'alexnet'"),
      (64, ["--measurements", "m.csv", "--folds", "2", "--split", "x"], "found several of"),
      (64, ["--measurements", "m.csv", "--fit", "none", "--folds", "2"], "--fit none, which holds out all"),
      (64, ["--measurements", "m.csv", "--fit", "none", "--out", "new.yaml"], "--fit none fits nothing"),
      (
        65,
        [
          "--measurements", "m.csv", "--fit", "dma.latency,sequencer.layer", "--method", "nelder-mead",
          "--evaluations", "10", "--starts", "1", "--out", "new.yaml",
        ], "the search did not come to rest"
      ),
    ]
    for (status, words, message) in cases {
      let run = try program.run(["calibrate", "edge"] + words)
      #expect(run.status == status, "\(words): \(run.errors)")
      #expect(run.errors.contains(message), "\(words): \(run.errors)")
    }
    #expect(String(decoding: try program.read("old.yaml"), as: UTF8.self) == "name: keep")
    #expect(program.files == ["m.csv", "old.yaml", "unit.csv"])
  }

  @Test func `an interrupted calibration ends with 75 and says how to go on`() throws {
    defer { program.remove() }
    try program.write("network,latency_ms\nvgg16,30\nresnet50,9\nalexnet,5\n", to: "large.csv")
    let errors = Pipe()
    let process = try program.start(
      ["calibrate", "edge", "--measurements", "large.csv", "--out", "new.yaml", "--no-cache"],
      output: .nullDevice, errors: errors.fileHandleForWriting)
    usleep(300_000)
    kill(process.processIdentifier, SIGINT)
    process.waitUntilExit()
    try errors.fileHandleForWriting.close()
    let text = String(decoding: try errors.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    #expect(process.terminationStatus == 75)
    #expect(text.contains("interrupted; nothing was written; the same command goes on where this one was"))
    #expect(program.files == ["large.csv", "m.csv"])
  }
}
