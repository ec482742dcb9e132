import Graphs
import Testing

@testable import Compiler

/// Elements that a node cannot do without, held against counting them one by one.
@Suite struct NeedTests {
  /// Deterministic numbers, as no two kernels are alike.
  private struct Picks {
    var state: UInt64 = 3
    mutating func pick(_ range: ClosedRange<Int>) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return range.lowerBound + Int((state >> 33) % UInt64(range.count))
    }
  }

  @Test func `of a convolution are the pixels under its kernel`() throws {
    var picks = Picks()
    for _ in 0..<300 {
      let (extent, kernel, stride) = (picks.pick(1...20), picks.pick(1...4), picks.pick(1...5))
      let (dilation, padding) = (picks.pick(1...3), Padding(picks.pick(0...3), picks.pick(0...3)))
      var graph = Graph(name: "line")
      let x = graph.addInput("x", TensorType([2, 3, extent]))
      let w = graph.addConstant("w", TensorType([4, 3, kernel]))
      let convolution = Convolution(strides: [stride], padding: [padding], dilations: [dilation])
      guard let y = try? graph.add(convolution, x, w, name: "y") else { continue }
      var seen: Set<Int> = []
      for position in 0..<graph.type(of: y).shape[2] {
        for offset in 0..<kernel {
          let place = position * stride - padding.before + offset * dilation
          if (0..<extent).contains(place) { seen.insert(place) }
        }
      }
      #expect(graph.need(of: 0, by: graph.nodes[0]) == 2 * 3 * seen.count, "\(convolution) over \(extent)")
      #expect(graph.need(of: 1, by: graph.nodes[0]) == 4 * 3 * kernel)
    }
  }

  @Test func `of a transposed convolution are the pixels that reach its result`() throws {
    var picks = Picks(state: 8)
    for _ in 0..<300 {
      let (extent, kernel, stride) = (picks.pick(1...12), picks.pick(1...4), picks.pick(1...4))
      let padding = Padding(picks.pick(0...3), picks.pick(0...3))
      var graph = Graph(name: "line")
      let x = graph.addInput("x", TensorType([1, 2, extent]))
      let w = graph.addConstant("w", TensorType([2, 4, kernel]))
      let gradient = ConvolutionInputGradient(
        strides: [stride], padding: [padding], dilations: [1], outputPadding: [0])
      guard let y = try? graph.add(gradient, x, w, name: "y") else { continue }
      var seen: Set<Int> = []
      for place in 0..<extent {
        for offset in 0..<kernel {
          let result = place * stride + offset - padding.before
          if (0..<graph.type(of: y).shape[2]).contains(result) { seen.insert(place) }
        }
      }
      #expect(graph.need(of: 0, by: graph.nodes[0]) == 2 * seen.count, "\(gradient) over \(extent)")
    }
  }

  @Test func `of a slice are its elements, and of indexed rows none that is known`() throws {
    var graph = Graph(name: "g")
    let x = graph.addInput("x", TensorType([8, 4]))
    let slice = try Slice(of: TensorType([8, 4]), axes: [0], starts: [2], ends: [5])
    _ = try graph.add(slice, x, name: "slice")
    let indices = graph.addInput("i", TensorType([3], .int64))
    _ = try graph.add(Gather(axis: 0), x, indices, name: "gather")
    #expect(graph.need(of: 0, by: graph.nodes[0]) == 12)
    #expect(graph.need(of: 0, by: graph.nodes[1]) == 0)
    #expect(graph.need(of: 1, by: graph.nodes[1]) == 3)
  }
}
