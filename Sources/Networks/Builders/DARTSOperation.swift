import Graphs

/// What may stand on an edge of a DARTS cell; raw values are the names in published genotypes.
///
/// The eighth operation of the search, `none`, stands on no edge of a network that was found.
/// Source: Liu, Simonyan and Yang 2019, arXiv:1806.09055, section 3.1.1.
package enum DARTSOperation: String, CaseIterable, Hashable, Sendable {
  case maximumPooling = "max_pool_3x3"
  case averagePooling = "avg_pool_3x3"
  case skip = "skip_connect"
  case separable3 = "sep_conv_3x3"
  case separable5 = "sep_conv_5x5"
  case dilated3 = "dil_conv_3x3"
  case dilated5 = "dil_conv_5x5"

  /// How it is written in short: "sep3".
  package var shortName: String {
    switch self {
    case .maximumPooling: "max3"
    case .averagePooling: "avg3"
    case .skip: "skip"
    case .separable3: "sep3"
    case .separable5: "sep5"
    case .dilated3: "dil3"
    case .dilated5: "dil5"
    }
  }
}

extension NetworkBuilder {
  /// The result of an operation of stride 1 or 2 that keeps the channels.
  ///
  /// Pooling is normalised in search networks only.
  mutating func dartsOperation(
    _ operation: DARTSOperation, _ x: Value, stride: Int, _ normalization: CellNormalization = .learned,
    name: String
  ) throws(ShapeError) -> Value {
    switch operation {
    case .maximumPooling, .averagePooling:
      let isMaximum = operation == .maximumPooling
      let y = try apply(
        Pooling(
          isMaximum ? .maximum : .average(countsPadding: false), window: 3, stride: stride, padding: 1), x,
        name: name)
      return normalization == .learned
        ? y : try cellNormalization(y, normalization, name: "\(name).norm")
    case .skip:
      return stride == 1 ? x : try factorizedReduction(x, shape(x)[1], normalization, name: name)
    case .separable3, .separable5:
      let kernel = operation == .separable3 ? 3 : 5
      let half = try separableUnit(x, kernel: kernel, stride: stride, normalization, name: "\(name).0")
      return try separableUnit(half, kernel: kernel, stride: 1, normalization, name: "\(name).1")
    case .dilated3, .dilated5:
      return try separableUnit(
        x, kernel: operation == .dilated3 ? 3 : 5, stride: stride, dilation: 2, normalization, name: name)
    }
  }
}
