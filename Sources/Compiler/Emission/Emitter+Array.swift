import Hardware

extension Emitter {
  /// Writes the tiles of an array layer.
  mutating func emitArray(
    _ layer: PlannedLayer, _ work: ArrayWork, _ mapping: ArrayMapping, _ problem: ArrayProblem,
    layer position: Int
  ) {
    var emission = ArrayEmission(machine, layer, work, mapping, problem, layer: position)
    emission.input = track(layer.input)
    emission.right = track(layer.right)
    emission.further = track(layer.further)
    emission.output = track(layer.output)
    emission.accumulators = track(layer.accumulators)
    emission.repeated = track(layer.repeated)
    if work.right == nil {
      emission.weightsAddress = reserveMainMemory(
        emission.weightBytes * work.items.count, layer: position)
      let stored = work.items.count * work.shape.storedWeights
      program.layers[position].storedWeights = stored
      program.layers[position].metadataBits = stored * work.shape.storage.metadataBits
    }
    let (pixels, channels) = (emission.pixelTiles.count, emission.channelTiles.count)
    let range = share(ofTiles: work.items.count * pixels * channels, layer, at: position)
    emission.tiles = range.count
    for tile in range {
      let (item, place) = tile.quotientAndRemainder(dividingBy: pixels * channels)
      switch mapping.order {
      case .pixelsOuter: emitTile(&emission, item: item, m: place / channels, n: place % channels)
      case .weightsOuter: emitTile(&emission, item: item, m: place % pixels, n: place / pixels)
      }
    }
  }

  /// The state of an array layer while its tiles are written.
  struct ArrayEmission {
    struct ReductionTile {
      /// Which part of the input channels.
      var part: Int
      var channels: Range<Int>
      var positions: Int
      /// Products of channels and positions done before and after this tile.
      var done: Range<Int>
    }

    struct PixelTile {
      var image: Int
      var rows: Range<Int>
      var columns: Range<Int>
    }

    let layer: PlannedLayer
    let work: ArrayWork
    let mapping: ArrayMapping
    let problem: ArrayProblem
    let cost: ArrayCost
    let position: Int
    var input: SlotCache?
    var right: SlotCache?
    var further: SlotCache?
    var output: SlotCache?
    var accumulators: SlotCache?
    var repeated: SlotCache?
    var weightsAddress = 0
    var tileCount = 0
    let pixelTiles: [PixelTile]
    let channelTiles: [Range<Int>]
    let reductionTiles: [ReductionTile]
    /// Bytes of the packed weights of one item, and where each tile starts among them.
    var weightBytes = 0
    private(set) var weightOffsets: [Int] = []

    init(
      _ machine: Target, _ layer: PlannedLayer, _ work: ArrayWork, _ mapping: ArrayMapping,
      _ problem: ArrayProblem,
      layer position: Int
    ) {
      self.layer = layer
      self.work = work
      self.mapping = mapping
      self.problem = problem
      self.position = position
      cost = ArrayCost(machine, problem)
      let shape = work.shape
      var tiles: [PixelTile] = []
      for image in 0..<shape.images {
        for rows in ranges(shape.rows, by: mapping.rowTile) {
          for columns in ranges(shape.columns, by: mapping.columnTile) {
            tiles.append(PixelTile(image: image, rows: rows, columns: columns))
          }
        }
      }
      pixelTiles = tiles
      channelTiles = ranges(shape.outputChannels, by: mapping.channelTile)
      var reductions: [ReductionTile] = []
      var done = 0
      let parts = problem.isChannelwise ? [0..<1] : ranges(shape.channels, by: mapping.reductionTile)
      for (part, channels) in parts.enumerated() {
        for positions in ranges(shape.kernelPositions, by: mapping.positionTile) {
          let share = channels.count * positions.count
          reductions.append(
            ReductionTile(
              part: part, channels: channels, positions: positions.count, done: done..<done + share))
          done += share
        }
      }
      reductionTiles = reductions
      guard work.right == nil else { return }
      for channels in channelTiles {
        for reduction in reductionTiles {
          weightOffsets.append(weightBytes)
          weightBytes += cost.rightBytes(
            channels: problem.isChannelwise ? channels.count : reduction.channels.count,
            positions: reduction.positions, n: channels.count)
        }
      }
    }

