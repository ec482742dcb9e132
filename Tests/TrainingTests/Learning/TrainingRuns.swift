import Datasets
import Formats
import Graphs
import Networks
import Testing
import Training

/// Trainings that stop and go on.
struct TrainingRuns {
  static func dataset(_ count: Int = 96) throws -> ImageDataset {
    let images = try ProceduralImages(extent: 8).images(count + 20)
    return try ImageDataset(
      name: "stripes", training: images.subset(0..<count), test: images.subset(count..<count + 20))
  }

  /// A network with running statistics, so that these are kept, too.
  static func network(_ batch: Int) throws -> Graph {
    try network(batch, input: [1, 8, 8], classes: 10)
  }

  static func network(_ batch: Int, input: [Int], classes: Int) throws -> Graph {
    var builder = NetworkBuilder(name: "small", classes: classes)
    try SmallResNet(depth: 1).build(in: &builder, batch: batch, input: input)
    return builder.graph
  }

  static var settings: TrainingSettings {
    var settings = TrainingSettings()
    settings.epochs = 2
    settings.batchSize = 32
    settings.optimizerKind = .adamw
    settings.learningRate = 0.01
    settings.augmentations = [.crop(padding: 1), .flip]
    return settings
  }

  static func run(from checkpoint: Checkpoint? = nil, memoryLimit: Int? = nil) throws -> TrainingRun {
    try TrainingRun(
      { try network($0) }, on: dataset(), settings: settings, threads: 1, memoryLimit: memoryLimit,
      from: checkpoint)
  }

  static func checkpoint(of run: TrainingRun) -> Checkpoint {
    Checkpoint(
      network: "small", imageShape: run.dataset.imageShape, classes: run.dataset.classes, dataset: "stripes",
      datasetSHA256: run.datasetSHA256, trainingLimit: nil, testLimit: 5, normalization: run.normalization,
      settings: run.settings, threads: run.threads, state: run.state,
      tensors: run.tensors.map { .init(name: $0.name, shape: $0.shape, numbers: $0.elements) })
  }

  @Test(arguments: 0...6)
  func `a training that stops behind any step ends with the same bytes`(_ stop: Int) throws {
    let whole = try Self.run()
    while try whole.advance() != nil {}
    var part = try Self.run()
    for _ in 0..<stop { _ = try part.advance() }
    let bytes = Self.checkpoint(of: part).bytes
    part = try Self.run(from: Checkpoint(bytes, source: "x"))
    while try part.advance() != nil {}
    #expect(Self.checkpoint(of: part).bytes == Self.checkpoint(of: whole).bytes)
    #expect(part.state.history.count == 2)
    #expect(part.isFinished)
  }

  @Test func `a checkpoint reads back as it was written`() throws {
    let run = try Self.run()
    for _ in 0..<4 { _ = try run.advance() }
    let checkpoint = Self.checkpoint(of: run)
    #expect(try Checkpoint(checkpoint.bytes, source: "x") == checkpoint)
    #expect(checkpoint.state.position == 1)
    #expect(checkpoint.state.epoch == 1)
    // Weights, running statistics and two states for each weight.
    #expect(checkpoint.values["conv1.weight.square"]?.count == 144)
    #expect(checkpoint.values["bn1.running_mean"]?.count == 16)
  }

  @Test func `a test of the checkpoint is the test of the training`() throws {
    let run = try Self.run()
    while try run.advance() != nil {}
    let checkpoint = try Checkpoint(Self.checkpoint(of: run).bytes, source: "x")
    let score = try Score(
      of: Self.network(7), values: checkpoint.values, on: run.dataset.test,
      normalization: checkpoint.normalization, threads: 1)
    #expect(score.count == 20)
    #expect(score.accuracy == run.state.history.last?.testAccuracy)
  }

