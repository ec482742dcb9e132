import Graphs

/// What may stand on an edge of a NAS-Bench-201 cell, in the benchmark's order; raw values are its names.
///
/// Source: Dong and Yang 2020, arXiv:2001.00326, section 2.1.
package enum CellOperation: String, CaseIterable, Hashable, Sendable {
  case none
  case skip = "skip_connect"
  case convolution1 = "nor_conv_1x1"
  case convolution3 = "nor_conv_3x3"
  case averagePooling = "avg_pool_3x3"
}

/// A directed edge between two nodes of a cell.
package struct CellEdge: Hashable, Sendable {
  package var from: Int
  package var to: Int

  package init(from: Int, to: Int) {
    self.from = from
    self.to = to
  }

  /// The six edges of a cell of four nodes, in the benchmark's order: by target, then by source.
  package static let ofFourNodes = ofNodes(4)

  /// All edges of a cell of `count` nodes, by target, then by source.
  package static func ofNodes(_ count: Int) -> [CellEdge] {
    (1..<count).flatMap { target in (0..<target).map { CellEdge(from: $0, to: target) } }
  }
}

extension NetworkBuilder {
  /// The result of an operation on an edge, or nil where it is none.
  mutating func cellOperation(
    _ operation: CellOperation, _ x: Value, name: String
  ) throws(ShapeError) -> Value? {
    switch operation {
    case .none: nil
    case .skip: x
    case .convolution1: try cellConvolution(x, shape(x)[1], kernel: 1, name: name)
    case .convolution3: try cellConvolution(x, shape(x)[1], kernel: 3, name: name)
    case .averagePooling:
      try apply(
        Pooling(.average(countsPadding: false), window: 3, stride: 1, padding: 1, ceilMode: false), x,
        name: name)
    }
  }

  /// Activation, convolution without bias, batch normalisation.
  mutating func cellConvolution(
    _ x: Value, _ channels: Int, kernel: Int, stride: Int = 1, name: String
  ) throws(ShapeError) -> Value {
    let active = try apply(Unary(.relu), x, name: "\(name).relu")
    let y = try convolution(
      active, channels, kernel: kernel, stride: stride, bias: false, name: "\(name).conv")
    return try batchNormalization(y, name: "\(name).bn")
  }
}
