import Graphs
import Hardware
import Measures

/// Decides which tensors stay on chip, maps every layer to what is left, and gives each buffer its address.
struct Planner {
  let machine: Target
  let tensors: [StoredTensor]
  let lowered: [LoweredLayer]
  private(set) var places: [TensorPlace]
  private(set) var planned: [PlannedLayer] = []
  private(set) var arenas: [Arena] = []
  private var searches: MappingMemo
  /// Tensors that must lie in main memory, where other cores find them.
  private let shared: Set<Int>

  init(
    _ machine: Target, tensors: [StoredTensor], layers: [LoweredLayer], shared: Set<Int> = [],
    cache: MappingCache?
  ) {
    self.machine = machine
    self.shared = shared
    self.tensors = tensors
    lowered = layers
    searches = MappingMemo(machine, cache: cache)
    places = tensors.map { _ in TensorPlace(first: .max, last: -1, address: nil) }
    for (position, layer) in layers.enumerated() {
      for tensor in layer.inputs + [layer.output] {
        places[tensor].first = min(places[tensor].first, position)
        places[tensor].last = max(places[tensor].last, position)
      }
    }
  }

  var cacheHits: Int { searches.cacheHits }
  var cacheMisses: Int { searches.cacheMisses }

  /// Plans all layers.
  ///
  /// Tensors are kept on chip where the layers that live beside them keep a reserve to work in; should a layer not fit
  /// after all, the largest tensor beside it goes to main memory and planning starts again.
  /// - Throws: ``CompileError`` where a layer does not fit an empty chip.
  mutating func plan() throws(CompileError) {
    let reserves = lowered.map { reserve(for: $0) }
    var spilled = shared
    while true {
      placeTensors(reserves: reserves, spilled: spilled)
      guard let failure = mapLayers(reserves: reserves) else { break }
      let candidates = places.indices.filter {
        places[$0].address != nil && places[$0].first <= failure && failure <= places[$0].last
      }
      guard let victim = candidates.max(by: { (tensors[$0].bytes, $1) < (tensors[$1].bytes, $0) }) else {
        throw doesNotFit(lowered[failure])
      }
      spilled.insert(victim)
    }
    searches.save()
  }

  // MARK: Tensors

  private mutating func placeTensors(reserves: [[Int]], spilled: Set<Int>) {
    arenas = machine.model.scratchpads.map { Arena(capacity: $0.capacity.count, alignment: $0.wordBytes) }
    for tensor in places.indices { places[tensor].address = nil }
    let memory = machine.activations
    let capacity = machine.capacity(memory)
    var used = lowered.map { _ in 0 }
    let candidates = places.indices.filter {
      tensors[$0].origin == .intermediate && places[$0].last >= 0 && !spilled.contains($0)
    }
    // Short lives first: they save as much traffic for less room.
    let order = candidates.sorted {
      (places[$0].last - places[$0].first, tensors[$0].bytes, $0) < (
        places[$1].last - places[$1].first, tensors[$1].bytes, $1
      )
    }
    for tensor in order {
      let place = places[tensor]
      let bytes = tensors[tensor].bytes
      let fits = (place.first...place.last).allSatisfy { used[$0] + bytes + reserves[$0][memory] <= capacity }
      guard fits, let address = arenas[memory].place(bytes: bytes, first: place.first, last: place.last)
      else {
        continue
      }
      places[tensor].address = address
      for layer in place.first...place.last { used[layer] += bytes }
    }
  }

  private func isOnChip(_ tensor: Int) -> Bool { places[tensor].address != nil }

  /// Bytes by scratchpad that a layer should find free: what it takes with all its tensors on chip, at most half.
  private mutating func reserve(for layer: LoweredLayer) -> [Int] {
    let half = machine.model.scratchpads.map { $0.capacity.count / 2 }
    var least = half
    for work in layer.alternatives {
      switch work {
      case .array(let array):
        let problem = arrayProblem(
          array, budgets: machine.model.scratchpads.map(\.capacity.count), onChip: { _ in true })
        guard let choice = searches.array(problem) else { continue }
        let cost = ArrayCost(machine, problem)
        let need = cost.need(choice.mapping, cost.buffers(choice.mapping))
        least = zip(least, need).map { min($0, $1) }
      case .vector(let vector):
        let problem = vectorProblem(vector, budgets: half, onChip: { _ in true })
        let search = VectorSearch(machine: machine, problem: problem)
        least = zip(least, search.smallestNeed()).map { min($0, max($1, 1024)) }
      }
    }
    return least
  }

  // MARK: Layers

  /// Maps all layers and returns the first that does not fit.
  private mutating func mapLayers(reserves: [[Int]]) -> Int? {
    planned = []
    for position in lowered.indices {
      guard let layer = map(position, next: position + 1 < lowered.count ? reserves[position + 1] : nil)
      else {
        return position
      }
      planned.append(layer)
    }
    return nil
  }

  private mutating func map(_ position: Int, next: [Int]?) -> PlannedLayer? {
    let free = machine.model.scratchpads.indices.map { arenas[$0].capacity - arenas[$0].used(at: position) }
    // Room for the next layer's first weights comes first; then all that is free, then less where gaps are in the way.
    var attempts: [[Int]] = []
    if let next {
      attempts.append(
        free.indices.map { $0 == machine.weights ? free[$0] - min(free[$0] / 4, next[$0]) : free[$0] })
    }
    for eighths in [8, 7, 6, 5, 4, 3, 2, 1] { attempts.append(free.map { $0 / 8 * eighths }) }
    for budgets in attempts {
      let quantised = budgets.indices.map { index in
        let grain = max(1, machine.capacity(index) / 64)
        return budgets[index] >= 4 * grain ? budgets[index] / grain * grain : budgets[index]
      }
      if let layer = map(position, budgets: quantised) { return layer }
    }
    return nil
  }

