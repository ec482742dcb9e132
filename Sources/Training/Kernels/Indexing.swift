import CKernels
import Graphs

/// An index that counts from the end where negative, kept inside the extent so that no memory outside is touched.
///
/// Indices of inputs are checked where they enter, see ``Execution``.
@inline(__always)
private func bounded(_ index: Int32, _ extent: Int) -> Int {
  let counted = index < 0 ? Int(index) + extent : Int(index)
  return min(max(counted, 0), extent - 1)
}

extension Gather: ExecutablePrimitive {
  func emit(_ node: Node, _ results: [Value], in builder: inout PlanBuilder) throws(PlanError) {
    let data = try builder.dense(node.operands[0])
    let indices = try builder.dense(node.operands[1])
    let y = builder.tensor(node.resultTypes[0])
    builder.place(results[0], y)
    let extent = data.shape[axis]
    let run = data.shape[(axis + 1)...].reduce(1, *)
    let outer = data.shape[..<axis].reduce(1, *)
    let count = indices.count
    builder.append(
      KernelStep("gather", reads: [data, indices], writes: [y]) { context in
        let (xs, places, ys) = (context.pointer(data), context.integers(indices), context.pointer(y))
        let rows = outer * count
        let parts = max(1, min(16, min(rows, y.count / 4096)))
        context.pool.run(parts) { task, _ in
          for row in part(task, of: parts, rows) {
            let source = row / count * extent + bounded(places[row % count], extent)
            (ys + row * run).update(from: xs + source * run, count: run)
          }
        }
      })
  }
}

extension ScatterSum: ExecutablePrimitive {
  /// Each thread adds the updates of its own columns, so that the order of additions never changes.
  func emit(_ node: Node, _ results: [Value], in builder: inout PlanBuilder) throws(PlanError) {
    let indices = try builder.dense(node.operands[0])
    let updates = try builder.dense(node.operands[1])
    let y = builder.tensor(node.resultTypes[0])
    builder.place(results[0], y)
    let extent = extent
    let run = y.shape[(axis + 1)...].reduce(1, *)
    let outer = y.shape[..<axis].reduce(1, *)
    let count = indices.count
    builder.append(
      KernelStep("scatter sum", reads: [indices, updates], writes: [y]) { context in
        let (places, us, ys) = (context.integers(indices), context.pointer(updates), context.pointer(y))
        let parts = max(1, min(8, run / 32))
        context.pool.run(parts) { task, _ in
          let columns = part(task, of: parts, run)
          for row in 0..<outer * extent {
            (ys + row * run + columns.lowerBound).update(repeating: 0, count: columns.count)
          }
          for row in 0..<outer * count {
            let target = row / count * extent + bounded(places[row % count], extent)
            jk_axpy(
              ys + target * run + columns.lowerBound, us + row * run + columns.lowerBound, 1, columns.count)
          }
        }
      })
  }
}

/// The number of the element of `data` that each element of the indices stands for.
private struct ElementPlaces: Sendable {
  var shape: [Int]
  var data: [Int]
  var axis: Int

  /// Calls `body` with the number of each index and the offset in `data`.
  @inline(__always)
  func each(_ places: UnsafePointer<Int32>, _ body: (_ index: Int, _ offset: Int) -> Void) {
    let count = shape.reduce(1, *)
    for index in 0..<count {
      var (rest, offset, step) = (index, 0, 1)
      for axis in stride(from: shape.count - 1, through: 0, by: -1) {
        let place = rest % shape[axis]
        rest /= shape[axis]
        offset += (axis == self.axis ? bounded(places[index], data[axis]) : place) * step
        step *= data[axis]
      }
      body(index, offset)
    }
  }
}

extension GatherElements: ExecutablePrimitive {
  func emit(_ node: Node, _ results: [Value], in builder: inout PlanBuilder) throws(PlanError) {
    let data = try builder.dense(node.operands[0])
    let indices = try builder.dense(node.operands[1])
    let y = builder.tensor(node.resultTypes[0])
    builder.place(results[0], y)
    let places = ElementPlaces(shape: indices.shape, data: data.shape, axis: axis)
    builder.append(
      KernelStep("gather elements", reads: [data, indices], writes: [y]) { context in
        let (xs, ys) = (context.pointer(data), context.pointer(y))
        places.each(context.integers(indices)) { ys[$0] = xs[$1] }
      })
  }
}