  @Test func `files that are no checkpoint are refused`() throws {
    let run = try Self.run()
    let bytes = Self.checkpoint(of: run).bytes
    #expect(throws: FormatError.self) { try Checkpoint(Array(bytes.dropLast()), source: "x") }
    func refusal(_ metadata: [(String, String)]) -> String? {
      let file = Safetensors(tensors: [], metadata: metadata.map { (name: $0.0, text: $0.1) })
      let error = #expect(throws: FormatError.self) { try Checkpoint(file.bytes, source: "x") }
      return error?.diagnostics.first?.finding
    }
    #expect(refusal([("format", "pt")]) == "no metadata of a training")
    #expect(refusal([("joulery_checkpoint", "9")]) == "a checkpoint of version 9")
    #expect(refusal([("joulery_checkpoint", "1")]) == "no metadata 'training'")
    #expect(
      refusal([("joulery_checkpoint", "1"), ("training", "{}")]) == "metadata 'training' that are incomplete")
    let whole = try Safetensors(bytes, source: "x")
    let training = try #require(whole.text("training"))
    #expect(
      refusal([("joulery_checkpoint", "1"), ("training", training), ("state", "[]")])
        == "metadata 'state' that are incomplete")
    let state = try #require(whole.text("state"))
    #expect(
      refusal([("joulery_checkpoint", "1"), ("training", training), ("state", state)])
        == "no metadata 'settings'")
    var integers = whole
    integers.tensors = [.init(name: "a", elementType: "U8", shape: [1], bytes: [1])]
    let error = #expect(throws: FormatError.self) { try Checkpoint(integers.bytes, source: "x") }
    #expect(error?.diagnostics.first?.finding == "tensor 'a' of type U8")
  }

  @Test func `a checkpoint of other images, another place or other weights is refused`() throws {
    let run = try Self.run()
    _ = try run.advance()
    let checkpoint = Self.checkpoint(of: run)
    var other = checkpoint
    other.datasetSHA256 = "0"
    #expect(
      throws: PlanError(
        "checkpoint of 'small' on 'stripes'", found: "other images in 'stripes'",
        expected: "the dataset that the training began with")
    ) { try Self.run(from: other) }
    other = checkpoint
    other.state.position = 2
    #expect(
      throws: PlanError(
        "checkpoint of 'small' on 'stripes'", found: "step 1, 2 of epoch 0",
        expected: "a place in 2 epochs of 3 steps")
    ) { try Self.run(from: other) }
    other = checkpoint
    other.tensors.removeAll { $0.name == "conv1.weight" }
    let error = #expect(throws: PlanError.self) { try Self.run(from: other) }
    #expect(error?.place == "constant 'conv1.weight'")
  }

  @Test func `memory that will not suffice is an error before the first step`() throws {
    let error = #expect(throws: PlanError.self) { try Self.run(memoryLimit: 1 << 20) }
    #expect(error?.place == "memory of 'small'")
    #expect(error?.expected == "at most the 1 MiB that are free; train in smaller batches")
  }

  @Test func `a recipe's memory limit splits batches where nothing else helps`() throws {
    var settings = Self.settings
    let whole = try Self.run()
    settings.memoryLimit = whole.byteCount * 3 / 4
    let run = try TrainingRun(
      { try Self.network($0) }, on: Self.dataset(), settings: settings, threads: 1)
    #expect(run.byteCount <= settings.memoryLimit)
    #expect(settings.batchSize % run.parts == 0)
    while try run.advance() != nil {}
    settings.memoryLimit = 1 << 10
    let error = #expect(throws: PlanError.self) {
      try TrainingRun({ try Self.network($0) }, on: Self.dataset(), settings: settings, threads: 1)
    }
    #expect(error?.isShortOfMemory == true)
  }

  @Test func `networks that do not fit the images are refused`() throws {
    let dataset = try Self.dataset()
    func error(inputShape: [Int], classes: Int) -> PlanError? {
      #expect(throws: PlanError.self) {
        try TrainingRun(
          { try Self.network($0, input: inputShape, classes: classes) }, on: dataset, settings: Self.settings,
          threads: 1)
      }
    }
    #expect(
      error(inputShape: [3, 8, 8], classes: 10)?.description
        == "network 'small': found inputs float32[32, 3, 8, 8], expected one input float32[32, 1, 8, 8] for images of 'stripes'"
    )
    #expect(
      error(inputShape: [1, 8, 8], classes: 7)?.description
        == "network 'small': found outputs [32, 7], expected [32, 10] for the 10 classes of 'stripes'")
  }
}