    /// Tiles that this core makes.
    var tiles = 0
  }

  private mutating func emitTile(_ emission: inout ArrayEmission, item: Int, m: Int, n: Int) {
    let work = emission.work
    let shape = work.shape
    let tile = emission.pixelTiles[m]
    let channels = emission.channelTiles[n]
    let accumulatorSlot = emission.tileCount % max(1, emission.layer.accumulators?.count ?? 1)
    for k in emission.reductionTiles.indices {
      var step = EmissionStep()
      let isFirst = emission.tileCount == 0 && k == 0
      func add(_ loads: [PendingInstruction], ahead: Bool) {
        if isFirst, !ahead { step.waits += loads } else { step.loads += loads }
      }
      let part = emission.reductionTiles[k]
      let reduction = emission.problem.isChannelwise ? channels : part.channels

      // Streamed operand.
      let inputRegion = streamedRegion(work, item: item, tile: tile, channels: reduction)
      let inputTensor = work.input.tensor
      let streamed: Patterns.Placed
      var accesses: [HazardTracker.Access] = []
      if var cache = emission.input {
        let key =
          emission.problem.isChannelwise
          ? (item * emission.pixelTiles.count + m) * emission.channelTiles.count + n
          : (item * emission.pixelTiles.count + m) * emission.reductionTiles.count + part.part
        let (slot, isMissing) = cache.take(key)
        emission.input = cache
        if isMissing {
          add(
            loads(inputTensor, inputRegion, into: cache, slot: slot),
            ahead: mayRunAhead(inputTensor, cache.slots, layer: emission.position))
        }
        streamed = patterns.packed(
          tensors[inputTensor], memory: cache.slots.memory, at: cache.address(slot), inputRegion)
        accesses.append(cache.access(slot, isWrite: false))
      } else {
        streamed = patterns.resident(tensors[inputTensor], at: addresses[inputTensor], inputRegion)
        accesses.append(access(inputTensor, inputRegion, isWrite: false))
      }

      // Stationary operand.
      let stationary: AccessPattern
      let rightKey = (item * emission.channelTiles.count + n) * emission.reductionTiles.count + k
      if let grid = work.right {
        let region = rightRegion(work, grid, item: item, channels: channels, reduction: reduction)
        if var cache = emission.right {
          let (slot, isMissing) = cache.take(rightKey)
          emission.right = cache
          if isMissing {
            add(
              loads(grid.tensor, region, into: cache, slot: slot),
              ahead: mayRunAhead(grid.tensor, cache.slots, layer: emission.position))
          }
          stationary = patterns.stationary(
            patterns.packed(tensors[grid.tensor], memory: cache.slots.memory, at: cache.address(slot), region)
          )
          accesses.append(cache.access(slot, isWrite: false))
        } else {
          stationary = patterns.stationary(
            patterns.resident(tensors[grid.tensor], at: addresses[grid.tensor], region))
          accesses.append(access(grid.tensor, region, isWrite: false))
        }
      } else if var cache = emission.right {
        let (slot, isMissing) = cache.take(rightKey)
        emission.right = cache
        if isMissing {
          let transfer = Transfer(
            address: emission.weightsAddress + item * emission.weightBytes
              + emission.weightOffsets[n * emission.reductionTiles.count + k],
            runBytes: emission.cost.rightBytes(
              channels: reduction.count, positions: part.positions, n: channels.count),
            memory: cache.slots.memory, scratchpadAddress: cache.address(slot))
          add(
            [PendingInstruction(payload: .load(transfer), accesses: [cache.access(slot, isWrite: true)])],
            ahead: mayRunAhead(nil, cache.slots, layer: emission.position))
        }
        stationary = patterns.stationary(
          memory: cache.slots.memory, address: cache.address(slot), channels: reduction.count,
          positions: part.positions, n: channels.count * shape.phases,
          packs: shape.packsKernel, isChannelwise: shape.depthwiseChannels > 0)
        accesses.append(cache.access(slot, isWrite: false))
      } else {
        stationary = .none
      }

      // The product.
      let pixels = tile.rows.count * tile.columns.count

      let address = emission.accumulators?.address(accumulatorSlot) ?? 0
      if let accumulators = emission.accumulators {
        accesses.append(accumulators.access(accumulatorSlot, isWrite: true))
      }
      let isNative = shape.depthwiseChannels > 0
      step.work.append(
        PendingInstruction(
          payload: .array(
            ArrayTile(
              dataflow: emission.mapping.dataflow, m: pixels,
              k: part.positions * (isNative ? 1 : reduction.count),
              n: isNative ? 1 : channels.count * shape.phases, kernelPositions: part.positions,
              packsKernel: shape.packsKernel, depthwiseChannels: isNative ? channels.count : 0,
              storage: shape.storage,
              macs: pixels * channels.count * usefulMACs(shape, part.done),
              accumulates: k > 0,
              activations: patterns.streamed(
                streamed, shape: shape, rows: tile.rows.count, columns: tile.columns.count,
                isInterleaved: tensors[inputTensor].isInterleaved), weights: stationary,
              output: patterns.sums(address: address, pixels: pixels))), accesses: accesses))

      if k == emission.reductionTiles.count - 1 {
        finishTile(
          &emission, &step, item: item, tile: tile, channels: channels, accumulatorSlot: accumulatorSlot,
          pixels: pixels, isFirst: isFirst)
      }
      push(step, layer: emission.position)
    }
    emission.tileCount += 1
  }

