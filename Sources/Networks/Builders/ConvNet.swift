package import Graphs

/// The network of data-set condensation: blocks of convolution, instance normalisation, ReLU and average pooling.
///
/// Source: Gidaris and Komodakis 2018, arXiv:1804.09458; Zhao et al. 2021, arXiv:2006.05929, section 4.1.
package struct ConvNet: NetworkArchitecture {
  package var width: Int
  package var depth: Int
  package var classes: Int

  package init(width: Int = 128, depth: Int = 3, classes: Int = 10) {
    self.width = width
    self.depth = depth
    self.classes = classes
  }

  package func build(in network: inout NetworkBuilder, batch: Int, input: [Int]) throws(ShapeError) {
    var x = try network.input("input", [batch] + input)
    for block in 0..<depth {
      x = try network.convolution(x, width, kernel: 3, name: "conv\(block)")
      let scale = network.parameter("norm\(block).weight", [width])
      let shift = network.parameter("norm\(block).bias", [width])
      x = try network.apply(GroupNormalization(groups: width), x, scale, shift, name: "norm\(block)")
      x = try network.apply(Unary(.relu), x, name: "relu\(block)")
      x = try network.apply(
        Pooling(.average(countsPadding: true), window: 2, stride: 2), x, name: "pool\(block)")
    }
    x = try network.flatten(x, name: "flatten")
    network.output("logits", try network.linear(x, network.classes(classes), name: "fc"))
  }
}
