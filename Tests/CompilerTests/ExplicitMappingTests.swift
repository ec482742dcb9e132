import Compiler
import Graphs
import Hardware
import Testing

/// A mapping that a user wrote is read as meant, or refused with what is wrong.
@Suite struct ExplicitMappingTests {
  @Test func `levels multiply to a tile, and the outermost one to loops over main memory`() throws {
    let mapping = try ExplicitMapping(
      "L3[WIO] Q7 K2 - L2[WI] N1 K16X - L1[O] K4 C16 Q2 P2 C16X - L0[W] Q4 P28")
    let tile = LoopIndex.allCases.map { mapping.tile[$0] }
    #expect(tile == [1, 1, 56, 8, 256, 64, 1])
    #expect(mapping.outer?[.row] == 7)
    #expect(mapping.outer?[.outputChannel] == 2)
    #expect(mapping.outer?[.column] == 1)
  }

  @Test func `Gemmini's tile sizes are read in its order`() throws {
    let mapping = try ExplicitMapping("3_5_23_22_64_16_1")
    #expect(LoopIndex.allCases.map { mapping.tile[$0] } == [3, 5, 23, 22, 64, 16, 1])
    #expect(mapping.outer == nil)
  }

  @Test(arguments: [
    ("3_3_14", "found 3 sizes"),
    ("3_3_14_14_0_16_1", "found size '0'"),
    ("3_3_14_14_64_16_x", "found size 'x'"),
    ("L1[O] Z4", "found loop 'Z4'"),
    ("L1[O] K4 - K8 [", "found level 'K8 ['"),
    ("L1[O] K4 - L2[WI] K8", "found level L2 after L1"),
    ("L1[O] K1073741824 K4", "found a product of K beyond 1073741824"),
    ("L1[O] K99999999999999999999", "found size '99999999999999999999'"),
  ])
  func `what cannot be read is named`(text: String, finding: String) {
    let error = #expect(throws: CompileError.self) { try ExplicitMapping(text) }
    #expect(error?.kind == .mapping)
    #expect(error?.description.contains("mapping '\(text)': \(finding), expected") == true)
  }

