import Foundation
import Testing

/// Studies at the command line: begun, repeated, resumed after a kill, and refused.
@Suite struct `search` {
  let program: Program
  init() throws { program = try Program() }

  static let study = """
    hardware: edge
    dataset: {training: 128, validation: 64}
    estimator: {epochs: 1}
    objective: {latency: {target: 10 us}, energy: {}}
    strategy: {name: nsga2, population: 4}
    budget: {trials: 8}
    seed: 3
    """

  @Test func `a study that is begun by init is read by check`() throws {
    defer { program.remove() }
    let file = try program("init", "study")
    #expect(file.status == 0, "\(file.errors)")
    try program.write(file.output, to: "s.yaml")
    let check = try program("check", "s.yaml")
    #expect(check.output.contains("s.yaml: a study of 100 trials, regularized-evolution on edge"))
  }

  @Test func `a study has the same bytes alone, with helpers, and resumed after a kill`() throws {
    defer { program.remove() }
    try program.write(Self.study + "\nparallel: 2", to: "whole.yaml")
    let whole = try program("search", "whole.yaml", "--json", "--workers", "1")
    #expect(whole.status == 0, "\(whole.errors)")
    let root = try #require(
      try JSONSerialization.jsonObject(with: Data(whole.output.utf8)) as? [String: Any])
    #expect((root["trials"] as? [Any])?.count == 8)
    #expect(root["is_complete"] as? Bool == true)
    #expect(try program("resume", "whole.sqlite", "--json").output == whole.output)

    for name in ["helped", "killed"] { try program.write(Self.study + "\nparallel: 2", to: "\(name).yaml") }
    let helped = try program("search", "helped.yaml", "--json")
    #expect(helped.output == whole.output.replacing("\"whole\"", with: "\"helped\""))

    let process = try program.start(
      ["search", "killed.yaml", "--workers", "1"], output: FileHandle.nullDevice,
      errors: FileHandle.nullDevice)
    // Once the store holds the study trials are under way; wherever the kill strikes, the result is the same.
    while try !program("studies").output.contains("killed") { Thread.sleep(forTimeInterval: 0.01) }
    Thread.sleep(forTimeInterval: 0.2)
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    let resumed = try program("resume", "killed.sqlite", "--json")
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(resumed.output == whole.output.replacing("\"whole\"", with: "\"killed\""))

