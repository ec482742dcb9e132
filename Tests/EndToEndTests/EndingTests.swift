import Foundation
import Testing

@Suite struct `Every end of the program` {
  let program: Program
  init() throws { program = try Program() }

  /// Runs, and expects this exit code, one message with these texts, no result and no file.
  private func expectFailure(
    _ status: Int32, _ arguments: [String], says texts: [String],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let before = program.files
    let run = try program.run(arguments)
    #expect(run.status == status, "\(run.errors)", sourceLocation: sourceLocation)
    #expect(run.output.isEmpty, sourceLocation: sourceLocation)
    for text in texts { #expect(run.errors.contains(text), "\(run.errors)", sourceLocation: sourceLocation) }
    #expect(run.errors.lowercased().hasPrefix("error: "), "\(run.errors)", sourceLocation: sourceLocation)
    #expect(program.files == before, sourceLocation: sourceLocation)
  }

  private let outputs = ["--csv", "l.csv", "--report", "r.html", "--trace", "t.pftrace"]

  @Test func `0 for a result, help and the version`() throws {
    defer { program.remove() }
    #expect(try program("--version").output == "0.1.0\n")
    #expect(try program("--help").status == 0)
    for command in ["simulate", "compare", "train", "evaluate", "check", "list", "explain"] {
      let help = try program("help", command)
      #expect(help.status == 0)
      #expect(help.output.contains("USAGE: joulery \(command)"))
    }
  }

  @Test func `64 for a wrong command line`() throws {
    defer { program.remove() }
    try expectFailure(64, ["simulate"], says: ["Missing expected argument '<network> ...'"])
    try expectFailure(64, ["simulate", "lenet5", "--jsno"], says: ["--json"])
    try expectFailure(
      64, ["simulate", "lenet5", "--batch", "0"], says: ["--batch must be at least 1, found 0"])
    try expectFailure(64, ["simulate", "lenet5", "--input", "x=1xy"], says: ["--input"])
    try expectFailure(64, ["compare", "lenet5"], says: ["found one run, expected several"])
    try expectFailure(64, ["list", "nothing"], says: ["networks"])
    try expectFailure(64, ["simulate", "lenet5", "--csv", "a", "--trace", "a"], says: ["two outputs"])
    try expectFailure(64, ["simulate", "lenet5", "--csv", "."], says: ["found a folder"])
    try expectFailure(
      64, ["simulate", "lenet5", "--set", "array.rwos=32"] + outputs,
      says: ["--set array.rwos=32", "did you mean 'rows'?"])
  }

  @Test func `65 for a hardware file that is wrong, with the place and a suggestion`() throws {
    defer { program.remove() }
    let edge = try String(contentsOf: Program.sources.appending(path: "hwmodels/edge.yaml"), encoding: .utf8)
    let wrong = edge.replacingOccurrences(of: "rows:", with: "rwos:")
    #expect(wrong != edge)
    try program.write(wrong, to: "wrong.yaml")
    try expectFailure(
      65, ["simulate", "lenet5", "--on", "wrong.yaml"] + outputs, says: ["wrong.yaml:", "rwos", "rows"])
    try program.write("- [", to: "broken.yaml")
    try expectFailure(65, ["simulate", "lenet5", "--on", "broken.yaml"] + outputs, says: ["broken.yaml:"])
  }

  @Test func `65 for an ONNX file that is cut off or none at all`() throws {
    defer { program.remove() }
    try program.write(Data([0x08, 0x08, 0x3A, 0xFF]), to: "cut.onnx")
    try expectFailure(65, ["simulate", "cut.onnx"] + outputs, says: ["cut.onnx"])
    try program.write("no network", to: "text.onnx")
    try expectFailure(65, ["simulate", "text.onnx"] + outputs, says: ["text.onnx"])
    try program.write(Data(), to: "empty.onnx")
    try expectFailure(65, ["simulate", "empty.onnx"] + outputs, says: ["empty.onnx"])
  }

  @Test func `66 for what is not there, with a suggestion`() throws {
    defer { program.remove() }
    try expectFailure(66, ["simulate", "resnet81"] + outputs, says: ["resnet81", "resnet18"])
    try expectFailure(66, ["simulate", "missing.onnx"] + outputs, says: ["missing.onnx"])
    try expectFailure(66, ["simulate", "lenet5", "--on", "egde"] + outputs, says: ["egde", "edge"])
    try expectFailure(66, ["simulate", "lenet5", "--on", "missing.yaml"] + outputs, says: ["missing.yaml"])
    try expectFailure(66, ["simulate", "lenet5", "--csv", "no/such/l.csv"], says: ["no/such", "mkdir -p"])
    try expectFailure(66, ["explain", "array.rwos"], says: ["array.rows"])
  }

  @Test func `74 for an output that cannot be written`() throws {
    defer { program.remove() }
    try expectFailure(
      74, ["simulate", "lenet5", "--csv", "/dev/full", "--report", "r.html"], says: ["/dev/full"])
  }

  @Test(arguments: [SIGINT, SIGTERM]) func `75 when interrupted, and no file is left`(signal: Int32) throws {
    defer { program.remove() }
    // The trace goes to a pipe without a reader, so the run stands still with its CSV file half way.
    #expect(mkfifo(program.folder.appending(path: "t.pftrace").path, 0o600) == 0)
    let errors = Pipe()
    let process = try program.start(
      ["simulate", "lenet5", "--csv", "l.csv", "--trace", "t.pftrace"], output: .nullDevice,
      errors: errors.fileHandleForWriting)
    while process.isRunning, !program.files.contains(where: { $0.hasSuffix(".tmp") }) { usleep(5_000) }
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    try errors.fileHandleForWriting.close()
    let text = String(decoding: try errors.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    #expect(process.terminationReason == .exit)
    #expect(process.terminationStatus == 75)
    #expect(text.contains("error: interrupted; nothing was written"))
    #expect(program.files == ["t.pftrace"])
  }
}
