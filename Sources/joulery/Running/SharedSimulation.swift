import Compiler
import Graphs
import Hardware
import Reports
import Simulator

/// One run on several cores: a network shared out among them, or several networks at once.
struct SharedSimulation {
  var networks: [String]
  var options: NetworkOptions
  var hardware: HardwareSource
  /// How one network is shared out; nil to choose.
  var partition: Partition?
  var cache: MappingCache?
  var status: StatusLine

  private var model: HardwareModel { hardware.identity.model }

  func run() throws -> RunReport {
    networks.count > 1 ? try runTogether() : try runShared()
  }

  // MARK: Several networks

  private func runTogether() throws -> RunReport {
    var sources: [NetworkSource] = []
    var compiled: [GraphCompiler.Result] = []
    for (index, name) in networks.enumerated() {
      status.show("compiling \(name) for \(model.name)")
      sources.append(try NetworkSource(name, options: options))
      var result = try GraphCompiler(for: model, cache: cache).compile(sources[index].graph)
      // Layers are told apart by the network, and by its place where it runs twice.
      let isTwice = networks.filter { $0 == name }.count > 1
      let prefix = result.program.name + (isTwice ? " \(index + 1)" : "")
      for layer in result.program.layers.indices {
        result.program.layers[layer].name = "\(prefix): \(result.program.layers[layer].name)"
      }
      compiled.append(result)
    }
    let all = try CompiledSchedule(sideBySide: compiled, on: model)
    status.show("simulating \(networks.joined(separator: " + ")) on \(model.name)")
    let result = try Machine(model).run(all.schedule)
    var tenants: [Tenant] = []
    for (index, place) in all.places.enumerated() {
      status.show("simulating \(networks[index]) alone")
      tenants.append(
        Tenant(
          network: sources[index].identity, core: place.core,
          aloneCycles: try Machine(model).run(compiled[index].program).cycles,
          togetherCycles: result.end(of: place.instructions, on: place.core)))
    }
    status.clear()
    return RunReport(
      network: NetworkIdentity(together: sources.map(\.identity)), hardware: hardware.identity,
      schedule: all.schedule, result: result, tenants: tenants,
      provenance: .ofThisProcess(
        notes: sources.flatMap(\.notes) + all.notes + placement + hardware.notes,
        calibration: model.calibrationStatement))
  }

  private var placement: [String] {
    guard networks.count > model.cores else { return [] }
    return [
      "\(networks.count) networks on \(model.cores) \(model.cores == 1 ? "core" : "cores"): those that share a core run "
        + "one after the other, in the order of the command"
    ]
  }

  // MARK: One network

  private func runShared() throws -> RunReport {
    status.show("reading \(networks[0])")
    let source = try NetworkSource(networks[0], options: options)
    let batch = max(1, source.graph.inputs.first?.type.shape.first ?? 1)
    let way = partition ?? (batch > 1 ? .batch : .tile)
    status.show(
      "compiling \(source.identity.name) for \(model.cores) cores of \(model.name), by \(way.rawValue)")
    let compiled = try compile(source, batch: batch, by: way)
    status.show("simulating \(source.identity.name) on \(model.name)")
    let result = try Machine(model).run(compiled.schedule)
    status.clear()
    let chosen =
      "shared out among \(model.cores) cores by \(way.rawValue)\(partition == nil ? " (--partition to choose)" : "")"
    return RunReport(
      network: source.identity, hardware: hardware.identity, schedule: compiled.schedule, result: result,
      provenance: .ofThisProcess(
        notes: source.notes + [chosen] + compiled.notes + hardware.notes,
        calibration: model.calibrationStatement))
  }

  private func compile(_ source: NetworkSource, batch: Int, by way: Partition) throws -> CompiledSchedule {
    switch way {
    case .batch:
      var known: [Int: GraphCompiler.Result] = [:]
      let parts = try Partition.shares(ofBatch: batch, cores: model.cores).map { samples in
        if let part = known[samples] { return part }
        let source = try NetworkSource(networks[0], options: options.withBatch(samples))
        let part = try GraphCompiler(for: model, cache: cache).compile(source.graph)
        known[samples] = part
        return part
      }
      var compiled = try CompiledSchedule(sideBySide: parts, on: model)
      compiled.notes.append("each core keeps and loads the weights for itself")
      return compiled
    case .tile:
      return try GraphCompiler(for: model, cache: cache).compile(source.graph, tilesOn: model.cores)
    case .pipeline:
      let one = batch == 1 ? source : try NetworkSource(networks[0], options: options.withBatch(1))
      return try GraphCompiler(for: model, cache: cache).compile(
        one.graph, stagesOn: model.cores, samples: batch)
    }
  }
}