  @Test func `levels must cover the layer exactly`() throws {
    let mapping = try ExplicitMapping("L3[WIO] K3 - L1[O] K16 C8 P10 Q10 R3 S3")
    let error = #expect(throws: CompileError.self) {
      try ExplicitCompiler(for: try Fixtures.machine("gemmini")).compile(Self.layer(), as: mapping)
    }
    #expect(
      error?.description
        == "conv: found loops over K that cover 48, expected 40; let the factors of K multiply to 40")
  }

  @Test func `a tile beyond a memory is refused`() throws {
    let error = #expect(throws: CompileError.self) {
      try ExplicitCompiler(
        for: try Fixtures.machine("gemmini", overrides: ["scratchpads.accumulators.capacity=8 KiB"])
      ).compile(Self.layer(), as: try ExplicitMapping("3_3_10_10_8_40_1"))
    }
    #expect(error?.kind == .doesNotFit)
    #expect(error?.found == "19200 bytes for sums of a tile")
  }

  @Test func `a machine with another array is refused`() throws {
    let error = #expect(throws: CompileError.self) {
      try ExplicitCompiler(for: try Fixtures.machine("nvdla-large")).compile(
        Self.layer(), as: try ExplicitMapping("3_3_10_10_8_40_1"))
    }
    #expect(error?.kind == .machine)
  }

  @Test func `a machine that leaves weights out is refused`() throws {
    let error = #expect(throws: CompileError.self) {
      try ExplicitCompiler(for: try Fixtures.machine("gemmini", overrides: ["array.sparsity=2:4"])).compile(
        Self.layer(), as: try ExplicitMapping("3_3_10_10_8_40_1"))
    }
    #expect(
      error?.description
        == "hardware 'gemmini': found weights that are left out, expected dense weights, for explicit mappings; "
        + "set array.sparsity=none")
  }

  @Test func `all weights are stored`() throws {
    let program = try ExplicitCompiler(for: try Fixtures.machine("gemmini")).compile(
      Self.layer(), as: try ExplicitMapping("3_3_10_10_8_40_1"))
    #expect(program.layers.map(\.storedWeights) == [3 * 3 * 8 * 40])
  }

  @Test func `a graph of several layers is refused`() throws {
    let error = #expect(throws: CompileError.self) {
      try ExplicitCompiler(for: try Fixtures.machine("gemmini")).compile(
        try Fixtures.network("lenet5"), as: try ExplicitMapping("3_3_10_10_8_40_1"))
    }
    #expect(error?.kind == .unsupported)
  }

  @Test(arguments: [
    "3_3_10_10_8_40_1", "3_3_4_3_8_16_1", "3_3_10_10_3_16_1", "1_3_4_10_8_16_1", "3_1_4_10_5_7_1",
    "3_2_4_10_5_7_1",
    "L3[WIO] S3 K5 Q2 - L2[WI] N1 - L1[O] R3 K8 Q5 P5 C8X - L0[W] P2",
  ])
  func `a mapping keeps the layer's work and moves each result once`(text: String) throws {
    let graph = try Self.layer()
    let machine = try Fixtures.machine("gemmini")
    let program = try ExplicitCompiler(for: machine).compile(graph, as: try ExplicitMapping(text))
    #expect(program.arrayTiles.reduce(0) { $0 + $1.macs } == graph.macs)
    #expect(program.layers.map(\.macs) == [graph.macs])
    #expect(bytes(of: .store, in: program) == Array(Self.outputStart..<Self.outputStart + 10 * 10 * 40))
    let kinds = program.instructions.map(\.kind)
    #expect(
      program.arrayTiles.filter { !$0.accumulates }.count
        == zip(kinds, kinds.dropFirst()).filter { $0 == .array && $1 == .store }.count)
    // Every operand is there, some more than once.
    let loaded = Set(bytes(of: .load, in: program))
    let weights = Self.weightStart..<Self.weightStart + 9 * 8 * 40
    #expect(loaded.isSuperset(of: weights))
    #expect(loaded.subtracting(weights) == Set(8..<8 + 10 * 10 * 8))
  }

  @Test func `one step moves each byte of both operands once`() throws {
    let program = try ExplicitCompiler(for: try Fixtures.machine("gemmini")).compile(
      Self.layer(), as: try ExplicitMapping("3_3_10_10_8_40_1"))
    // Each row of ten pixels leaves as two whole blocks of sixteen channels and one of eight.
    #expect(
      program.instructions.map(\.kind)
        == [.load, .load, .array] + Array(repeating: Instruction.Kind.store, count: 10 * 2))
    #expect(bytes(of: .load, in: program).count == 9 * 8 * 40 + 10 * 10 * 8)
  }

  @Test func `a convolution moves groups of pixels block by block, and weights block by block`() throws {
    let program = try ExplicitCompiler(for: try Fixtures.machine("gemmini")).compile(
      try Self.wideLayer(rows: 2), as: try ExplicitMapping("1_1_20_2_96_80_1"))
    let moves = moves(in: program)
    // Weights: 96 rows of 64 output channels, then of the other 16.
    #expect(moves[0] == Move(address: 4104, run: 64, inner: 96, innerStride: 80, outer: 1))
    #expect(moves[1] == Move(address: 4168, run: 16, inner: 96, innerStride: 80, outer: 1))
    // Pixels: sixteen of a row, all their channels in blocks of 64, then the four that are left.
    #expect(moves[2] == Move(address: 8, run: 64, inner: 16, innerStride: 96, outer: 1))
    #expect(moves[3] == Move(address: 72, run: 32, inner: 16, innerStride: 96, outer: 1))
    #expect(moves[4] == Move(address: 8 + 16 * 96, run: 64, inner: 4, innerStride: 96, outer: 1))
    #expect(moves[6] == Move(address: 8 + 20 * 96, run: 64, inner: 16, innerStride: 96, outer: 1))
    // Results: the same pixels, in blocks of as many channels as the array has columns.
    #expect(moves[10] == Move(address: 12296, run: 16, inner: 16, innerStride: 80, outer: 5))
    #expect(moves[11] == Move(address: 12296 + 16 * 80, run: 16, inner: 4, innerStride: 80, outer: 5))
  }

  @Test func `a matrix product moves all pixels block by block, and weights in groups of rows`() throws {
    let program = try ExplicitCompiler(for: try Fixtures.machine("gemmini")).compile(
      try Self.wideLayer(rows: 1), as: try ExplicitMapping("1_1_20_1_96_80_1"))
    let moves = moves(in: program)
    #expect(moves[0] == Move(address: 4096, run: 64, inner: 16, innerStride: 80, outer: 1))
    #expect(moves[1] == Move(address: 4160, run: 16, inner: 16, innerStride: 80, outer: 1))
    #expect(moves[2] == Move(address: 4096 + 16 * 80, run: 64, inner: 16, innerStride: 80, outer: 1))
    #expect(moves[12] == Move(address: 0, run: 64, inner: 20, innerStride: 96, outer: 1))
    #expect(moves[13] == Move(address: 64, run: 32, inner: 20, innerStride: 96, outer: 1))
    #expect(moves[14] == Move(address: 12288, run: 64, inner: 20, innerStride: 80, outer: 1))
    #expect(moves[15] == Move(address: 12288 + 64, run: 16, inner: 20, innerStride: 80, outer: 1))
    #expect(moves.count == 16)
  }

  @Test func `loops over main memory run in the order in which they are written`() throws {
    func outputs(_ text: String) throws -> [Int] {
      let program = try ExplicitCompiler(for: try Fixtures.machine("gemmini")).compile(
        try Self.wideLayer(rows: 2), as: try ExplicitMapping(text))
      return zip(program.instructions, program.instructions.dropFirst()).filter {
        $0.kind == .array && $1.kind == .store
      }.map { program.transfers[Int($1.payload)].address - 12296 }
    }
    // Two rows of twenty pixels, 80 channels each: a step of 40 channels or of a row.
    #expect(try outputs("L3[WIO] Q2 K2 - L1[O] K40 C96 P20") == [0, 40, 1600, 1640])
    #expect(try outputs("L3[WIO] K2 Q2 - L1[O] K40 C96 P20") == [0, 1600, 40, 1640])
    // A reduction outside: all sums are complete in its last round.
    #expect(try outputs("L3[WIO] C2 Q2 - L1[O] K80 C48 P20") == [0, 1600])
  }

  @Test func `layers run one after another on operands in the same places`() throws {
    var graph = Graph(name: "layers")
    for (index, channels) in [96, 32].enumerated() {
      let input = graph.addInput("input\(index)", TensorType([1, channels, 2, 20]))
      let weights = graph.addConstant("weights\(index)", TensorType([80, channels, 1, 1]))
      let result = try graph.add(Convolution(), input, weights, name: "conv\(index)")
      graph.outputs.append(Graph.Output(name: "output\(index)", value: result))
    }
    let compiler = ExplicitCompiler(for: try Fixtures.machine("gemmini"))
    let mappings = [try ExplicitMapping("1_1_20_2_96_80_1"), try ExplicitMapping("1_1_20_1_32_80_1")]
    let program = try compiler.compile(graph, as: mappings)
    #expect(program.layers.map(\.name) == ["conv0", "conv1"])
    #expect(program.layers.map(\.macs) == [40 * 96 * 80, 40 * 32 * 80])
    let second = try #require(program.instructions.firstIndex { $0.layer == 1 })
    let entry = program.instructions[second]
    let before = program.dependencies[Int(entry.firstDependency)...].prefix(Int(entry.dependencyCount))
    #expect(
      Set(before) == [Int32(second - 1), Int32(program.instructions.firstIndex { $0.kind == .array }!)])
    #expect(program.transfers[Int(entry.payload)].address == 4104)
    let outputs = program.instructions.filter { $0.kind == .store }.map {
      program.transfers[Int($0.payload)].address
    }
    #expect(outputs.filter { $0 == 12296 }.count == 2)
    let error = #expect(throws: CompileError.self) { try compiler.compile(graph, as: [mappings[0]]) }
    #expect(
      error?.description
        == "network 'layers': found 1 mappings for 2 convolutions and matrix products, expected one for each of them, in "
        + "order; give --mapping once for each layer, or leave the mappings to the compiler")
  }

  @Test(arguments: [
    ([1024, 256, 14, 1, 1], "1_1_14_14_568_32_1", 1118), ([512, 512, 7, 3, 1], "3_3_7_7_119_112_1", 67),
    ([64, 64, 56, 3, 1], "3_3_23_22_64_16_1", 270), ([256, 512, 28, 1, 2], "1_1_23_22_64_16_1", 255),
    ([64, 64, 56, 3, 1], "3_3_23_22_64_32_1", 0),
  ])
  func `tilings that the software tries before it arrives at its sizes are counted`(
    shape: [Int], mapping: String, tries: Int
  ) throws {
    let (kernel, stride) = (shape[3], shape[4])
    var graph = Graph(name: "layer")
    let extent = shape[2] * stride
    let input = graph.addInput("input", TensorType([1, shape[0], extent, extent]))
    let weights = graph.addConstant("weights", TensorType([shape[1], shape[0], kernel, kernel]))
    let layer = Convolution(stride: stride, padding: kernel / 2)
    graph.outputs = [
      Graph.Output(name: "output", value: try graph.add(layer, input, weights, name: "conv"))
    ]
    for overrides in [
      [], ["scratchpads.scratchpad.capacity=512 KiB", "scratchpads.accumulators.capacity=512 KiB"],
    ] {
      let program = try ExplicitCompiler(for: try Fixtures.machine("gemmini", overrides: overrides)).compile(
        graph, as: try ExplicitMapping(mapping))
      #expect(program.layers.map(\.hostSteps) == [tries])
    }
  }

  @Test func `sizes that somebody else chose take the host no tries`() throws {
    let compiler = ExplicitCompiler(for: try Fixtures.machine("gemmini"))
    for mapping in ["3_3_10_10_3_16_1", "L3[WIO] N1 - L1[O] K40 C8 P10 Q10 R3 S3"] {
      let program = try compiler.compile(try Self.layer(), as: try ExplicitMapping(mapping))
      #expect(program.layers.map(\.hostSteps) == [0])
    }
    let product = try compiler.compile(
      try Self.wideLayer(rows: 1), as: try ExplicitMapping("1_1_20_1_96_80_1"))
    #expect(product.layers.map(\.hostSteps) == [0])
  }

  /// What a transfer moves, without where it goes on chip.
  private struct Move: Equatable {
    var address: Int
    var run: Int
    var inner: Int
    var innerStride: Int
    var outer: Int
  }

  private func moves(in program: Program) -> [Move] {
    program.transfers.map {
      Move(
        address: $0.address, run: $0.runBytes, inner: $0.innerCount, innerStride: $0.innerStride,
        outer: $0.outerCount)
    }
  }

  /// A convolution 1×1 of 96 to 80 channels over rows of twenty pixels.
  private static func wideLayer(rows: Int) throws -> Graph {
    var graph = Graph(name: "layer")
    let input = graph.addInput("input", TensorType([1, 96, rows, 20]))
    let weights = graph.addConstant("weights", TensorType([80, 96, 1, 1]))
    let result = try graph.add(Convolution(), input, weights, name: "conv")
    graph.outputs = [Graph.Output(name: "output", value: result)]
    return graph
  }

  @Test func `short groups of columns take the array's least time`() throws {
    // Ten columns are one group of ten; four columns take eight cycles, two take eight, in ten rows.
    let overrides = ["array.minimum-fold=8 cycles"]
    let machine = try Fixtures.machine("gemmini", overrides: overrides)
    let whole = try ExplicitCompiler(for: machine).compile(
      Self.layer(), as: try ExplicitMapping("3_3_10_10_8_40_1"))
    let cut = try ExplicitCompiler(for: machine).compile(
      Self.layer(), as: try ExplicitMapping("3_3_4_10_8_40_1"))
    #expect(whole.arrayTiles.map(\.m) == [100])
    #expect(cut.arrayTiles.map(\.m) == [80, 80, 80])
  }

  @Test func `the third step waits for the first, and sums for the store before them`() throws {
    let program = try ExplicitCompiler(for: try Fixtures.machine("gemmini")).compile(
      Self.layer(), as: try ExplicitMapping("3_3_10_10_8_16_1"))
    // load, load, array, store for each of three groups of output channels.
    func dependencies(_ index: Int) -> [Int32] {
      let entry = program.instructions[index]
      return Array(program.dependencies[Int(entry.firstDependency)...].prefix(Int(entry.dependencyCount)))
    }
    #expect(dependencies(4) == [])
    #expect(dependencies(8) == [2, 3])
    #expect(dependencies(10) == [8, 9, 3])
    #expect(dependencies(11) == [10])
  }

  @Test func `a bias enters the accumulators before the sums, once for each result`() throws {
    var graph = try Self.layer()
    let bias = graph.addConstant("bias", TensorType([40, 1, 1]))
    let sum = try graph.add(Binary(.add), graph.outputs[0].value, bias, name: "bias")
    graph.outputs = [Graph.Output(name: "output", value: sum)]
    let program = try ExplicitCompiler(for: try Fixtures.machine("gemmini")).compile(
      graph, as: try ExplicitMapping("3_3_10_10_3_40_1"))
    let biases = program.transfers.filter { $0.memory != program.transfers[0].memory && $0.innerStride == 0 }
    #expect(biases.map(\.bytes) == [10 * 10 * 40 * 4])
    #expect(program.arrayTiles.map(\.accumulates) == [true, true, true])
  }

  /// A convolution 3×3 of 8 to 40 channels over 10×10 pixels.
  private static func layer() throws -> Graph {
    var graph = Graph(name: "layer")
    let input = graph.addInput("input", TensorType([1, 8, 10, 10]))
    let weights = graph.addConstant("weights", TensorType([40, 8, 3, 3]))
    let result = try graph.add(
      Convolution(padding: 1), input, weights, name: "conv")
    graph.outputs = [Graph.Output(name: "output", value: result)]
    return graph
  }

  private static let weightStart = 4096 + 8
  private static let outputStart = 8192 + 8

  /// Addresses that the transfers of one direction touch, sorted, with repeats.
  private func bytes(of kind: Instruction.Kind, in program: Program) -> [Int] {
    var addresses: [Int] = []
    for instruction in program.instructions where instruction.kind == kind {
      let transfer = program.transfers[Int(instruction.payload)]
      for outer in 0..<transfer.outerCount {
        for inner in 0..<transfer.innerCount {
          let first = transfer.address + outer * transfer.outerStride + inner * transfer.innerStride
          addresses += first..<first + transfer.runBytes
        }
      }
    }
    return addresses.sorted()
  }
}
