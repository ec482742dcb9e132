import Graphs
import Measures
import Testing

/// A primitive with operands in double precision, and the check of its derivatives.
struct GradientCase: Sendable, CustomTestStringConvertible {
  var primitive: any Primitive
  var operandTypes: [TensorType]

  var testDescription: String { "\(primitive) on \(operandTypes)" }

  /// The differentiable samples of the catalogue and cases that it does not have.
  static var all: [GradientCase] {
    (PrimitiveCatalog.samples + more)
      .filter { sample in
        guard sample.primitive is any DifferentiablePrimitive else { return false }
        return sample.operandTypes.contains { $0.elementType.isFloatingPoint }
          && ((try? sample.primitive.results(for: sample.operandTypes))?[0].elementType.isFloatingPoint
            ?? false)
      }
      .map { sample in
        var primitive = sample.primitive
        if primitive is Cast { primitive = Cast(to: .float64) }
        return GradientCase(
          primitive: primitive,
          operandTypes: sample.operandTypes.map {
            TensorType($0.shape, $0.elementType.isFloatingPoint ? .float64 : $0.elementType)
          })
      }
  }

  private static var more: [PrimitiveCatalog.Sample] {
    func t(_ shape: Int...) -> TensorType { TensorType(shape) }
    let indices = TensorType([2, 3, 1], .int64)
    let reductions: [ScatterReduction] = [.replace, .multiply, .minimum, .maximum]
    return [
      .init(MatrixProduct(), t(2, 3, 4), t(4, 5)),
      .init(MatrixProduct(transposesRight: true), t(2, 3, 4), t(5, 4)),
      .init(MatrixProduct(), t(1, 3, 4), t(2, 4, 5)), .init(MatrixProduct(), t(4), t(2, 4, 3)),
      .init(MatrixProduct(), t(2, 3, 4), t(4)),
      .init(MatrixProduct(transposesLeft: true, transposesRight: true), t(2, 4, 3), t(5, 4)),
      .init(ConvolutionInputGradient(stride: 1, dilation: 3, outputPadding: 2), t(1, 2, 4, 4), t(2, 3, 2, 2)),
      .init(Convolution(stride: 3, padding: 1, groups: 2), t(2, 4, 8, 7), t(6, 2, 3, 3)),
      .init(LayerNormalization(axis: 1, epsilon: 1e-5), t(2, 3, 4)),
      .init(LayerNormalization(axis: 1, epsilon: 1e-5), t(2, 3, 4), t(4)),
      .init(RMSNormalization(axis: 1, epsilon: 1e-5), t(2, 6)),
      .init(GroupNormalization(groups: 3), t(2, 6), t(6), t(6)),
      .init(BatchNormalization(), t(5, 6), t(6), t(6), t(6), t(6)),
      .init(Moments(axes: [1], keepsDimensions: true), t(3, 5)),
      .init(Pad(before: [0, 2], after: [1, 1], mode: .edge), t(2, 3)),
      .init(Pad(before: [0, 2], after: [1, 1], mode: .wrap), t(2, 3)),
      .init(Pad(before: [0, 2], after: [1, 1], mode: .reflection), t(2, 3)),
      .init(DepthToSpace(blockSize: 2, order: .depthLast), t(1, 8, 3, 2)),
      .init(Resize([1, 1, 5, 7], mode: .cubic(coefficient: -0.75), coordinates: .halfPixel), t(1, 1, 3, 4)),
      .init(Resize([1, 1, 3, 2], mode: .linear, coordinates: .alignCorners), t(1, 1, 5, 4)),
      .init(Gather(axis: 1), t(2, 5, 3), TensorType([4], .int64)),
      .init(GatherND(batchDimensions: 1), t(2, 5, 3), indices),
      .init(CumulativeSum(axis: 1, isExclusive: true, isReversed: true), t(2, 5)),
      .init(Reduce(.logSumExp, axes: [0], keepsDimensions: false), t(3, 4)),
      .init(Reduce(.sum, axes: [], keepsDimensions: false), t(3, 4)),
      .init(Binary(.power), t(3, 4), TensorType([4], .int64)), .init(Binary(.divide), t(4), t(3, 1)),
      .init(TopK(k: 2, axis: 0, largest: false), t(4, 3)),
      .init(
        Pooling(
          .average(countsPadding: false), window: [3], strides: [2], padding: [Padding(1)], ceilMode: true),
        t(2, 2, 8)),
    ]
      + reductions.map {
        .init(ScatterElements(axis: 1, reduction: $0), t(2, 5), TensorType([2, 2], .int64), t(2, 2))
      }
      + reductions.map { .init(ScatterND(reduction: $0), t(4, 3), TensorType([2, 1], .int64), t(2, 3)) }
  }

