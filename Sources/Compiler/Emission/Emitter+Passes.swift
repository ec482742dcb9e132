import Hardware

extension Emitter {
  /// One end of a pass: where it lies and which bytes that touches.
  struct PassEnd: Sendable {
    enum Place: Sendable {
      case nowhere
      case tensor(Patterns.Placed, bits: Int)
      case accumulators(address: Int, pixels: Int, columns: Int)
    }
    var place: Place
    var access: HazardTracker.Access?
    static let none = PassEnd(place: .nowhere, access: nil)
  }

  private func pattern(_ end: PassEnd, steps: Int, isWrite: Bool) -> AccessPattern {
    switch end.place {
    case .nowhere: .none
    case .tensor(let placed, let bits): patterns.lanes(placed, bits: bits, steps: steps, isWrite: isWrite)
    case .accumulators(let address, let pixels, let columns):
      patterns.accumulators(address: address, pixels: pixels, columns: columns, steps: steps)
    }
  }

  /// The tile that the passes of a recipe work on.
  struct PassTile: Sendable {
    var operand: PassEnd
    /// What later passes read, and all write.
    var result: PassEnd
    /// Further tensors in the order of the recipe.
    var further: [PassEnd]
    var operandElements: Int
    var resultElements: Int
    var rows: Int
  }

  /// The instructions for the passes of a recipe over one tile.
  func passes(_ passes: [VectorRecipe.Pass], over tile: PassTile) -> [PendingInstruction] {
    passes.flatMap { pass in
      let source = pass.source == .operand ? tile.operand : tile.result
      let second = pass.secondOperand.flatMap { $0 < tile.further.count ? tile.further[$0] : nil } ?? .none
      switch pass.count {
      case .rows:
        // One number for each row lies in the lanes; nothing is read or written.
        return [
          vector(elements: tile.rows, classes: pass.classes, first: .none, second: .none, result: .none)
        ]
      case .resultElements:
        return [
          vector(
            elements: tile.resultElements, classes: pass.classes, first: source, second: second,
            result: pass.writes ? tile.result : .none)
        ]
      case .operandElements:
        guard pass.writes else {
          return [
            vector(
              elements: tile.operandElements, classes: pass.classes, first: source, second: .none,
              result: .none)
          ]
        }
        var parts: [PendingInstruction] = []
        let inner = tile.operandElements - tile.resultElements
        if inner > 0 {
          parts.append(
            vector(elements: inner, classes: pass.classes, first: source, second: .none, result: .none))
        }
        // The last step of each result finishes and writes it.
        parts.append(
          vector(
            elements: tile.resultElements, classes: pass.classes + pass.finalClasses, first: source,
            second: second,
            result: tile.result))
        return parts
      }
    }
  }

  private func vector(
    elements: Int, classes: [VectorClass], first: PassEnd, second: PassEnd, result: PassEnd
  ) -> PendingInstruction {
    let steps = max(1, elements).dividedUp(by: machine.model.vector.lanes)
    var accesses: [HazardTracker.Access] = []
    for end in [first, second] {
      if let access = end.access {
        accesses.append(.init(buffer: access.buffer, pieces: access.pieces, isWrite: false))
      }
    }
    if let access = result.access {
      accesses.append(.init(buffer: access.buffer, pieces: access.pieces, isWrite: true))
    }
    return PendingInstruction(
      payload: .vector(
        VectorTile(
          elements: max(1, elements), classes: classes,
          firstOperand: pattern(first, steps: steps, isWrite: false),
          secondOperand: pattern(second, steps: steps, isWrite: false),
          result: pattern(result, steps: steps, isWrite: true))), accesses: accesses)
  }

  /// The loads of a region into a slot.
  func loads(_ tensor: Int, _ region: TensorRegion, into cache: SlotCache, slot: Int) -> [PendingInstruction]
  {
    transfers(tensor, region, memory: cache.slots.memory, address: cache.address(slot)).map {
      PendingInstruction(
        payload: .load($0),
        accesses: [access(tensor, region, isWrite: false), cache.access(slot, isWrite: true)])
    }
  }

  /// The stores of a region from a slot.
  func stores(_ tensor: Int, _ region: TensorRegion, from cache: SlotCache, slot: Int) -> [PendingInstruction]
  {
    transfers(tensor, region, memory: cache.slots.memory, address: cache.address(slot)).map {
      PendingInstruction(
        payload: .store($0),
        accesses: [cache.access(slot, isWrite: false), access(tensor, region, isWrite: true)])
    }
  }

  /// The loads of an operand that repeats for tile `index` of `count`: its bytes in pieces, spread over the tiles.
  func repeatedLoads(
    _ further: [FurtherOperand], cache: SlotCache?, tile index: Int, of count: Int
  ) -> [PendingInstruction] {
    guard let cache else { return [] }
    var result: [PendingInstruction] = []
    for operand in further where operand.form == .repeated && places[operand.tensor].address == nil {
      let bytes = tensors[operand.tensor].bytes
      let piece = cache.slots.slotBytes
      let pieces = bytes.dividedUp(by: piece)
      for part in (index * pieces).dividedUp(by: count)..<((index + 1) * pieces).dividedUp(by: count) {
        result.append(
          PendingInstruction(
            payload: .load(
              Transfer(
                address: addresses[operand.tensor] + part * piece, runBytes: min(piece, bytes - part * piece),
                memory: cache.slots.memory, scratchpadAddress: cache.address(0))),
            accesses: [wholeAccess(operand.tensor, isWrite: false), cache.access(0, isWrite: true)]))
      }
    }
    return result
  }

  /// Whether a load may be issued before the work of the layer before is.
  func mayRunAhead(_ tensor: Int?, _ slots: PlannedLayer.Slots?, layer: Int) -> Bool {
    guard let slots, slots.firstLayer < layer else { return false }
    return tensor != previousOutput
  }
}
