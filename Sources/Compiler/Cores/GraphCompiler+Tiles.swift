package import Graphs
import Hardware

extension GraphCompiler {
  /// Compiles a graph for cores that share out the tiles of every layer.
  ///
  /// Each core makes consecutive tiles: ranges of output rows or channels, as the layer's loops are ordered. What a layer
  /// leaves goes to main memory, where the cores that need a part of it wait for those who made that part. A layer that
  /// sweeps its operand twice stays on one core.
  ///
  /// - Throws: ``CompileError`` as for one core.
  package func compile(_ graph: Graph, tilesOn cores: Int) throws(CompileError) -> CompiledSchedule {
    let plan = try plan(graph, parts: cores) { lowerer in
      Set(lowerer.tensors.indices.filter { lowerer.tensors[$0].origin == .intermediate })
    }
    var programs: [Program] = []
    var ledgers: [ExchangeLedger] = []
    for core in 0..<cores {
      var emitter = Emitter(
        plan.machine, name: graph.name, tensors: plan.lowerer.tensors, places: plan.planner.places,
        part: (core, cores))
      emitter.ledger = ExchangeLedger()
      emitter.startSample(0, distance: 0)
      var starts: [(layer: Int, start: Int)] = []
      for (position, layer) in plan.planner.planned.enumerated() {
        starts.append((position, emitter.program.instructions.count))
        emitter.list(layer)
        emitter.emit(layer, at: position)
      }
      emitter.flush()
      try MainMemoryCheck(model.memory).check(emitter.mainMemoryEnd, network: graph.name)
      let count = emitter.program.instructions.count
      emitter.program.recordOccupancy(plan.planner.arenas, layerStarts: starts.filter { $0.start < count })
      programs.append(emitter.program)
      ledgers.append(emitter.ledger ?? ExchangeLedger())
    }
    return CompiledSchedule(
      schedule: CoreSchedule(programs: programs, handovers: ExchangeLedger.handovers(among: ledgers)),
      notes: plan.notes + ["layers exchange their results through main memory"])
  }
}
