import Graphs
import Testing

/// Result types and their errors, primitive by primitive.
struct ShapeRules {
  @Test(arguments: ReferenceShapes.cases("convolution"))
  func `convolutions have PyTorch's shapes`(_ row: [[Int]]) throws {
    let convolution = Convolution(
      strides: row[2], padding: row[3].map { Padding($0) }, dilations: row[4], groups: row[5][0])
    let operands = [TensorType(row[0]), TensorType(row[1])]
    let results = try convolution.results(for: operands)
    #expect(results == [TensorType(row[7])])
    let macs = convolution.work(for: operands, results: results).reduce(0) { $0 + $1.macs }
    #expect(macs == row[7].reduce(1, *) * row[1].dropFirst().reduce(1, *))
  }

  @Test(arguments: ReferenceShapes.cases("transposed"))
  func `transposed convolutions have PyTorch's shapes`(_ row: [[Int]]) throws {
    let convolution = ConvolutionInputGradient(
      strides: row[2], padding: row[3].map { Padding($0) }, dilations: row[4], groups: row[5][0],
      outputPadding: row[6])
    let operands = [TensorType(row[0]), TensorType(row[1])]
    let results = try convolution.results(for: operands)
    #expect(results == [TensorType(row[7])])
    let macs = convolution.work(for: operands, results: results).reduce(0) { $0 + $1.macs }
    #expect(macs == row[0].reduce(1, *) * row[1].dropFirst().reduce(1, *))
  }

  @Test(arguments: ReferenceShapes.cases("pooling"))
  func `poolings have PyTorch's shapes`(_ row: [[Int]]) throws {
    let pooling = Pooling(
      .maximum, window: row[1], strides: row[2], padding: row[3].map { Padding($0) }, dilations: row[4],
      ceilMode: row[5] == [1])
    #expect(try pooling.results(for: [TensorType(row[0])]) == [TensorType(row[7])])
  }

  @Test(arguments: ReferenceShapes.cases("matmul"))
  func `matrix products have numpy's shapes`(_ row: [[Int]]) throws {
    let operands = [TensorType(row[0]), TensorType(row[1])]
    let results = try MatrixProduct().results(for: operands)
    #expect(results == [TensorType(row[2])])
    let macs = MatrixProduct().work(for: operands, results: results).reduce(0) { $0 + $1.macs }
    #expect(macs == row[2].reduce(1, *) * (row[0].last ?? 0))
  }

  @Test(arguments: ReferenceShapes.cases("slice"))
  func `slices leave numpy's elements`(_ row: [[Int]]) throws {
    let type = TensorType(row[0])
    let slice = try Slice(of: type, axes: [-1], starts: row[1], ends: row[2], steps: row[3])
    let left = stride(from: slice.starts[0], to: slice.ends[0], by: slice.steps[0]).map { $0 }
    #expect(left == row[4])
    #expect(try slice.results(for: [type]) == [TensorType([left.count])])
  }

  @Test(arguments: ReferenceShapes.cases("broadcast"))
  func `shapes broadcast as numpy's do`(_ row: [[Int]]) throws {
    let sum = try Binary(.add).results(for: [TensorType(row[0]), TensorType(row[1])])
    #expect(sum == [TensorType(row[2])])
    #expect(broadcastShape([row[1], row[0]]) == row[2])
  }

  @Test func `a transposed operand changes no result`() throws {
    let plain = try MatrixProduct().results(for: [TensorType([2, 7, 5]), TensorType([5, 3])])
    let left = try MatrixProduct(transposesLeft: true)
      .results(for: [TensorType([2, 5, 7]), TensorType([5, 3])])
    let right = try MatrixProduct(transposesRight: true)
      .results(for: [TensorType([2, 7, 5]), TensorType([3, 5])])
    #expect(plain == [TensorType([2, 7, 3])])
    #expect(left == plain && right == plain)
  }

