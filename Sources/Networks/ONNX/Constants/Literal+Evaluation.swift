import Graphs

extension Literal {
  /// The result of a primitive on known elements, or nil where this file has no rule for it: then the result is
  /// known by its type only.
  ///
  /// Covers what exporters write for shape arithmetic; the graph has checked shapes and attributes before.
  static func evaluate(_ primitive: any Primitive, _ operands: [Literal], result: TensorType) -> Literal? {
    switch primitive {
    case is Reshape: operands[0].picking(Array(0..<operands[0].count), shape: result.shape)
    case let cast as Cast: operands[0].cast(to: cast.elementType)
    case let unary as Unary: operands[0].mapped(by: unary.function, result: result)
    case let binary as Binary: combined(by: binary.function, operands[0], operands[1], result: result)
    case is Select: selected(operands, result: result)
    case let reduce as Reduce: operands[0].reduced(by: reduce.function, axes: reduce.axes, result: result)
    case let transpose as Transpose: operands[0].transposed(transpose.permutation, result: result)
    case is Expand: operands[0].expanded(result: result)
    case is Tile: operands[0].tiled(result: result)
    case let slice as Slice: operands[0].sliced(slice, result: result)
    case let concatenate as Concatenate: joined(operands, axis: concatenate.axis, result: result)
    case let gather as Gather: operands[0].gathered(operands[1], axis: gather.axis, result: result)
    case let sum as CumulativeSum: operands[0].accumulated(sum)
    case let conversion as DequantizeLinear: dequantized(operands, axis: conversion.axis, result: result)
    default: nil
    }
  }

  /// (x − zero point) · scale, such as a bias that is stored in units of its layer.
  private static func dequantized(_ operands: [Literal], axis: Int?, result: TensorType) -> Literal? {
    guard let numbers = operands[0].integers else { return nil }
    let points = operands.count > 2 ? operands[2].integers ?? [] : []
    let run = axis.map { result.shape[($0 + 1)...].reduce(1, *) } ?? result.count
    let count = axis.map { result.shape[$0] } ?? 1
    let values = numbers.enumerated().map { index, number in
      let channel = run == 0 ? 0 : index / run % count
      return Double(number - (points.isEmpty ? 0 : points[channel])) * operands[1].reals[channel]
    }
    return Literal(values, shape: result.shape, result.elementType)
  }

  // MARK: Movement

  private func transposed(_ permutation: [Int], result: TensorType) -> Literal {
    let strides = Self.strides(shape)
    return picking(
      Self.places(over: result.shape, strides: permutation.map { strides[$0] }), shape: result.shape)
  }

  private func expanded(result: TensorType) -> Literal {
    picking(Self.broadcastPlaces(shape, to: result.shape), shape: result.shape)
  }

  private func tiled(result: TensorType) -> Literal {
    let strides = Self.strides(shape)
    let places = Self.coordinates(over: result.shape).map { coordinate in
      coordinate.indices.reduce(0) { $0 + coordinate[$1] % shape[$1] * strides[$1] }
    }
    return picking(places, shape: result.shape)
  }

  private func sliced(_ slice: Slice, result: TensorType) -> Literal {
    let strides = Self.strides(shape)
    let first = zip(slice.starts, strides).reduce(0) { $0 + $1.0 * $1.1 }
    let steps = zip(slice.steps, strides).map { $0 * $1 }
    return picking(
      Self.places(over: result.shape, strides: steps).map { first + $0 }, shape: result.shape)
  }

  private static func joined(_ operands: [Literal], axis: Int, result: TensorType) -> Literal? {
    let outer = result.shape[..<axis].reduce(1, *)
    let runs = operands.map { $0.shape[axis...].reduce(1, *) }
    let isInteger = operands[0].integers != nil
    var integers: [Int] = []
    var reals: [Double] = []
    for row in 0..<outer {
      for (operand, run) in zip(operands, runs) {
        let range = row * run..<(row + 1) * run
        switch operand.elements {
        case .integers(let values): integers += values[range]
        case .reals(let values): reals += values[range]
        }
      }
    }
    return isInteger
      ? Literal(integers, shape: result.shape, result.elementType)
      : Literal(reals, shape: result.shape, result.elementType)
  }

  private func gathered(_ indices: Literal, axis: Int, result: TensorType) -> Literal? {
    guard let indices = indices.integers else { return nil }
    let extent = shape[axis]
    let run = shape[(axis + 1)...].reduce(1, *)
    var places: [Int] = []
    for row in 0..<shape[..<axis].reduce(1, *) {
      for index in indices {
        guard index >= -extent, index < extent else { return nil }
        let first = (row * extent + (index < 0 ? index + extent : index)) * run
        places += first..<first + run
      }
    }
    return picking(places, shape: result.shape)
  }

  // MARK: Places

  /// Elements between neighbours on each axis of a dense tensor.
  private static func strides(_ shape: [Int]) -> [Int] {
    var strides = shape.map { _ in 1 }
    for axis in shape.indices.dropLast().reversed() { strides[axis] = strides[axis + 1] * shape[axis + 1] }
    return strides
  }

  /// The place of each element of a shape under the given strides, in order.
  private static func places(over shape: [Int], strides: [Int]) -> [Int] {
    var places = [0]
    for (extent, stride) in zip(shape, strides) {
      places = places.flatMap { place in (0..<extent).map { place + $0 * stride } }
    }
    return places
  }

  private static func coordinates(over shape: [Int]) -> [[Int]] {
    shape.reduce([[]]) { prefixes, extent in prefixes.flatMap { prefix in (0..<extent).map { prefix + [$0] } }
    }
  }

  /// The place in a tensor of `shape` for each element of a shape that it broadcasts to.
  static func broadcastPlaces(_ shape: [Int], to result: [Int]) -> [Int] {
    let padded = Array(repeating: 1, count: result.count - shape.count) + shape
    let dense = strides(padded)
    return places(over: result, strides: padded.indices.map { padded[$0] == 1 ? 0 : dense[$0] })
  }
}
