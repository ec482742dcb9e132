import Graphs
import Hardware
import Measures
import Simulator
import Testing

@testable import Compiler

@Suite("A network is shared out among cores")
struct CoresTests {
  static let networks = ["mobilenet-v2", "resnet18"]

  private static func macs(_ schedule: CoreSchedule) -> Int {
    schedule.programs.reduce(0) { $0 + $1.layers.reduce(0) { $0 + $1.macs } }
  }

  @Test(arguments: networks, [2, 3, 4])
  func `tiles of a layer are made once, on one core or another`(name: String, cores: Int) throws {
    let model = try Fixtures.machine("edge-x4", overrides: ["cores=\(cores)"])
    let graph = try Fixtures.network(name)
    let compiled = try GraphCompiler(for: model).compile(graph, tilesOn: cores)
    #expect(Self.macs(compiled.schedule) == graph.macs)
    // The same tiles as on one core that plans for as many.
    let whole = try GraphCompiler(for: model).plan(graph, parts: cores) { lowerer in
      Set(lowerer.tensors.indices.filter { lowerer.tensors[$0].origin == .intermediate })
    }
    var emitter = Emitter(
      whole.machine, name: name, tensors: whole.lowerer.tensors, places: whole.planner.places)
    for (position, layer) in whole.planner.planned.enumerated() {
      emitter.list(layer)
      emitter.emit(layer, at: position)
    }
    emitter.flush()
    func tiles(_ programs: [Program]) -> Int { programs.reduce(0) { $0 + $1.arrayTiles.count } }
    func stored(_ programs: [Program]) -> Int {
      programs.reduce(0) { sum, program in
        sum
          + program.instructions.filter { $0.kind == .store }.reduce(0) {
            $0 + program.transfers[Int($1.payload)].bytes
          }
      }
    }
    #expect(tiles(compiled.schedule.programs) == tiles([emitter.program]))
    #expect(stored(compiled.schedule.programs) == stored([emitter.program]))
    #expect(
      compiled.schedule.programs.flatMap(\.arrayTiles).reduce(0) { $0 + $1.macs }
        == emitter.program.arrayTiles.reduce(0) { $0 + $1.macs })
    #expect(!compiled.schedule.handovers.isEmpty)
  }

  @Test func `four cores by tile are faster than one, and do the same work`() throws {
    // With a memory that can feed four cores.
    let model = try Fixtures.machine("edge-x4", overrides: ["memory.channels=8"])
    let graph = try Fixtures.network("resnet18")
    let compiled = try GraphCompiler(for: model).compile(graph, tilesOn: 4)
    let result = try Machine(model).run(compiled.schedule).total
    var single = model
    single.cores = 1
    let alone = try Machine(single).run(GraphCompiler(for: single).compile(graph).program)
    #expect(Double(result.cycles) < 0.4 * Double(alone.cycles))
    #expect(result.counts.macs == alone.counts.macs)
    #expect(result.layers.map(\.name) == alone.layers.map(\.name))
  }

  @Test(arguments: networks)
  func `samples that go through stages are all computed`(name: String) throws {
    let model = try Fixtures.machine("edge-x4")
    let graph = try Fixtures.network(name)
    let samples = 3
    let compiled = try GraphCompiler(for: model).compile(graph, stagesOn: 4, samples: samples)
    #expect(Self.macs(compiled.schedule) == samples * graph.macs)
    let result = try Machine(model).run(compiled.schedule).total
    var single = model
    single.cores = 1
    let alone = try Machine(single).run(GraphCompiler(for: single).compile(graph).program)
    #expect(result.layers.reduce(0) { $0 + $1.macs } == samples * graph.macs)
    #expect(result.cycles < samples * alone.cycles)
  }

  @Test func `every load of a shared tensor comes after the stores that make it`() throws {
    let model = try Fixtures.machine("edge-x4")
    let graph = try Fixtures.network("mobilenet-v2")
    let compilers: [(GraphCompiler) throws -> CompiledSchedule] = [
      { try $0.compile(graph, tilesOn: 4) }, { try $0.compile(graph, stagesOn: 4, samples: 2) },
    ]
    for compile in compilers {
      let schedule = try compile(GraphCompiler(for: model)).schedule
      let result = try Machine(model).run(schedule)
      // By bytes of main memory, with no notion of tensors: whoever reads what another core writes does so later.
      var written: [(bytes: Range<Int>, core: Int, end: Int)] = []
      var read: [(bytes: Range<Int>, core: Int, start: Int)] = []
      for (core, program) in schedule.programs.enumerated() {
        for (index, instruction) in program.instructions.enumerated() {
          guard instruction.kind == .load || instruction.kind == .store else { continue }
          let transfer = program.transfers[Int(instruction.payload)]
          let timing = result.cores[core].timeline[index]
          for outer in 0..<transfer.outerCount {
            for inner in 0..<transfer.innerCount {
              let start = transfer.address + outer * transfer.outerStride + inner * transfer.innerStride
              let bytes = start..<start + transfer.runBytes
              if instruction.kind == .store {
                written.append((bytes, core, timing.end))
              } else {
                read.append((bytes, core, timing.start))
              }
            }
          }
        }
      }
      written.sort { $0.bytes.lowerBound < $1.bytes.lowerBound }
      let longest = written.map(\.bytes.count).max() ?? 0
      var crossings = 0
      for load in read {
        var low = 0
        var high = written.count
        while low < high {
          let middle = (low + high) / 2
          if written[middle].bytes.lowerBound < load.bytes.lowerBound - longest {
            low = middle + 1
          } else {
            high = middle
          }
        }
        while low < written.count, written[low].bytes.lowerBound < load.bytes.upperBound {
          if written[low].core != load.core, written[low].bytes.overlaps(load.bytes) {
            crossings += 1
            #expect(written[low].end < load.start)
          }
          low += 1
        }
      }
      #expect(crossings > 100)
    }
  }

  @Test func `networks side by side keep out of each other's memory`() throws {
    let model = try Fixtures.machine("edge-x4", overrides: ["cores=2"])
    let results = try ["squeezenet1.1", "mobilenet-v2", "squeezenet1.1"].map {
      try GraphCompiler(for: model).compile(Fixtures.network($0))
    }
    let compiled = try CompiledSchedule(sideBySide: results, on: model)
    #expect(compiled.places.map(\.core) == [0, 1, 0])
    #expect(compiled.places[2].instructions.lowerBound == results[0].program.instructions.count)
    let starts = compiled.schedule.programs.map { $0.transfers.map(\.address) }
    let first = results[0].mainMemoryBytes
    #expect(starts[1].allSatisfy { $0 >= first })
    let result = try Machine(model).run(compiled.schedule)
    // The third begins when the first is done.
    let boundary = compiled.places[2].instructions.lowerBound
    let timeline = result.cores[0].timeline
    let done = timeline[..<boundary].map(\.end).max() ?? 0
    #expect(timeline[boundary...].allSatisfy { $0.start >= done })
    #expect(result.end(of: compiled.places[0].instructions, on: 0) == done)
  }

  @Test func `stages are cut as well as can be`() {
    func slowest(_ cycles: [Double], _ stages: [Range<Int>]) -> Double {
      stages.map { cycles[$0].reduce(0, +) }.max() ?? 0
    }
    func best(_ cycles: ArraySlice<Double>, _ count: Int) -> Double {
      if count == 1 || cycles.count <= 1 { return cycles.reduce(0, +) }
      return (cycles.startIndex + 1..<cycles.endIndex).map { cut in
        max(cycles[..<cut].reduce(0, +), best(cycles[cut...], count - 1))
      }.min() ?? .infinity
    }
    var random = RandomStream(seed: 3)
    for _ in 0..<200 {
      let cycles = (0..<Int.random(in: 1...8, using: &random)).map { _ in
        Double(Int.random(in: 1...50, using: &random))
      }
      let count = Int.random(in: 1...4, using: &random)
      let stages = GraphCompiler.stages(cycles, count: count)
      #expect(stages.first?.lowerBound == 0 && stages.last?.upperBound == cycles.count)
      #expect(zip(stages, stages.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
      #expect(slowest(cycles, stages) == best(cycles[...], min(count, cycles.count)))
    }
  }

  @Test func `shares of a batch differ by one sample at most`() {
    for cores in 1...5 {
      for samples in 1...12 {
        let shares = Partition.shares(ofBatch: samples, cores: cores)
        #expect(shares.reduce(0, +) == samples)
        #expect(shares.count == min(cores, samples))
        #expect((shares.max() ?? 0) - (shares.min() ?? 0) <= 1)
      }
    }
  }
}