  @Test func `integer products are summed in 32 bits`() throws {
    let byte = TensorType([4, 4], .int8)
    #expect(try MatrixProduct().results(for: [TensorType([4, 4], .uint8), byte])[0].elementType == .int32)
    let error = #expect(throws: ShapeError.self) {
      try MatrixProduct().results(for: [byte, TensorType([4, 4], .float32)])
    }
    #expect(
      error?.description
        == "matrix-product: found int8 times float32, expected one floating-point type, "
        + "or two integer types of at most 16 bits")
  }

  @Test func `a reshape infers the extent that is left`() throws {
    let type = TensorType([2, 3, 4])
    #expect(try Reshape(inferring: [0, -1], from: type).shape == [2, 12])
    #expect(try Reshape(inferring: [], from: TensorType([1])).shape == [])
    for pattern in [[-1, -1], [5, -1], [0, 0, 0, 0], [0, -2], [.max, .max]] {
      #expect(throws: ShapeError.self) { try Reshape(inferring: pattern, from: type) }
    }
    #expect(throws: ShapeError.self) { try Reshape(inferring: [0, 24], from: type, allowsZero: true) }
    #expect(throws: ShapeError.self) { try Reshape([5, 5]).results(for: [type]) }
  }

  @Test func `gathered and scattered shapes follow the ONNX specification`() throws {
    let data = TensorType([5, 6, 7])
    let indices = TensorType([2, 3], .int64)
    #expect(try Gather(axis: 1).results(for: [data, indices])[0].shape == [5, 2, 3, 7])
    #expect(try Gather(axis: 0).results(for: [data, TensorType([], .int32)])[0].shape == [6, 7])
    #expect(try GatherND().results(for: [data, indices])[0].shape == [2])
    #expect(
      try GatherND(batchDimensions: 1).results(for: [TensorType([2, 6, 7]), TensorType([2, 1], .int64)])[0]
        .shape
        == [2, 7])
    #expect(throws: ShapeError.self) { try GatherND().results(for: [TensorType([5]), indices]) }
    #expect(throws: ShapeError.self) { try Gather(axis: 3).results(for: [data, indices]) }
    #expect(throws: ShapeError.self) { try Gather(axis: 0).results(for: [data, TensorType([2])]) }
    #expect(throws: ShapeError.self) {
      try ScatterND().results(for: [data, indices, TensorType([3])])
    }
  }

  /// Primitives on operands that they must refuse, and a part of the message.
  static let refusals: [(any Primitive, [TensorType], String)] = [
    (Convolution(), [f(1, 3, 8, 8), f(4, 2, 3, 3)], "input channels / groups"),
    (Convolution(groups: 0), [f(1, 3, 8, 8), f(4, 3, 3, 3)], "0 groups"),
    (Convolution(), [f(1, 3, 2, 2), f(4, 3, 3, 3)], "no larger than the padded input"),
    (Convolution(stride: 0), [f(1, 3, 8, 8), f(4, 3, 3, 3)], "stride 0"),
    (Convolution(padding: -1), [f(1, 3, 8, 8), f(4, 3, 3, 3)], "padding -1"),
    (Convolution(padding: .max), [f(1, 3, 8, 8), f(4, 3, 3, 3)], "at most 2^30"),
    (Convolution(), [f(1, 3, 8), f(4, 3, 3)], "1 of each"),
    (ConvolutionInputGradient(outputPadding: 1), [f(1, 3, 8, 8), f(3, 4, 2, 2)], "less than the stride"),
    (ConvolutionInputGradient(padding: 9), [f(1, 3, 8, 8), f(3, 4, 2, 2)], "a result of at least 1"),
    (MatrixProduct(), [f(2, 3), f(4, 5)], "equal inner extents"),
    (MatrixProduct(), [f(), f(4, 5)], "at least one axis"),
    (MatrixProduct(transposesLeft: true), [f(4), f(4, 5)], "a matrix"),
    (MatrixProduct(), [f(1 << 30, 1 << 10), f(1 << 10, 1 << 30)], "2^53"),
    (Unary(.exponential), [TensorType([2], .int32)], "floating-point"),
    (Unary(.not), [f(2)], "bool"), (Unary(.relu), [TensorType([2], .bool)], "numbers"),
    (Binary(.add), [f(2), TensorType([2], .int8)], "one element type"),
    (Binary(.add), [f(2, 3), f(2)], "equal or 1"), (Binary(.and), [f(2), f(2)], "bool or integer"),
    (Binary(.less), [TensorType([2], .bool), TensorType([2], .bool)], "numbers"),
    (Select(), [f(2), f(2), f(2)], "bool elements"), (PReLU(), [f(2), f(2, 2)], "broadcasts to the input"),
    (Reduce(.sum, axes: [1, 0], keepsDimensions: true), [f(2, 3)], "ascending"),
    (Reduce(.sum, axes: [2], keepsDimensions: true), [f(2, 3)], "0 ..< 2"),
    (TopK(k: 4, axis: 0), [f(3)], "1 to 3"), (Softmax(axis: -1), [f(3)], "0 ..< 1"),
    (LayerNormalization(axis: 1, epsilon: 0), [f(2, 3), f(2)], "broadcasts to [3]"),
    (BatchNormalization(), [f(1, 3, 2, 2), f(3), f(3), f(4), f(3)], "mean of shape [4]"),
    (GroupNormalization(groups: 2), [f(1, 3, 2, 2), f(3), f(3)], "divisor"),
    (Pooling(.maximum, window: 3, stride: 1), [f(1, 3, 2, 8)], "window no larger"),
    (Pooling(.maximum, window: 3, stride: 1), [f(3, 2, 8)], "2 spatial axes"),
    (Transpose([0, 0]), [f(2, 3)], "each of 0 ..< 2 once"),
    (Concatenate(axis: 0), [f(2, 3), f(2, 4)], "differ only there"), (Concatenate(axis: 0), [], "at least 1"),
    (Slice(starts: [2], ends: [2]), [f(3)], "at least one element"),
    (Slice(starts: [0], ends: [4]), [f(3)], "inside the extent"),
    (Pad(before: [3], after: [0], mode: .reflection), [f(3)], "less than the extent"),
    (Pad(before: [-1], after: [0]), [f(3)], "a slice cuts"), (Expand([2]), [f(3)], "equal or 1"),
    (Expand([1]), [f(3)], "broadcasts to"), (Tile([0]), [f(3)], "at least 1"),
    (DepthToSpace(blockSize: 2, order: .depthLast), [f(1, 6, 2, 2)], "multiple of block"),
    (SpaceToDepth(blockSize: 2), [f(1, 6, 3, 2)], "multiples of the block"),
    (Resize([1, 2], mode: .linear, coordinates: .halfPixel), [f(1, 2, 3)], "3 axes"),
    (OneHot(depth: 3, axis: 2), [TensorType([2], .int64), f(2)], "0 ... 1"),
    (QuantizeLinear(axis: 0, to: .int8), [f(3), f(2)], "expected [3]"),
    (QuantizeLinear(to: .float16), [f(3), f()], "an integer type"),
    (DequantizeLinear(), [f(3), f()], "integer elements"), (Trilu(upper: true), [f(3)], "rows, columns"),
  ]

  @Test(arguments: refusals.indices)
  func `an operand that a primitive cannot take is named with what it expects`(_ index: Int) {
    let (primitive, operands, part) = Self.refusals[index]
    let error = #expect(throws: ShapeError.self) { try primitive.results(for: operands) }
    #expect(error?.place == primitive.name)
    #expect(error?.description.contains(part) == true, "\(error?.description ?? "no error")")
  }

  private static func f(_ shape: Int...) -> TensorType { TensorType(shape) }
}
