import Graphs
import Measures
import Testing
import Training

/// Plans of random graphs and shapes.
struct RandomPlans {
  @Test(arguments: 0..<60)
  func `convolutions of random shapes agree with their definition`(_ seed: Int) throws {
    var random = RandomStream(seed: UInt64(seed))
    func number(_ range: ClosedRange<Int>) -> Int { range.lowerBound + random.below(range.count) }
    let rank = number(1...3)
    let groups = number(1...3)
    let isDepthwise = random.below(3) == 0
    let channels = isDepthwise ? number(2...40) : groups * number(1...6)
    let outputs = isDepthwise ? channels : groups * number(1...6)
    let kernel = (0..<rank).map { _ in number(1...3) }
    let dilations = (0..<rank).map { _ in number(1...2) }
    let padding = (0..<rank).map { _ in Padding(number(0...2), number(0...2)) }
    let strides = (0..<rank).map { _ in number(1...3) }
    let spatial = kernel.indices.map {
      dilations[$0] * (kernel[$0] - 1) + 1 + number(0...[40, 7, 3][rank - 1])
    }
    let convolution = Convolution(
      strides: strides, padding: padding, dilations: dilations, groups: isDepthwise ? channels : groups)
    var graph = Graph(name: "convolution")
    let x = graph.addInput("x", TensorType([number(1...3), channels] + spatial))
    let w = graph.addInput("w", TensorType([outputs, isDepthwise ? 1 : channels / groups] + kernel))
    let y = try graph.add(convolution, x, w, name: "convolution")
    let seedValue = graph.addInput("seed", graph.type(of: y))
    let gradients = try graph.addGradients(of: [y], seeds: [seedValue], withRespectTo: [x, w])
    graph.outputs = ([y] + gradients.compactMap { $0 }).enumerated().map {
      Graph.Output(name: "\($0)", value: $1)
    }
    try PlanCase(graph, seed: UInt64(seed)).check(tolerance: 3e-6)
  }

  @Test(arguments: 0..<24)
  func `products of random shapes agree with their definition`(_ seed: Int) throws {
    var random = RandomStream(seed: UInt64(seed) + 100)
    func number(_ range: ClosedRange<Int>) -> Int { range.lowerBound + random.below(range.count) }
    let (m, k, n) = (number(1...70), number(1...90), number(1...70))
    let batch = [[], [3], [2, 5]][random.below(3)]
    let shared = random.below(2) == 0
    let product = MatrixProduct(transposesLeft: random.below(2) == 0, transposesRight: random.below(2) == 0)
    var graph = Graph(name: "product")
    let a = graph.addInput("a", TensorType(batch + (product.transposesLeft ? [k, m] : [m, k])))
    let b = graph.addInput(
      "b", TensorType((shared ? [] : batch) + (product.transposesRight ? [n, k] : [k, n])))
    let y = try graph.add(product, a, b, name: "product")
    let seedValue = graph.addInput("seed", graph.type(of: y))
    let gradients = try graph.addGradients(of: [y], seeds: [seedValue], withRespectTo: [a, b])
    graph.outputs = ([y] + gradients.compactMap { $0 }).enumerated().map {
      Graph.Output(name: "\($0)", value: $1)
    }
    try PlanCase(graph, seed: UInt64(seed)).check(tolerance: 3e-6)
  }

  @Test(arguments: 0..<60)
  func `fused loops of random graphs agree with the reference`(_ seed: Int) throws {
    let graph = try RandomLoops.graph(seed: UInt64(seed))
    try PlanCase(graph, seed: UInt64(seed)).check(tolerance: 1e-5, leastScale: 1)
  }