  /// The vector passes over a finished tile and its way to main memory.
  private func finishTile(
    _ emission: inout ArrayEmission, _ step: inout EmissionStep, item: Int, tile: ArrayEmission.PixelTile,
    channels: Range<Int>, accumulatorSlot: Int, pixels: Int, isFirst: Bool
  ) {
    let work = emission.work
    let shape = work.shape
    let rows = shape.outputRows(for: tile.rows)
    let columns = shape.outputColumns(for: tile.columns)
    guard !rows.isEmpty, !columns.isEmpty else { return }
    func region(_ grid: GridView) -> TensorRegion {
      var region = grid.region(group: 0, channels: channels, image: tile.image, rows: rows, columns: columns)
      region.channel += work.items[item].outputChannel
      region.pixel += work.items[item].outputPixel
      return region
    }
    let outputRegion = region(work.output)
    let outputTensor = tensors[work.output.tensor]
    var slot = 0
    let result: PassEnd
    if let cache = emission.output {
      slot = emission.tileCount % cache.buffers.count
      let placed = patterns.packed(
        outputTensor, memory: cache.slots.memory, at: cache.address(slot), outputRegion)
      result = PassEnd(
        place: .tensor(placed, bits: outputTensor.bits),
        access: cache.access(slot, isWrite: true))
    } else {
      let placed = patterns.resident(outputTensor, at: addresses[work.output.tensor], outputRegion)
      result = PassEnd(
        place: .tensor(placed, bits: outputTensor.bits),
        access: access(work.output.tensor, outputRegion, isWrite: true))
    }
    var further: [PassEnd] = []
    for operand in work.further {
      further.append(
        furtherEnd(
          operand, region: region, cache: emission.further, repeated: emission.repeated,
          tile: emission.tileCount, slotsBefore: further.count, &step, isFirst: isFirst))
    }
    let loads = repeatedLoads(
      work.further, cache: emission.repeated, tile: emission.tileCount, of: emission.tiles)
    if isFirst { step.waits += loads } else { step.loads += loads }
    let lanes = min(machine.model.vector.lanes, machine.model.array.columns)
    let elements = pixels * (channels.count * shape.phases).roundedUp(to: lanes)
    let operand = PassEnd(
      place: .accumulators(
        address: emission.accumulators?.address(accumulatorSlot) ?? 0, pixels: pixels,
        columns: channels.count * shape.phases),
      access: emission.accumulators?.access(accumulatorSlot, isWrite: false))
    step.work += passes(
      work.recipe.passes,
      over: PassTile(
        operand: operand, result: result, further: further, operandElements: elements,
        resultElements: elements,
        rows: pixels))
    if let cache = emission.output {
      step.work += stores(work.output.tensor, outputRegion, from: cache, slot: slot)
    }
  }

