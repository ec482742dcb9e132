import ArgumentParser
import Datasets
import Formats
import Reports
import Training

/// `joulery evaluate`: a trained network on images.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Test the network of a checkpoint on the test images of a dataset.",
    discussion: """
      Examples:
        joulery evaluate run/checkpoint.safetensors
        joulery evaluate run --on fashion-mnist --json
      """)

  @Argument(
    help: "A checkpoint of 'joulery train --out', or the folder with it.",
    completion: .file(extensions: ["safetensors"]))
  var checkpoint: String

  @Option(
    name: .long,
    help: ArgumentHelp(
      "A dataset as for 'joulery train'; that of the training if not given.", valueName: "dataset"))
  var on: String?

  @Option(name: .long, help: ArgumentHelp("Use only the first test images.", valueName: "count"))
  var testImages: Int?

  @Option(name: .long, help: ArgumentHelp("Threads; those of the training if not given.", valueName: "count"))
  var threads: Int?

  @Flag(name: .long, help: "Write the result as JSON.")
  var json = false

  @Flag(name: .shortAndLong, help: "Show no progress.")
  var quiet = false

  func validate() throws {
    for (name, count) in [("--test-images", testImages), ("--threads", threads)] {
      if let count, count < 1 { throw ValidationError("\(name) must be at least 1, found \(count)") }
    }
  }

  func run() throws {
    let status = StatusLine(isQuiet: quiet)
    status.show("reading \(checkpoint)")
    let trained = try Checkpoint(at: checkpoint)
    var setup = TrainingSetup(trained, threads: threads, folder: nil)
    if let on {
      setup.dataset = on
      setup.testLimit = nil
    }
    setup.testLimit = testImages ?? setup.testLimit
    let images = try setup.images()
    let batch = setup.settings.batchSize
    let graph = try trained.graph(batch: batch)
    try graph.requireFit(to: images, batch: batch)
    status.show("testing \(images.test.count) images")
    let score = try Score(
      of: graph, values: trained.values.inUse, on: images.test, normalization: trained.normalization,
      threads: setup.threads)
    status.clear()
    guard json else {
      let title = "\(trained.network) on \(setup.dataset)"
      return try StandardOutput.write(
        "\(StandardOutput.style.printable(title)): test accuracy \(percent(score.accuracy)), loss \(fixed(score.loss, 4)), "
          + "\(grouped(score.count)) images, after \(trained.state.stepCount) steps\n")
    }
    let document: JSONValue = [
      "schema": .integer(RunReport.schema), "version": .string(Joulery.version),
      "network": .string(trained.network),
      "dataset": .string(setup.dataset), "images": .integer(score.count), "right": .integer(score.right),
      "test_accuracy": .number(score.accuracy), "test_loss": .number(score.loss),
      "steps": .integer(trained.state.stepCount),
    ]
    try StandardOutput.write(document.text)
  }
}
