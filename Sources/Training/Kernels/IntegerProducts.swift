import CKernels
import Graphs

/// Sums of products of integers, by products of matrices of real numbers.
///
/// Single precision holds whole numbers up to 2²⁴: products are summed in it along so few elements that no rounding can
/// occur in whatever order, 514 for integers of 8 bits at worst, and the parts are added up as integers of 32 bits.
struct IntegerProducts: Sendable {
  /// Rows of the result, and columns in all groups.
  var positions: Int
  var groups: Int
  var outputs: Int
  /// Elements of a row of x for one group, and of a row of weights.
  var patch: Int
  /// How patches are found in x; nil where they are its rows.
  var shape: ConvolutionShape?
  /// What is taken off the operands first.
  var zeroPoints: (x: Int, w: Int)
  /// How sums become the result; nil where they are the result.
  var requantization: Requantization?

  var groupOutputs: Int { outputs / groups }
  var block: Int { max(16, min(1024, 65536 / max(1, patch + 2 * groupOutputs))) }

  /// The rows of a block: patches, sums in single precision, sums as integers.
  var workspace: Int { block * (patch + 2 * groupOutputs) }

  /// Computes all rows; magnitudes of the operands are at most `largest`, as real numbers without zero points.
  func run(
    _ x: UnsafePointer<Float>, _ w: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Int32>,
    _ workspace: UnsafeMutablePointer<Float>, largest: (x: Float, w: Float), _ pool: WorkerPool
  ) {
    let blocks = (positions + block - 1) / block
    let chunk = Int(0x1p24 / max(1, Double(largest.x) * Double(largest.w)))
    pool.run(blocks) { task, worker in
      let first = task * block
      let count = min(block, positions - first)
      let patches = workspace + worker * self.workspace
      let sums = patches + block * patch
      let totals = UnsafeMutableRawPointer(sums + block * groupOutputs).assumingMemoryBound(to: Int32.self)
      for group in 0..<groups {
        var source = x + first * patch
        if let shape {
          withUnsafePointer(to: shape.window(group: group)) { jk_patches(patches, x, $0, first, count) }
          source = UnsafePointer(patches)
        }
        let weights = w + group * groupOutputs * patch
        if chunk > 0 {
          sum(source, weights, rows: count, chunk: chunk, sums, totals)
        } else {
          sumOneByOne(source, weights, rows: count, totals)
        }
        for row in 0..<count {
          let line = y + (first + row) * outputs + group * groupOutputs
          let start = row * groupOutputs
          guard let requantization else {
            line.update(from: totals + start, count: groupOutputs)
            continue
          }
          for column in 0..<groupOutputs {
            line[column] = requantization.apply(
              totals[start + column], channel: group * groupOutputs + column)
          }
        }
      }
    }
  }

  private func sum(
    _ x: UnsafePointer<Float>, _ w: UnsafePointer<Float>, rows: Int, chunk: Int,
    _ sums: UnsafeMutablePointer<Float>, _ totals: UnsafeMutablePointer<Int32>
  ) {
    for start in stride(from: 0, to: patch, by: chunk) {
      product(
        m: rows, n: groupOutputs, k: min(chunk, patch - start), x + start, .rows(patch), w + start,
        .columns(patch), sums, leading: groupOutputs)
      for index in 0..<rows * groupOutputs {
        totals[index] = start == 0 ? Int32(sums[index]) : totals[index] &+ Int32(sums[index])
      }
    }
  }

  /// For integers whose single products need more than 24 bits.
  private func sumOneByOne(
    _ x: UnsafePointer<Float>, _ w: UnsafePointer<Float>, rows: Int, _ totals: UnsafeMutablePointer<Int32>
  ) {
    for row in 0..<rows {
      for column in 0..<groupOutputs {
        var total: Int32 = 0
        for index in 0..<patch {
          total &+= Int32(x[row * patch + index]) &* Int32(w[column * patch + index])
        }
        totals[row * groupOutputs + column] = total
      }
    }
  }
}

