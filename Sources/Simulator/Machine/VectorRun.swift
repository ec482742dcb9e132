import Hardware

/// What the vector unit is at.
struct VectorRun {
  /// The instruction under way; -1 when there is none.
  var instruction = -1
  /// The cycle from which the next instruction may start.
  var freeAt = 0
}

extension MachineRun {
  mutating func startVector(_ instruction: Int) {
    let tile = program.vectorTiles[payload(of: instruction)]
    vector.instruction = instruction
    let steps = max(1, (tile.elements + model.vector.lanes - 1) / model.vector.lanes)
    arbiter.start(
      AccessGroup(
        AccessLane(tile.firstOperand, fold: 0, in: model.scratchpads),
        AccessLane(tile.secondOperand, fold: 0, in: model.scratchpads),
        AccessLane(tile.result, fold: 0, in: model.scratchpads),
        steps: steps, firstBid: now, interval: (vectorInterval(of: tile), 0, 1)),
      as: .vector)
  }

  private func vectorInterval(of tile: VectorTile) -> Int {
    max(1, tile.classes.reduce(0) { $0 + (model.vector.cyclesPerStep[$1] ?? 1) })
  }

  mutating func vectorFinished() {
    let instruction = vector.instruction
    let tile = program.vectorTiles[payload(of: instruction)]
    vector.instruction = -1
    vector.freeAt = now + vectorInterval(of: tile) - 1
    let end = vector.freeAt + model.vector.pipelineCycles
    let start = timeline.start[instruction]
    let layer = layer(of: instruction)
    let steps = max(1, (tile.elements + model.vector.lanes - 1) / model.vector.lanes)
    energy.chargeVector(tile, layer: layer, from: start, to: end)
    for pattern in [tile.firstOperand, tile.secondOperand, tile.result] {
      let words = steps * pattern.words
      energy.chargeScratchpad(
        pattern.memory, reads: pattern.isWrite ? 0 : words, writes: pattern.isWrite ? words : 0, layer: layer,
        from: start, to: end)
    }
    complete(instruction, at: end)
  }
}
