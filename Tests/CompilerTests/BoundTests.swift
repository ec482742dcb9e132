import Compiler
import Graphs
import Hardware
import Measures
import Networks
import Reports
import Simulator
import Testing

/// Nothing is faster than the machine can be: a simulated time below a bound is a fault of the simulator.
@Suite struct BoundTests {
  static let networks = [
    "lenet5", "squeezenet1.1", "mobilenet-v2", "fsrcnn", "tiny-yolo", "gpt2-small-decode",
  ]

  @Test(arguments: Fixtures.machines, networks)
  func `no layer and no run is faster than its bounds`(machine: String, network: String) throws {
    let report = try report(Fixtures.network(network), on: Fixtures.machine(machine))
    try expectNothingBelow(report, "\(network) on \(machine)")
    #expect(report.demand?.run.macs == report.network.macs)
  }

  @Test(arguments: ["ws", "os", "is"])
  func `SCALE-Sim's machine keeps its bounds in each dataflow`(dataflow: String) throws {
    let model = try Fixtures.machine("scale-sim", overrides: ["array.dataflow=\(dataflow)"])
    try expectNothingBelow(report(Fixtures.network("lenet5"), on: model), dataflow)
  }

  @Test func `random products on small machines keep their bounds`() throws {
    var random = RandomStream(seed: 11)
    func pick(_ range: ClosedRange<Int>) -> Int {
      range.lowerBound + random.below(range.upperBound - range.lowerBound + 1)
    }
    var bitten = 0
    for case_ in 0..<80 {
      let machine = Fixtures.machines[case_ % Fixtures.machines.count]
      let model = try Self.shrunk(Fixtures.machine(machine), kibibytes: 1 << pick(4...6))
      let graph = case_.isMultiple(of: 2) ? try randomConvolution(pick) : try randomMatrixProduct(pick)
      guard let report = try? report(graph, on: model) else { continue }
      try expectNothingBelow(report, "case \(case_) on \(machine)")
      let bounds = try #require(report.layerBounds)
      if bounds.contains(where: { $0.capacity > $0.bandwidth }) { bitten += 1 }
    }
    #expect(bitten >= 5, "some cases must be limited by the capacity, else they test little")
  }

  @Test func `a layer that fills the array is near its compute bound`() throws {
    var graph = Graph(name: "product")
    let x = graph.addInput("x", TensorType([1024, 512]))
    let w = graph.addConstant("w", TensorType([512, 512]))
    let y = try graph.add(MatrixProduct(), x, w, name: "product")
    graph.outputs = [.init(name: "y", value: y)]
    let report = try report(graph, on: Fixtures.machine())
    let bounds = try #require(report.runBounds)
    #expect(bounds.binding == .compute)
    #expect(bounds.compute.value == Double(1024 * 512 * 512) / (1024 * 800e6))
    let bytes = Double(1024 * 512 + 512 * 512 + 1024 * 512)
    #expect(bounds.bandwidth.value == bytes / 12.8e9)
    let ratio = try #require(bounds.ratio(of: report.result.latency))
    #expect(ratio < 1.4)
  }

  @Test func `the rate of a format slows the compute bound`() throws {
    let graph = try Fixtures.network("lenet5")
    let full = try #require(try report(graph, on: Fixtures.machine()).runBounds)
    let model = try Fixtures.machine(
      "edge", overrides: ["array.formats=[{format: int8, rate: 0.25, accumulator: 4 B}]"])
    let slow = try report(graph, on: model)
    let bounds = try #require(slow.runBounds)
    #expect(abs(bounds.compute.value - 4 * full.compute.value) < 1e-15)
    #expect(bounds.bandwidth == full.bandwidth)
    let macs = Double(slow.network.macs)
    let expected = macs / (Double(slow.result.cycles) * 1024 * 0.25)
    #expect(abs(slow.result.macUtilization - expected) < 1e-12)
  }

  @Test func `a strided kernel of one pixel needs a quarter of its image`() throws {
    func bytes(kernel: Int) throws -> Int {
      var graph = Graph(name: "c")
      let x = graph.addInput("x", TensorType([1, 64, 32, 32]))
      let w = graph.addConstant("w", TensorType([64, 64, kernel, kernel]))
      let y = try graph.add(Convolution(stride: 2, padding: kernel / 2), x, w, name: "c")
      graph.outputs = [.init(name: "y", value: y)]
      return try GraphCompiler(for: Fixtures.machine()).demand(of: graph).run.readBytes
    }
    #expect(try bytes(kernel: 1) == 64 * 16 * 16 + 64 * 64)
    #expect(try bytes(kernel: 3) == 64 * 32 * 32 + 64 * 64 * 9)
  }