  private mutating func map(_ position: Int, budgets: [Int]) -> PlannedLayer? {
    var best: PlannedLayer?
    let layer = lowered[position]
    for work in layer.alternatives {
      switch work {
      case .array(let array):
        let problem = arrayProblem(array, budgets: budgets, onChip: isOnChip)
        guard let choice = searches.array(problem) else { continue }
        if let best, best.estimate.cycles <= choice.estimate.cycles { continue }
        best = PlannedLayer(
          layer: layer, work: work, mapping: .array(choice.mapping, problem), estimate: choice.estimate)
      case .vector(let vector):
        let problem = vectorProblem(vector, budgets: budgets, onChip: isOnChip)
        guard let choice = searches.vector(problem) else { continue }
        if let best, best.estimate.cycles <= choice.estimate.cycles { continue }
        best = PlannedLayer(
          layer: layer, work: work, mapping: .vector(choice.mapping, problem), estimate: choice.estimate)
      }
    }
    guard var best, placeBuffers(&best, at: position) else { return nil }
    return best
  }

  /// Gives the buffers of a layer their addresses, or takes all back and returns false.
  private mutating func placeBuffers(_ layer: inout PlannedLayer, at position: Int) -> Bool {
    let counts = arenas.map(\.blocks.count)
    let needs = bufferNeeds(layer)
    func slots(_ memory: Int, _ bytes: Int, _ count: Int, ahead: Bool) -> PlannedLayer.Slots?? {
      guard bytes > 0, count > 0 else { return .some(nil) }
      let slot = bytes.roundedUp(to: arenas[memory].alignment)
      for first in ahead && position > 0 ? [position - 1, position] : [position] {
        if let address = arenas[memory].place(bytes: slot * count, first: first, last: position) {
          return .some(
            .init(memory: memory, address: address, slotBytes: slot, count: count, firstLayer: first))
        }
      }
      return nil
    }
    // The largest first, so that small ones fill the gaps.
    for need in needs.sorted(by: {
      ($0.bytes * $0.count, $1.kind.rawValue) > ($1.bytes * $1.count, $0.kind.rawValue)
    }) {
      guard
        let placed = slots(
          need.memory, need.bytes, need.count, ahead: need.kind == .right || need.kind == .input)
      else {
        for index in arenas.indices { arenas[index].rewind(to: counts[index]) }
        return false
      }
      switch need.kind {
      case .input: layer.input = placed
      case .right: layer.right = placed
      case .further: layer.further = placed
      case .output: layer.output = placed
      case .accumulators: layer.accumulators = placed
      case .repeated: layer.repeated = placed
      }
    }
    return true
  }

  private struct BufferNeed {
    enum Kind: Int { case input, right, further, output, accumulators, repeated }
    var kind: Kind
    var memory: Int
    var bytes: Int
    var count: Int
  }

  private func bufferNeeds(_ layer: PlannedLayer) -> [BufferNeed] {
    switch layer.mapping {
    case .array(let mapping, let problem):
      let buffers = ArrayCost(machine, problem).buffers(mapping)
      return [
        .init(kind: .input, memory: machine.activations, bytes: buffers.input, count: mapping.inputSlots),
        .init(
          kind: .right, memory: problem.right == nil ? machine.weights : machine.activations,
          bytes: buffers.right,
          count: mapping.rightSlots),
        .init(
          kind: .further, memory: machine.activations, bytes: buffers.further,
          count: 2 * problem.loadedFurther),
        .init(kind: .output, memory: machine.activations, bytes: buffers.output, count: 2),
        .init(
          kind: .accumulators, memory: machine.accumulators, bytes: buffers.accumulator,
          count: mapping.accumulatorSlots),
        .init(
          kind: .repeated, memory: machine.activations,
          bytes: min(problem.repeatedBytes, ArrayCost.repeatedBuffer),
          count: 1),
      ]
    case .vector(let mapping, let problem):
      let buffers = VectorSearch(machine: machine, problem: problem).buffers(mapping)
      return [
        .init(kind: .input, memory: machine.activations, bytes: buffers.input, count: 2),
        .init(kind: .right, memory: machine.weights, bytes: problem.weightBytes, count: 1),
        .init(
          kind: .further, memory: machine.activations, bytes: buffers.further,
          count: 2 * problem.loadedFurther),
        .init(kind: .output, memory: machine.activations, bytes: buffers.output, count: 2),
        .init(
          kind: .repeated, memory: machine.activations,
          bytes: min(problem.repeatedBytes, ArrayCost.repeatedBuffer),
          count: 1),
      ]
    }
  }

  private func doesNotFit(_ layer: LoweredLayer) -> CompileError {
    var need: [Int] = []
    let capacities = machine.model.scratchpads.map(\.capacity.count)
    for work in layer.alternatives {
      switch work {
      case .array(let array):
        need = ArraySearch(machine, arrayProblem(array, budgets: capacities, onChip: { _ in false }))
          .smallestNeed()
      case .vector(let vector):
        need =
          VectorSearch(
            machine: machine, problem: vectorProblem(vector, budgets: capacities, onChip: { _ in false })
          )
          .smallestNeed()
      }
    }
    let short = need.indices.first { need[$0] > capacities[$0] } ?? machine.activations
    let memory = machine.model.scratchpads[short]
    return CompileError(
      .doesNotFit, place: "layer '\(layer.name)'",
      found: "\(need.isEmpty ? 0 : need[short]) bytes for its smallest tile in scratchpad '\(memory.name)'",
      expected: "at most its capacity of \(memory.capacity)",
      remedy: "enlarge the scratchpad or use an input with smaller extents")
  }
}
