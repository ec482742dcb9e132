import Graphs
import Measures
import Testing

@testable import Training

/// Where a plan puts its tensors, and what it runs as one step.
struct PlanMemory {
  @Test(arguments: 0..<20)
  func `buffers that live at the same time do not overlap`(_ seed: Int) {
    var random = RandomStream(seed: UInt64(seed))
    let steps = 50
    var (sizes, lifetimes): ([Int], [Lifetime?]) = ([], [])
    for _ in 0..<200 {
      let first = random.below(steps)
      sizes.append(1 + random.below(random.below(2) == 0 ? 900 : 20_000))
      switch random.below(10) {
      case 0: lifetimes.append(nil)
      case 1: lifetimes.append(Lifetime(first: 0, last: steps - 1))
      default: lifetimes.append(Lifetime(first: first, last: min(steps - 1, first + random.below(8))))
      }
    }
    let plan = MemoryPlan(sizes: sizes, lifetimes: lifetimes)
    for a in sizes.indices {
      guard let left = lifetimes[a] else { continue }
      #expect(plan.offsets[a] % 16 == 0 && plan.offsets[a] + sizes[a] <= plan.wordCount)
      for b in sizes.indices where b > a {
        guard let right = lifetimes[b], left.first <= right.last, right.first <= left.last else { continue }
        let isApart =
          plan.offsets[a] + sizes[a] <= plan.offsets[b] || plan.offsets[b] + sizes[b] <= plan.offsets[a]
        #expect(isApart, "buffers \(a) and \(b)")
      }
    }
    let alive = (0..<steps).map { step in
      sizes.indices.reduce(0) { sum, buffer in
        lifetimes[buffer].map { $0.first <= step && step <= $0.last } == true ? sum + sizes[buffer] : sum
      }
    }
    let bound = alive.max() ?? 0
    #expect(plan.wordCount >= bound && plan.wordCount < bound * 5 / 4)
  }

  @Test(.timeLimit(.minutes(1)))
  func `steps that would need each other are not joined`() throws {
    // The sum over x's shape runs after the transposed y, and the sum over y's shape after the transposed x: each of them
    // may run together with its first operand, both may not.
    var graph = Graph(name: "crossed")
    let (x, y) = (graph.addInput("x", TensorType([2, 3])), graph.addInput("y", TensorType([3, 2])))
    let a = try graph.add(Unary(.relu), x, name: "a")
    let turnedA = try graph.add(Transpose([1, 0]), a, name: "a turned")
    let b = try graph.add(Unary(.relu), y, name: "b")
    let turnedB = try graph.add(Transpose([1, 0]), b, name: "b turned")
    let left = try graph.add(Binary(.add), a, turnedB, name: "left")
    let right = try graph.add(Binary(.add), b, turnedA, name: "right")
    graph.outputs = [Graph.Output(name: "left", value: left), Graph.Output(name: "right", value: right)]
    try PlanCase(graph, seed: 1).check()
    #expect(try Plan(graph).stepLabels.count == 3)
  }

  /// relu(x · s + b), a pooling of it where there is a window, and all gradients.
  private func layer(pooling window: [Int]? = nil, batch: Int = 8) throws -> Graph {
    var graph = Graph(name: "layer")
    let x = graph.addInput("x", TensorType([batch, 16, 8, 12]))
    let (s, b) = (graph.addInput("s", TensorType([16, 1, 1])), graph.addInput("b", TensorType([16, 1, 1])))
    let product = try graph.add(Binary(.multiply), x, s, name: "product")
    let sum = try graph.add(Binary(.add), product, b, name: "sum")
    var y = try graph.add(Unary(.relu), sum, name: "relu")
    if let window {
      y = try graph.add(
        Pooling(
          .average(countsPadding: true), window: window, strides: window, padding: [.none, .none]), y,
        name: "pooling")
    }
    let seed = graph.addInput("seed", graph.type(of: y))
    let gradients = try graph.addGradients(of: [y], seeds: [seed], withRespectTo: [x, s, b])
    graph.outputs = ([y] + gradients.compactMap { $0 }).enumerated().map {
      Graph.Output(name: "\($0)", value: $1)
    }
    return graph
  }

