import Compiler
import Graphs
import Hardware
import Measures
import Networks
import Testing

/// What goes into a program is what the network asks for.
@Suite struct ConservationTests {
  @Test(arguments: BuiltInNetworks.all.map(\.name))
  func `the tiles of a layer do its multiply-accumulates, unless the vector unit does`(name: String) throws {
    let graph = try Fixtures.network(name)
    let program = try GraphCompiler(for: Fixtures.machine()).compile(graph).program
    #expect(program.layers.reduce(0) { $0 + $1.macs } == graph.macs)
    var tiled = program.layers.map { _ in 0 }
    var usesArray = program.layers.map { _ in false }
    for instruction in program.instructions where instruction.kind == .array {
      tiled[Int(instruction.layer)] += program.arrayTiles[Int(instruction.payload)].macs
      usesArray[Int(instruction.layer)] = true
    }
    for (layer, macs) in tiled.enumerated() where usesArray[layer] {
      #expect(macs == program.layers[layer].macs, "\(program.layers[layer].name)")
    }
  }

  @Test(arguments: Fixtures.machines)
  func `a convolutional network compiles for every machine`(machine: String) throws {
    let graph = try Fixtures.network("resnet18")
    let model = try Fixtures.machine(machine)
    let program = try GraphCompiler(for: model).compile(graph).program
    #expect(program.arrayTiles.reduce(0) { $0 + $1.macs } == graph.macs)
    for (memory, scratchpad) in model.scratchpads.enumerated() {
      let most = program.occupancy.filter { Int($0.memory) == memory }.map(\.bytes).max() ?? 0
      #expect(most <= scratchpad.capacity.count)
    }
  }
}
