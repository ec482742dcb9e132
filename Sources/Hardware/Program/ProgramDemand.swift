/// What a network needs at least of a machine, however it is mapped: the ground below every simulated time.
package struct ProgramDemand: Hashable, Sendable {
  /// By layer of the program; what cannot be told apart by layer is in ``run`` alone.
  package var layers: [Demand]
  package var run: Demand

  package init(layers: [Demand], run: Demand) {
    self.layers = layers
    self.run = run
  }
}

/// Work and main-memory traffic that nobody can avoid.
package struct Demand: Hashable, Sendable {
  /// Multiply-accumulates; those on weights that the machine leaves out do not count.
  package var macs = 0
  /// Bytes that must come from main memory: weights and inputs of the run, each once.
  package var readBytes = 0
  /// Bytes that must go to main memory: outputs of the run.
  package var writeBytes = 0
  /// Bytes of intermediate tensors that must come back because they do not fit on the chip.
  package var spilledReadBytes = 0
  /// Bytes of intermediate tensors that must leave because they do not fit on the chip.
  package var spilledWriteBytes = 0
  /// Bytes both ways that a product of this size moves on a chip of this size, whatever its tiling.
  package var productBytes = 0

  package init() {}

  /// The least traffic of a chip of unlimited size.
  package var unavoidableBytes: Int { readBytes + writeBytes }

  /// The least traffic of this chip.
  package var leastBytes: Int {
    max(unavoidableBytes + spilledReadBytes + spilledWriteBytes, productBytes)
  }
}
