import Hardware

/// Writes planned layers as a program: tiles in order, loads one tile ahead, dependencies from the bytes they touch.
struct Emitter {
  let machine: Target
  let tensors: [StoredTensor]
  let places: [TensorPlace]
  let patterns: Patterns
  var program: Program
  var tracker: HazardTracker
  /// The tracked buffer of each tensor, and the rows of one of its pieces.
  var tensorBuffers: [Int]
  var rowsPerPiece: [Int]
  /// First byte of each tensor in main memory.
  var addresses: [Int]
  /// Next free byte of main memory.
  var mainMemoryEnd = 0

  /// The tensor that the layer before wrote: what reads it cannot run ahead.
  var previousOutput = -1

  /// Which of the cores this program is for, and of how many the tiles of a layer are shared out among.
  let part: (core: Int, cores: Int)
  /// Where the packed weights of a layer lie, once that is decided.
  private var weightAddresses: [Int: Int] = [:]
  /// What is read from main memory and written to it, where several cores exchange tensors; nil where they do not.
  var ledger: ExchangeLedger?

  private var pending: EmissionStep?
  private var pendingLayer = 0

  static let mostPieces = 128
  static let mainMemoryAlignment = 256

  init(
    _ machine: Target, name: String, tensors: [StoredTensor], places: [TensorPlace],
    part: (core: Int, cores: Int) = (0, 1)
  ) {
    self.machine = machine
    self.part = part
    self.tensors = tensors
    self.places = places
    patterns = Patterns(machine: machine)
    program = Program(name: name, format: machine.format.name)
    tracker = HazardTracker(memories: machine.model.scratchpads.count)
    tensorBuffers = []
    rowsPerPiece = []
    addresses = []
    for (position, tensor) in tensors.enumerated() {
      let place = places[position]
      let rows = max(1, tensor.rows)
      let perPiece = rows.dividedUp(by: Self.mostPieces)
      rowsPerPiece.append(perPiece)
      var address = 0
      if let onChip = place.address {
        address = onChip
      } else if place.last >= 0 {
        address = mainMemoryEnd
        mainMemoryEnd += tensor.bytes.roundedUp(to: Self.mainMemoryAlignment)
      }
      addresses.append(address)
      tensorBuffers.append(
        tracker.add(
          memory: place.address == nil ? nil : machine.activations, address: address, bytes: tensor.bytes,
          pieces: rows.dividedUp(by: perPiece)))
    }
  }

  /// Reserves main memory for the packed weights of a layer; once for all samples that come through.
  mutating func reserveMainMemory(_ bytes: Int, layer: Int) -> Int {
    if let known = weightAddresses[layer] { return known }
    let address = mainMemoryEnd
    weightAddresses[layer] = address
    mainMemoryEnd += bytes.roundedUp(to: Self.mainMemoryAlignment)
    return address
  }

  /// Lists a layer in the program without doing anything for it.
  mutating func list(_ layer: PlannedLayer) {
    program.layers.append(
      Program.Layer(
        name: layer.layer.name, operatorName: layer.layer.operatorName, macs: 0,
        mapping: layer.sentence(on: machine)))
  }

  /// The part of `tiles` tiles of a layer that this core makes; counts the layer's work by it.
  mutating func share(ofTiles tiles: Int, _ layer: PlannedLayer, at position: Int) -> Range<Int> {
    let range = tiles * part.core / part.cores..<tiles * (part.core + 1) / part.cores
    let macs = layer.layer.macs
    program.layers[position].macs +=
      macs * range.upperBound / max(1, tiles) - macs * range.lowerBound / max(1, tiles)
    return range
  }

  /// Writes a listed layer after those before it.
  mutating func emit(_ layer: PlannedLayer, at position: Int) {
    switch (layer.work, layer.mapping) {
    case (.array(let work), .array(let mapping, let problem)):
      emitArray(layer, work, mapping, problem, layer: position)
    case (.vector(let work), .vector(let mapping, let problem)):
      emitVector(layer, work, mapping, problem, layer: position)
    default: break
    }
    previousOutput = layer.layer.output
  }

  /// Takes the next tile: its loads are issued before the work of the tile before it.
  mutating func push(_ step: EmissionStep, layer: Int) {
    for load in step.loads { issue(load, layer: layer) }
    flush()
    for load in step.waits { issue(load, layer: layer) }
    pending = EmissionStep(work: step.work)
    pendingLayer = layer
  }

  /// Issues the work that is still held back.
  mutating func flush() {
    guard let step = pending else { return }
    pending = nil
    for instruction in step.work { issue(instruction, layer: pendingLayer) }
  }

