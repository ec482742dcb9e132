/// The array of multiply-accumulate cells.
package struct MACArray: Hashable, Sendable {
  /// How the cells are wired.
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    /// `rows × columns` cells that pass operands to their neighbours.
    case systolic
    /// Dot-product blocks: `pixels × rows × columns` multipliers, rows = input channels, columns = output channels.
    case dotProduct = "dot-product"
    /// Eyeriss' rows × columns of cells that each convolve one row (Chen et al., JSSC 52(1), 2017).
    case rowStationary = "row-stationary"
  }

  package var kind: Kind
  /// Cells along the reduction (input channels of a dot-product block).
  package var rows: Int
  /// Cells along the outputs (output channels of a dot-product block).
  package var columns: Int
  /// Output pixels per cycle of a dot-product block, else 1.
  package var pixels: Int
  /// Dataflows the compiler may choose from, the preferred first.
  package var dataflows: [Dataflow]
  /// Number formats of the operands, the native one first, with the share of the full rate that each reaches.
  package var formats: [OperandFormat]
  /// Whether a second register in each cell takes the next stationary tile while the current one is in use.
  package var overlapsPreload: Bool
  /// Whether a fold starts streaming while the previous one still drains.
  package var overlapsFolds: Bool
  /// Rows of the stationary tile that are loaded in one cycle.
  package var preloadRowsPerCycle: Int
  /// Fewest cycles between the starts of two folds (4 in Gemmini's RTL).
  package var minimumFoldCycles: Int
  /// Cycles from the last operand to the last result beside the array's own skew.
  package var pipelineCycles: Int
  /// How many channels a depthwise convolution uses per cycle; 0 when it maps as one group after the other.
  package var depthwiseChannels: Int
  /// How output-stationary results leave a systolic array.
  package var drain: Drain
  /// Whether all kernel positions of a convolution share folds (im2col), however many input channels there are.
  package var packsKernel: Bool
  /// How partial sums of a row-stationary array travel; nil when all of a cycle are handed over at once.
  package var passes: RowPasses?
  /// Which weights that are zero are left out.
  package var sparsity: SparsitySupport
  /// How cycles and accesses of a layer are given in reports.
  package var counting: Counting

  package init(
    kind: Kind, rows: Int, columns: Int, pixels: Int = 1, dataflows: [Dataflow], formats: [OperandFormat],
    overlapsPreload: Bool, overlapsFolds: Bool, preloadRowsPerCycle: Int = 1, minimumFoldCycles: Int = 1,
    pipelineCycles: Int = 0, depthwiseChannels: Int = 0, drain: Drain = .shifted, packsKernel: Bool = false,
    passes: RowPasses? = nil, sparsity: SparsitySupport = .none, counting: Counting = .exact
  ) {
    self.kind = kind
    self.rows = rows
    self.columns = columns
    self.pixels = pixels
    self.dataflows = dataflows
    self.formats = formats
    self.overlapsPreload = overlapsPreload
    self.overlapsFolds = overlapsFolds
    self.preloadRowsPerCycle = preloadRowsPerCycle
    self.minimumFoldCycles = minimumFoldCycles
    self.pipelineCycles = pipelineCycles
    self.depthwiseChannels = depthwiseChannels
    self.drain = drain
    self.packsKernel = packsKernel
    self.passes = passes
    self.sparsity = sparsity
    self.counting = counting
  }

  /// How output-stationary results leave a systolic array.
  package enum Drain: String, Hashable, Sendable, CaseIterable {
    /// Down through the cells, one row a cycle, once the last cell is done.
    case shifted
    /// Over a bus of each column, each row as soon as it is done; the rows of a short fold are the last ones.
    case bus
  }

  /// How cycles and accesses of a layer are given in reports; the machine's time is the same.
  package enum Counting: String, Hashable, Sendable, CaseIterable {
    case exact
    /// As SCALE-Sim 3.0.0 prints them, with its peculiarities.
    case scaleSim = "scale-sim"
  }

  /// Multiply-accumulate operations per cycle at full rate.
  package var macsPerCycle: Int { rows * columns * pixels }
}

/// Which operand stays in the cells while the others stream past.
package enum Dataflow: String, Hashable, Sendable, CaseIterable {
  case weightStationary = "weight-stationary"
  case outputStationary = "output-stationary"
  case inputStationary = "input-stationary"
  case rowStationary = "row-stationary"
}

/// A number format the array multiplies.
package struct OperandFormat: Hashable, Sendable {
  package enum Name: String, Hashable, Sendable, CaseIterable {
    case int4, int8, int16, float16, bfloat16, float32
    /// Bits of one operand.
    package var bits: Int {
      switch self {
      case .int4: 4
      case .int8: 8
      case .int16, .float16, .bfloat16: 16
      case .float32: 32
      }
    }
  }
  package var name: Name
  /// Share of ``MACArray/macsPerCycle`` reached with this format, 0 < rate ≤ 1.
  package var rate: Double
  /// Bytes of one accumulator.
  package var accumulatorBytes: Int

  package init(name: Name, rate: Double = 1, accumulatorBytes: Int = 4) {
    self.name = name
    self.rate = rate
    self.accumulatorBytes = accumulatorBytes
  }
}
