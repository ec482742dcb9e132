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

  @Test(arguments: ["resnet18", "vgg16", "vit-b16", "gpt2-small-decode"])
  func `every weight is loaded at least once`(name: String) throws {
    let graph = try Fixtures.network(name)
    let program = try GraphCompiler(for: Fixtures.machine()).compile(graph).program
    let matrices = graph.nodes.flatMap { node in
      node.primitive is Convolution || node.primitive is MatrixProduct ? Array(node.operands.dropFirst()) : []
    }
    let weights = matrices.reduce(0) { sum, value in
      guard case .constant = value.source else { return sum }
      return sum + graph.type(of: value).count
    }
    #expect(weights > 1_000_000)
    #expect(program.bytes(of: .load) >= weights)
  }

  @Test func `activations that fit stay on chip`() throws {
    let graph = try Fixtures.network("resnet18")
    let program = try GraphCompiler(for: Fixtures.machine()).compile(graph).program
    // The logits alone leave the chip, in whole words.
    #expect(program.bytes(of: .store) == 1024)
  }

  @Test func `activations that do not fit go through main memory`() throws {
    let graph = try Fixtures.network("resnet18")
    let small = try Fixtures.machine("edge", overrides: ["scratchpads.spm.capacity=128 KiB"])
    let program = try GraphCompiler(for: small).compile(graph).program
    #expect(program.bytes(of: .store) > 1_000_000)
    #expect(program.arrayTiles.reduce(0) { $0 + $1.macs } == graph.macs)
  }

  @Test(arguments: Fixtures.machines)
  func `a convolutional network compiles for every machine within its memories`(machine: String) throws {
    let graph = try Fixtures.network("resnet18")
    let model = try Fixtures.machine(machine)
    let program = try GraphCompiler(for: model).compile(graph).program
    #expect(program.arrayTiles.reduce(0) { $0 + $1.macs } == graph.macs)
    for (memory, scratchpad) in model.scratchpads.enumerated() {
      let most = program.occupancy.filter { Int($0.memory) == memory }.map(\.bytes).max() ?? 0
      #expect(most > 0 && most <= scratchpad.capacity.count)
    }
    let total = model.scratchpads.reduce(0) { $0 + $1.capacity.count }
    #expect(program.scratchpadPeakBytes > 0 && program.scratchpadPeakBytes <= total)
  }

  @Test func `a batch does the work of its images`() throws {
    let one = try GraphCompiler(for: Fixtures.machine()).compile(Fixtures.network("resnet18")).program
    let four = try GraphCompiler(for: Fixtures.machine()).compile(Fixtures.network("resnet18", batch: 4))
      .program
    #expect(four.arrayTiles.reduce(0) { $0 + $1.macs } == 4 * one.arrayTiles.reduce(0) { $0 + $1.macs })
  }

  @Test func `the same network gives the same program`() throws {
    let graph = try Fixtures.network("mobilenet-v2")
    let model = try Fixtures.machine()
    #expect(
      try GraphCompiler(for: model).compile(graph).program == GraphCompiler(for: model).compile(graph).program
    )
  }
}

extension Program {
  /// Bytes that all transfers of a kind move.
  func bytes(of kind: Instruction.Kind) -> Int {
    instructions.filter { $0.kind == kind }.reduce(0) { $0 + transfers[Int($1.payload)].bytes }
  }
}
