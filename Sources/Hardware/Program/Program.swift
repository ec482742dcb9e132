/// What the sequencer executes: instructions in issue order, with the layers they belong to.
package struct Program: Hashable, Sendable {
  package var name: String
  package var layers: [Layer] = []
  package var instructions: [Instruction] = []
  package var transfers: [Transfer] = []
  package var arrayTiles: [ArrayTile] = []
  package var vectorTiles: [VectorTile] = []
  /// Flat list of dependencies; each instruction names its range.
  package var dependencies: [Int32] = []
  /// Scratchpad bytes in use over the program, as steps in issue order, by memory.
  package var occupancy: [OccupancyStep] = []
  /// The format in which the array multiplies.
  package var format: OperandFormat.Name
  /// The most scratchpad bytes allocated at once, all memories together.
  package var scratchpadPeakBytes: Int = 0

  package init(name: String, format: OperandFormat.Name) {
    self.name = name
    self.format = format
  }

  /// A fused group of operations that runs as one.
  package struct Layer: Hashable, Sendable {
    package var name: String
    /// The anchoring operation with what is fused into it: "convolution+add+relu".
    package var operatorName: String
    package var macs: Int
    /// Why the compiler chose this mapping, as one sentence.
    package var mapping: String
    /// Weights that are stored for the array, each once, and bits that say where they stood.
    package var storedWeights = 0
    package var metadataBits = 0
    /// Steps that software on the host takes before the layer's first instruction.
    package var hostSteps = 0
    package init(name: String, operatorName: String, macs: Int, mapping: String) {
      self.name = name
      self.operatorName = operatorName
      self.macs = macs
      self.mapping = mapping
    }
  }

  package struct OccupancyStep: Hashable, Sendable {
    /// The instruction at whose start the occupancy changes.
    package var instruction: Int32
    package var memory: Int32
    package var bytes: Int
    package init(instruction: Int32, memory: Int32, bytes: Int) {
      self.instruction = instruction
      self.memory = memory
      self.bytes = bytes
    }
  }

  /// Appends an instruction that starts once all of `dependencies` (indices of earlier instructions) have completed.
  @discardableResult
  package mutating func append(
    _ unit: Instruction.Kind, payload: Int, layer: Int, after dependencies: [Int32]
  ) -> Int32 {
    let first = Int32(self.dependencies.count)
    self.dependencies.append(contentsOf: dependencies)
    instructions.append(
      Instruction(
        kind: unit, payload: Int32(payload), layer: Int32(layer), firstDependency: first,
        dependencyCount: Int32(dependencies.count)))
    return Int32(instructions.count - 1)
  }
}

/// One entry of a program.
package struct Instruction: Hashable, Sendable {
  /// The unit that executes it, each with an in-order queue.
  package enum Kind: UInt8, Hashable, Sendable, CaseIterable {
    case load, store, array, vector
  }
  package var kind: Kind
  /// Index into ``Program/transfers``, ``Program/arrayTiles`` or ``Program/vectorTiles``.
  package var payload: Int32
  package var layer: Int32
  package var firstDependency: Int32
  package var dependencyCount: Int32

  package init(kind: Kind, payload: Int32, layer: Int32, firstDependency: Int32, dependencyCount: Int32) {
    self.kind = kind
    self.payload = payload
    self.layer = layer
    self.firstDependency = firstDependency
    self.dependencyCount = dependencyCount
  }
}

/// A copy between main memory and a scratchpad: up to three nested loops of contiguous runs in main memory,
/// densely packed in the scratchpad.
package struct Transfer: Hashable, Sendable {
  /// First byte in main memory.
  package var address: Int
  /// Contiguous bytes of each run.
  package var runBytes: Int
  /// Number of runs: outer × inner.
  package var innerCount: Int
  package var innerStride: Int
  package var outerCount: Int
  package var outerStride: Int
  /// Scratchpad index and first byte there (a multiple of the word).
  package var memory: Int
  package var scratchpadAddress: Int

  package init(
    address: Int, runBytes: Int, innerCount: Int = 1, innerStride: Int = 0, outerCount: Int = 1,
    outerStride: Int = 0,
    memory: Int, scratchpadAddress: Int
  ) {
    self.address = address
    self.runBytes = runBytes
    self.innerCount = innerCount
    self.innerStride = innerStride
    self.outerCount = outerCount
    self.outerStride = outerStride
    self.memory = memory
    self.scratchpadAddress = scratchpadAddress
  }

  package var bytes: Int { runBytes * innerCount * outerCount }
}

