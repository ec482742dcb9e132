import Graphs
import Hardware
import Measures

/// What the compiler asks of a machine again and again, worked out once.
final class Target: Sendable {
  let model: HardwareModel
  /// The format in which the array multiplies.
  let format: OperandFormat
  /// Scratchpad indices by role.
  let activations: Int
  let weights: Int
  let accumulators: Int
  /// Channels that lie together in one block of a tensor: what the array takes in one access.
  let blockChannels: Int
  /// Bytes that main memory delivers in one core cycle at its peak.
  let memoryBytesPerCycle: Double
  /// The piece in which main memory is accessed: shorter runs cost as much.
  let memoryAccessBytes: Int
  /// The caches before main memory.
  let tiers: MemoryTiers
  /// Cores among which the tiles of every layer are shared out.
  let parts: Int

  /// Checks that the machine has what every program needs.
  ///
  /// - Throws: ``CompileError`` of kind `machine`.
  init(_ model: HardwareModel, integerOperands: Bool, parts: Int = 1) throws(CompileError) {
    func missing(_ found: String, _ expected: String, _ remedy: String) -> CompileError {
      CompileError(
        .machine, place: "hardware '\(model.name)'", found: found, expected: expected, remedy: remedy)
    }
    let native = model.array.formats.first
    let integer = model.array.formats.first { $0.name == .int8 }
    guard let format = integerOperands ? integer ?? native : native else {
      throw missing("no number format of the array", "at least one", "add one to array.formats")
    }
    guard !model.array.dataflows.isEmpty || model.array.kind != .systolic else {
      throw missing("no dataflow", "at least one", "add one to array.dataflows")
    }
    var indices: [Int] = []
    for role in [Scratchpad.Role.activations, .weights, .accumulators] {
      guard let index = model.scratchpadIndex(holding: role) else {
        throw missing(
          "no memory for \(role.rawValue)", "one scratchpad with that role", "add it to a scratchpad's roles")
      }
      indices.append(index)
    }
    self.model = model
    self.parts = parts
    self.format = format
    activations = indices[0]
    weights = indices[1]
    accumulators = indices[2]
    let rows = max(1, model.array.rows)
    let word = model.scratchpads[indices[0]].wordBytes
    let perWord = max(1, word * 8 / format.name.bits)
    // Whole words, so that no two blocks share one; a row-stationary cell takes one operand at a time.
    let natural = model.array.kind == .rowStationary ? 1 : rows
    blockChannels = (natural + perWord - 1) / perWord * perWord
    memoryBytesPerCycle = model.memory.peakBandwidth.value / model.clock.value
    switch model.memory {
    case .dram(let system): memoryAccessBytes = system.standard.accessBytes
    case .pipe: memoryAccessBytes = 1
    }
    let bus = Double(model.dma.busBytes) * model.dma.clock.value / model.clock.value
    tiers = MemoryTiers(model, rate: min(memoryBytesPerCycle * Self.memoryEfficiency, max(bus, 1e-9)))
  }

  /// Share of main memory's peak that long runs reach (refresh, turnarounds).
  static let memoryEfficiency = 0.9

  /// Bytes that main memory, what stands before it, and the bus to it move in a core cycle.
  var memoryRate: Double { tiers.mainRate }

  /// How much longer the core with the most tiles takes than if `tiles` could be shared out evenly.
  func imbalance(ofTiles tiles: Int) -> Double {
    Double(tiles.dividedUp(by: parts) * parts) / Double(max(1, tiles))
  }

  /// Bits of one operand in memory.
  var bits: Int { format.name.bits }
  func wordBytes(_ memory: Int) -> Int { model.scratchpads[memory].wordBytes }
  func capacity(_ memory: Int) -> Int { model.scratchpads[memory].capacity.count }
  var activationWord: Int { wordBytes(activations) }
  /// Accumulator words that hold one row of `columns` sums.
  var accumulatorWords: Int {
    (model.array.columns * format.accumulatorBytes).dividedUp(by: wordBytes(accumulators))
  }

  /// Bits of one element as it lies in memory: indices keep their size, all else has the array's format.
  func storedBits(_ element: ElementType) -> Int {
    switch element {
    case .int32, .uint32: 32
    case .int64, .uint64: 64
    case .bool: 8
    default: bits
    }
  }
}

extension Int {
  /// The quotient rounded up.
  func dividedUp(by divisor: Int) -> Int { (self + divisor - 1) / divisor }
  /// The next multiple of `step`.
  func roundedUp(to step: Int) -> Int { (self + step - 1) / step * step }
}
