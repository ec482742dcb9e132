import Foundation
import Testing

/// `joulery train` and `joulery evaluate`, from the command line to the files.
@Suite struct `Training on the command line` {
  let program: Program
  init() throws { program = try Program() }

  /// A short run on the embedded dataset.
  private static let short = [
    "convnet-small", "--train-images", "256", "--test-images", "64", "--epochs", "2", "--threads", "1",
  ]

  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test func `a fresh machine trains, and the checkpoint tests as well as the training said`() throws {
    defer { program.remove() }
    let run = try program.run(["train"] + Self.short + ["--out", "run", "--log", "log.jsonl", "--json"])
    #expect(run.status == 0, "\(run.errors)")
    let result = try object(run.output)
    let accuracy = try #require((result["result"] as? [String: Any])?["test_accuracy"] as? Double)
    #expect(accuracy > 0.3)
    #expect(result["checkpoint"] as? String == "run/checkpoint.safetensors")
    #expect(run.errors.split(separator: "\n").count == 2)
    let lines = String(decoding: try program.read("log.jsonl"), as: UTF8.self).split(separator: "\n")
    #expect(lines.count == 8 + 2)
    let events = try lines.map { try object(String($0))["event"] as? String }
    #expect(events.count { $0 == "epoch" } == 2)
    let test = try program("evaluate", "run", "--json")
    #expect(test.status == 0, "\(test.errors)")
    #expect(try object(test.output)["test_accuracy"] as? Double == accuracy)
    #expect(try program("evaluate", "run/checkpoint.safetensors").output.contains("64 images, after 8 steps"))
  }