  @Test(arguments: [1, 2, 3])
  func `runs give the same bits`(_ threads: Int) throws {
    for seed in 200..<215 {
      let sample = PlanCase(try RandomLoops.graph(seed: UInt64(seed)), seed: UInt64(seed))
      let (first, second) = (try sample.execution(threads: threads), try sample.execution(threads: 1))
      first.run()
      second.run()
      let outputs = sample.graph.outputs.indices.map { first.output($0) }
      #expect(outputs == sample.graph.outputs.indices.map { second.output($0) })
      first.run()
      #expect(outputs == sample.graph.outputs.indices.map { first.output($0) })
    }
  }

  @Test(arguments: 0..<12)
  func `pooling and softmax of random shapes agree with their definition`(_ seed: Int) throws {
    var random = RandomStream(seed: UInt64(seed) + 300)
    func number(_ range: ClosedRange<Int>) -> Int { range.lowerBound + random.below(range.count) }
    let window = [number(1...3), number(1...3)]
    let pooling = Pooling(
      seed % 2 == 0 ? .maximum : .average(countsPadding: seed % 4 == 1), window: window,
      strides: [number(1...3), number(1...2)], padding: window.map { Padding(($0 - 1) / 2, $0 / 2) },
      ceilMode: random.below(2) == 0)
    var graph = Graph(name: "pooling")
    let x = graph.addInput("x", TensorType([number(1...3), number(1...70), number(3...9), number(3...9)]))
    let y = try graph.add(pooling, x, name: "pooling")
    let z = try graph.add(Softmax(axis: 1 + seed % 3), y, name: "softmax")
    let seedValue = graph.addInput("seed", graph.type(of: z))
    let gradients = try graph.addGradients(of: [z], seeds: [seedValue], withRespectTo: [x])
    graph.outputs = ([y, z] + gradients.compactMap { $0 }).enumerated().map {
      Graph.Output(name: "\($0)", value: $1)
    }
    try PlanCase(graph, seed: UInt64(seed)).check(tolerance: 3e-6)
  }

  @Test(arguments: 0..<24)
  func `pooling of whole vectors of channels agrees with its definition, twice differentiated`(
    _ seed: Int
  ) throws {
    var random = RandomStream(seed: UInt64(seed) + 900)
    func number(_ range: ClosedRange<Int>) -> Int { range.lowerBound + random.below(range.count) }
    let window = [number(1...3), number(1...3)]
    let kinds: [Pooling.Kind] = [.maximum, .average(countsPadding: true), .average(countsPadding: false)]
    let pooling = Pooling(
      kinds[seed % 3], window: window, strides: [number(1...3), number(1...2)],
      padding: window.map { Padding(($0 - 1) / 2, $0 / 2) },
      dilations: seed % 3 == 0 ? [number(1...2), number(1...2)] : [1, 1], ceilMode: random.below(2) == 0)
    var graph = Graph(name: "pooling")
    let x = graph.addInput(
      "x", TensorType([number(1...3), 16 * number(1...3), number(5...9), number(5...9)]))
    let y = try graph.add(pooling, x, name: "pooling")
    let seedValue = graph.addInput("seed", graph.type(of: y))
    let gradient = try #require(
      try graph.addGradients(of: [y], seeds: [seedValue], withRespectTo: [x])[0])
    let second = graph.addInput("second", graph.type(of: gradient))
    let selection = try #require(
      try graph.addGradients(of: [gradient], seeds: [second], withRespectTo: [seedValue])[0])
    graph.outputs = [y, gradient, selection].enumerated().map { Graph.Output(name: "\($0)", value: $1) }
    try PlanCase(graph, seed: UInt64(seed)).check(tolerance: 3e-6)
  }

  @Test
  func `maxima of vectors treat NaN and infinity as those of single channels do`() throws {
    func pooled(_ channels: Int) throws -> [[Float]] {
      var graph = Graph(name: "pooling")
      let x = graph.addInput("x", TensorType([1, channels, 4, 4]))
      let y = try graph.add(
        Pooling(.maximum, window: [3, 3], strides: [1, 1], padding: [Padding(1), Padding(1)]), x, name: "pool"
      )
      let seedValue = graph.addInput("seed", graph.type(of: y))
      let gradient = try #require(
        try graph.addGradients(of: [y], seeds: [seedValue], withRespectTo: [x])[0])
      graph.outputs = [Graph.Output(name: "y", value: y), Graph.Output(name: "gradient", value: gradient)]
      let execution = try Execution(Plan(graph))
      let special: [Float] = [.nan, -.infinity, .infinity, 0, -0.0, 1]
      let image = (0..<16).map { special[$0 * 7 % 11 % 6] }
      try execution.write((0..<channels).flatMap { _ in image }, toInput: 0)
      try execution.write((0..<16 * channels).map { Float(1 + $0 % 16) }, toInput: 1)
      execution.run()
      return [0, 1].map { Array(execution.output($0).prefix(16)) }
    }
    let (vectors, single) = (try pooled(16), try pooled(1))
    #expect(vectors.map { $0.map(\.bitPattern) } == single.map { $0.map(\.bitPattern) })
  }
}

