package import Graphs
import Hardware

extension GraphCompiler {
  /// Compiles a graph of one sample for cores that each run consecutive layers, while samples go from core to core.
  ///
  /// The layers are cut where the slowest stage is expected to be fastest. What crosses a cut goes to main memory, with a
  /// place of its own for each sample.
  ///
  /// - Throws: ``CompileError`` as for one core.
  package func compile(
    _ graph: Graph, stagesOn cores: Int, samples: Int
  ) throws(CompileError) -> CompiledSchedule {
    let estimates = try plan(graph).planner.planned.map(\.estimate.cycles)
    let stages = Self.stages(estimates, count: cores)
    let plan = try plan(graph) { lowerer in
      Set(
        lowerer.tensors.indices.filter { tensor in
          lowerer.tensors[tensor].origin == .intermediate
            && stages.filter { stage in
              lowerer.layers[stage].contains { ($0.inputs + [$0.output]).contains(tensor) }
            }.count > 1
        })
    }
    var programs: [Program] = []
    var ledgers: [ExchangeLedger] = []
    var end = 0
    for stage in stages {
      var emitter = Emitter(
        plan.machine, name: graph.name, tensors: plan.lowerer.tensors, places: plan.planner.places)
      let distance = emitter.mainMemoryEnd
      // Weights lie behind the tensors of all samples and the weights of the stages before.
      emitter.mainMemoryEnd = max(end, distance * samples)
      emitter.ledger = ExchangeLedger()
      for layer in plan.planner.planned { emitter.list(layer) }
      var starts: [(layer: Int, start: Int)] = []
      for sample in 0..<samples {
        emitter.startSample(sample, distance: distance)
        for position in stage {
          if sample == 0 { starts.append((position, emitter.program.instructions.count)) }
          emitter.emit(plan.planner.planned[position], at: position)
        }
      }
      emitter.flush()
      end = emitter.mainMemoryEnd
      try MainMemoryCheck(model.memory).check(end, network: graph.name)
      emitter.program.recordOccupancy(plan.planner.arenas, layerStarts: starts)
      programs.append(emitter.program)
      ledgers.append(emitter.ledger ?? ExchangeLedger())
    }
    let names = stages.map { plan.planner.planned[$0.lowerBound].layer.name }
    return CompiledSchedule(
      schedule: CoreSchedule(programs: programs, handovers: ExchangeLedger.handovers(among: ledgers)),
      notes: plan.notes + ["stages begin with the layers \(names.joined(separator: ", "))"])
  }

  /// Cuts layers into at most `count` runs of consecutive ones, so that the longest run is as short as can be.
  ///
  /// - Complexity: O(count × layers²).
  static func stages(_ cycles: [Double], count: Int) -> [Range<Int>] {
    let count = min(count, cycles.count)
    guard count > 0 else { return [] }
    var sums = [0.0]
    for cycle in cycles { sums.append(sums[sums.count - 1] + cycle) }
    // The longest stage of the first `end` layers in `stage` stages, and where its last stage begins.
    var longest = sums
    var begins: [[Int]] = [Array(repeating: 0, count: sums.count)]
    for stage in 1..<max(1, count) {
      var next = Array(repeating: Double.infinity, count: sums.count)
      var begin = Array(repeating: 0, count: sums.count)
      for end in stage + 1..<sums.count {
        for cut in stage..<end {
          let slowest = max(longest[cut], sums[end] - sums[cut])
          if slowest < next[end] { (next[end], begin[end]) = (slowest, cut) }
        }
      }
      longest = next
      begins.append(begin)
    }
    var stages: [Range<Int>] = []
    var end = cycles.count
    for begin in begins.reversed() {
      stages.insert(begin[end]..<end, at: 0)
      end = begin[end]
    }
    return stages
  }
}
