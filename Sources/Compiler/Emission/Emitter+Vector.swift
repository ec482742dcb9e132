import Hardware

extension Emitter {
  /// Writes the tiles of a vector layer.
  mutating func emitVector(
    _ layer: PlannedLayer, _ work: VectorWork, _ mapping: VectorMapping, _ problem: VectorProblem,
    layer position: Int
  ) {
    if case .movement(let elements, let run, _) = work.shape {
      emitMovement(layer, work, mapping, problem, elements: elements, run: run, layer: position)
      return
    }
    guard let input = work.input else { return }
    var caches = VectorCaches(
      input: track(layer.input), further: track(layer.further), output: track(layer.output),
      repeated: track(layer.repeated))
    let weights = track(layer.right)
    var first: [PendingInstruction] = []
    if let weights, problem.weightBytes > 0 {
      let transfer = Transfer(
        address: reserveMainMemory(problem.weightBytes, layer: position), runBytes: problem.weightBytes,
        memory: weights.slots.memory,
        scratchpadAddress: weights.address(0))
      first = [PendingInstruction(payload: .load(transfer), accesses: [weights.access(0, isWrite: true)])]
    }
    let search = VectorSearch(machine: machine, problem: problem)
    let statistics = work.recipe.passes.prefix { !$0.writes || $0.count == .rows }
    let sweeps: [[VectorRecipe.Pass]] =
      mapping.readsTwice && !statistics.isEmpty
      ? [Array(statistics), Array(work.recipe.passes.dropFirst(statistics.count))] : [work.recipe.passes]
    let all = vectorTiles(problem, mapping)
    // Two sweeps belong together: the second needs what the first has found everywhere.
    let owner = position % part.cores
    let tiles: [VectorTileRange]
    if sweeps.count > 1, part.cores > 1 {
      tiles = owner == part.core ? all : []
      if owner == part.core { program.layers[position].macs += layer.layer.macs }
    } else {
      tiles = Array(all[share(ofTiles: all.count, layer, at: position)])
    }
    var count = 0
    for sweep in sweeps {
      for tile in tiles {
        var step = EmissionStep()
        if count == 0 {
          if mayRunAhead(nil, layer.right, layer: position) {
            step.loads += first
          } else {
            step.waits += first
          }
        }
        let writes = sweep.contains { $0.writes && $0.count != .rows }
        append(
          tile, index: count, of: tiles.count * sweeps.count, passes: sweep, writes: writes, work, input,
          search,
          &caches, weights: weights, &step, layer: position)
        push(step, layer: position)
        count += 1
      }
    }
  }

  private struct VectorCaches {
    var input: SlotCache?
    var further: SlotCache?
    var output: SlotCache?
    var repeated: SlotCache?
  }

  private struct VectorTileRange {
    var group: Int
    var image: Int
    var channels: Range<Int>
    var rows: Range<Int>
    var columns: Range<Int>
  }

  private func vectorTiles(_ problem: VectorProblem, _ mapping: VectorMapping) -> [VectorTileRange] {
    var tiles: [VectorTileRange] = []
    for group in 0..<problem.groups {
      for image in 0..<problem.images {
        for channels in ranges(problem.channels, by: mapping.channelTile) {
          for rows in ranges(problem.rows, by: mapping.rowTile) {
            for columns in ranges(problem.columns, by: mapping.columnTile) {
              tiles.append(
                .init(group: group, image: image, channels: channels, rows: rows, columns: columns))
            }
          }
        }
      }
    }
    return tiles
  }