extension ScatterReduction {
  @inline(__always)
  fileprivate func combine(_ old: Float, _ new: Float) -> Float {
    switch self {
    case .replace: new
    case .add: old + new
    case .multiply: old * new
    case .minimum: min(old, new)
    case .maximum: max(old, new)
    }
  }
}

extension ScatterElements: ExecutablePrimitive {
  func emit(_ node: Node, _ results: [Value], in builder: inout PlanBuilder) throws(PlanError) {
    let data = try builder.dense(node.operands[0])
    let indices = try builder.dense(node.operands[1])
    let updates = try builder.dense(node.operands[2])
    let y = builder.tensor(node.resultTypes[0])
    builder.place(results[0], y)
    let places = ElementPlaces(shape: indices.shape, data: data.shape, axis: axis)
    let reduction = reduction
    builder.append(
      KernelStep("scatter elements", reads: [data, indices, updates], writes: [y]) { context in
        let (us, ys) = (context.pointer(updates), context.pointer(y))
        ys.update(from: context.pointer(data), count: y.count)
        places.each(context.integers(indices)) { ys[$1] = reduction.combine(ys[$1], us[$0]) }
      })
  }
}

/// Where the slices that index tuples name start.
private struct TuplePlaces: Sendable {
  /// Extents of the axes before, and of those that the tuples name.
  var batch: Int
  var named: [Int]
  /// Elements of a slice.
  var run: Int
  /// Tuples for each index of the batch axes.
  var tuples: Int

  init(data: [Int], indices: [Int], batchDimensions: Int) {
    let depth = indices[indices.count - 1]
    batch = data.prefix(batchDimensions).reduce(1, *)
    named = Array(data.dropFirst(batchDimensions).prefix(depth))
    run = data.dropFirst(batchDimensions + depth).reduce(1, *)
    tuples = indices.dropLast().dropFirst(batchDimensions).reduce(1, *)
  }

  @inline(__always)
  func each(_ places: UnsafePointer<Int32>, _ body: (_ tuple: Int, _ offset: Int) -> Void) {
    for tuple in 0..<batch * tuples {
      var offset = tuple / tuples
      for (index, extent) in named.enumerated() {
        offset = offset * extent + bounded(places[tuple * named.count + index], extent)
      }
      body(tuple, offset * run)
    }
  }
}

extension GatherND: ExecutablePrimitive {
  func emit(_ node: Node, _ results: [Value], in builder: inout PlanBuilder) throws(PlanError) {
    let data = try builder.dense(node.operands[0])
    let indices = try builder.dense(node.operands[1])
    let y = builder.tensor(node.resultTypes[0])
    builder.place(results[0], y)
    let places = TuplePlaces(data: data.shape, indices: indices.shape, batchDimensions: batchDimensions)
    builder.append(
      KernelStep("gather nd", reads: [data, indices], writes: [y]) { context in
        let (xs, ys) = (context.pointer(data), context.pointer(y))
        places.each(context.integers(indices)) {
          (ys + $0 * places.run).update(from: xs + $1, count: places.run)
        }
      })
  }
}

extension ScatterND: ExecutablePrimitive {
  func emit(_ node: Node, _ results: [Value], in builder: inout PlanBuilder) throws(PlanError) {
    let data = try builder.dense(node.operands[0])
    let indices = try builder.dense(node.operands[1])
    let updates = try builder.dense(node.operands[2])
    let y = builder.tensor(node.resultTypes[0])
    builder.place(results[0], y)
    let places = TuplePlaces(data: data.shape, indices: indices.shape, batchDimensions: 0)
    let reduction = reduction
    builder.append(
      KernelStep("scatter nd", reads: [data, indices, updates], writes: [y]) { context in
        let (us, ys) = (context.pointer(updates), context.pointer(y))
        ys.update(from: context.pointer(data), count: y.count)
        places.each(context.integers(indices)) { tuple, offset in
          for index in 0..<places.run {
            ys[offset + index] = reduction.combine(ys[offset + index], us[tuple * places.run + index])
          }
        }
      })
  }
}