/// Graphs of element-wise functions, reductions and views over shapes with odd extents and long rows.
enum RandomLoops {
  static func graph(seed: UInt64) throws -> Graph {
    var random = RandomStream(seed: seed)
    func number(_ range: ClosedRange<Int>) -> Int { range.lowerBound + random.below(range.count) }
    let shapes = [[2, 17, 5, 3], [3, 5, 300], [1, 2100], [7, 1, 33], [4, 40, 4, 4], [5]]
    let shape = shapes[random.below(shapes.count)]
    var graph = Graph(name: "loops")
    var values = (0..<2).map { graph.addInput("x\($0)", TensorType(shape)) }
    let broadcast = shape.map { random.below(2) == 0 ? 1 : $0 }
    values.append(graph.addInput("broadcast", TensorType(broadcast)))
    for index in 0..<number(4...16) {
      let x = values[max(0, values.count - 1 - random.below(5))]
      let y = values[random.below(values.count)]
      let type = graph.type(of: x)
      let name = "node\(index)"
      switch random.below(12) {
      case 0, 1:
        values.append(
          try graph.add(Unary([.tanh, .sigmoid, .relu, .silu, .absolute][random.below(5)]), x, name: name))
      case 2, 3, 4, 5:
        guard broadcastShape([type.shape, graph.type(of: y).shape]) != nil else { continue }
        let functions: [BinaryFunction] = [.add, .multiply, .subtract, .maximum]
        let sum = try graph.add(Binary(functions[random.below(4)]), x, y, name: name)
        if graph.type(of: sum).count < 20000 {
          values.append(try graph.add(Unary(.tanh), sum, name: "\(name).tanh"))
        }
      case 6, 7:
        let axes = type.shape.indices.filter { _ in random.below(2) == 0 }
        let functions: [Reduce.Function] = [.sum, .mean, .maximum, .sumOfSquares, .logSumExp]
        values.append(
          try graph.add(Reduce(functions[random.below(5)], axes: axes, keepsDimensions: true), x, name: name))
      case 8:
        let axes = type.shape.indices.filter { _ in random.below(2) == 0 }
        values += try graph.addNode(
          Moments(axes: axes, keepsDimensions: random.below(2) == 0), [x], name: name)
      case 9:
        var permutation = Array(type.shape.indices)
        permutation.shuffle(using: &random)
        values.append(try graph.add(Transpose(permutation), x, name: name))
      case 10:
        values.append(try graph.add(Reshape([type.count]), x, name: name))
      default:
        let starts = type.shape.map { $0 > 2 ? random.below(2) : 0 }
        values.append(try graph.add(Slice(starts: starts, ends: type.shape), x, name: name))
      }
    }
    for index in 0..<min(4, values.count - 3) {
      graph.outputs.append(Graph.Output(name: "output\(index)", value: values[values.count - 1 - index]))
    }
    if graph.outputs.isEmpty { graph.outputs.append(Graph.Output(name: "output", value: values[0])) }
    return graph
  }
}