    let list = try program("studies")
    #expect(list.output.contains("whole") && list.output.contains("8/8"))
  }

  @Test func `a search network that is killed goes on behind its last epoch, to the same bytes`() throws {
    defer { program.remove() }
    let study = """
      hardware: edge
      dataset: {training: 256, validation: 64}
      estimator: {epochs: 1}
      objective: {latency: {target: 8 us}}
      strategy: {name: xnas, one-shot: {epochs: 8, batch: 16, cost-samples: 30}}
      budget: {trials: 2}
      """
    for name in ["whole", "killed"] { try program.write(study, to: "\(name).yaml") }
    let whole = try program("search", "whole.yaml", "--json")
    #expect(whole.status == 0, "\(whole.errors)")
    let process = try program.start(
      ["search", "killed.yaml"], output: FileHandle.nullDevice, errors: FileHandle.nullDevice)
    while try !program("studies").output.contains("killed") { Thread.sleep(forTimeInterval: 0.01) }
    // Somewhere in the search; wherever the kill strikes, the result is the same.
    Thread.sleep(forTimeInterval: 0.7)
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    let resumed = try program("resume", "killed.sqlite", "--json")
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(resumed.output == whole.output.replacing("\"whole\"", with: "\"killed\""))
    let text = try program("resume", "killed.sqlite").output
    #expect(text.contains("search network: 8 epochs") && text.contains("where theory allows"))
    #expect(text.contains("expected latency") && text.contains("to be held to 8 us"))
  }

  @Test func `a study whose images are missing leaves no store behind`() throws {
    defer { program.remove() }
    let study = Self.study.replacing("{training: 128", with: "{name: no-such-images, training: 128")
    try program.write(study, to: "s.yaml")
    let run = try program("search", "s.yaml")
    #expect(run.status != 0 && run.errors.contains("no-such-images"))
    #expect(program.files == ["s.yaml"])
  }

  @Test func `studies that cannot be run say why`() throws {
    defer { program.remove() }
    try program.write("hardware: edge\nbudgt: {trials: 3}\n", to: "key.yaml")
    let key = try program("search", "key.yaml")
    #expect(key.status == 65)
    #expect(key.errors.contains("key.yaml:2:1") && key.errors.contains("did you mean 'budget'?"))
    #expect(try program("search", "none.yaml").status == 66)
    #expect(try program("resume", "none.sqlite").status == 66)
    try program.write("hardware: edgy\n", to: "machine.yaml")
    #expect(try program("search", "machine.yaml").status == 66)
    try program.write(Self.study.replacing("target: 10 us", with: "limit: 1 ns"), to: "limit.yaml")
    let limit = try program("search", "limit.yaml")
    #expect(limit.status == 0)
    #expect(limit.output.contains("no network keeps all limits; nearest:"))
    try program.write("no database at all, and yet as long as one", to: "broken.sqlite")
    let broken = try program("resume", "broken.sqlite")
    #expect(broken.status == 65)
    #expect(broken.errors.contains("the store is damaged"))
  }

  @Test func `report writes a page with the winner's run beside it, and JSON`() throws {
    defer { program.remove() }
    try program.write(Self.study, to: "s.yaml")
    #expect(try program("search", "s.yaml", "--json").status == 0)
    let run = try program("report", "s.sqlite", "--html", "page.html", "--json")
    #expect(run.status == 0, "\(run.errors)")
    let root = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    let best = try #require(root["best"] as? Int)
    let trials = try #require(root["trials"] as? [[String: Any]])
    let text = try #require(trials[best]["text"] as? String)
    let page = String(decoding: try program.read("page.html"), as: UTF8.self)
    #expect(page.contains("\(text) is the best by the objective"))
    #expect(page.contains("href=\"page.winner.html\""))
    let winner = String(decoding: try program.read("page.winner.html"), as: UTF8.self)
    #expect(winner.contains("nas-bench-201 \(text)"))
    #expect(try program("report", "s.yaml").output.contains("8 simulations") || run.status == 0)
    #expect(try program("report", "none.sqlite").status == 66)
  }

  @Test func `export writes the network of a trial with the weights of its training`() throws {
    defer { program.remove() }
    try program.write(Self.study, to: "s.yaml")
    let search = try program("search", "s.yaml", "--json")
    let root = try #require(
      try JSONSerialization.jsonObject(with: Data(search.output.utf8)) as? [String: Any])
    let best = try #require(root["best"] as? Int)
    let run = try program("export", "s.sqlite", "--best", "--onnx", "best.onnx")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.isEmpty)
    #expect(run.errors.contains("best.onnx: trial \(best) ("))
    #expect(run.errors.contains("trained again as in the study: accuracy"))
    // Trained again, it is found to be exactly as good as the store says.
    #expect(!run.errors.contains("where the study has"))
    #expect(try program("export", "s.yaml", "--trial", "\(best)", "--onnx", "again.onnx").status == 0)
    #expect(try program.read("best.onnx") == program.read("again.onnx"))
    let untrained = try program("export", "s.sqlite", "--best", "--seed", "7", "--onnx", "seed.onnx")
    #expect(untrained.errors.contains("untrained weights drawn from seed 7"))
    #expect(try program.read("seed.onnx") != program.read("best.onnx"))
    let simulation = try program("simulate", "best.onnx", "--json")
    #expect(simulation.status == 0, "\(simulation.errors)")
  }

  @Test(.enabled(if: PythonRuntime.isThere, "no ONNX Runtime: run scripts/fetch-onnx-tests"))
  func `ONNX Runtime loads and runs what export writes`() throws {
    defer { program.remove() }
    try program.write(Self.study, to: "s.yaml")
    #expect(try program("search", "s.yaml", "--json").status == 0)
    #expect(try program("export", "s.sqlite", "--best", "--batch", "3", "--onnx", "best.onnx").status == 0)
    let shapes = try PythonRuntime.run(
      """
      import numpy, onnxruntime, sys
      session = onnxruntime.InferenceSession(sys.argv[1])
      place = session.get_inputs()[0]
      images = numpy.random.default_rng(1).random(place.shape, dtype=numpy.float32)
      logits = session.run(None, {place.name: images})[0]
      print(place.shape, logits.shape, bool(numpy.isfinite(logits).all()), bool(logits.std() > 0))
      """, program.folder.appending(path: "best.onnx").path)
    #expect(shapes == "[3, 1, 16, 16] (3, 10) True True\n")
  }

  @Test func `networks that are not there are not exported`() throws {
    defer { program.remove() }
    try program.write(Self.study, to: "s.yaml")
    #expect(try program("search", "s.yaml", "--json").status == 0)
    let unknown = try program("export", "s.sqlite", "--trial", "99", "--onnx", "x.onnx")
    #expect(unknown.status == 66)
    #expect(unknown.errors.contains("--trial 99: found no such trial in s, expected 0 … 7"))
    #expect(try program("export", "s.sqlite", "--trial", "1", "--best", "--onnx", "x.onnx").status == 64)
    #expect(try program("export", "none.sqlite", "--best", "--onnx", "x.onnx").status == 66)
    try program.write(Self.study.replacing("target: 10 us", with: "limit: 1 ns"), to: "limit.yaml")
    #expect(try program("search", "limit.yaml", "--json").status == 0)
    let none = try program("export", "limit.sqlite", "--best", "--onnx", "x.onnx")
    #expect(none.status == 66)
    #expect(none.errors.contains("found no trial that keeps all limits; name one with --trial, such as"))
    #expect(!program.files.contains("x.onnx"))
  }

  @Test func `keys of studies are explained and described by a schema`() throws {
    let key = try program("explain", "study.objective.latency.target")
    #expect(key.output.contains("What to aim at."))
    #expect(key.output.contains("Units:"))
    #expect(try program("explain", "study").output.contains("estimator"))
    let near = try program("explain", "study.stratgy.name")
    #expect(near.status == 66)
    #expect(near.errors.contains("did you mean 'study.strategy.name'?"))
    let schema = try program("init", "study-schema")
    let root = try #require(
      try JSONSerialization.jsonObject(with: Data(schema.output.utf8)) as? [String: Any])
    #expect((root["required"] as? [String]) == ["hardware"])
    program.remove()
  }

  @Test(arguments: ["darts", "macro"])
  func `networks of other spaces are found, trained, simulated and exported`(space: String) throws {
    defer { program.remove() }
    try program.write(
      """
      hardware: edge
      space: {name: \(space), channels: 4, cells: 1}
      dataset: {training: 64, validation: 64}
      estimator: {epochs: 1, batch: 32}
      strategy: {name: random}
      budget: {trials: 2}
      """, to: "s.yaml")
    let run = try program("search", "s.yaml", "--json")
    #expect(run.status == 0, "\(run.errors)")
    let root = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    #expect(root["failed_count"] as? Int == 0)
    let export = try program("export", "s.sqlite", "--best", "--onnx", "best.onnx")
    #expect(export.status == 0, "\(export.errors)")
    #expect(try program("simulate", "best.onnx", "--json").status == 0)
    let report = try program("report", "s.sqlite", "--html", "s.html")
    #expect(report.status == 0, "\(report.errors)")
  }

  @Test func `XNAS searches the cells of DARTS, and its course is drawn`() throws {
    defer { program.remove() }
    let study = """
      hardware: edge
      space: {name: darts-edges, channels: 2, cells: 1}
      dataset: {training: 64, validation: 64}
      estimator: {epochs: 1, batch: 32}
      strategy: {name: xnas, one-shot: {epochs: 1, batch: 16}}
      budget: {trials: 1}
      """
    try program.write(study, to: "s.yaml")
    let run = try program("search", "s.yaml", "--json")
    #expect(run.status == 0, "\(run.errors)")
    let root = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    let trial = try #require((root["trials"] as? [[String: Any]])?.first)
    #expect(trial["state"] as? String == "scored")
    // Two operations for each of the eight nodes.
    #expect((trial["architecture"] as? [Int])?.count { $0 > 0 } == 16)
    #expect(try program("report", "s.sqlite", "--html", "s.html").status == 0)
    let page = String(decoding: try program.read("s.html"), as: UTF8.self)
    #expect(page.contains("What the strategy did") && page.contains("reduction.4-&gt;5"))
    try program.write(study.replacing("darts-edges", with: "darts"), to: "d.yaml")
    let refused = try program("search", "d.yaml")
    #expect(refused.status == 65)
    #expect(refused.errors.contains("which has no search network, expected nas-bench-201 or darts-edges"))
  }

  @Test func `the best network and the reference are trained anew, once, and compared`() throws {
    defer { program.remove() }
    try program.write(
      Self.study.replacing("trials: 8", with: "trials: 3") + "\nconfirmations: 2", to: "s.yaml")
    let run = try program("search", "s.yaml", "--json")
    #expect(run.status == 0, "\(run.errors)")
    let root = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    let confirmation = try #require(root["confirmation"] as? [String: [String: Any]])
    #expect(confirmation["reference"]?["text"] as? String == "313111")
    #expect((confirmation["best"]?["accuracies"] as? [Double])?.count == 2)
    #expect((confirmation["reference"]?["accuracies"] as? [Double])?.count == 2)
    #expect(try program("resume", "s.sqlite", "--json").output == run.output)
    let table = try program("report", "s.sqlite").output
    #expect(table.contains("Trained anew with 2 other seeds and judged on test images"))
    #expect(table.contains("As a reference, 313111 has"))
    _ = try program("report", "s.sqlite", "--html", "s.html")
    #expect(
      String(decoding: try program.read("s.html"), as: UTF8.self).contains("the residual cell (313111)"))
  }
}
