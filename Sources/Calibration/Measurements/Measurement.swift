package import Compiler
package import Formats
package import Graphs

/// One row of a set: a network or a layer, and what was measured when a machine ran it.
package struct Measurement: Sendable {
  /// How reports call the row.
  package var name: String
  /// What rows are held out together by: the network's name, or the group that the file gives.
  package var group: String
  package var graph: Graph
  /// The same with another batch.
  package var graphOfSamples: @Sendable (Int) throws -> Graph
  /// The tiling that was run; nil where the compiler is to choose.
  package var mapping: ExplicitMapping?
  /// Settings of the machine that hold for this row only: "clock=287 MHz".
  package var overrides: [String]
  package var observations: [Observation]
  package var weight: Double
  /// Whether caches were as an earlier run of the same had left them.
  package var isWarm: Bool
  /// The share of the multiply-accumulates that the machine left out because an activation was zero.
  package var zeroShare: Double
  /// Why the row should not be trusted; rows with a flag take no part.
  package var flag: String
  /// The text under the column that splits the rows.
  package var split: String
  package var place: Place
  /// Equal for rows that ran the same thing in the same way.
  package var subject: String

  /// The value of a quantity, if it was measured.
  package func value(of quantity: MeasuredQuantity) -> Double? {
    observations.first { $0.quantity == quantity }?.value
  }
}

/// What can be measured of a run.
package enum MeasuredQuantity: String, Hashable, Sendable, CaseIterable {
  case latency, cycles, energy, power

  /// The unit of the values that are held.
  package var unit: String {
    switch self {
    case .latency: "s"
    case .cycles: "cycles"
    case .energy: "J"
    case .power: "W"
    }
  }

  /// Whether it is a time, in seconds or cycles.
  package var isTime: Bool { self == .latency || self == .cycles }
}

/// A measured value in the unit of its quantity.
package struct Observation: Hashable, Sendable {
  package var quantity: MeasuredQuantity
  package var value: Double

  package init(_ quantity: MeasuredQuantity, _ value: Double) {
    self.quantity = quantity
    self.value = value
  }
}

extension Measurement {
  /// What kind of work the row mostly is, for residuals by class.
  package var layerClass: String {
    let products = graph.nodes.flatMap { graph.work(of: $0) }.filter { $0.macs > 0 }
    guard products.count <= 1 else {
      let isSeparable = products.contains(where: \.isDepthwise)
      return isSeparable ? "networks with depthwise convolutions" : "networks of dense convolutions"
    }
    guard let product = products.first else { return "no products" }
    guard case .convolution(let nest) = product, nest.kernel.area > 1 || nest.output.height > 1 else {
      return "matrix products"
    }
    if product.isDepthwise { return "depthwise convolutions" }
    let stride = nest.stride.area > 1 ? ", strided" : ""
    return "\(nest.kernel.height)×\(nest.kernel.width) convolutions\(stride)"
  }
}

extension Work {
  /// Whether it is a convolution in which each channel is a group.
  var isDepthwise: Bool {
    guard case .convolution(let nest) = self else { return false }
    return nest.groups > 1 && nest.groups == nest.inputChannels
  }
}