/// Convolutions that the kernel without patches takes.
struct DirectConvolutions {
  @Test(arguments: 0..<24)
  func `convolutions without patches agree with their definition`(_ seed: Int) throws {
    var random = RandomStream(seed: UInt64(seed) + 500)
    func number(_ range: ClosedRange<Int>) -> Int { range.lowerBound + random.below(range.count) }
    let kernel = [number(1...3), number(2...3)]
    let dilations = [number(1...2), number(1...2)]
    let padding = [Padding(number(0...2), number(0...2)), Padding(number(0...3), number(0...2))]
    let strides = seed % 2 == 0 ? [1, 1] : [number(1...2), number(1...3)]
    let spatial = kernel.indices.map { dilations[$0] * (kernel[$0] - 1) + number(1...(7 + 6 * $0)) }
    let channels = [3, 16, 32][random.below(3)]
    var graph = Graph(name: "direct")
    let x = graph.addInput("x", TensorType([4, channels] + spatial))
    let w = graph.addInput("w", TensorType([[16, 32, 48][random.below(3)], channels] + kernel))
    let y = try graph.add(
      Convolution(strides: strides, padding: padding, dilations: dilations), x, w, name: "convolution")
    let seedValue = graph.addInput("seed", graph.type(of: y))
    let gradients = try graph.addGradients(of: [y], seeds: [seedValue], withRespectTo: [x, w])
    graph.outputs = ([y] + gradients.compactMap { $0 }).enumerated().map {
      Graph.Output(name: "\($0)", value: $1)
    }
    let labels = try Plan(graph).stepLabels
    #expect(labels.contains("direct convolution") || labels.contains("winograd convolution"))
    #expect(labels.contains("direct weight gradient"))
    try PlanCase(graph, seed: UInt64(seed)).check(tolerance: 3e-6)
  }

  @Test(arguments: 0..<24)
  func `depthwise convolutions in registers agree with their definition`(_ seed: Int) throws {
    var random = RandomStream(seed: UInt64(seed) + 700)
    func number(_ range: ClosedRange<Int>) -> Int { range.lowerBound + random.below(range.count) }
    let kernel = [number(1...5), number(1...7)]
    let dilations = [number(1...2), number(1...2)]
    let padding = [Padding(number(0...2), number(0...2)), Padding(number(0...3), number(0...2))]
    let strides = seed % 2 == 0 ? [1, 1] : [number(1...2), number(1...3)]
    let spatial = kernel.indices.map { dilations[$0] * (kernel[$0] - 1) + number(1...(7 + 6 * $0)) }
    let channels = 16 * number(1...3)
    var graph = Graph(name: "depthwise")
    let x = graph.addInput("x", TensorType([number(1...9), channels] + spatial))
    let w = graph.addInput("w", TensorType([channels, 1] + kernel))
    let convolution = Convolution(
      strides: strides, padding: padding, dilations: dilations, groups: channels)
    let y = try graph.add(convolution, x, w, name: "convolution")
    let seedValue = graph.addInput("seed", graph.type(of: y))
    let gradients = try graph.addGradients(of: [y], seeds: [seedValue], withRespectTo: [x, w])
    graph.outputs = ([y] + gradients.compactMap { $0 }).enumerated().map {
      Graph.Output(name: "\($0)", value: $1)
    }
    try PlanCase(graph, seed: UInt64(seed)).check(tolerance: 3e-6)
  }

