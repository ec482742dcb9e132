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
}
