package import Formats
package import Graphs

/// One line of a SCALE-Sim topology: a convolution or a matrix product, with the place of its line.
package struct TopologyLayer: Hashable, Sendable {
  package enum Shape: Hashable, Sendable {
    case convolution(TopologyConvolution)
    /// `[m, k] × [k, n]`.
    case matrixProduct(m: Int, n: Int, k: Int)
  }

  package var name: String
  package var shape: Shape
  /// What the file says of zeros among the weights.
  ///
  /// The layer's ``work`` is dense: skipping zeros is up to a machine.
  package var sparsity: StructuredSparsity?
  package var place: Place

  /// The loop nest of the layer.
  package var work: Work {
    switch shape {
    case .convolution(let convolution): convolution.work
    case .matrixProduct(let m, let n, let k):
      .matrixProduct(MatrixProductNest(batch: 1, m: m, k: k, n: n, sharesRight: true))
    }
  }
}

/// A convolution as SCALE-Sim writes it: no padding, one stride for both axes, a batch of 1.
///
/// Output extents are ⌈(extent − filter + stride) / stride⌉: a stride that does not divide leaves a last, partial
/// position, which here is a convolution with the missing rows and columns as padding behind the input.
package struct TopologyConvolution: Hashable, Sendable {
  package var input: ConvolutionNest.Extent
  package var filter: ConvolutionNest.Extent
  package var channels: Int
  package var filters: Int
  package var stride: Int

  package var output: ConvolutionNest.Extent {
    ConvolutionNest.Extent(
      positions(input.height, filter.height), positions(input.width, filter.width))
  }

  private func positions(_ extent: Int, _ filter: Int) -> Int { (extent - filter + 2 * stride - 1) / stride }

  /// Padding behind the last row and the last column.
  var padding: [Padding] {
    [
      Padding(0, (output.height - 1) * stride + filter.height - input.height),
      Padding(0, (output.width - 1) * stride + filter.width - input.width),
    ]
  }

  package var work: Work {
    .convolution(
      ConvolutionNest(
        batch: 1, groups: 1, inputChannels: channels, outputChannels: filters, input: input, output: output,
        kernel: filter, stride: .init(stride, stride), dilation: .init(1, 1), padding: .init(0, 0)))
  }
}
