import Datasets
package import Formats

extension Checkpoint {
  /// The file.
  package var bytes: [UInt8] {
    let description: JSONValue = [
      "network": .string(network), "image_shape": .array(imageShape.map { .integer($0) }),
      "classes": .integer(classes), "dataset": .string(dataset), "dataset_sha256": .string(datasetSHA256),
      "training_limit": trainingLimit.map { .integer($0) } ?? .null,
      "test_limit": testLimit.map { .integer($0) } ?? .null,
      "means": .array(normalization.means.map { .number($0) }),
      "deviations": .array(normalization.deviations.map { .number($0) }), "threads": .integer(threads),
      "teacher": teacher.map { .string($0) } ?? .null,
    ]
    return Safetensors(
      tensors: tensors,
      metadata: [
        ("joulery_checkpoint", Self.version), ("training", description.line), ("settings", settings.yaml),
        ("state", state.json.line),
      ]
    ).bytes
  }

  /// Reads a file.
  ///
  /// - Throws: `FormatError` for a broken file, a safetensors file that is no checkpoint of a training, or one of another
  ///   version.
  package init(_ bytes: [UInt8], source: String) throws(FormatError) {
    let file = try Safetensors(bytes, source: source)
    func fault(_ finding: String, _ expectation: String) -> FormatError {
      FormatError([
        Diagnostic(
          at: Place(source: source), finding, expected: expectation,
          remedy: "use the checkpoint that 'joulery train --out' wrote")
      ])
    }
    guard let version = file.text("joulery_checkpoint") else {
      throw fault("no metadata of a training", "a checkpoint")
    }
    guard version == Self.version else {
      throw fault("a checkpoint of version \(excerpt(version))", "version \(Self.version)")
    }
    func document(_ name: String) throws(FormatError) -> JSONValue {
      guard let text = file.text(name) else { throw fault("no metadata '\(name)'", "a checkpoint") }
      return try JSONReader.read(Array(text.utf8), source: "\(source), \(name)")
    }
    let training = try document("training")
    guard let network = training["network"]?.asString, let shape = training["image_shape"]?.asIntegers,
      let classes = training["classes"]?.asInteger, let dataset = training["dataset"]?.asString,
      let digest = training["dataset_sha256"]?.asString, let threads = training["threads"]?.asInteger,
      let means = training["means"]?.asArray?.compactMap(\.asNumber),
      let deviations = training["deviations"]?.asArray?.compactMap(\.asNumber), shape.count == 3,
      means.count == shape[0], deviations.count == shape[0], shape.allSatisfy({ $0 > 0 }), classes > 0,
      threads > 0
    else { throw fault("metadata 'training' that are incomplete", "a checkpoint") }
    guard let state = TrainingState(try document("state")) else {
      throw fault("metadata 'state' that are incomplete", "a checkpoint")
    }
    guard let text = file.text("settings") else { throw fault("no metadata 'settings'", "a checkpoint") }
    var settings = TrainingSettings()
    try settings.read(yaml: text, file: "\(source), settings")
    if let wrong = file.tensors.first(where: { $0.elementType != "F32" }) {
      throw fault("tensor '\(excerpt(wrong.name))' of type \(wrong.elementType)", "F32")
    }
    self.init(
      network: network, imageShape: shape, classes: classes, dataset: dataset, datasetSHA256: digest,
      trainingLimit: training["training_limit"]?.asInteger, testLimit: training["test_limit"]?.asInteger,
      normalization: .init(means: means, deviations: deviations), teacher: training["teacher"]?.asString,
      settings: settings, threads: threads,
      state: state, tensors: file.tensors)
  }
}
