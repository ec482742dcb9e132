import ArgumentParser
import Formats
import FoundationEssentials
import Training

/// Options that say how a network is trained: a recipe file, then single keys.
struct TrainingOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp("A YAML file with keys of 'joulery list recipe-keys'.", valueName: "file.yaml"),
    completion: .file(extensions: ["yaml"]))
  var recipe: String?

  @Option(
    name: .long, parsing: .singleValue,
    help: ArgumentHelp("Set any key of a recipe; may be repeated.", valueName: "key=value"))
  var set: [String] = []

  @Option(name: .long, help: ArgumentHelp("How often every image is seen.", valueName: "count"))
  var epochs: String?

  @Option(name: .long, help: ArgumentHelp("Images of one step.", valueName: "count"))
  var batch: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "What a step may need: results are computed again, then batches split, until it fits.",
      valueName: "bytes"))
  var memoryLimit: String?

  @Option(name: .long, help: "One of sgd, adam, adamw, rmsprop.")
  var optimizer: String?

  @Option(name: .long, help: ArgumentHelp("The largest learning rate.", valueName: "number"))
  var learningRate: String?

  @Option(name: .long, help: "One of constant, step, cosine, linear, one-cycle.")
  var schedule: String?

  @Option(name: .long, help: ArgumentHelp("How strongly weights are drawn to 0.", valueName: "number"))
  var weightDecay: String?

  @Option(name: .long, help: ArgumentHelp("Random changes of images: crop:4,flip,…", valueName: "kinds"))
  var augment: String?

  @Option(name: .long, help: ArgumentHelp("Where all random numbers start.", valueName: "number"))
  var seed: String?

  /// Options that are keys of a recipe with a name of their own.
  private var keys: [(key: String, text: String?)] {
    [
      ("epochs", epochs), ("batch", batch), ("optimizer", optimizer), ("learning-rate", learningRate),
      ("schedule", schedule), ("weight-decay", weightDecay), ("augment", augment), ("seed", seed),
      ("memory-limit", memoryLimit),
    ]
  }

  /// Whether anything is said about how to train.
  var isEmpty: Bool { recipe == nil && set.isEmpty && keys.allSatisfy { $0.text == nil } }

  /// The settings: defaults, then the recipe, then `--set`, then the other options.
  func settings() throws -> TrainingSettings {
    var settings = TrainingSettings()
    if let recipe {
      guard let data = FileManager.default.contents(atPath: recipe) else {
        throw Failure(.notFound, "\(recipe): cannot be read, expected a recipe in YAML")
      }
      try settings.read(yaml: String(decoding: data, as: UTF8.self), file: recipe)
    }
    for assignment in set {
      guard let sign = assignment.firstIndex(of: "="), sign > assignment.startIndex else {
        throw Failure(.usage, "--set \(assignment): found no “=”, expected key=value")
      }
      try settings.set(
        String(assignment[..<sign]), to: String(assignment[assignment.index(after: sign)...]),
        source: "--set \(assignment)")
    }
    for (key, text) in keys {
      if let text { try settings.set(key, to: text, source: "--\(key)") }
    }
    return settings
  }
}
