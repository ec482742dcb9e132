import Compiler
import Graphs
import Hardware

extension Measurement {
  /// The programs that the cores of a machine run for the row.
  ///
  /// As `simulate` does it: several samples are dealt out to the cores, each of which runs the whole network; a single
  /// sample is cut into tiles. With as many samples as cores the time of the run is the time of a core for one sample,
  /// while the others keep main memory as busy.
  ///
  /// - Throws: `CompileError`, or what the row's network cannot be built with.
  func schedule(on model: HardwareModel) throws -> CoreSchedule {
    if let mapping {
      return CoreSchedule(programs: [try ExplicitCompiler(for: model).compile(graph, as: mapping)])
    }
    let compiler = GraphCompiler(for: model)
    guard model.cores > 1 else { return CoreSchedule(programs: [try compiler.compile(graph).program]) }
    guard samples > 1 else { return try compiler.compile(graph, tilesOn: model.cores).schedule }
    var known: [Int: GraphCompiler.Result] = [:]
    let parts = try Partition.shares(ofBatch: samples, cores: model.cores).map { share in
      if let part = known[share] { return part }
      let part = try compiler.compile(share == samples ? graph : try graphOfSamples(share))
      known[share] = part
      return part
    }
    return try CompiledSchedule(sideBySide: parts, on: model).schedule
  }

  /// The batch: the first extent of the first input.
  private var samples: Int { graph.inputs.first?.type.shape.first ?? 1 }
}
