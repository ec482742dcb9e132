package import Graphs
package import Hardware

/// Turns a graph into a program for a machine.
///
/// One straight line of passes: fold and fuse into layers, give tensors their layouts, keep on chip what fits, map each
/// layer, place its buffers, write the instructions.
package struct GraphCompiler: Sendable {
  let model: HardwareModel
  private let cache: MappingCache?

  package init(for model: HardwareModel, cache: MappingCache? = nil) {
    self.model = model
    self.cache = cache
  }

  /// What a compilation made beside the program.
  package struct Result: Sendable {
    package var program: Program
    /// What a user should know of the translation, one sentence each.
    package var notes: [String]
    /// Nodes that became another view of their operand and cost nothing.
    package var elidedNodes: [String]
    /// Core cycles that the cost model expects, the sum over the layers.
    package var estimatedCycles: Double
    /// What the cost model expects of each layer, in the program's order.
    package var layerEstimates: [MappingEstimate]
    /// What any mapping needs at least.
    package var demand: ProgramDemand
    /// Bytes of main memory from address 0 on that the program uses.
    package var mainMemoryBytes: Int
    /// Layer mappings taken from the cache, and those searched for.
    package var cacheHits: Int
    package var cacheMisses: Int
  }

  /// A graph on its way to programs: lowered and planned.
  struct Planned {
    var name: String
    var machine: Target
    var planner: Planner
    var lowerer: Lowerer
    var notes: [String]
    /// What any mapping needs at least.
    var demand: ProgramDemand
  }

  /// Compiles a graph.
  ///
  /// - Throws: ``CompileError`` for a layer that does not fit, an operation without a lowering, or an incomplete machine.
  package func compile(_ graph: Graph) throws(CompileError) -> Result {
    let plan = try plan(graph)
    let planner = plan.planner
    var emitter = Emitter(
      plan.machine, name: graph.name, tensors: plan.lowerer.tensors, places: planner.places)
    var starts: [(layer: Int, start: Int)] = []
    for (position, layer) in planner.planned.enumerated() {
      starts.append((position, emitter.program.instructions.count))
      emitter.list(layer)
      emitter.emit(layer, at: position)
    }
    emitter.flush()
    try MainMemoryCheck(model.memory).check(emitter.mainMemoryEnd, network: graph.name)
    emitter.program.recordOccupancy(planner.arenas, layerStarts: starts)
    return Result(
      program: emitter.program, notes: plan.notes, elidedNodes: plan.lowerer.elided,
      estimatedCycles: planner.planned.reduce(0) { $0 + $1.estimate.cycles },
      layerEstimates: planner.planned.map(\.estimate), demand: plan.demand,
      mainMemoryBytes: emitter.mainMemoryEnd,
      cacheHits: planner.cacheHits, cacheMisses: planner.cacheMisses)
  }

  /// Lowers and plans a graph.
  ///
  /// - Parameters:
  ///   - parts: Cores among which the tiles of every layer are to be shared out.
  ///   - shared: Chooses the tensors that must lie in main memory.
  func plan(
    _ graph: Graph, parts: Int = 1, shared: (Lowerer) -> Set<Int> = { _ in [] }
  ) throws(CompileError) -> Planned {
    let index = GraphIndex(graph)
    let isQuantised = graph.nodes.contains {
      $0.primitive is DequantizeLinear || $0.primitive is QuantizeLinear
    }
    let machine = try Target(model, integerOperands: isQuantised, parts: parts)
    var fuser = Fuser(graph, index, machine)
    let fused = fuser.layersInOrder()
    var lowerer = Lowerer(graph, index, machine)
    try lowerer.lower(fused)
    let demand = DemandAnalysis(graph, machine, fused, lowerer).demand
    try MainMemoryCheck(model.memory).checkLeast(lowerer.tensors, network: graph.name)
    var planner = Planner(
      machine, tensors: lowerer.tensors, layers: lowerer.layers, shared: shared(lowerer), cache: cache)
    try planner.plan()
    try checkLength(planner.planned)
    return Planned(
      name: graph.name, machine: machine, planner: planner, lowerer: lowerer, notes: notes(graph, machine),
      demand: demand)
  }

  /// What a graph needs at least of the machine, without a program for it.
  ///
  /// - Throws: ``CompileError`` for an operation without a lowering, or an incomplete machine.
  package func demand(of graph: Graph) throws(CompileError) -> ProgramDemand {
    let index = GraphIndex(graph)
    let machine = try Target(model, integerOperands: false)
    var fuser = Fuser(graph, index, machine)
    let fused = fuser.layersInOrder()
    var lowerer = Lowerer(graph, index, machine)
    try lowerer.lower(fused)
    return DemandAnalysis(graph, machine, fused, lowerer).demand
  }

  /// Tiles of the longest program that is written.
  package static let mostSteps = 4_000_000

  /// Refuses networks whose programs would take minutes to write and gigabytes to hold.
  private func checkLength(_ layers: [PlannedLayer]) throws(CompileError) {
    var steps = 0.0
    for layer in layers { steps += Double(layer.estimate.steps) }
    guard steps > Double(Self.mostSteps) else { return }
    let largest = layers.max { $0.estimate.steps < $1.estimate.steps }
    throw CompileError(
      .tooLarge, place: "layer '\(largest?.layer.name ?? "")'",
      found: "a network of \(Int(steps)) tiles, \(largest?.estimate.steps ?? 0) of them here",
      expected: "at most \(Self.mostSteps)",
      remedy: "use a smaller input or batch, or a machine with larger memories")
  }

  private func notes(_ graph: Graph, _ machine: Target) -> [String] {
    var notes: [String] = []
    let types = Set(
      (graph.inputs.map(\.type.elementType) + graph.nodes.flatMap { $0.resultTypes.map(\.elementType) })
    )
    .filter(\.isFloatingPoint)
    let isQuantised = graph.nodes.contains { $0.primitive is DequantizeLinear }
    if !isQuantised, let type = types.map(\.rawValue).sorted().first, type != machine.format.name.rawValue {
      notes.append("\(type) network simulated as \(machine.format.name.rawValue), the array's native format")
    }
    return notes
  }
}

extension Program {
  /// Fills ``occupancy`` and ``scratchpadPeakBytes`` from the reservations, which change between layers.
  mutating func recordOccupancy(_ arenas: [Arena], layerStarts: [(layer: Int, start: Int)]) {
    var last = arenas.map { _ in -1 }
    for (layer, start) in layerStarts {
      var total = 0
      for (memory, arena) in arenas.enumerated() {
        let bytes = arena.used(at: layer)
        total += bytes
        guard bytes != last[memory] else { continue }
        last[memory] = bytes
        occupancy.append(OccupancyStep(instruction: Int32(start), memory: Int32(memory), bytes: bytes))
      }
      scratchpadPeakBytes = max(scratchpadPeakBytes, total)
    }
  }
}
