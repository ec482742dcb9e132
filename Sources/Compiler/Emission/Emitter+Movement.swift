import Hardware

extension Emitter {
  /// Writes a movement: pieces of what is read and of what is written, by rows where grids have enough of them.
  mutating func emitMovement(
    _ layer: PlannedLayer, _ work: VectorWork, _ mapping: VectorMapping, _ problem: VectorProblem,
    elements: Int,
    run: Int, layer position: Int
  ) {
    let input = track(layer.input)
    let output = track(layer.output)
    let search = VectorSearch(machine: machine, problem: problem)
    let steps = search.movementSteps(elements, run: run) * machine.model.vector.lanes
    var isFirst = true
    for piece in share(ofTiles: mapping.pieces, layer, at: position) {
      var step = EmissionStep()
      let count = max(1, pieceShare(of: steps, problem, work, piece: piece, of: mapping.pieces))
      let operands = movedOperands(
        work, into: input, piece: piece, of: mapping.pieces, &step, layer: position, isFirst: isFirst)
      isFirst = false
      let (result, stores) = movedResult(work, problem, from: output, piece: piece, of: mapping.pieces)
      var instructions = passes(
        work.recipe.passes,
        over: PassTile(
          operand: operands.last ?? .none, result: result, further: [], operandElements: count,
          resultElements: count,
          rows: 1))
      for index in instructions.indices {
        for operand in operands.dropLast() {
          if let access = operand.access { instructions[index].accesses.append(access) }
        }
      }
      step.work += instructions + stores
      push(step, layer: position)
    }
  }

  /// The part of `steps` that makes one piece of the result.
  private func pieceShare(
    of steps: Int, _ problem: VectorProblem, _ work: VectorWork, piece: Int, of pieces: Int
  ) -> Int {
    guard problem.writesRows, let region = rows(of: work.output, piece, pieces) else {
      return share(steps, piece, pieces).count
    }
    return (steps * region.rows).dividedUp(by: work.output.rows)
  }

  /// Where one piece of each source lies; adds its loads where it is not on chip.
  private func movedOperands(
    _ work: VectorWork, into cache: SlotCache?, piece: Int, of pieces: Int, _ step: inout EmissionStep,
    layer: Int, isFirst: Bool
  ) -> [PassEnd] {
    var operands: [PassEnd] = []
    var filled = 0
    let word = machine.activationWord
    for moved in work.moved {
      let tensor = tensors[moved.tensor]
      let region = moved.grid.flatMap { rows(of: $0, piece, pieces) }
      let part = share(moved.bytes / word, piece, pieces)
      if places[moved.tensor].address != nil {
        // What is read need not be the same share as what is written, so every piece waits for all of it.
        let whole = moved.grid.flatMap { rows(of: $0, 0, 1) }
        let placed =
          whole.map { patterns.resident(tensor, at: addresses[moved.tensor], $0) }
          ?? linear(machine.activations, addresses[moved.tensor] + moved.offset, moved.bytes)
        let access = whole.map { self.access(moved.tensor, $0, isWrite: false) }
        operands.append(
          PassEnd(
            place: .tensor(placed, bits: tensor.bits),
            access: access ?? wholeAccess(moved.tensor, isWrite: false)))
        continue
      }
      guard let cache, region != nil || !part.isEmpty else { continue }
      let slot = piece % cache.buffers.count
      let transfers =
        region.map {
          self.transfers(moved.tensor, $0, memory: cache.slots.memory, address: cache.address(slot) + filled)
        } ?? [
          transfer(of: moved, part: part, memory: cache.slots.memory, address: cache.address(slot) + filled)
        ]
      for transfer in transfers {
        filled += transfer.bytes
        let load = PendingInstruction(
          payload: .load(transfer),
          accesses: [wholeAccess(moved.tensor, isWrite: false), cache.access(slot, isWrite: true)])
        if isFirst, !mayRunAhead(moved.tensor, cache.slots, layer: layer) {
          step.waits.append(load)
        } else {
          step.loads.append(load)
        }
      }
      operands.append(
        PassEnd(
          place: .tensor(linear(cache.slots.memory, cache.address(slot), filled), bits: tensor.bits),
          access: cache.access(slot, isWrite: false)))
    }
    return operands
  }

