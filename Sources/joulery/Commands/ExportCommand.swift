import ArgumentParser
import Networks

/// `joulery export`: a network as an ONNX file.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a network, or one that a study found, as an ONNX file that other programs read.",
    discussion: """
      Examples:
        joulery export run/checkpoint.safetensors --onnx trained.onnx
        joulery export resnet18 --structure-only --onnx resnet18.onnx
        joulery export lenet5 --seed 1 --batch 8 --onnx lenet5.onnx
        joulery export old.onnx --input images=1x3x320x320 --onnx new.onnx
        joulery export study.sqlite --best --onnx best.onnx
      """)

  @Argument(
    help: ArgumentHelp(
      "A checkpoint of 'joulery train --out' or its folder, an ONNX file, a SCALE-Sim topology (.csv), or a name of 'joulery list networks'.",
      discussion: "With --best or --trial the store of a study (STUDY.sqlite) or its file."),
    completion: .networks)
  var network: String

  @Option(
    name: .long, help: ArgumentHelp("The file to write.", valueName: "file.onnx"),
    completion: .file(extensions: ["onnx"]))
  var onnx: String

  @OptionGroup var networkOptions: NetworkOptions

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Draw the weights of a built-in network, as training starts with them.", valueName: "seed"))
  var seed: UInt64?

  @Flag(name: .long, help: "Write zeros for weights without values: a small file with the structure alone.")
  var structureOnly = false

  @OptionGroup var choice: TrialOptions

  @Flag(name: .shortAndLong, help: "Show no progress.")
  var quiet = false

  func run() throws {
    if choice.isOfStudy { return try exportTrial() }
    let interruption = Interruption()
    try OutputFiles.check([onnx])
    let status = StatusLine(isQuiet: quiet)
    status.show("reading \(network)")
    let source = try TrainedNetwork(network, options: networkOptions, seed: seed)
    status.show("writing \(onnx)")
    let export = ONNXExport(values: source.values, missingValues: structureOnly ? .zeros : .refused)
    let bytes = try export.data(source.graph)
    var files = OutputFiles(interruption: interruption)
    try files.add(at: onnx) { try $0([UInt8](bytes)) }
    try files.commit()
    status.clear()
  }
}
