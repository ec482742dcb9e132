import Graphs
import Hardware
import Testing

@testable import Compiler

/// Addresses, hazards, and what does not fit.
@Suite struct PlacementTests {
  @Test func `buffers that live together do not overlap`() {
    var arena = Arena(capacity: 1000, alignment: 10)
    let first = arena.place(bytes: 400, first: 0, last: 2)
    let second = arena.place(bytes: 401, first: 1, last: 3)
    #expect(first == 0 && second == 400)
    #expect(arena.place(bytes: 300, first: 2, last: 2) == nil)
    #expect(arena.place(bytes: 300, first: 3, last: 3) == 0)
    #expect(arena.used(at: 1) == 810)
  }

  @Test func `the smallest gap that fits is taken`() {
    var arena = Arena(capacity: 1000, alignment: 10)
    _ = arena.place(bytes: 300, first: 0, last: 0)
    _ = arena.place(bytes: 100, first: 0, last: 9)
    _ = arena.place(bytes: 100, first: 0, last: 0)
    _ = arena.place(bytes: 100, first: 0, last: 9)
    #expect(arena.place(bytes: 90, first: 5, last: 5) == 400)
  }

  @Test func `a write waits for readers, a read for the writer`() {
    var tracker = HazardTracker(memories: 1)
    let buffer = tracker.add(memory: 0, address: 0, bytes: 64)
    let write = HazardTracker.Access(buffer: buffer, pieces: 0..<1, isWrite: true)
    let read = HazardTracker.Access(buffer: buffer, pieces: 0..<1, isWrite: false)
    #expect(tracker.record(0, .load, [write]) == [])
    #expect(tracker.record(1, .array, [read]) == [0])
    #expect(tracker.record(2, .load, [write]) == [1])
    #expect(tracker.record(3, .vector, [read]) == [2])
  }

  @Test func `pieces of a tensor wait for themselves alone`() {
    var tracker = HazardTracker(memories: 1)
    let tensor = tracker.add(memory: 0, address: 0, bytes: 64, pieces: 4)
    _ = tracker.record(0, .vector, [.init(buffer: tensor, pieces: 0..<2, isWrite: true)])
    _ = tracker.record(1, .vector, [.init(buffer: tensor, pieces: 2..<4, isWrite: true)])
    #expect(tracker.record(2, .array, [.init(buffer: tensor, pieces: 0..<2, isWrite: false)]) == [0])
    #expect(tracker.record(3, .array, [.init(buffer: tensor, pieces: 1..<3, isWrite: false)]) == [1])
  }

  @Test func `a buffer in another's place waits for what is left there`() {
    var tracker = HazardTracker(memories: 1)
    let old = tracker.add(memory: 0, address: 0, bytes: 64)
    let new = tracker.add(memory: 0, address: 32, bytes: 64)
    _ = tracker.record(0, .load, [.init(buffer: old, pieces: 0..<1, isWrite: true)])
    _ = tracker.record(1, .array, [.init(buffer: old, pieces: 0..<1, isWrite: false)])
    #expect(tracker.record(2, .vector, [.init(buffer: new, pieces: 0..<1, isWrite: true)]) == [0, 1])
  }

  @Test func `a layer that cannot fit says what it needs, what there is and what helps`() throws {
    var graph = Graph(name: "wide")
    let x = graph.addInput("x", TensorType([1, 64, 8, 8]))
    let w = graph.addConstant("w", TensorType([64, 64, 1, 1]))
    graph.outputs = [.init(name: "y", value: try graph.add(Convolution(), x, w, name: "conv"))]
    let model = try Fixtures.machine("edge", overrides: ["scratchpads.spm.capacity=1 KiB"])
    let error = try #require(throws: CompileError.self) {
      _ = try GraphCompiler(for: model).compile(graph)
    }
    #expect(error.kind == .doesNotFit)
    #expect(
      error.description
        == "layer 'conv': found 2176 bytes for its smallest tile in scratchpad 'spm', expected at most its capacity of "
        + "1 KiB; enlarge the scratchpad or use an input with smaller extents")
  }

  @Test func `a network that main memory cannot hold is refused before any search`() throws {
    let model = try Fixtures.machine("edge")
    let graph = try Fixtures.network("lenet5", batch: 100_000_000)
    let error = try #require(throws: CompileError.self) {
      _ = try GraphCompiler(for: model).compile(graph)
    }
    #expect(error.kind == .doesNotFit)
    #expect(error.description.hasPrefix("network 'lenet5': found "))
    #expect(
      error.description.hasSuffix(
        " of tensors and weights in main memory, expected at most 2 GiB; use a smaller batch or smaller input extents, "
          + "or a machine with more memory.channels"))
  }

  @Test func `weights that the network computes are refused with a reason`() throws {
    var graph = Graph(name: "dynamic")
    let x = graph.addInput("x", TensorType([1, 8, 8, 8]))
    let w = graph.addInput("w", TensorType([8, 8, 3, 3]))
    graph.outputs = [.init(name: "y", value: try graph.add(Convolution(padding: 1), x, w, name: "conv"))]
    let error = try #require(throws: CompileError.self) {
      _ = try GraphCompiler(for: Fixtures.machine()).compile(graph)
    }
    #expect(error.kind == .unsupported)
    #expect(
      error.description
        == "layer 'conv': found a convolution whose weights are computed by the network, expected weights that are "
        + "known before the run; fold the weights or write a matrix product")
  }

  @Test func `a network of too many tiles is refused before it is written`() throws {
    var graph = Graph(name: "huge")
    let x = graph.addInput("x", TensorType([1, 64, 65536, 65536]))
    let w = graph.addConstant("w", TensorType([64, 64, 3, 3]))
    graph.outputs = [.init(name: "y", value: try graph.add(Convolution(padding: 1), x, w, name: "conv"))]
    let error = try #require(throws: CompileError.self) {
      // A pipe has no capacity that would speak first.
      _ = try GraphCompiler(for: Fixtures.machine("nvdla-large")).compile(graph)
    }
    #expect(error.kind == .tooLarge)
    #expect(error.description.hasPrefix("layer 'conv': found a network of "))
    #expect(
      error.description.hasSuffix(
        " of them here, expected at most 4000000; use a smaller input or batch, or a machine with larger memories"
      ))
  }

  @Test func `a machine without a memory for weights is refused`() throws {
    var model = try Fixtures.machine()
    model.scratchpads[0].roles = [.activations]
    let error = try #require(throws: CompileError.self) {
      _ = try GraphCompiler(for: model).compile(Fixtures.network("lenet5"))
    }
    #expect(error.kind == .machine)
    #expect(
      error.description
        == "hardware 'edge': found no memory for weights, expected one scratchpad with that role; add it to a "
        + "scratchpad's roles")
  }
}
