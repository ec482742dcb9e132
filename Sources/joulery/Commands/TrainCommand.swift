import ArgumentParser
import Datasets
import Formats
import FoundationEssentials
import Reports
import Training

/// `joulery train`: one network on one dataset.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a network on images: accuracy, curves, and a checkpoint that can be resumed.",
    discussion: """
      Examples:
        joulery train convnet-small
        joulery train resnet20 --on cifar-10 --epochs 30 --augment crop:4,flip --out run
        joulery train --resume --out run

      Without --on, the embedded dataset 'stripes' is used. Ctrl-C ends behind the present step
      and keeps a checkpoint in --out; a second one ends at once.
      """)

  @Argument(
    help: "An ONNX file with its weights, or a name of 'joulery list networks'.", completion: .networks)
  var network: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "A name of 'joulery list datasets', a folder of IDX or CIFAR files, or a .npz file.",
      valueName: "dataset"))
  var on: String?

  @OptionGroup var training: TrainingOptions

  @Option(name: .long, help: ArgumentHelp("Use only the first training images.", valueName: "count"))
  var trainImages: Int?

  @Option(name: .long, help: ArgumentHelp("Use only the first test images.", valueName: "count"))
  var testImages: Int?

  @Option(name: .long, help: ArgumentHelp("Threads; all processors if not given.", valueName: "count"))
  var threads: Int?

  @Option(
    name: .long,
    help: ArgumentHelp("Learn the outputs of this trained network, too.", valueName: "checkpoint"),
    completion: .file(extensions: ["safetensors"]))
  var teacher: String?

  @Option(
    name: .long, help: ArgumentHelp("Keep a checkpoint in this folder.", valueName: "folder"),
    completion: .directory)
  var out: String?

  @Flag(
    name: .long,
    help: "Go on with the training in --out; network, dataset and recipe are those it began with.")
  var resume = false

  @Flag(name: .long, help: "Write the whole result as JSON instead of a table.")
  var json = false

  @Option(
    name: .long,
    help: ArgumentHelp("Write one line of JSON for each step and epoch.", valueName: "file.jsonl"),
    completion: .file(extensions: ["jsonl"]))
  var log: String?

  @Option(
    name: .long,
    help: ArgumentHelp("Write a report with curves that any browser shows.", valueName: "file.html"),
    completion: .file(extensions: ["html"]))
  var report: String?

  @Flag(name: .long, help: "Stop at the first node that makes a number that is not finite, and name it.")
  var checkNumerics = false

  @Flag(name: .long, help: "Say where the time of a step goes.")
  var profile = false

  @Flag(name: .shortAndLong, help: "Show no progress.")
  var quiet = false

  func validate() throws {
    for (name, count) in [
      ("--train-images", trainImages), ("--test-images", testImages), ("--threads", threads),
    ] {
      if let count, count < 1 { throw ValidationError("\(name) must be at least 1, found \(count)") }
    }
    guard resume else {
      if network == nil { throw ValidationError("Missing expected argument '<network>'") }
      return
    }
    if out == nil { throw ValidationError("--resume needs --out, the folder with the checkpoint") }
    if network != nil || on != nil || trainImages != nil || testImages != nil || teacher != nil
      || !training.isEmpty
    {
      throw ValidationError(
        "--resume goes on as the training began: found a network, dataset or recipe beside it, expected none")
    }
  }

  func run() throws {
    let interruption = Interruption(isResumable: true)
    try OutputFiles.check([log, report])
    let status = StatusLine(isQuiet: quiet)
    var setup = try setup(status: status)
    setup.checksNumerics = checkNumerics
    let session = try TrainingSession(
      setup, interruption: interruption, status: status, isQuiet: quiet)
    let result = try session.run(log: log, profiles: profile)
    var files = OutputFiles(interruption: interruption)
    if let report { try files.add(try result.html(), at: report) }
    try files.commit()
    try StandardOutput.write(json ? result.json.text : result.terminalText(in: StandardOutput.style))
  }

  private func setup(status: StatusLine) throws -> TrainingSetup {
    if resume, let out {
      let checkpoint = try Checkpoint(at: TrainingSetup.checkpointPath(in: out))
      return TrainingSetup(checkpoint, threads: threads, folder: out)
    }
    if let out { try TrainingSetup.requireEmpty(out) }
    return TrainingSetup(
      network: network ?? "", dataset: on ?? "stripes", settings: try training.settings(),
      trainingLimit: trainImages, testLimit: testImages,
      threads: threads ?? ProcessInfo.processInfo.activeProcessorCount, folder: out, teacher: teacher)
  }
}