  private mutating func issue(_ instruction: PendingInstruction, layer: Int) {
    let index = Int32(program.instructions.count)
    let kind: Instruction.Kind
    let payload: Int
    switch instruction.payload {
    case .load(let transfer):
      (kind, payload) = (.load, program.transfers.count)
      program.transfers.append(transfer)
    case .store(let transfer):
      (kind, payload) = (.store, program.transfers.count)
      program.transfers.append(transfer)
    case .array(let tile):
      (kind, payload) = (.array, program.arrayTiles.count)
      program.arrayTiles.append(tile)
    case .vector(let tile):
      (kind, payload) = (.vector, program.vectorTiles.count)
      program.vectorTiles.append(tile)
    }
    ledger?.note(index, kind, instruction.accesses)
    let dependencies = tracker.record(index, kind, instruction.accesses)
    program.append(kind, payload: payload, layer: layer, after: dependencies)
  }

  // MARK: Samples

  /// Turns to the next of several samples: what is not constant has a place of its own in main memory, `distance` bytes
  /// behind that of the sample before; what stays on chip is made anew in the same place.
  mutating func startSample(_ sample: Int, distance: Int) {
    flush()
    previousOutput = -1
    for (position, tensor) in tensors.enumerated() {
      let isOnChip = places[position].address != nil
      if sample > 0 {
        if tensor.origin == .constant { continue }
        if !isOnChip { addresses[position] += distance }
        tensorBuffers[position] = tracker.add(
          memory: isOnChip ? machine.activations : nil, address: addresses[position], bytes: tensor.bytes,
          pieces: max(1, tensor.rows).dividedUp(by: rowsPerPiece[position]))
      }
      guard !isOnChip, tensor.origin != .constant else { continue }
      ledger?.name(tensorBuffers[position], .init(tensor: position, sample: sample))
    }
  }

  // MARK: Tensors

  /// The access to a region of a tensor.
  func access(_ tensor: Int, _ region: TensorRegion, isWrite: Bool) -> HazardTracker.Access {
    let stored = tensors[tensor]
    let columns = max(1, stored.columns)
    let firstRow = region.pixel / columns
    let lastPixel = region.pixel + max(0, region.rows - 1) * region.rowStride + max(0, region.columns - 1)
    let piece = rowsPerPiece[tensor]
    let last = min(max(1, stored.rows) - 1, lastPixel / columns)
    return .init(
      buffer: tensorBuffers[tensor], pieces: min(firstRow, last) / piece..<last / piece + 1, isWrite: isWrite)
  }

  func wholeAccess(_ tensor: Int, isWrite: Bool) -> HazardTracker.Access {
    let pieces = max(1, tensors[tensor].rows).dividedUp(by: rowsPerPiece[tensor])
    return .init(buffer: tensorBuffers[tensor], pieces: 0..<pieces, isWrite: isWrite)
  }

  /// The transfers of a region between main memory and a buffer where it lies packed.
  func transfers(_ tensor: Int, _ region: TensorRegion, memory: Int, address: Int) -> [Transfer] {
    var target = address
    return tensors[tensor].runs(of: region).map { run in
      defer { target += run.bytes }
      return Transfer(
        address: addresses[tensor] + run.offset, runBytes: run.run, innerCount: run.innerCount,
        innerStride: run.innerStride, outerCount: run.outerCount, outerStride: run.outerStride,
        memory: memory,
        scratchpadAddress: target)
    }
  }

  /// The tracked buffers of a row of slots.
  mutating func track(_ slots: PlannedLayer.Slots?) -> SlotCache? {
    guard let slots else { return nil }
    let buffers = (0..<slots.count).map {
      tracker.add(memory: slots.memory, address: slots.address + $0 * slots.slotBytes, bytes: slots.slotBytes)
    }
    return SlotCache(slots: slots, buffers: buffers)
  }
}

/// Which tile each slot holds; the one unused for longest is replaced.
struct SlotCache: Sendable {
  let slots: PlannedLayer.Slots
  let buffers: [Int]
  private var slotOfKey: [Int: Int] = [:]
  private var keyOfSlot: [Int?]
  private var lastUse: [Int]
  private var clock = 0

  init(slots: PlannedLayer.Slots, buffers: [Int]) {
    self.slots = slots
    self.buffers = buffers
    keyOfSlot = Array(repeating: nil, count: buffers.count)
    lastUse = Array(repeating: -1, count: buffers.count)
  }

  /// The slot for a tile and whether it has to be loaded.
  mutating func take(_ key: Int) -> (slot: Int, isMissing: Bool) {
    clock += 1
    if let slot = slotOfKey[key] {
      lastUse[slot] = clock
      return (slot, false)
    }
    var slot = 0
    for candidate in lastUse.indices where lastUse[candidate] < lastUse[slot] { slot = candidate }
    if let old = keyOfSlot[slot] { slotOfKey[old] = nil }
    keyOfSlot[slot] = key
    slotOfKey[key] = slot
    lastUse[slot] = clock
    return (slot, true)
  }

  func address(_ slot: Int) -> Int { slots.address + slot * slots.slotBytes }

  func access(_ slot: Int, isWrite: Bool) -> HazardTracker.Access {
    .init(buffer: buffers[slot], pieces: 0..<1, isWrite: isWrite)
  }
}