  /// Where a further tensor is read for one tile; adds its load where it is not on chip.
  func furtherEnd(
    _ operand: FurtherOperand, region: (GridView) -> TensorRegion, cache: SlotCache?, repeated: SlotCache?,
    tile: Int,
    slotsBefore: Int, _ step: inout EmissionStep, isFirst: Bool
  ) -> PassEnd {
    let tensor = tensors[operand.tensor]
    guard case .sameAsResult(let grid) = operand.form else {
      let isOnChip = places[operand.tensor].address != nil
      return PassEnd(
        place: .nowhere,
        access: isOnChip ? wholeAccess(operand.tensor, isWrite: false) : repeated?.access(0, isWrite: false))
    }
    let wanted = region(grid)
    if places[operand.tensor].address != nil {
      let placed = patterns.resident(tensor, at: addresses[operand.tensor], wanted)
      return PassEnd(
        place: .tensor(placed, bits: tensor.bits),
        access: access(operand.tensor, wanted, isWrite: false))
    }
    guard let cache else { return .none }
    let slot = (tile % 2 + 2 * slotsBefore) % cache.buffers.count
    let loads = loads(operand.tensor, wanted, into: cache, slot: slot)
    if isFirst { step.waits += loads } else { step.loads += loads }
    let placed = patterns.packed(tensor, memory: cache.slots.memory, at: cache.address(slot), wanted)
    return PassEnd(
      place: .tensor(placed, bits: tensor.bits),
      access: cache.access(slot, isWrite: false))
  }

  private func streamedRegion(
    _ work: ArrayWork, item: Int, tile: ArrayEmission.PixelTile, channels: Range<Int>
  ) -> TensorRegion {
    let shape = work.shape
    var region: TensorRegion
    if shape.kernelDepth > 1 {
      // Whole planes, as many as the kernel is deep.
      let first = min(tile.image, max(0, work.input.images - shape.kernelDepth))
      region = work.input.region(
        group: 0, channels: channels, image: first, rows: 0..<shape.inputRows, columns: 0..<shape.inputColumns
      )
      region.rows *= min(shape.kernelDepth, work.input.images)
    } else {
      region = work.input.region(
        group: 0, channels: channels, image: min(tile.image, work.input.images - 1),
        rows: shape.inputRows(for: tile.rows), columns: shape.inputColumns(for: tile.columns))
    }
    region.channel += work.items[item].inputChannel
    region.pixel += work.items[item].inputPixel
    return region
  }

  private func rightRegion(
    _ work: ArrayWork, _ grid: GridView, item: Int, channels: Range<Int>, reduction: Range<Int>
  ) -> TensorRegion {
    // Rows of several pixels are taken whole.
    let pixels = work.rightReducesPixels ? reduction : channels
    let rows = pixels.lowerBound / grid.columns..<pixels.upperBound.dividedUp(by: grid.columns)
    var region = grid.region(
      group: 0, channels: work.rightReducesPixels ? channels : reduction, image: 0, rows: rows,
      columns: 0..<grid.columns)
    region.channel += work.items[item].rightChannel
    region.pixel += work.items[item].rightPixel
    return region
  }

  /// Useful multiply-accumulates for each streamed pixel and output channel of a part of the reduction.
  private func usefulMACs(_ shape: ArrayShape, _ done: Range<Int>) -> Int {
    let perResult = shape.macs / max(1, shape.images * shape.rows * shape.columns * shape.outputChannels)
    let all = shape.kernelPositions * (shape.isChannelwise ? 1 : shape.channels)
    return perResult * done.upperBound / all - perResult * done.lowerBound / all
  }
}

/// Consecutive ranges of `step`, the last one perhaps shorter.
func ranges(_ extent: Int, by step: Int) -> [Range<Int>] {
  stride(from: 0, to: extent, by: max(1, step)).map { $0..<min(extent, $0 + step) }
}