  /// Compares derivatives along random directions with central differences.
  func check(order: Int) throws {
    var random = RandomStream(seed: 7)
    var graph = Graph(name: "case")
    let operands = operandTypes.enumerated().map { graph.addInput("x\($0)", $1) }
    let targets = operands.filter { graph.type(of: $0).elementType.isFloatingPoint }
    var values = try graph.addNode(primitive, operands, name: "primitive")
    var weights: [ReferenceTensor] = []
    var loss = try weightedSum(&graph, values, &weights, &random)
    if order == 2 {
      values = try graph.addGradients(of: [loss], withRespectTo: targets).compactMap { $0 }
      guard !values.isEmpty else { return }
      loss = try weightedSum(&graph, values, &weights, &random)
    }
    graph.outputs = [Graph.Output(name: "loss", value: loss)]
    let gradients = try graph.addGradients(of: [loss], withRespectTo: targets)
    for (target, gradient) in zip(targets, gradients) {
      guard let gradient else { continue }
      #expect(graph.type(of: gradient) == graph.type(of: target))
      graph.outputs.append(Graph.Output(name: "gradient \(target)", value: gradient))
    }
    #expect(graph.verify().isEmpty)
    let point = operandTypes.enumerated().map { sample($0, $1, &random) }
    func outputs(_ x: [ReferenceTensor]) throws -> [ReferenceTensor] {
      try ReferenceInterpreter(inputs: x + weights).outputs(of: graph)
    }
    let found = try outputs(point)
    for _ in 0..<2 {
      var (slope, scale, next) = (0.0, 1.0, 1)
      var direction = point
      for (index, target) in targets.enumerated() {
        guard case .input(let input) = target.source else { continue }
        direction[input].elements = point[input].elements.map { _ in random.uniform() * 2 - 1 }
        guard gradients[index] != nil else { continue }
        for (v, g) in zip(direction[input].elements, found[next].elements) {
          slope += v * g
          scale += abs(v * g)
        }
        next += 1
      }
      let step = 1e-5
      func moved(_ by: Double) throws -> Double {
        var x = point
        for target in targets {
          guard case .input(let input) = target.source else { continue }
          x[input].elements = zip(point[input].elements, direction[input].elements).map { $0 + by * $1 }
        }
        return try outputs(x)[0].elements[0]
      }
      let expected = try (moved(step) - moved(-step)) / (2 * step)
      #expect(abs(slope - expected) <= 2e-6 * scale, "slope \(slope), difference quotient \(expected)")
    }
  }

  /// The sum of all elements of some values with random weights, which become inputs.
  private func weightedSum(
    _ graph: inout Graph, _ values: [Value], _ weights: inout [ReferenceTensor], _ random: inout RandomStream
  ) throws -> Value {
    var sum: Value?
    for value in values where graph.type(of: value).elementType.isFloatingPoint {
      let type = graph.type(of: value)
      let weight = graph.addInput("weight \(weights.count)", type)
      weights.append(ReferenceTensor(type.shape) { _ in random.uniform() + 0.2 })
      let product = try graph.add(Binary(.multiply), value, weight, name: "product")
      let term = try graph.add(
        Reduce(.sum, axes: Array(type.shape.indices), keepsDimensions: false), product, name: "term")
      sum = try sum.map { try graph.add(Binary(.add), $0, term, name: "sum") } ?? term
    }
    return try #require(sum)
  }

  /// An operand inside the domain of the primitive.
  private func sample(_ operand: Int, _ type: TensorType, _ random: inout RandomStream) -> ReferenceTensor {
    if type.elementType.isFloatingPoint {
      let isPositive =
        switch primitive {
        case let unary as Unary: unary.function == .logarithm || unary.function == .squareRoot
        case let binary as Binary: binary.function == .power || binary.function == .divide
        case let reduce as Reduce: reduce.function == .logSum || reduce.function == .product
        case is BatchNormalization: operand == 4
        default: false
        }
      return ReferenceTensor(type.shape) { _ in isPositive ? 0.3 + random.uniform() : random.uniform() * 4 - 2
      }
    }
    switch primitive {
    case is ScatterElements: return ReferenceTensor(type.shape) { Double($0[1]) }
    case is ScatterND: return ReferenceTensor(type.shape) { Double($0[0] * 2 + 1) }
    default:
      return ReferenceTensor(type.shape) { _ in
        type.elementType == .bool ? Double(random.below(2)) : Double(random.below(2))
      }
    }
  }
}
