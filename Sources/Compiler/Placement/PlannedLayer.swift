/// A layer with its mapping and the addresses of its buffers.
struct PlannedLayer: Sendable {
  /// A row of equal buffers in one scratchpad.
  struct Slots: Hashable, Sendable {
    var memory: Int
    var address: Int
    var slotBytes: Int
    var count: Int
    /// First layer over which the space is reserved: earlier than the layer itself where loads may run ahead.
    var firstLayer: Int
  }

  enum Mapping: Hashable, Sendable {
    case array(ArrayMapping, ArrayProblem)
    case vector(VectorMapping, VectorProblem)
  }

  var layer: LoweredLayer
  var work: LayerWork
  var mapping: Mapping
  var estimate: MappingEstimate
  var input: Slots?
  var right: Slots?
  var further: Slots?
  var output: Slots?
  var accumulators: Slots?
  var repeated: Slots?
}

/// Where each tensor lies while the program runs.
struct TensorPlace: Hashable, Sendable {
  /// First and last layer that touches it.
  var first: Int
  var last: Int
  /// First byte in the activation memory, or nil for main memory.
  var address: Int?
}