/// A regular sequence of scratchpad accesses: two nested loops, restarted in every fold at its own place.
///
/// Access `i` of fold `f` starts at word `address / wordBytes + f * foldStride + (i / innerCount) * outerStride
/// + (i % innerCount) * innerStride`, modulo the memory's size. The vector unit and the DMA have one fold.
package struct AccessPattern: Hashable, Sendable {
  /// Scratchpad index; negative for "no access".
  package var memory: Int
  /// First byte (a multiple of the word).
  package var address: Int
  /// Consecutive words taken at once in each access.
  package var words: Int
  /// Inner loop: accesses and distance in words.
  package var innerCount: Int
  package var innerStride: Int
  /// Distance in words from the start of one inner loop to the next.
  package var outerStride: Int
  /// Distance in words from the start of one fold to the next: of reduction folds for an activation operand, of all
  /// folds for the preloaded operand, of output folds for the result.
  package var foldStride: Int
  package var isWrite: Bool

  package init(
    memory: Int, address: Int, words: Int = 1, innerCount: Int = 1, innerStride: Int = 1,
    outerStride: Int = 1,
    foldStride: Int = 0, isWrite: Bool = false
  ) {
    self.memory = memory
    self.address = address
    self.words = words
    self.innerCount = innerCount
    self.innerStride = innerStride
    self.outerStride = outerStride
    self.foldStride = foldStride
    self.isWrite = isWrite
  }

  /// No access at all.
  package static let none = AccessPattern(memory: -1, address: 0, words: 0)
}

/// Work for the MAC array: `m × k × n` of one output tile, all its folds.
package struct ArrayTile: Hashable, Sendable {
  package var dataflow: Dataflow
  /// Output pixels (or rows of the left matrix).
  package var m: Int
  /// Reduction length, kernel positions included.
  package var k: Int
  /// Output channels (or columns of the right matrix).
  package var n: Int
  /// Kernel positions inside `k`: folds do not straddle them unless `packsKernel`.
  package var kernelPositions: Int
  /// Whether several kernel positions share one fold (few input channels).
  package var packsKernel: Bool
  /// Channels computed side by side when the tile is a depthwise convolution, else 0.
  package var depthwiseChannels: Int
  /// Which of the `k` weights of each output channel are stored.
  package var storage: WeightStorage
  /// Useful multiply-accumulates, ≤ m·k·n·max(1, channels).
  package var macs: Int
  /// Whether the result is added to what the accumulators hold.
  package var accumulates: Bool
  /// Operands and result in the scratchpads.
  package var activations: AccessPattern
  package var weights: AccessPattern
  package var output: AccessPattern

  package init(
    dataflow: Dataflow, m: Int, k: Int, n: Int, kernelPositions: Int = 1, packsKernel: Bool = false,
    depthwiseChannels: Int = 0, storage: WeightStorage = .dense, macs: Int, accumulates: Bool,
    activations: AccessPattern,
    weights: AccessPattern,
    output: AccessPattern
  ) {
    self.dataflow = dataflow
    self.m = m
    self.k = k
    self.n = n
    self.kernelPositions = kernelPositions
    self.packsKernel = packsKernel
    self.depthwiseChannels = depthwiseChannels
    self.storage = storage
    self.macs = macs
    self.accumulates = accumulates
    self.activations = activations
    self.weights = weights
    self.output = output
  }

  /// The reduction as the cells do it: over stored weights only.
  package var storedK: Int {
    guard !packsKernel, kernelPositions > 1, k % kernelPositions == 0 else { return storage.slots(k) }
    return kernelPositions * storage.slots(k / kernelPositions)
  }
}

/// Work for the vector unit: `elements` elements through one or more passes of a class each.
package struct VectorTile: Hashable, Sendable {
  /// Elements per pass.
  package var elements: Int
  /// The classes of the fused operations, in order; they share one pass over the data (one read, one write), and
  /// the step takes the sum of their intervals.
  package var classes: [VectorClass]
  package var firstOperand: AccessPattern
  package var secondOperand: AccessPattern
  package var result: AccessPattern

  package init(
    elements: Int, classes: [VectorClass], firstOperand: AccessPattern, secondOperand: AccessPattern = .none,
    result: AccessPattern
  ) {
    self.elements = elements
    self.classes = classes
    self.firstOperand = firstOperand
    self.secondOperand = secondOperand
    self.result = result
  }
}
