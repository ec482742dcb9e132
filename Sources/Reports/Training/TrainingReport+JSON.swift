package import Formats
import Training

extension TrainingReport {
  /// The whole report as JSON; only `seconds` and `images_per_second` differ between equal runs.
  package var json: JSONValue {
    [
      "schema": .integer(RunReport.schema), "version": .string(version), "command": .string(commandLine),
      "network": [
        "name": .string(network), "parameters": .integer(parameters), "memory_bytes": .integer(memoryBytes),
      ],
      "dataset": [
        "name": .string(dataset.name), "sha256": .string(dataset.sha256),
        "classes": .integer(dataset.classes),
        "training_images": .integer(dataset.trainingCount), "test_images": .integer(dataset.testCount),
      ],
      "settings": .object(SettingKeys.all.map { .init($0.name, .string($0.text(in: settings))) }),
      "threads": .integer(threads),
      "epochs": .array(epochs.map(\.json)),
      "result": [
        "test_accuracy": epochs.last.map { .number($0.testAccuracy) } ?? .null,
        "test_loss": epochs.last.map { .number($0.testLoss) } ?? .null,
        "steps": .integer(epochs.count * stepsPerEpoch), "seconds": .number(seconds),
        "images_per_second": .number(imagesPerSecond),
      ],
      "profile": .array(
        profile.map { ["kind": .string($0.label), "seconds": .number($0.seconds)] }),
      "checkpoint": checkpoint.map { .string($0) } ?? .null,
    ]
  }
}