  @Test func `tensors larger than the chip must leave it and come back`() throws {
    let model = try Fixtures.machine("edge", overrides: ["scratchpads.spm.capacity=128 KiB"])
    let demand = try GraphCompiler(for: model).demand(of: Fixtures.network("vgg16"))
    let chip = (128 + 128) * 1024 + 4 * 1024 * 4
    let largest = 64 * 224 * 224
    #expect(demand.layers[0].spilledWriteBytes == largest - chip)
    #expect(demand.layers[1].spilledReadBytes == largest - chip)
    #expect(demand.run.leastBytes > demand.run.unavoidableBytes + 4 * (largest - chip))
  }

  private func report(_ graph: Graph, on model: HardwareModel) throws -> RunReport {
    let compiled = try GraphCompiler(for: model).compile(graph)
    return RunReport(
      network: .init(name: graph.name, sha256: "", macs: graph.macs, parameters: graph.parameterCount),
      hardware: .init(name: model.name, sha256: "", modelSHA256: "", overrides: [], model: model),
      program: compiled.program, result: try Machine(model).run(compiled.program), demand: compiled.demand,
      provenance: .init(version: "", commandLine: ""))
  }

  private func expectNothingBelow(_ report: RunReport, _ name: String) throws {
    let bounds = try #require(report.layerBounds)
    for (layer, bounds) in zip(report.result.layers, bounds) {
      // Cycles are whole numbers; a bound is not.
      let time = Seconds(Double(layer.endCycle - layer.startCycle) / report.result.clock.value * (1 + 1e-12))
      #expect(time >= bounds.largest, "\(name): \(layer.name) took \(time), \(bounds)")
      let own = layer.time(against: bounds, at: report.result.clock)
      #expect(own.value * (1 + 1e-12) >= bounds.largest.value, "\(name): \(layer.name) has \(own), \(bounds)")
    }
    let run = try #require(report.runBounds)
    #expect(report.result.latency.value * (1 + 1e-12) >= run.largest.value, "\(name): \(run)")
    #expect(run.capacity >= run.bandwidth)
    let demand = try #require(report.demand)
    // Caches may hold what a layer reads, and keep what it writes.
    guard report.hardware.model.caches.isEmpty else { return }
    for (layer, demand) in zip(report.result.layers, demand.layers) {
      #expect(layer.dramReadBytes >= demand.readBytes + demand.spilledReadBytes, "\(name): \(layer.name)")
      #expect(layer.dramWriteBytes >= demand.writeBytes + demand.spilledWriteBytes, "\(name): \(layer.name)")
      #expect(layer.dramBytes >= demand.leastBytes, "\(name): \(layer.name)")
    }
  }

  /// The machine with scratchpads of about this size.
  private static func shrunk(_ model: HardwareModel, kibibytes: Int) -> HardwareModel {
    var model = model
    for index in model.scratchpads.indices {
      let unit = model.scratchpads[index].banks * model.scratchpads[index].wordBytes
      let words = max(8, kibibytes * 1024 / unit)
      model.scratchpads[index].capacity = Bytes(
        min(model.scratchpads[index].capacity.count, words * unit))
    }
    return model
  }

  private func randomConvolution(_ pick: (ClosedRange<Int>) -> Int) throws -> Graph {
    var graph = Graph(name: "convolution")
    let kernel = [1, 3, 5][pick(0...2)]
    let groups = [1, 1, 2, 4][pick(0...3)]
    let channels = 4 * pick(1...24)
    let outputs = 4 * pick(1...24)
    let x = graph.addInput("x", TensorType([pick(1...2), channels, pick(5...80), pick(5...80)]))
    let w = graph.addConstant("w", TensorType([outputs, channels / groups, kernel, kernel]))
    let first = try graph.add(
      Convolution(stride: pick(1...2), padding: pick(0...kernel / 2), groups: groups), x, w, name: "first")
    let second = graph.addConstant("v", TensorType([4 * pick(1...16), outputs, 1, 1]))
    let y = try graph.add(Convolution(), first, second, name: "second")
    graph.outputs = [.init(name: "y", value: y)]
    return graph
  }

  private func randomMatrixProduct(_ pick: (ClosedRange<Int>) -> Int) throws -> Graph {
    var graph = Graph(name: "product")
    let (m, k, n) = (16 * pick(1...40), 16 * pick(1...40), 16 * pick(1...40))
    let x = graph.addInput("x", TensorType([m, k]))
    let w = graph.addConstant("w", TensorType([k, n]))
    let y = try graph.add(MatrixProduct(), x, w, name: "product")
    let z = try graph.add(Unary(.relu), y, name: "relu")
    graph.outputs = [.init(name: "z", value: z)]
    return graph
  }
}
