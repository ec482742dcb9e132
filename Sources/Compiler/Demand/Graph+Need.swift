import Graphs

extension Graph {
  /// Elements of an operand that a node cannot do without, whatever machine it runs on.
  ///
  /// What depends on the values (rows that indices name, elements that are overwritten) counts as nothing.
  func need(of position: Int, by node: Node) -> Int {
    let type = type(of: node.operands[position])
    switch node.primitive {
    case let convolution as Convolution where position == 0:
      let kernel = self.type(of: node.operands[1]).shape.dropFirst(2)
      return touched(
        type.shape, kernel: Array(kernel), strides: convolution.strides, padding: convolution.padding,
        dilations: convolution.dilations, positions: Array(node.resultTypes[0].shape.dropFirst(2)))
    case let gradient as ConvolutionInputGradient where position == 0:
      let kernel = self.type(of: node.operands[1]).shape.dropFirst(2)
      return contributing(
        type.shape, kernel: Array(kernel), gradient, extents: Array(node.resultTypes[0].shape.dropFirst(2)))
    case is ConvolutionWeightGradient: return 0
    case let pooling as Pooling:
      return touched(
        type.shape, kernel: pooling.window, strides: pooling.strides, padding: pooling.padding,
        dilations: pooling.dilations, positions: Array(node.resultTypes[0].shape.dropFirst(2)))
    case is Gather, is GatherElements, is GatherND, is ScatterElements, is ScatterND:
      return position == 0 ? 0 : type.count
    default:
      let moves = work(of: node).contains {
        switch $0 {
        case .movement, .gather: true
        default: false
        }
      }
      let results = node.resultTypes.reduce(0) { $0 + $1.count }
      return moves ? min(type.count, results) : type.count
    }
  }

  /// Positions of a window that are looked at one by one; longer axes get no bound.
  private static let mostSteps = 1 << 22

  /// Input elements under at least one position of a window.
  private func touched(
    _ shape: [Int], kernel: [Int], strides: [Int], padding: [Padding], dilations: [Int], positions: [Int]
  ) -> Int {
    var count = shape.prefix(2).reduce(1, *)
    for axis in kernel.indices {
      if dilations[axis] == 1, strides[axis] <= kernel[axis] {
        let first = max(0, -padding[axis].before)
        let last = (positions[axis] - 1) * strides[axis] - padding[axis].before + kernel[axis]
        count *= max(0, min(shape[axis + 2], last) - first)
        continue
      }
      guard positions[axis] * kernel[axis] <= Self.mostSteps else { return 0 }
      var seen = Array(repeating: false, count: shape[axis + 2])
      for position in 0..<positions[axis] {
        for offset in 0..<kernel[axis] {
          let place = position * strides[axis] - padding[axis].before + offset * dilations[axis]
          if seen.indices.contains(place) { seen[place] = true }
        }
      }
      count *= seen.count { $0 }
    }
    return count
  }

  /// Input elements of a transposed convolution that reach a result which is not cropped.
  private func contributing(
    _ shape: [Int], kernel: [Int], _ gradient: ConvolutionInputGradient, extents: [Int]
  ) -> Int {
    var count = shape.prefix(2).reduce(1, *)
    for axis in kernel.indices {
      let first = -gradient.padding[axis].before
      guard shape[axis + 2] * kernel[axis] <= Self.mostSteps else { return 0 }
      count *= (0..<shape[axis + 2]).count { place in
        (0..<kernel[axis]).contains { offset in
          let result = first + place * gradient.strides[axis] + offset * gradient.dilations[axis]
          return (0..<extents[axis]).contains(result)
        }
      }
    }
    return count
  }
}
