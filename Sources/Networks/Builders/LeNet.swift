import Graphs

/// LeNet-5 for digits of 32 × 32 pixels, with every feature map connected to every one before it.
///
/// Source: LeCun et al. 1998, Proceedings of the IEEE 86(11), doi:10.1109/5.726791.
struct LeNet: NetworkArchitecture {
  func build(in network: inout NetworkBuilder, batch: Int, input: [Int]) throws(ShapeError) {
    var x = try network.input("input", [batch] + input)
    for (index, channels) in [6, 16].enumerated() {
      x = try network.convolution(x, channels, kernel: 5, padding: 0, name: "c\(2 * index + 1)")
      x = try network.apply(Unary(.tanh), x, name: "c\(2 * index + 1).tanh")
      x = try network.apply(
        Pooling(.average(countsPadding: true), window: 2, stride: 2), x, name: "s\(2 * index + 2)")
    }
    x = try network.flatten(x, name: "flatten")
    for (name, features) in [("c5", 120), ("f6", 84)] {
      x = try network.linear(x, features, name: name)
      x = try network.apply(Unary(.tanh), x, name: "\(name).tanh")
    }
    network.output("logits", try network.linear(x, network.classes(10), name: "output"))
  }
}