  private func append(
    _ tile: VectorTileRange, index: Int, of count: Int, passes: [VectorRecipe.Pass], writes: Bool,
    _ work: VectorWork,
    _ input: GridView, _ search: VectorSearch, _ caches: inout VectorCaches, weights: SlotCache?,
    _ step: inout EmissionStep, layer: Int
  ) {
    let isFirst = index == 0
    // Operand.
    let inputRegion = operandRegion(work, input, tile)
    let tensor = tensors[input.tensor]
    let operand: PassEnd
    if let cache = caches.input {
      let slot = index % cache.buffers.count
      let loads = loads(input.tensor, inputRegion, into: cache, slot: slot)
      if isFirst, !mayRunAhead(input.tensor, cache.slots, layer: layer) {
        step.waits += loads
      } else {
        step.loads += loads
      }
      let placed = patterns.packed(tensor, memory: cache.slots.memory, at: cache.address(slot), inputRegion)
      operand = PassEnd(
        place: .tensor(placed, bits: tensor.bits),
        access: cache.access(slot, isWrite: false))
    } else {
      let placed = patterns.resident(tensor, at: addresses[input.tensor], inputRegion)
      operand = PassEnd(
        place: .tensor(placed, bits: tensor.bits),
        access: access(input.tensor, inputRegion, isWrite: false))
    }
    // Result.
    let outputRegion = resultRegion(work, work.output, tile)
    let output = tensors[work.output.tensor]
    var result = PassEnd.none
    var slot = 0
    if let cache = caches.output {
      slot = index % cache.buffers.count
      let placed = patterns.packed(output, memory: cache.slots.memory, at: cache.address(slot), outputRegion)
      result = PassEnd(
        place: .tensor(placed, bits: output.bits),
        access: cache.access(slot, isWrite: true))
    } else {
      let placed = patterns.resident(output, at: addresses[work.output.tensor], outputRegion)
      result = PassEnd(
        place: .tensor(placed, bits: output.bits),
        access: access(work.output.tensor, outputRegion, isWrite: true))
    }
    var further: [PassEnd] = []
    for operand in work.further {
      further.append(
        furtherEnd(
          operand, region: { resultRegion(work, $0, tile) }, cache: caches.further, repeated: caches.repeated,
          tile: index, slotsBefore: further.count, &step, isFirst: isFirst))
    }
    let repeatedLoads = repeatedLoads(work.further, cache: caches.repeated, tile: index, of: count)
    if isFirst { step.waits += repeatedLoads } else { step.loads += repeatedLoads }
    let elements = search.elements(
      rows: tile.rows.count, columns: tile.columns.count, channels: tile.channels.count)
    var instructions = self.passes(
      passes,
      over: PassTile(
        operand: operand, result: result, further: further, operandElements: elements.operand,
        resultElements: elements.result,
        rows: work.recipe.domain == .wholePixels ? tile.channels.count : tile.rows.count * tile.columns.count)
    )
    if let weights {
      for position in instructions.indices {
        instructions[position].accesses.append(weights.access(0, isWrite: false))
      }
    }
    step.work += instructions
    if writes, let cache = caches.output {
      step.work += stores(work.output.tensor, outputRegion, from: cache, slot: slot)
    }
  }

  private func operandRegion(_ work: VectorWork, _ grid: GridView, _ tile: VectorTileRange) -> TensorRegion {
    guard case .window(let shape) = work.shape else {
      return grid.region(
        group: tile.group, channels: tile.channels, image: tile.image, rows: tile.rows, columns: tile.columns)
    }
    if shape.kernelDepth > 1 {
      let first = min(tile.image, max(0, grid.images - shape.kernelDepth))
      var region = grid.region(
        group: tile.group, channels: tile.channels, image: first, rows: 0..<shape.inputRows,
        columns: 0..<shape.inputColumns)
      region.rows *= min(shape.kernelDepth, grid.images)
      return region
    }
    return grid.region(
      group: tile.group, channels: tile.channels, image: tile.image, rows: shape.inputRows(for: tile.rows),
      columns: shape.inputColumns(for: tile.columns))
  }

  /// The part of the result that a tile makes; reductions leave one pixel, one channel or both.
  private func resultRegion(_ work: VectorWork, _ grid: GridView, _ tile: VectorTileRange) -> TensorRegion {
    guard case .reduction = work.shape else {
      return grid.region(
        group: tile.group, channels: tile.channels, image: tile.image, rows: tile.rows, columns: tile.columns)
    }
    let group = min(tile.group, grid.groups - 1)
    let channel = grid.channel + group * grid.groupStride
    let limit = tensors[grid.tensor].pixels
    switch work.recipe.domain {
    case .wholePixels:
      let channels =
        min(tile.channels.lowerBound, grid.channels - 1)..<min(tile.channels.upperBound, grid.channels)
      return TensorRegion(
        channel: channel + channels.lowerBound, channelCount: channels.count,
        pixel: min(grid.pixel + tile.image, limit - 1), rows: 1, rowStride: 1, columns: 1)
    case .wholeChannels:
      let input = work.input ?? grid
      let first = (tile.image * input.rows + tile.rows.lowerBound) * input.columns + tile.columns.lowerBound
      let count = min(tile.rows.count * tile.columns.count, max(1, limit - first))
      return TensorRegion(
        channel: channel, channelCount: min(grid.channels, 1), pixel: min(grid.pixel + first, limit - 1),
        rows: count,
        rowStride: 1, columns: 1)
    case .elementwise, .wholeTensor:
      return TensorRegion(
        channel: channel, channelCount: 1, pixel: min(grid.pixel + tile.image, limit - 1), rows: 1,
        rowStride: 1,
        columns: 1)
    }
  }
}
