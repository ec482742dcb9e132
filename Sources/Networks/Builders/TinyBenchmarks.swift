import Graphs

/// The four networks of MLPerf Tiny, by task.
///
/// Source: Banbury et al. 2021, arXiv:2106.07597, and the reference models of github.com/mlcommons/tiny.
enum TinyBenchmark: NetworkArchitecture {
  /// An autoencoder of dense layers over five frames of 128 bands.
  case anomalyDetection
  /// A ResNet of three stages without bottlenecks.
  case imageClassification
  /// Depthwise separable convolutions over a spectrogram.
  case keywordSpotting
  /// MobileNet 0.25 with two classes.
  case visualWakeWords

  var inputAxes: [String] { self == .anomalyDetection ? ["features"] : ["channels", "height", "width"] }

  func build(in network: inout NetworkBuilder, batch: Int, input: [Int]) throws(ShapeError) {
    let x = try network.input("input", [batch] + input)
    switch self {
    case .anomalyDetection: try autoencoder(x, features: input[0], in: &network)
    case .imageClassification: try residual(x, in: &network)
    case .keywordSpotting: try separable(x, in: &network)
    case .visualWakeWords: try MobileNetV1(width: 0.25, classes: 2).build(on: x, in: &network)
    }
  }

  private func autoencoder(
    _ x: Value, features: Int, in network: inout NetworkBuilder
  ) throws(ShapeError) {
    var x = x
    for (index, width) in [128, 128, 128, 128, 8, 128, 128, 128, 128].enumerated() {
      // Batch normalisation behind a dense layer is folded into its bias.
      x = try network.linear(x, width, name: "dense\(index)")
      x = try network.apply(Unary(.relu), x, name: "dense\(index).relu")
    }
    network.output("output", try network.linear(x, features, name: "dense9"))
  }

  private func residual(_ x: Value, in network: inout NetworkBuilder) throws(ShapeError) {
    var x = try network.convolutionUnit(x, 16, kernel: 3, activation: .relu, name: "stem")
    for (stage, channels) in [16, 32, 64].enumerated() {
      let (name, stride) = ("stage\(stage)", stage == 0 ? 1 : 2)
      let y = try network.convolutionUnit(
        x, channels, kernel: 3, stride: stride, activation: .relu, name: "\(name).0")
      let z = try network.convolutionUnit(y, channels, kernel: 3, activation: nil, name: "\(name).1")
      let shortcut =
        stage == 0
        ? x : try network.convolution(x, channels, kernel: 1, stride: stride, name: "\(name).shortcut")
      let sum = try network.apply(Binary(.add), z, shortcut, name: "\(name).add")
      x = try network.apply(Unary(.relu), sum, name: "\(name).relu")
    }
    x = try network.globalAveragePooling(x, name: "avgpool")
    network.output("logits", try network.linear(x, 10, name: "fc"))
  }

  private func separable(_ x: Value, in network: inout NetworkBuilder) throws(ShapeError) {
    let weights = network.parameter("stem.weight", [64, network.shape(x)[1], 10, 4])
    let stem = Convolution(
      strides: [2, 2], padding: [Padding(4, 5), Padding(1, 1)], dilations: [1, 1])
    var x = try network.apply(stem, x, weights, name: "stem")
    x = try network.batchNormalization(x, name: "stem.bn")
    x = try network.apply(Unary(.relu), x, name: "stem.relu")
    for block in 0..<4 {
      x = try network.convolutionUnit(
        x, 64, kernel: 3, groups: 64, activation: .relu, name: "block\(block).depthwise")
      x = try network.convolutionUnit(
        x, 64, kernel: 1, activation: .relu, name: "block\(block).pointwise")
    }
    x = try network.globalAveragePooling(x, name: "avgpool")
    network.output("logits", try network.linear(x, 12, name: "fc"))
  }
}