  @Test func `75 when interrupted, and a resumed training ends with the same bytes`() throws {
    defer { program.remove() }
    let arguments = ["train"] + Self.short + ["--epochs", "40"]
    #expect(try program.run(arguments + ["--out", "whole", "--quiet"]).status == 0)
    let errors = Pipe()
    let process = try program.start(
      arguments + ["--out", "part", "--log", "log.jsonl"], output: .nullDevice,
      errors: errors.fileHandleForWriting)
    while process.isRunning, ((try? program.read("log.jsonl").count) ?? 0) < 500 { usleep(2_000) }
    kill(process.processIdentifier, SIGINT)
    process.waitUntilExit()
    try errors.fileHandleForWriting.close()
    let text = String(decoding: try errors.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    #expect(process.terminationStatus == 75, "\(text)")
    #expect(text.contains("'joulery train --resume --out part' goes on"))
    let resumed = try program("train", "--resume", "--out", "part", "--log", "log.jsonl", "--json")
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(try program.read("part/checkpoint.safetensors") == program.read("whole/checkpoint.safetensors"))
    let epochs = try #require(try object(resumed.output)["epochs"] as? [Any])
    #expect(epochs.count == 40)
    let lines = String(decoding: try program.read("log.jsonl"), as: UTF8.self).split(separator: "\n")
    #expect(lines.count == 4 * 40 + 40)
  }

  @Test func `a report, a profile, averages and a teacher come with a training`() throws {
    defer { program.remove() }
    #expect(try program.run(["train"] + Self.short + ["--out", "teacher", "--quiet"]).status == 0)
    let run = try program.run(
      ["train"] + Self.short + [
        "--teacher", "teacher", "--set", "averaging=0.9", "--set", "mixup=0.4", "--augment",
        "flip,autoaugment",
        "--report", "report.html", "--profile", "--check-numerics", "--out", "student",
      ])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("Where the time of a step goes"))
    #expect(
      String(decoding: try program.read("report.html"), as: UTF8.self).contains("<h2>Learning rate</h2>"))
    let test = try program("evaluate", "student")
    let shown = try #require(test.output.firstMatch(of: /test accuracy ([0-9.]+ %)/)).1
    #expect(run.output.contains("test accuracy \(shown)"))
    // The training of the teacher is gone: a student cannot go on without it.
    try FileManager.default.removeItem(at: program.folder.appending(path: "teacher"))
    #expect(try program("train", "--resume", "--out", "student").status == 66)
  }

  @Test func `the initialisers of an ONNX file are trained on`() throws {
    defer { program.remove() }
    try program.write(NetworkFiles.classifier(), to: "model.onnx")
    let options = ["--train-images", "640", "--test-images", "128", "--threads", "1", "--json"]
    func accuracies(_ rate: String) throws -> [Double] {
      let run = try program.run(
        ["train", "model.onnx", "--epochs", "4", "--learning-rate", rate, "--out", "run-\(rate)"] + options)
      #expect(run.status == 0, "\(run.errors)")
      let epochs = try #require(try object(run.output)["epochs"] as? [[String: Any]])
      return epochs.compactMap { $0["test_accuracy"] as? Double }
    }
    let still = try accuracies("0")
    #expect(Set(still).count == 1)
    let learned = try accuracies("0.1")
    #expect(try #require(learned.last) > still[0] + 0.1, "\(learned)")
    let test = try object(program("evaluate", "run-0.1", "--json").output)
    #expect(test["test_accuracy"] as? Double == learned.last)
    try program.write(NetworkFiles.classifier(classes: 7), to: "seven.onnx")
    let seven = try program.run(["train", "seven.onnx"])
    #expect(seven.status == 65)
    #expect(seven.errors.contains("for the 10 classes of 'stripes'"), "\(seven.errors)")
  }

  @Test func `a loss that explodes names the first node`() throws {
    defer { program.remove() }
    let arguments = ["train"] + Self.short + ["--learning-rate", "1e6", "--weight-decay", "1", "--quiet"]
    let plain = try program.run(arguments)
    #expect(plain.status == 65)
    #expect(plain.errors.contains("expected a finite number; lower the learning rate"), "\(plain.errors)")
    let checked = try program.run(arguments + ["--check-numerics"])
    #expect(checked.status == 65)
    #expect(checked.errors.contains(", node '"), "\(checked.errors)")
  }

  @Test func `wrong words end before any work`() throws {
    defer { program.remove() }
    func expect(_ status: Int32, _ arguments: [String], _ text: String) throws {
      let run = try program.run(arguments)
      #expect(run.status == status, "\(run.errors)")
      #expect(run.output.isEmpty)
      #expect(run.errors.contains(text), "\(run.errors)")
    }
    try expect(64, ["train"], "Missing expected argument '<network>'")
    try expect(64, ["train", "--resume"], "--resume needs --out")
    try expect(
      64, ["train", "convnet-small", "--resume", "--out", "x"], "found a network, dataset or recipe")
    try expect(
      64, ["train", "convnet-small", "--epochs", "none"], "“none” for epochs; expected a whole number")
    try expect(64, ["train", "convnet-small", "--set", "epochs"], "found no “=”")
    try expect(64, ["train", "convnet-small", "--set", "epoch=2"], "did you mean “epochs”?")
    try expect(64, ["train", "convnet-small", "--threads", "0"], "--threads must be at least 1")
    try expect(66, ["train", "convnet-smal"], "try 'convnet-small'")
    try expect(66, ["train", "convnet-small", "--on", "strpes"], "did you mean 'stripes'?")
    try expect(66, ["train", "convnet-small", "--recipe", "none.yaml"], "none.yaml: cannot be read")
    try expect(66, ["train", "--resume", "--out", "none"], "expected a checkpoint")
    try expect(66, ["evaluate", "none"], "expected a checkpoint")
    try program.write("epochs: 0\n", to: "recipe.yaml")
    try expect(65, ["train", "convnet-small", "--recipe", "recipe.yaml"], "recipe.yaml:1:9")
    try program.write(Data([1, 2, 3]), to: "cut.safetensors")
    try expect(65, ["evaluate", "cut.safetensors"], "cut.safetensors: 3 bytes")
    try expect(65, ["train", "unet"], "outputs")
    #expect(program.files == ["cut.safetensors", "recipe.yaml"])
    #expect(try program.run(["train"] + Self.short + ["--epochs", "1", "--out", "a/b"]).status == 0)
    try expect(64, ["train", "convnet-small", "--out", "a/b"], "go on with it by --resume")
  }

  @Test func `datasets and keys of a recipe are listed`() throws {
    defer { program.remove() }
    #expect(try program("list", "datasets").output.contains("stripes"))
    #expect(try program("list", "recipe-keys").output.contains("learning-rate"))
  }
}
