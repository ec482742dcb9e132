import Graphs
import Testing

/// The loop nests of primitives.
struct WorkRules {
  /// The work of a primitive on operands of the given shapes.
  private func work(_ primitive: any Primitive, _ shapes: [Int]...) throws -> [Work] {
    let operands = shapes.map { TensorType($0) }
    return primitive.work(for: operands, results: try primitive.results(for: operands))
  }

  @Test func `a weight matrix folds the batch into the rows`() throws {
    let shared = MatrixProductNest(batch: 1, m: 24, k: 5, n: 3, sharesRight: true)
    #expect(try work(MatrixProduct(), [2, 3, 4, 5], [5, 3]) == [.matrixProduct(shared)])
    #expect(try work(MatrixProduct(), [2, 3, 4, 5], [1, 1, 5, 3]) == [.matrixProduct(shared)])
    let batched = MatrixProductNest(batch: 6, m: 4, k: 5, n: 3, sharesRight: false)
    #expect(try work(MatrixProduct(), [2, 3, 4, 5], [3, 5, 3]) == [.matrixProduct(batched)])
  }

  @Test func `the depth of a convolution folds into its batch`() throws {
    let convolution = Convolution(
      strides: [1, 2, 2], padding: [Padding(1), Padding(0), Padding(2)], dilations: [1, 1, 1])
    guard case .convolution(let nest) = try work(convolution, [2, 3, 4, 9, 9], [5, 3, 3, 3, 3])[0] else {
      Issue.record("no convolution")
      return
    }
    #expect(nest.batch == 8 && nest.kernelDepth == 3)
    #expect(nest.output == .init(4, 6) && nest.padding == .init(0, 2))
    #expect(nest.macs == 2 * 4 * 4 * 6 * 5 * 3 * 27)
  }

  @Test func `an operand of one element is not read for every result`() throws {
    #expect(
      try work(Binary(.add), [4, 4], [4, 4]) == [.elementwise(.init(.add, elements: 16, operands: 2))])
    #expect(try work(Binary(.add), [4, 4], [1]) == [.elementwise(.init(.add, elements: 16, operands: 1))])
    #expect(try work(Binary(.add), [1], []) == [.elementwise(.init(.add, elements: 1, operands: 2))])
  }

  @Test func `a softmax is spelled out`() throws {
    #expect(
      try work(Softmax(axis: 1), [3, 8]) == [
        .reduction(.init(.maximum, inputs: 24, outputs: 3)),
        .elementwise(.init(.subtract, elements: 24, operands: 2)),
        .elementwise(.init(.exponential, elements: 24, operands: 1)),
        .reduction(.init(.add, inputs: 24, outputs: 3)),
        .elementwise(.init(.divide, elements: 24, operands: 2)),
      ])
  }

  /// Elements and run that a movement must have; nil for one that moves nothing.
  static let movements: [(any Primitive, [[Int]], [MovementNest])] = [
    (Transpose([0, 2, 1, 3]), [[2, 3, 4, 5]], [.init(elements: 120, run: 5)]),
    (Transpose([0, 1, 3, 2]), [[2, 3, 4, 5]], [.init(elements: 120, run: 1)]),
    (Transpose([0, 2, 1, 3]), [[2, 1, 4, 5]], []),
    (Transpose([1, 0, 2]), [[3, 2, 1]], [.init(elements: 6, run: 1)]),
    (
      Concatenate(axis: 1), [[2, 3, 4], [2, 5, 4]],
      [.init(elements: 24, run: 12), .init(elements: 40, run: 20)]
    ),
    (Concatenate(axis: 0), [[2, 3]], []),
    (Slice(starts: [0, 1, 0], ends: [2, 3, 4]), [[2, 3, 4]], [.init(elements: 16, run: 8)]),
    (Slice(starts: [0, 0, 1], ends: [2, 3, 3]), [[2, 3, 4]], [.init(elements: 12, run: 2)]),
    (Slice(starts: [0, 0], ends: [2, 4], steps: [1, 2]), [[2, 4]], [.init(elements: 4, run: 1)]),
    (Slice(starts: [0, 0], ends: [2, 4]), [[2, 4]], []),
    (Slice(starts: [3], ends: [-1], steps: [-1]), [[4]], [.init(elements: 4, run: 1)]),
    (Pad(before: [0, 1], after: [0, 1]), [[2, 4]], [.init(elements: 12, run: 4)]),
    (Pad(before: [1, 0], after: [0, 0]), [[2, 4]], [.init(elements: 12, run: 8)]),
    (Expand([6, 4]), [[4]], [.init(elements: 24, run: 4)]),
    (Expand([4, 6]), [[4, 1]], [.init(elements: 24, run: 1)]),
    (Tile([1, 2]), [[3, 4]], [.init(elements: 24, run: 4)]), (Tile([1, 1]), [[3, 4]], []),
    (
      Resize([1, 2, 6, 4], mode: .nearest(.floor), coordinates: .asymmetric), [[1, 2, 3, 4]],
      [.init(elements: 48, run: 4)]
    ),
  ]

  @Test(arguments: movements.indices)
  func `a movement has the run that stays contiguous`(_ index: Int) throws {
    let (primitive, shapes, nests) = Self.movements[index]
    let operands = shapes.map { TensorType($0) }
    let work = primitive.work(for: operands, results: try primitive.results(for: operands))
    #expect(work == nests.map { .movement($0) })
  }

  @Test func `a gather fetches a run for each index`() throws {
    let operands = [TensorType([5, 6, 7]), TensorType([3], .int64)]
    let work = Gather(axis: 1).work(for: operands, results: try Gather(axis: 1).results(for: operands))
    #expect(work == [.gather(.init(indices: 15, run: 7))])
  }
}
