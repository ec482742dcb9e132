/// The adjoint of ``Slice``: a tensor of zeros with the operand written at the slice's places.
package struct SliceGradient: Primitive {
  package static let name = "slice-gradient"
  package var slice: Slice
  /// The shape of the slice's operand.
  package var shape: [Int]

  package init(of slice: Slice, shape: [Int]) {
    self.slice = slice
    self.shape = shape
  }

  package func results(for operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    [try adjointResult(of: slice, shape: shape, operands)]
  }

  package func work(for operands: [TensorType], results: [TensorType]) -> [Work] {
    [.movement(MovementNest(elements: results[0].count, run: 1))]
  }
}

/// The adjoint of ``Pad``: the operand without its padding, to which elements that were copied there are added back.
package struct PadGradient: Primitive {
  package static let name = "pad-gradient"
  package var pad: Pad
  /// The shape of the pad's operand.
  package var shape: [Int]

  package init(of pad: Pad, shape: [Int]) {
    self.pad = pad
    self.shape = shape
  }

  package func results(for operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    [try adjointResult(of: pad, shape: shape, operands)]
  }

  package func work(for operands: [TensorType], results: [TensorType]) -> [Work] {
    [.reduce(.add, operands[0].count, results[0].count)]
  }
}

/// The adjoint of ``Resize``: each element of the operand added to those that it was blended of, with the same weights.
package struct ResizeGradient: Primitive {
  package static let name = "resize-gradient"
  package var resize: Resize
  /// The shape of the resize's operand.
  package var shape: [Int]

  package init(of resize: Resize, shape: [Int]) {
    self.resize = resize
    self.shape = shape
  }

  package func results(for operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    [try adjointResult(of: resize, shape: shape, operands)]
  }

  package func work(for operands: [TensorType], results: [TensorType]) -> [Work] {
    let forward = resize.work(for: results, results: operands)
    guard case .movement = forward.first else { return forward }
    return [.map(.add, operands[0].count, 2)]
  }
}

/// Slices added up at given indices along an axis, the adjoint of ``Gather``; elements that no index names are 0.
///
/// Operands: indices, updates `outer… + indices.shape + inner…`. Result: `outer… + [extent] + inner…`, where `axis` axes
/// are outer. Sums of the neighbours of a graph's nodes are this operation.
package struct ScatterSum: Primitive {
  package static let name = "scatter-sum"
  package var axis: Int
  /// The result's extent on the axis.
  package var extent: Int

  package init(axis: Int, extent: Int) {
    self.axis = axis
    self.extent = extent
  }

  package func results(for operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try require(operands, count: 2)
    let (indices, updates) = (operands[0], operands[1])
    try requireInteger(indices, "indices")
    try requireFloatingPoint(updates)
    let end = axis.addingReportingOverflow(indices.rank)
    try require(
      axis >= 0 && !end.overflow && end.partialValue <= updates.rank
        && updates.shape.dropFirst(axis).prefix(indices.rank) == indices.shape[...],
      found: "indices \(indices) for updates \(updates) on axis \(axis)",
      expected: "updates whose axes from \(axis) on are those of the indices")
    return [
      TensorType(
        updates.shape.prefix(axis) + [extent] + updates.shape.dropFirst(axis + indices.rank),
        updates.elementType)
    ]
  }

  package func work(for operands: [TensorType], results: [TensorType]) -> [Work] {
    let run = results[0].shape.dropFirst(axis + 1).product
    let indices = operands[1].count / run
    return [
      .gather(GatherNest(indices: indices, run: run)), .map(.add, operands[1].count, 2),
      .gather(GatherNest(indices: indices, run: run, scatters: true)),
    ]
  }
}

extension Primitive {
  /// The type of the operand of an operation whose adjoint this is, checked against the operation's result.
  func adjointResult(
    of primitive: some Primitive, shape: [Int], _ operands: [TensorType]
  ) throws(ShapeError) -> TensorType {
    try require(operands, count: 1)
    let type = TensorType(shape, operands[0].elementType)
    try type.validate(name)
    let expected = try primitive.results(for: [type])
    try require(
      expected == operands, found: "a gradient \(operands[0])",
      expected: "\(expected[0]), the result of the \(primitive.name)")
    return type
  }
}