  @Test func `gradients compute cheap values again in place of keeping them`() throws {
    let graph = try layer()
    try PlanCase(graph, seed: 3).check(tolerance: 5e-6)
    let size = 8 * 16 * 8 * 12
    let full = try Plan(graph).steps.compactMap { $0 as? NestStep }.flatMap(\.stores).count
    // The result and the gradient of x; what the ReLU was applied to is nowhere.
    #expect(full == 2)
    #expect(try Plan(graph).byteCount < 4 * (4 * size + size / 2))
  }

  @Test(arguments: [[2, 2], [4, 3], [8, 12], [1, 2]])
  func `loops take means of blocks and spread their gradients`(_ window: [Int]) throws {
    let graph = try layer(pooling: window)
    try PlanCase(graph, seed: 4).check(tolerance: 5e-6)
    let labels = try Plan(graph).stepLabels
    #expect(!labels.contains { $0.hasPrefix("pooling") }, "\(labels)")
    // One image after the other has no whole images to share out.
    let single = try layer(pooling: window, batch: 1)
    try PlanCase(single, seed: 5).check(tolerance: 5e-6)
  }

  @Test func `a gradient of pooling that loops cannot read in blocks is written out`() throws {
    var graph = Graph(name: "pooling")
    let x = graph.addInput("x", TensorType([2, 3, 4, 6]))
    let y = try graph.add(
      Pooling(
        .average(countsPadding: true), window: [2, 3], strides: [2, 3], padding: [.none, .none]), x,
      name: "pooling")
    let seed = graph.addInput("seed", graph.type(of: y))
    let gradients = try graph.addGradients(of: [y], seeds: [seed], withRespectTo: [x])
    let gradient = try #require(gradients[0])
    graph.outputs = [Graph.Output(name: "gradient", value: gradient)]
    try PlanCase(graph, seed: 6).check()
  }

  /// exp(x) by its mean, then that less its own; with `readsLate`, exp(x) is read once more after the quotient.
  private func differences(readsLate: Bool) throws -> Graph {
    var graph = Graph(name: "differences")
    let x = graph.addInput("x", TensorType([16, 256]))
    let a = try graph.add(Unary(.exponential), x, name: "a")
    let mean = try graph.add(Reduce(.mean, axes: [0], keepsDimensions: true), a, name: "mean")
    let b = try graph.add(Binary(.divide), a, mean, name: "b")
    let other = try graph.add(Reduce(.mean, axes: [1], keepsDimensions: true), b, name: "other mean")
    var c = try graph.add(Binary(.subtract), b, other, name: "c")
    if readsLate {
      let late = try graph.add(Binary(.multiply), b, a, name: "late")
      let sum = try graph.add(Reduce(.sum, axes: [1], keepsDimensions: true), late, name: "late sum")
      c = try graph.add(Binary(.add), c, sum, name: "c and late")
    }
    graph.outputs = [Graph.Output(name: "c", value: c)]
    return graph
  }

  /// The offset of b, and that of a.
  private func offsets(of graph: Graph) throws -> (result: Int, operand: Int) {
    let plan = try Plan(graph)
    let nests = plan.steps.compactMap { $0 as? NestStep }
    let first = try #require(nests.first { !$0.stores.isEmpty })
    let a = first.writes[0]
    let second = try #require(nests.first { $0.reads.contains(a) && !$0.stores.isEmpty })
    return (plan.memory.offsets[second.writes[0]], plan.memory.offsets[a])
  }

  @Test func `a result of loops lies where its operand lay that nothing reads any more`() throws {
    let graph = try differences(readsLate: false)
    try PlanCase(graph, seed: 8).check(tolerance: 3e-6)
    let (result, operand) = try offsets(of: graph)
    #expect(result == operand)
  }

  @Test func `a result lies elsewhere where its operand is read after it`() throws {
    let graph = try differences(readsLate: true)
    try PlanCase(graph, seed: 9).check(tolerance: 3e-6)
    let (result, operand) = try offsets(of: graph)
    #expect(result != operand)
  }
}
