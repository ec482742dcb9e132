import Graphs

/// AlexNet in its one-column form, as torchvision defines it.
///
/// Source: Krizhevsky 2014, arXiv:1404.5997.
struct AlexNet: NetworkArchitecture {
  func build(in network: inout NetworkBuilder, batch: Int, input: [Int]) throws(ShapeError) {
    var x = try network.input("input", [batch] + input)
    let layers = [(64, 11, 4, 2, true), (192, 5, 1, 2, true), (384, 3, 1, 1, false), (256, 3, 1, 1, false)]
    for (index, layer) in (layers + [(256, 3, 1, 1, true)]).enumerated() {
      let (channels, kernel, stride, padding, pools) = layer
      let name = "features.conv\(index + 1)"
      x = try network.convolution(
        x, channels, kernel: kernel, stride: stride, padding: padding, name: name)
      x = try network.apply(Unary(.relu), x, name: "\(name).relu")
      if pools { x = try network.maximumPooling(x, window: 3, stride: 2, name: "\(name).pool") }
    }
    x = try network.averagePooling(x, to: 6, name: "avgpool")
    try network.wideClassifier(x)
  }
}

extension NetworkBuilder {
  /// The three fully connected layers that AlexNet and VGG end with.
  mutating func wideClassifier(_ image: Value) throws(ShapeError) {
    var x = try flatten(image, name: "flatten")
    for index in 1...2 {
      x = try linear(x, 4096, name: "classifier.\(index)")
      x = try apply(Unary(.relu), x, name: "classifier.\(index).relu")
    }
    output("logits", try linear(x, classes(1000), name: "classifier.3"))
  }
}
