/// How an element that is scattered meets the one at its place.
package enum ScatterReduction: String, Hashable, Sendable, CaseIterable {
  case replace, add, multiply, minimum, maximum

  /// The function that combines both, if any.
  var step: ScalarFunction? {
    switch self {
    case .replace: nil
    case .add: .add
    case .multiply: .multiply
    case .minimum: .minimum
    case .maximum: .maximum
    }
  }
}

/// A tensor with single elements written at given indices along an axis.
///
/// Operands: data, indices, updates of the indices' shape.
package struct ScatterElements: Primitive {
  package static let name = "scatter-elements"
  package var axis: Int
  package var reduction: ScatterReduction

  package init(axis: Int, reduction: ScatterReduction = .replace) {
    self.axis = axis
    self.reduction = reduction
  }

  package func results(for operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try require(operands, count: 3)
    let (data, indices, updates) = (operands[0], operands[1], operands[2])
    try require(axis: axis, of: data)
    try requireInteger(indices, "indices")
    try requireSameElements(data, updates)
    try requireWithin(indices.shape, data.shape, except: axis, "indices")
    try require(updates, hasShape: indices.shape, "updates")
    return [data]
  }

  package func work(for operands: [TensorType], results: [TensorType]) -> [Work] {
    scattering(into: operands[0], updates: operands[2], run: 1, reduction: reduction)
  }
}

/// A tensor with slices written at index tuples, the last axis of the indices.
///
/// Operands: data, indices `[outer…, q]`, updates `outer… + data.shape[q...]`.
package struct ScatterND: Primitive {
  package static let name = "scatter-nd"
  package var reduction: ScatterReduction

  package init(reduction: ScatterReduction = .replace) { self.reduction = reduction }

  package func results(for operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try require(operands, count: 3)
    let (data, indices, updates) = (operands[0], operands[1], operands[2])
    try requireSameElements(data, updates)
    let depth = try tupleExtent(data: data, indices: indices, batchDimensions: 0)
    try require(updates, hasShape: indices.shape.dropLast() + data.shape.dropFirst(depth), "updates")
    return [data]
  }

  package func work(for operands: [TensorType], results: [TensorType]) -> [Work] {
    let run = operands[2].count / operands[1].shape.dropLast().product
    return scattering(into: operands[0], updates: operands[2], run: run, reduction: reduction)
  }
}

extension Primitive {
  /// A copy of the data, then the writes by index; combining writes read and compute first.
  func scattering(
    into data: TensorType, updates: TensorType, run: Int, reduction: ScatterReduction
  ) -> [Work] {
    let indices = updates.count / run
    var work: [Work] = [.movement(MovementNest(elements: data.count, run: data.count))]
    if let step = reduction.step {
      work += [.gather(GatherNest(indices: indices, run: run)), .map(step, updates.count, 2)]
    }
    return work + [.gather(GatherNest(indices: indices, run: run, scatters: true))]
  }
}
