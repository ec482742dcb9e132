import CKernels
import Graphs

/// A sparse matrix, given by its entries, times the rows of a dense tensor along one axis.
///
/// Operands: the row of each entry, its column, its value, and the dense tensor. What gathering rows, multiplying them
/// with a value each and adding them up by target computes, without the rows in between.
struct SparseProduct: Primitive {
  static let name = "sparse-product"
  var axis: Int
  /// The number of rows of the matrix.
  var extent: Int

  func results(for operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    let dense = operands[3]
    var shape = dense.shape
    shape[axis] = extent
    return [TensorType(shape, dense.elementType)]
  }

  func work(for operands: [TensorType], results: [TensorType]) -> [Work] {
    let run = results[0].shape[(axis + 1)...].reduce(1, *)
    let entries = operands[0].count * results[0].shape[..<axis].reduce(1, *)
    return [.gather(GatherNest(indices: entries, run: run, scatters: true))]
  }
}

/// Puts sparse products in place of sums over gathered and weighted rows.
struct SparseProducts: GraphPass {
  static let name = "sparse-products"

  func applied(to graph: Graph) throws(ShapeError) -> Graph {
    guard graph.nodes.contains(where: { $0.primitive is ScatterSum }) else { return graph }
    return try graph.rewritten { (node, copy) throws(ShapeError) in
      guard let sum = node.primitive as? ScatterSum, let match = copy.weightedRows(node, sum) else {
        return nil
      }
      return try copy.addNode(
        SparseProduct(axis: sum.axis, extent: sum.extent),
        [node.operands[0], match.sources, match.weights, match.rows], name: node.name)
    }
  }
}

extension Graph {
  /// What a sum adds up, where that is rows of a tensor with a factor each.
  fileprivate func weightedRows(
    _ node: Node, _ sum: ScatterSum
  ) -> (sources: Value, weights: Value, rows: Value)? {
    guard type(of: node.operands[0]).rank == 1, case .node(let index, _) = node.operands[1].source,
      let product = nodes[index].primitive as? Binary, product.function == .multiply
    else { return nil }
    let entries = type(of: node.operands[0]).shape[0]
    for (side, other) in [(0, 1), (1, 0)] {
      let weights = nodes[index].operands[other]
      guard case .node(let source, _) = nodes[index].operands[side].source,
        let gather = nodes[source].primitive as? Gather, gather.axis == sum.axis,
        type(of: nodes[source].operands[1]).rank == 1
      else { continue }
      // One factor for each row: [entries, 1 …] against the axes from the gathered one on.
      let (rows, factors) = (type(of: nodes[index].operands[side]), type(of: weights))
      let place = factors.rank - (rows.rank - sum.axis)
      guard factors.count == entries, place >= 0, factors.shape[place] == entries,
        rows.shape[sum.axis] == entries, rows == nodes[index].resultTypes[0]
      else { continue }
      return (nodes[source].operands[1], weights, nodes[source].operands[0])
    }
    return nil
  }
}

extension SparseProduct: ExecutablePrimitive {
  /// Entries are sorted by row at each run, since they may be inputs; each row is then one sum in registers.
  func emit(_ node: Node, _ results: [Value], in builder: inout PlanBuilder) throws(PlanError) {
    let targets = try builder.dense(node.operands[0])
    let sources = try builder.dense(node.operands[1])
    let weights = try builder.dense(node.operands[2])
    let x = try builder.dense(node.operands[3])
    let y = builder.tensor(node.resultTypes[0])
    builder.place(results[0], y)
    let (entries, extent, columns) = (targets.count, extent, x.shape[axis])
    let run = y.shape[(axis + 1)...].reduce(1, *)
    let outer = y.shape[..<axis].reduce(1, *)
    let starts = builder.buffer(extent + 1)
    let order = builder.buffer(entries)
    builder.append(
      KernelStep(
        "sparse product", reads: [targets, sources, weights, x], writes: [y], workspace: [starts, order],
        operations: 2 * outer * entries * run
      ) { context in
        let firsts = context.integers(starts)
        let places = context.integers(order)
        let (xs, ys) = (context.pointer(x), context.pointer(y))
        jk_sort_entries(firsts, places, context.integers(targets), entries, extent)
        let parts = max(1, min(16, outer * extent * run / 4096))
        context.pool.run(parts) { task, _ in
          for row in part(task, of: parts, outer * extent) {
            jk_sparse_row(
              ys + row * run, xs + row / extent * columns * run, firsts, places, context.integers(sources),
              context.pointer(weights), row % extent, columns, run)
          }
        }
      })
  }
}
