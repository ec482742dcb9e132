import Datasets
import Formats
import FoundationEssentials
import Reports
import Training

/// A training on the command line: progress, log, checkpoints, interruption.
struct TrainingSession {
  private let setup: TrainingSetup
  private let interruption: Interruption
  private let status: StatusLine
  private let isQuiet: Bool
  private let training: TrainingRun

  /// How long a training goes without a checkpoint, beside those behind every epoch.
  private static let checkpointInterval = Duration.seconds(600)

  /// Reads network and images and compiles the step.
  init(_ setup: TrainingSetup, interruption: Interruption, status: StatusLine, isQuiet: Bool) throws {
    self.setup = setup
    self.interruption = interruption
    self.status = status
    self.isQuiet = isQuiet
    status.show("reading \(setup.network)")
    let source = try TrainingSource(setup.network)
    status.show("reading \(setup.dataset)")
    let images = try setup.images()
    let teacher = try setup.teacher.map { path in
      let checkpoint = try Checkpoint(at: path)
      try checkpoint.graph(batch: setup.settings.batchSize).requireFit(
        to: images, batch: setup.settings.batchSize)
      return try checkpoint.evaluation(batch: setup.settings.batchSize, threads: setup.threads)
    }
    status.show("compiling the training of \(setup.network)")
    training = try TrainingRun(
      { try source.graph(batch: $0, imageShape: images.imageShape, classes: images.classes) }, on: images,
      settings: setup.settings, threads: setup.threads, memoryLimit: AvailableMemory.byteCount,
      teacher: teacher, checksNumerics: setup.checksNumerics,
      from: setup.checkpoint)
    status.clear()
  }

  /// Trains to the end.
  ///
  /// - Throws: ``Failure`` of status `interrupted` behind the step in which the user interrupted, and what goes wrong.
  func run(log path: String?, profiles: Bool) throws -> TrainingReport {
    let log = try path.map { try LogFile(at: $0, appends: setup.checkpoint != nil) }
    let clock = ContinuousClock()
    let start = clock.now
    var lastCheckpoint = start
    var steps: [TrainingReport.Step] = []
    while !training.isFinished {
      if interruption.isRequested { throw try interrupted() }
      guard let record = try training.advance() else { break }
      let seconds = (clock.now - start).seconds
      steps.append(
        .init(
          number: record.step, loss: Double(record.loss), learningRate: record.learningRate, seconds: seconds)
      )
      try log?.write(record, seconds: seconds)
      show(record, seconds: seconds)
      if record.finishedEpoch != nil || clock.now - lastCheckpoint > Self.checkpointInterval {
        try writeCheckpoint()
        lastCheckpoint = clock.now
      }
    }
    status.clear()
    var report = report(steps)
    if profiles { report.profile = profile() }
    return report
  }

  /// Time of each kernel of the plan, the shortest of a few more steps on the last batch; the checkpoint is written already.
  private func profile() -> [TrainingReport.Share] {
    status.show("profiling")
    defer { status.clear() }
    return training.profile().kernels.map { .init(label: $0.label, seconds: $0.seconds) }
  }

  private func show(_ record: TrainingRun.StepRecord, seconds: Double) {
    let settings = training.settings
    guard let epoch = record.finishedEpoch else {
      let left = settings.epochs * record.stepsPerEpoch - record.step
      let done = record.step - (setup.checkpoint?.state.stepCount ?? 0)
      status.show(
        "epoch \(record.epoch + 1)/\(settings.epochs), step \(record.position)/\(record.stepsPerEpoch), "
          + "loss \(fixed(Double(record.loss), 4)), \(clockText(seconds / Double(done) * Double(left))) left")
      return
    }
    status.clear()
    guard !isQuiet else { return }
    StandardError.write(
      "epoch \(record.epoch + 1)/\(settings.epochs): loss \(fixed(epoch.trainingLoss, 4)), test loss "
        + "\(fixed(epoch.testLoss, 4)), test accuracy \(percent(epoch.testAccuracy)), \(clockText(seconds))\n"
    )
  }

  /// Minutes and seconds: "2:05".
  private func clockText(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded())
    return "\(whole / 60):\(whole % 60 < 10 ? "0" : "")\(whole % 60)"
  }

  private func interrupted() throws -> Failure {
    status.clear()
    guard let folder = setup.folder else {
      return Failure(
        .interrupted,
        "interrupted behind step \(training.state.stepCount); nothing was kept, as --out was not given")
    }
    try writeCheckpoint()
    return Failure(
      .interrupted,
      "interrupted behind step \(training.state.stepCount); 'joulery train --resume --out \(folder)' goes on")
  }

  private var checkpoint: Checkpoint {
    let dataset = training.dataset
    return Checkpoint(
      network: setup.network, imageShape: dataset.imageShape, classes: dataset.classes,
      dataset: setup.dataset,
      datasetSHA256: training.datasetSHA256, trainingLimit: setup.trainingLimit, testLimit: setup.testLimit,
      normalization: training.normalization, teacher: setup.teacher, settings: training.settings,
      threads: training.threads,
      state: training.state,
      tensors: training.tensors.map { .init(name: $0.name, shape: $0.shape, numbers: $0.elements) })
  }

  private func writeCheckpoint() throws {
    guard let folder = setup.folder else { return }
    var files = OutputFiles(interruption: interruption)
    let bytes = checkpoint.bytes
    try files.add(at: TrainingSetup.checkpointPath(in: folder)) { try $0(bytes) }
    try files.commit()
  }

  private func report(_ steps: [TrainingReport.Step]) -> TrainingReport {
    let dataset = training.dataset
    return TrainingReport(
      network: setup.network, parameters: training.parameterCount, memoryBytes: training.byteCount,
      dataset: .init(
        name: setup.dataset, sha256: training.datasetSHA256, classes: dataset.classes,
        trainingCount: dataset.training.count, testCount: dataset.test.count), settings: training.settings,
      threads: training.threads, stepsPerEpoch: training.stepsPerEpoch, epochs: training.state.history,
      steps: steps,
      checkpoint: setup.folder.map(TrainingSetup.checkpointPath), provenance: .ofThisProcess())
  }
}