extension PlanBuilder {
  /// Adds a convolution of integers.
  mutating func emitIntegers(
    _ convolution: Convolution, _ node: Node, _ result: Value, zeroPoints: (x: Int, w: Int),
    requantization: Requantization?
  ) throws(PlanError) {
    let type = node.resultTypes[0]
    let order = channelsLast(type.rank)
    let x = try dense(node.operands[0], order: order)
    let w = try dense(node.operands[1], order: order)
    let y = tensor(type, order: order)
    place(result, y)
    let shape = ConvolutionShape(
      window: jk_window(
        input: x.shape, output: type.shape, kernel: Array(w.shape.dropFirst(2)),
        strides: convolution.strides, padding: convolution.padding, dilations: convolution.dilations),
      groups: convolution.groups, outputs: type.shape[1])
    let isDirect = shape.window.isPointwise && shape.groups == 1
    append(
      IntegerProducts(
        positions: shape.window.positions, groups: shape.groups, outputs: shape.outputs, patch: shape.patch,
        shape: isDirect ? nil : shape, zeroPoints: zeroPoints, requantization: requantization), x, w, y)
  }

  /// Adds a product of matrices of integers, or several of them with weights that they share.
  mutating func emitIntegers(
    _ product: MatrixProduct, _ node: Node, _ result: Value, zeroPoints: (x: Int, w: Int),
    requantization: Requantization?
  ) throws(PlanError) {
    let type = node.resultTypes[0]
    let rank = type.rank
    func rows(_ operand: Int, transposed: Bool) throws(PlanError) -> TensorView {
      let view = try self.view(node.operands[operand])
      let last = view.shape.count - 1
      let axes = Array(0..<last - 1) + (transposed ? [last, last - 1] : [last - 1, last])
      return view.transposed(axes)
    }
    // Both with the axis that is summed innermost.
    let batch = Array(type.shape.dropLast(2))
    let a = try rows(0, transposed: product.transposesLeft)
    let b = try rows(1, transposed: !product.transposesRight)
    let y = tensor(type)
    place(result, y)
    let (m, n, k) = (type.shape[rank - 2], type.shape[rank - 1], a.shape[a.shape.count - 1])
    let x = dense(a.expanded(batch + [m, k]))
    let w = dense(b.expanded(batch + [n, k]))
    for index in 0..<batch.reduce(1, *) {
      func part(_ view: TensorView, _ shape: [Int]) -> TensorView {
        var part = TensorView(dense: shape, buffer: view.buffer, isInteger: true)
        part.offset = view.offset + index * shape[0] * shape[1]
        return part
      }
      append(
        IntegerProducts(
          positions: m, groups: 1, outputs: n, patch: k, shape: nil, zeroPoints: zeroPoints,
          requantization: requantization), part(x, [m, k]), part(w, [n, k]), part(y, [m, n]))
    }
  }

  /// Adds a step of products, after the operands less their zero points as real numbers.
  private mutating func append(
    _ products: IntegerProducts, _ x: TensorView, _ w: TensorView, _ y: TensorView
  ) {
    let workspace = buffer(threads * products.workspace)
    let (xs, ws) = (buffer(x.count), buffer(w.count))
    append(
      KernelStep("integer products", reads: [x, w], writes: [y], workspace: [workspace, xs, ws]) { context in
        let largest = (
          x: Self.shift(x, by: products.zeroPoints.x, to: context.pointer(xs), context),
          w: Self.shift(w, by: products.zeroPoints.w, to: context.pointer(ws), context)
        )
        products.run(
          context.pointer(xs), context.pointer(ws), context.integers(y), context.pointer(workspace),
          largest: largest, context.pool)
      })
  }

  /// Integers less a zero point as real numbers; returns their largest magnitude.
  private static func shift(
    _ view: TensorView, by point: Int, to target: UnsafeMutablePointer<Float>, _ context: StepContext
  ) -> Float {
    let source = context.integers(view)
    var largest: Int32 = 0
    for index in 0..<view.count {
      let number = source[index] &- Int32(point)
      target[index] = Float(number)
      largest = max(largest, abs(number))
    }
    return Float(largest)
  }
}
