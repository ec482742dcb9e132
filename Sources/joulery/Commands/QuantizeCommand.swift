import ArgumentParser
import Datasets
import Formats
import FoundationEssentials
import Graphs
import Networks
import Reports
import Training

/// `joulery quantize`: a trained classifier on integers of 8 bits.
struct QuantizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quantize",
    abstract: "Turn a trained classifier into one on integers of 8 bits, and test both.",
    discussion: """
      Examples:
        joulery quantize run --onnx int8.onnx
        joulery quantize model.onnx --on cifar-10 --method entropy --onnx int8.onnx
        joulery simulate int8.onnx --on edge
      """)

  @Argument(
    help: "A checkpoint of 'joulery train --out' or its folder, or an ONNX file with its weights.",
    completion: .file(extensions: ["safetensors", "onnx"]))
  var network: String

  @Option(
    name: .long,
    help: ArgumentHelp(
      "A dataset as for 'joulery train'; that of the training if not given.", valueName: "dataset"))
  var on: String?

  @Option(
    name: .long, help: ArgumentHelp("The file to write.", valueName: "file.onnx"),
    completion: .file(extensions: ["onnx"]))
  var onnx: String

  @Option(
    name: .long,
    help: ArgumentHelp(
      "How ranges are chosen: \(Self.methods.joined(separator: ", ")).", valueName: "method"),
    completion: .list(Self.methods))
  var method = "minmax"

  @Option(
    name: .long, help: ArgumentHelp("The format of activations: uint8 or int8.", valueName: "format"),
    completion: .list(["uint8", "int8"]))
  var activations = "uint8"

  @Option(name: .long, help: ArgumentHelp("Training images that ranges are taken from.", valueName: "count"))
  var calibrationImages = 256

  @Option(name: .long, help: ArgumentHelp("Use only the first test images.", valueName: "count"))
  var testImages: Int?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Samples in one run of the written file (default: 1, or what an ONNX file fixes).", valueName: "count"))
  var batch: Int?

  @Option(name: .long, help: ArgumentHelp("Threads.", valueName: "count"))
  var threads = ProcessInfo.processInfo.activeProcessorCount

  @Flag(name: .long, help: "Write the result as JSON.")
  var json = false

  @Flag(name: .shortAndLong, help: "Show no progress.")
  var quiet = false

  private static let methods = CalibrationMethod.named.map(\.name)

  /// Samples that calibration and tests run at once.
  private static let samples = 32

  func validate() throws {
    for (name, count) in [
      ("--calibration-images", calibrationImages), ("--test-images", testImages ?? 1),
      ("--batch", batch ?? 1),
      ("--threads", threads),
    ] where count < 1 {
      throw ValidationError("\(name) must be at least 1, found \(count)")
    }
    guard Self.methods.contains(method) else {
      throw ValidationError(
        "--method must be one of \(Self.methods.joined(separator: ", ")), found '\(method)'")
    }
    guard ["uint8", "int8"].contains(activations) else {
      throw ValidationError("--activations must be uint8 or int8, found '\(activations)'")
    }
  }

  func run() throws {
    let interruption = Interruption()
    try OutputFiles.check([onnx])
    let status = StatusLine(isQuiet: quiet)
    status.show("reading \(network)")
    let trained = try source(batch: Self.samples)
    guard let dataset = on ?? trained.checkpoint?.dataset else {
      throw Failure(
        .usage,
        "\(network): found no dataset, expected --on DATASET; only a checkpoint knows what it was trained on")
    }
    let images = try DatasetLibrary.standard(environment: ProcessInfo.processInfo.environment)
      .dataset(dataset).limited(training: nil, test: testImages)
    let normalization = trained.checkpoint?.normalization ?? images.training.statistics
    let format = QuantizationFormat(
      activations: activations == "int8" ? .int8 : .uint8,
      method: CalibrationMethod.named.first { $0.name == method }?.method ?? .minimumMaximum)
    status.show("calibrating, then testing on \(images.test.count) images")
    let quantization = try PostTrainingQuantization(
      trained.graph, values: trained.values, on: images, normalization: normalization,
      calibrationImages: calibrationImages, format: format, threads: threads)
    status.show("writing \(onnx)")
    let single = try source(batch: batch ?? 1)
    let graph = try quantization.quantized(single.graph, values: single.values)
    let bytes = [UInt8](try ONNXExport().data(graph))
    var files = OutputFiles(interruption: interruption)
    try files.add(at: onnx) { try $0(bytes) }
    let report = QuantizationReport(
      network: trained.checkpoint?.network ?? trained.graph.name, dataset: dataset, method: method,
      quantization: quantization, graph: graph, file: onnx, byteCount: bytes.count)
    status.clear()
    try files.commit()
    try StandardOutput.write(
      json ? report.json(version: Joulery.version).text : report.text(in: StandardOutput.style))
  }

  /// The network for batches of a size; a file that fixes its batch keeps it.
  private func source(batch: Int) throws -> TrainedNetwork {
    var options = NetworkOptions()
    options.input = []
    options.batch = batch
    if network.hasSuffix(".onnx"), try !ONNXModel(contentsOf: network).hasOpenBatch {
      options.batch = self.batch
    }
    return try TrainedNetwork(network, options: options)
  }
}
