import Graphs

extension Lowerer {
  /// The tensors that the elementwise part of a layer reads, in the layout of its result.
  mutating func furtherOperands(_ layer: FusedLayer, like result: TensorView, _ grid: GridView)
    -> [FurtherOperand]
  {
    let count = graph.type(of: layer.result).count
    var operands: [FurtherOperand] = []
    for value in layer.further {
      guard graph.type(of: value).count == count else {
        operands.append(FurtherOperand(tensor: view(of: value).tensor, form: .repeated))
        continue
      }
      // The host can lay out what it provides in any way, as long as nobody has asked for it yet.
      if views[value] == nil, isProvided(value) {
        let view = compact(
          like: result.axes, columns: tensors[result.tensor].columns, name: layer.name + " operand",
          element: graph.type(of: value).elementType)
        tensors[view.tensor].origin = index.isConstant(value) ? .constant : .input
        views[value] = view
      }
      var view = view(of: value)
      if view.axes.count != result.axes.count, let same = view.reshaped(to: result.shape) { view = same }
      if let matching = congruentGrid(view, to: result, grid) {
        operands.append(FurtherOperand(tensor: view.tensor, form: .sameAsResult(matching)))
        continue
      }
      let packed = compact(
        like: result.axes, columns: tensors[result.tensor].columns, name: "\(layer.name) operand",
        element: graph.type(of: value).elementType)
      _ = relaid(view, as: packed, name: "\(layer.name) operand layout")
      let packedGrid = congruentGrid(packed, to: result, grid) ?? outputGrid(packed)
      operands.append(FurtherOperand(tensor: packed.tensor, form: .sameAsResult(packedGrid)))
    }
    return operands
  }

  private func isProvided(_ value: Value) -> Bool {
    if index.isConstant(value) { return true }
    if case .input = value.source { return true }
    return false
  }

  /// The grid of a view whose elements lie in the same order as those of `result`.
  func congruentGrid(_ view: TensorView, to result: TensorView, _ grid: GridView) -> GridView? {
    guard order(of: view) == order(of: result),
      let candidate = GridView(view, of: tensors[view.tensor], extents: grid.extents),
      candidate.groups == grid.groups, candidate.channels == grid.channels,
      tensors[view.tensor].isInterleaved == tensors[result.tensor].isInterleaved
    else { return nil }
    return candidate
  }

  /// The loops of a view from the slowest to the fastest, as axis, extent and direction.
  private func order(of view: TensorView) -> [[Int]] {
    var loops: [(axis: Int, loop: TensorView.Factor)] = []
    for (axis, factors) in view.axes.enumerated() {
      for factor in TensorView.simplified(factors) { loops.append((axis, factor)) }
    }
    return [TensorView.Direction.channel, .pixel].flatMap { direction in
      loops.filter { $0.loop.direction == direction }.sorted { $0.loop.stride > $1.loop.stride }
        .map { [$0.axis, $0.loop.extent, direction == .channel ? 0 : 1] }
    }
  }
}
