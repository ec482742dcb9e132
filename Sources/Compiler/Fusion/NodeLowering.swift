import Graphs
import Hardware

/// What the vector unit does for a node that is neither a product nor elementwise, read off its kind of work.
struct NodeLowering {
  var kind: FusedLayer.Kind
  var recipe: VectorRecipe
  /// Whether elementwise functions can follow in the same passes.
  var growsElementwise: Bool

  init(_ node: Node, work: [Work]) {
    switch node.primitive {
    case let softmax as Softmax:
      self.init(.vector(reducedAxes: [softmax.axis]), .softmax)
    case let softmax as LogSoftmax:
      self.init(.vector(reducedAxes: [softmax.axis]), .softmax)
    case let norm as LayerNormalization:
      self.init(
        .vector(reducedAxes: Array(norm.axis..<node.resultTypes[0].rank)),
        .normalization(centres: true, affine: node.operands.count - 1))
    case let norm as RMSNormalization:
      self.init(
        .vector(reducedAxes: Array(norm.axis..<node.resultTypes[0].rank)),
        .normalization(centres: false, affine: node.operands.count - 1))
    case is InstanceNormalization:
      self.init(
        .vector(reducedAxes: Array(2..<max(2, node.resultTypes[0].rank))),
        .normalization(centres: true, affine: 2))
    case is GroupNormalization:
      self.init(
        .vector(reducedAxes: Array(1..<max(1, node.resultTypes[0].rank))),
        .normalization(centres: true, affine: 2))
    case let pooling as Pooling:
      let classes: [VectorClass] = pooling.kind == .maximum ? [.reduce] : [.reduce]
      var recipe = VectorRecipe(passes: [.init(count: .operandElements, classes: classes)])
      if pooling.kind != .maximum { recipe.appendElementwise([.multiply]) }
      self.init(.window, recipe)
    case let reduce as Reduce: self.init(.vector(reducedAxes: reduce.axes), Self.generic(work))
    case let extremum as ArgumentExtremum:
      self.init(.vector(reducedAxes: [extremum.axis]), Self.generic(work))
    case let top as TopK: self.init(.vector(reducedAxes: [top.axis]), Self.generic(work))
    case let sum as CumulativeSum: self.init(.vector(reducedAxes: [sum.axis]), Self.generic(work))
    default:
      let moves = work.contains {
        switch $0 {
        case .movement, .gather: true
        default: false
        }
      }
      if moves {
        self.init(Self.movement(work), Self.generic(work))
        growsElementwise = false
      } else {
        self.init(.vector(reducedAxes: []), Self.generic(work))
      }
    }
  }

  private init(_ kind: FusedLayer.Kind, _ recipe: VectorRecipe) {
    self.kind = kind
    self.recipe = recipe
    growsElementwise = true
  }

  private static func movement(_ work: [Work]) -> FusedLayer.Kind {
    var run = Int.max
    var isIndexed = false
    for nest in work {
      switch nest {
      case .movement(let movement): run = min(run, movement.run)
      case .gather(let gather):
        run = min(run, gather.run)
        isIndexed = true
      default: break
      }
    }
    return .movement(run: max(1, run), isIndexed: isIndexed)
  }

  /// One pass for each reduction, one for each row of elementwise nests between them.
  private static func generic(_ work: [Work]) -> VectorRecipe {
    var recipe = VectorRecipe()
    let largest = work.reduce(1) { largest, nest in
      switch nest {
      case .elementwise(let elementwise): max(largest, elementwise.elements)
      case .reduction(let reduction): max(largest, reduction.inputs)
      default: largest
      }
    }
    for nest in work {
      switch nest {
      case .elementwise(let elementwise):
        if elementwise.elements == largest || !recipe.passes.contains(where: { $0.count == .operandElements })
        {
          recipe.appendElementwise([elementwise.function.vectorClass])
        } else {
          recipe.passes.append(.init(count: .rows, classes: [elementwise.function.vectorClass]))
        }
      case .reduction(let reduction):
        recipe.passes.append(
          .init(
            count: .operandElements,
            classes: reduction.function == .multiplyAdd ? [.multiply, .reduce] : [.reduce]))
      case .movement: if recipe.passes.isEmpty { recipe.appendElementwise([.simple]) }
      case .gather: recipe.passes.append(.init(classes: [.gather]))
      case .matrixProduct, .convolution: break
      }
    }
    return recipe
  }
}

extension VectorRecipe {
  /// Largest element; exponentials and their sum; the scale to the sum 1.
  static let softmax = VectorRecipe(
    domain: .wholeChannels,
    passes: [
      Pass(count: .operandElements, classes: [.reduce], writes: false),
      Pass(classes: [.simple, .transcendental, .reduce]),
      Pass(source: .result, count: .rows, classes: [.divide]),
      Pass(source: .result, classes: [.multiply]),
    ])

  /// Sums and sums of squares in one pass, then the scale (and shift) of each row with the learned ones.
  static func normalization(centres: Bool, affine: Int) -> VectorRecipe {
    let sums: [VectorClass] = centres ? [.reduce, .multiply, .reduce] : [.multiply, .reduce]
    let scale: [VectorClass] = affine > 0 ? [.multiply, .multiply] : [.multiply]
    return VectorRecipe(
      domain: .wholeChannels,
      passes: [
        Pass(count: .operandElements, classes: sums, writes: false),
        Pass(count: .rows, classes: [.divide, .divide]),
        Pass(classes: scale),
      ])
  }
}