  @Test(arguments: 0..<16)
  func `convolutions over transformed tiles agree with their definition`(_ seed: Int) throws {
    var random = RandomStream(seed: UInt64(seed) + 900)
    func number(_ range: ClosedRange<Int>) -> Int { range.lowerBound + random.below(range.count) }
    let padding = [Padding(number(0...2), number(0...2)), Padding(number(0...2), number(0...2))]
    let isWide = seed % 4 == 0
    let channels = isWide ? 64 : [16, 32, 48][random.below(3)]
    let outputs = isWide ? 64 : [16, 32, 48][random.below(3)]
    var graph = Graph(name: "winograd")
    let x = graph.addInput("x", TensorType([4, channels, number(6...9), number(6...15)]))
    let w = graph.addInput("w", TensorType([outputs, channels, 3, 3]))
    let y = try graph.add(
      Convolution(strides: [1, 1], padding: padding, dilations: [1, 1]), x, w, name: "convolution")
    let seedValue = graph.addInput("seed", graph.type(of: y))
    let gradients = try graph.addGradients(of: [y], seeds: [seedValue], withRespectTo: [x, w])
    graph.outputs = ([y] + gradients.compactMap { $0 }).enumerated().map {
      Graph.Output(name: "\($0)", value: $1)
    }
    let labels = try Plan(graph).stepLabels
    #expect(labels.contains("winograd convolution"))
    #expect(labels.contains("winograd input gradient"))
    #expect(labels.contains("winograd weight gradient") == isWide)
    try PlanCase(graph, seed: UInt64(seed)).check(tolerance: 3e-6)
  }
}

/// Sums over gathered and weighted rows.
struct SparseProductPlans {
  @Test(arguments: 0..<16)
  func `products with sparse matrices agree with gathering and adding up`(_ seed: Int) throws {
    var random = RandomStream(seed: UInt64(seed) + 1100)
    func number(_ range: ClosedRange<Int>) -> Int { range.lowerBound + random.below(range.count) }
    let axis = seed % 2
    let (rows, entries) = (number(1...20), number(1...90))
    let outer = axis == 0 ? [] : [number(1...3)]
    var graph = Graph(name: "sparse")
    let x = graph.addInput("x", TensorType(outer + [rows, number(1...150)]))
    let sources = graph.addInput("sources", TensorType([entries], .int64))
    let targets = graph.addInput("targets", TensorType([entries], .int64))
    let weights = graph.addInput("weights", TensorType([entries, 1]))
    let gathered = try graph.add(Gather(axis: axis), x, sources, name: "gathered")
    let messages =
      seed % 3 == 0
      ? try graph.add(Binary(.multiply), weights, gathered, name: "messages")
      : try graph.add(Binary(.multiply), gathered, weights, name: "messages")
    let y = try graph.add(ScatterSum(axis: axis, extent: rows), targets, messages, name: "y")
    let seedValue = graph.addInput("seed", graph.type(of: y))
    let gradient = try graph.addGradients(of: [y], seeds: [seedValue], withRespectTo: [x])[0]
    graph.outputs = [Graph.Output(name: "y", value: y)]
    if let gradient { graph.outputs.append(Graph.Output(name: "gradient", value: gradient)) }
    #expect(try Plan(graph).stepLabels == ["sparse product", "sparse product"])
    try PlanCase(graph, seed: UInt64(seed), indexBound: rows).check(tolerance: 3e-6)
  }

  @Test func `an edge to a node that is not there is refused`() throws {
    var graph = Graph(name: "sparse")
    let x = graph.addInput("x", TensorType([3, 4]))
    let edges = graph.addInput("edges", TensorType([2], .int64))
    let weights = graph.addInput("weights", TensorType([2, 1]))
    let gathered = try graph.add(Gather(axis: 0), x, edges, name: "gathered")
    let messages = try graph.add(Binary(.multiply), gathered, weights, name: "messages")
    let y = try graph.add(ScatterSum(axis: 0, extent: 3), edges, messages, name: "y")
    graph.outputs = [Graph.Output(name: "y", value: y)]
    let execution = try Execution(Plan(graph))
    let error = #expect(throws: PlanError.self) { try execution.write([0, 3] as [Int], toInput: 1) }
    #expect(error?.description == "input 'edges': found index 3, expected -3 ..< 3")
  }
}