  /// Where one piece of the result lies, and its stores where it is not on chip.
  private func movedResult(
    _ work: VectorWork, _ problem: VectorProblem, from cache: SlotCache?, piece: Int, of pieces: Int
  ) -> (PassEnd, [PendingInstruction]) {
    let target = tensors[work.output.tensor]
    let word = machine.activationWord
    let written = share(problem.writtenBytes / word, piece, pieces)
    let start = min(
      target.offset(channel: work.output.channel, pixel: work.output.pixel),
      target.bytes - problem.writtenBytes)
    let region = problem.writesRows ? rows(of: work.output, piece, pieces) : nil
    guard let cache else {
      if let region = region ?? (problem.writesRows ? rows(of: work.output, 0, 1) : nil) {
        let placed = patterns.resident(target, at: addresses[work.output.tensor], region)
        return (
          PassEnd(
            place: .tensor(placed, bits: target.bits),
            access: access(work.output.tensor, region, isWrite: true)), []
        )
      }
      let address = addresses[work.output.tensor] + start + written.lowerBound * word
      return (
        PassEnd(
          place: .tensor(
            linear(machine.activations, address, max(word, written.count * word)), bits: target.bits),
          access: wholeAccess(work.output.tensor, isWrite: true)), []
      )
    }
    let slot = piece % cache.buffers.count
    if let region {
      let placed = patterns.packed(target, memory: cache.slots.memory, at: cache.address(slot), region)
      return (
        PassEnd(place: .tensor(placed, bits: target.bits), access: cache.access(slot, isWrite: true)),
        stores(work.output.tensor, region, from: cache, slot: slot)
      )
    }
    let end = PassEnd(
      place: .tensor(
        linear(cache.slots.memory, cache.address(slot), max(word, written.count * word)), bits: target.bits),
      access: cache.access(slot, isWrite: true))
    guard !written.isEmpty else { return (end, []) }
    let transfer = Transfer(
      address: addresses[work.output.tensor] + start + written.lowerBound * word,
      runBytes: written.count * word,
      memory: cache.slots.memory, scratchpadAddress: cache.address(slot))
    let store = PendingInstruction(
      payload: .store(transfer),
      accesses: [cache.access(slot, isWrite: false), wholeAccess(work.output.tensor, isWrite: true)])
    return (end, [store])
  }

  /// A share of the rows of a plain grid, or nil where there are fewer rows than pieces.
  private func rows(of grid: GridView, _ piece: Int, _ pieces: Int) -> TensorRegion? {
    guard grid.images == 1, grid.groups == 1, grid.rows >= pieces else { return nil }
    return grid.region(
      group: 0, channels: 0..<grid.channels, image: 0, rows: share(grid.rows, piece, pieces),
      columns: 0..<grid.columns)
  }

  private func transfer(
    of moved: VectorWork.MovedTensor, part: Range<Int>, memory: Int, address: Int
  ) -> Transfer {
    let word = machine.activationWord
    let bytes = part.count * word
    let start = addresses[moved.tensor] + moved.offset
    guard moved.pieces > 1 else {
      return Transfer(
        address: start + part.lowerBound * word, runBytes: bytes, memory: memory, scratchpadAddress: address)
    }
    // Rows that indices name: anywhere, so evenly over the tensor.
    let run = min(bytes, max(word, moved.bytes / moved.pieces / word * word))
    let distance = max(run, moved.span / moved.pieces / word * word)
    return Transfer(
      address: start + part.lowerBound * word / run * distance, runBytes: run, innerCount: bytes / run,
      innerStride: distance, memory: memory, scratchpadAddress: address)
  }

  /// Contiguous bytes of a scratchpad.
  private func linear(_ memory: Int, _ address: Int, _ bytes: Int) -> Patterns.Placed {
    Patterns.Placed(
      memory: memory, address: address, planeBytes: bytes, rowBytes: bytes, pixelBytes: bytes, blocks: 1,
      blockBytes: bytes)
  }

  private func share(_ total: Int, _ piece: Int, _ pieces: Int) -> Range<Int> {
    total * piece / pieces..<total * (piece + 1) / pieces
  }
}
