import COpenBLAS
import Graphs

/// A matrix in memory: steps between rows and columns, one of which is 1.
struct MatrixLayout: Hashable, Sendable {
  var isTransposed: Bool
  /// The step between the lines that are dense.
  var leading: Int

  /// Nil where neither rows nor columns are dense.
  init?(rows: Int, columns: Int, rowStep: Int, columnStep: Int) {
    if columnStep == 1 || columns == 1, rows == 1 || rowStep >= columns {
      (isTransposed, leading) = (false, rows == 1 ? columns : rowStep)
    } else if rowStep == 1 || rows == 1, columns == 1 || columnStep >= rows {
      (isTransposed, leading) = (true, columns == 1 ? rows : columnStep)
    } else {
      return nil
    }
  }
}

/// y = a · b (+ y with `accumulates`) for row-major y, by OpenBLAS on the calling thread.
func product(
  m: Int, n: Int, k: Int, _ a: UnsafePointer<Float>, _ aLayout: MatrixLayout, _ b: UnsafePointer<Float>,
  _ bLayout: MatrixLayout, _ y: UnsafeMutablePointer<Float>, leading: Int, accumulates: Bool = false
) {
  jk_sgemm(
    aLayout.isTransposed ? 1 : 0, bLayout.isTransposed ? 1 : 0, Int32(m), Int32(n), Int32(k), a,
    Int32(aLayout.leading), b, Int32(bLayout.leading), accumulates ? 1 : 0, y, Int32(leading))
}

extension MatrixProduct: ExecutablePrimitive {
  func emit(_ node: Node, _ results: [Value], in builder: inout PlanBuilder) throws(PlanError) {
    let type = node.resultTypes[0]
    if type.elementType.isInteger {
      return try builder.emitIntegers(self, node, results[0], zeroPoints: (0, 0), requantization: nil)
    }
    let rank = type.rank
    let (m, n) = (type.shape[rank - 2], type.shape[rank - 1])
    let batch = Array(type.shape.dropLast(2))
    var operands: [(view: TensorView, layout: MatrixLayout)] = []
    var k = 1
    for (index, isTransposed) in [transposesLeft, transposesRight].enumerated() {
      var view = try builder.view(node.operands[index])
      if isTransposed {
        view = view.transposed(
          Array(0..<view.shape.count - 2) + [view.shape.count - 1, view.shape.count - 2])
      }
      let (rows, columns) = (view.shape[view.shape.count - 2], view.shape[view.shape.count - 1])
      k = index == 0 ? columns : rows
      func layout(_ view: TensorView) -> MatrixLayout? {
        MatrixLayout(
          rows: rows, columns: columns, rowStep: view.strides[view.shape.count - 2],
          columnStep: view.strides[view.shape.count - 1])
      }
      if layout(view) == nil { view = builder.dense(view) }
      guard let layout = layout(view) else {
        throw PlanError("node '\(node.name)'", found: "\(view)", expected: "a dense matrix")
      }
      operands.append((view.expanded(batch + [rows, columns]), layout))
    }
    let target = builder.tensor(type)
    builder.append(
      ProductStep(
        batch: batch, m: m, n: n, k: k, left: operands[0].view, leftLayout: operands[0].layout,
        right: operands[1].view, rightLayout: operands[1].layout, target: target))
    builder.place(results[0], target)
  }
}

/// Products of matrices, split over products of the batch and over rows or columns of each.
struct ProductStep: PlanStep {
  var batch: [Int]
  var m: Int
  var n: Int
  var k: Int
  var left: TensorView
  var leftLayout: MatrixLayout
  var right: TensorView
  var rightLayout: MatrixLayout
  var target: TensorView

  var label: String { "matrix product" }
  var detail: String { "\(batch) \(m) x \(k) x \(n)" }
  var operations: Int { 2 * batch.reduce(1, *) * m * n * k }
  var reads: [Int] { [left.buffer, right.buffer] }
  var writes: [Int] { [target.buffer] }

  func run(_ context: StepContext) {
    let (a, b, y) = (context.pointer(left), context.pointer(right), context.pointer(target))
    let count = batch.reduce(1, *)
    // Enough blocks for all threads, none smaller than what a product needs to be worth a call.
    let wanted = max(1, min(8, m * n * k / 200_000))
    let blocks = count >= 4 ? 1 : wanted
    let splitsRows = m >= n
    let (aRow, bColumn) = (
      leftLayout.isTransposed ? 1 : leftLayout.leading, rightLayout.isTransposed ? rightLayout.leading : 1
    )
    let groups = count >= 64 ? 16 : count
    context.pool.run(groups * blocks) { task, _ in
      let block = task % blocks
      let rows = splitsRows ? part(block, of: blocks, m) : 0..<m
      let columns = splitsRows ? 0..<n : part(block, of: blocks, n)
      guard !rows.isEmpty, !columns.isEmpty else { return }
      for index in part(task / blocks, of: groups, count) {
        var (rest, aOffset, bOffset) = (index, 0, 0)
        for axis in stride(from: batch.count - 1, through: 0, by: -1) {
          let place = rest % batch[axis]
          rest /= batch[axis]
          aOffset += place * left.strides[axis]
          bOffset += place * right.strides[axis]
        }
        product(
          m: rows.count, n: columns.count, k: k, a + aOffset + rows.lowerBound * aRow, leftLayout,
          b + bOffset + columns.lowerBound * bColumn, rightLayout,
          y + index * m * n + rows.lowerBound * n + columns.lowerBound, leading: n)
      }
    }
  }
}
