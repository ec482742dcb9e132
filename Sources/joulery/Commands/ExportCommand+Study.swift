import Formats
import Graphs
import Networks
import Reports
import Search
import Studies
import Training

extension ExportCommand {
  /// Writes the network of a trial.
  ///
  /// Stores keep no weights: the network is trained again as the trial was, which gives the same ones. `--seed` takes
  /// weights as training starts with them instead, `--structure-only` none.
  func exportTrial() throws {
    let interruption = Interruption()
    try OutputFiles.check([onnx])
    guard networkOptions.input.isEmpty else {
      throw Failure(
        .usage, "--input: found with --best or --trial, expected --batch alone; the dataset fixes the extents"
      )
    }
    guard seed == nil || !structureOnly else {
      throw Failure(.usage, "--seed and --structure-only: found both, expected one of them")
    }
    let status = StatusLine(isQuiet: quiet)
    status.show("reading \(network)")
    let folder = try StudyFolder(network)
    let trial = try folder.trial(choice.trial)
    let graph = try folder.space.network(trial.architecture, batch: networkOptions.batch ?? 1)
    let (values, origin) = try values(of: trial, graph, in: folder, status)
    status.show("writing \(onnx)")
    let export = ONNXExport(values: values, missingValues: structureOnly ? .zeros : .refused)
    let bytes = try export.data(graph)
    var files = OutputFiles(interruption: interruption)
    try files.add(at: onnx) { try $0([UInt8](bytes)) }
    try files.commit()
    status.clear()
    if !quiet { StandardError.write("\(onnx): trial \(trial.number) (\(trial.text)), \(origin)\n") }
  }

  /// Elements of the weights, and where they come from, in words.
  private func values(
    of trial: TrialRecord, _ graph: Graph, in folder: StudyFolder, _ status: StatusLine
  ) throws -> (values: [String: [Float]], origin: String) {
    if structureOnly { return ([:], "without weights (--structure-only)") }
    if let seed {
      return (Initialization(seed: seed).values(for: graph), "untrained weights drawn from seed \(seed)")
    }
    let description = folder.summary.description
    guard description.estimator.method != .table else {
      throw Failure(
        .usage,
        "\(network): found a study that looks qualities up in a table, expected one that trains; draw weights with "
          + "--seed, or leave them out with --structure-only")
    }
    status.show("training trial \(trial.number) (\(trial.text)) again")
    let estimator = try description.trainingEstimator(for: folder.images, threads: choice.threads)
    let result = try estimator.train(trial.architecture, in: folder.space, trial: trial.number)
    guard description.estimator.trainsAlone else {
      let accuracy = percent(result.quality)
      return (result.values, "trained alone: accuracy \(accuracy); the study judged it by shared weights")
    }
    let isAccuracy = description.estimator.isAccuracy
    func text(_ quality: Double) -> String { isAccuracy ? percent(quality) : "\(quality)" }
    var origin =
      "trained again as in the study: \(isAccuracy ? "accuracy" : "estimate") \(text(result.quality))"
    if let kept = trial.findings?.quality, kept != result.quality {
      origin += ", where the study has \(text(kept)); another version or number of threads computes otherwise"
    }
    return (result.values, origin)
  }
}
