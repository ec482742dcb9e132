import Compiler
import Graphs
import Hardware
import Measures
import Networks
import Simulator
import Testing

/// Decoding one token after another: weights and the cache of keys and values come from main memory at each step.
@Suite struct DecodeTests {
  /// Bytes of a key and a value for one token of one request, all layers, in int8.
  private static let tokenBytes = 12 * 2 * 768
  /// Weights of all products: four projections and two wide layers a block, and the output projection.
  private static let weightBytes = 12 * 12 * 768 * 768 + 50257 * 768

  private func step(batch: Int, context: Int, on machine: String = "edge") throws -> SimulationResult {
    let network = try #require(BuiltInNetworks.named("gpt2-small-decode"))
    let graph = try network.graph(batch: batch, inputShape: [context])
    let model = try Fixtures.machine(machine)
    return try Machine(model).run(GraphCompiler(for: model).compile(graph).program)
  }

  @Test func `a step reads weights and cache once, and writes only the new token and the logits`() throws {
    let counts = try step(batch: 2, context: 300).counts
    let least = Self.weightBytes + 2 * 300 * Self.tokenBytes
    #expect(counts.memoryReadBytes >= least)
    #expect(counts.memoryReadBytes < least + least / 50)
    #expect(counts.memoryWriteBytes >= 2 * (Self.tokenBytes + 50257))
    #expect(counts.memoryWriteBytes < 2 * (Self.tokenBytes + 50257) + 1024)
  }

  @Test func `a step of one request is bound by the bandwidth`() throws {
    let result = try step(batch: 1, context: 512)
    let least = Double(Self.weightBytes + 512 * Self.tokenBytes) / 12.8e9
    #expect(result.latency.value >= least)
    #expect(result.latency.value < 1.2 * least)
    // What is no waiting is the array taking its rows as they come: each weight is used once.
    let largest = result.arrayCyclesByCause.max { $0.cycles < $1.cycles }
    #expect(largest?.cause == .memoryLoad)
  }

  @Test func `the time of a step grows by the bytes of the cache, in a straight line`() throws {
    let times = try [64, 448, 832].map { try step(batch: 1, context: $0).latency.value }
    let perByte = [times[1] - times[0], times[2] - times[1]].map { $0 / Double(384 * Self.tokenBytes) }
    // The difference of two runs may hide a little more of what both have in common.
    for slope in perByte {
      #expect(slope >= 0.95 / 12.8e9)
      #expect(slope < 1.25 / 12.8e9)
    }
    #expect(abs(perByte[0] / perByte[1] - 1) < 0.2)
  }

  @Test func `a batch shares the weights until the caches outweigh them`() throws {
    let batches = [1, 2, 4, 8]
    let times = try batches.map { try step(batch: $0, context: 256).latency.value / Double($0) }
    for (batch, time) in zip(batches, times) {
      let bytes = Double(Self.weightBytes) / Double(batch) + Double(256 * Self.tokenBytes)
      #expect(time >= bytes / 12.8e9, "batch \(batch)")
      #expect(time < 1.4 * bytes / 12.8e9, "batch \(batch)")
    }
    for (larger, smaller) in zip(times, times.dropFirst()) { #expect(smaller < larger) }
    #expect(times[0] / times[3] > 5, "the weights are 96 % of the bytes of one request")
  }

  @Test func `a faster memory makes a step faster, to the limit of the vector unit and the array`() throws {
    let slow = try step(batch: 1, context: 128)
    let fast = try step(batch: 1, context: 128, on: "tpu-v4i-like")
    #expect(fast.latency < slow.latency)
    let bandwidth = try Fixtures.machine("tpu-v4i-like").memory.peakBandwidth.value
    // Two bytes an element: bfloat16.
    #expect(fast.latency.value >= 2 * Double(Self.weightBytes + 128 * Self.tokenBytes) / bandwidth)
  }

  @Test func `a cache that another node reads too is copied, not shared`() throws {
    var graph = Graph(name: "cache")
    let past = graph.addInput("past", TensorType([1, 4, 64, 32]))
    let new = graph.addInput("new", TensorType([1, 4, 1, 32]))
    let scaled = try graph.add(Unary(.relu), new, name: "scaled")
    let cache = try graph.add(Concatenate(axis: 2), past, scaled, name: "cache")
    graph.outputs = [.init(name: "present", value: cache)]
    let model = try Fixtures.machine()
    func bytes(_ graph: Graph) throws -> (read: Int, written: Int) {
      let counts = try Machine(model).run(GraphCompiler(for: model).compile(graph).program).counts
      return (counts.memoryReadBytes, counts.memoryWriteBytes)
    }
    let alone = try bytes(graph)
    #expect(alone.read < 4 * 64 * 32 && alone.written < 4 * 64 * 32)
    let other = try graph.add(Unary(.negate), past, name: "other")
    graph.outputs.append(.init(name: "other", value: other))
    let shared = try bytes(graph)
    #expect(shared.read >= 4 * 64 * 32 && shared.written >= 4 * 64 * 32)
  }
}
