import Graphs

/// Lines of a dense tensor along one axis.
private struct Lines: Sendable {
  var outer: Int
  var extent: Int
  var inner: Int

  init(_ shape: [Int], axis: Int) {
    outer = shape[..<axis].reduce(1, *)
    extent = shape[axis]
    inner = shape[(axis + 1)...].reduce(1, *)
  }

  var count: Int { outer * inner }

  /// The number of the first element of a line; the next ones follow in steps of `inner`.
  func start(_ line: Int, extent: Int) -> Int { line / inner * extent * inner + line % inner }
}

extension ArgumentExtremum: ExecutablePrimitive {
  func emit(_ node: Node, _ results: [Value], in builder: inout PlanBuilder) throws(PlanError) {
    let x = try builder.dense(node.operands[0])
    let y = builder.tensor(node.resultTypes[0])
    builder.place(results[0], y)
    let lines = Lines(x.shape, axis: axis)
    let (maximum, takesLast) = (maximum, takesLast)
    builder.append(
      KernelStep("argument extremum", reads: [x], writes: [y]) { context in
        let (xs, ys) = (context.pointer(x), context.integers(y))
        for line in 0..<lines.count {
          let start = lines.start(line, extent: lines.extent)
          var best = 0
          for index in 1..<max(1, lines.extent) {
            let (value, record) = (xs[start + index * lines.inner], xs[start + best * lines.inner])
            if (maximum ? value > record : value < record) || (takesLast && value == record) { best = index }
          }
          ys[line] = Int32(best)
        }
      })
  }
}

extension CumulativeSum: ExecutablePrimitive {
  func emit(_ node: Node, _ results: [Value], in builder: inout PlanBuilder) throws(PlanError) {
    let x = try builder.dense(node.operands[0])
    let y = builder.tensor(node.resultTypes[0])
    builder.place(results[0], y)
    let lines = Lines(x.shape, axis: axis)
    let (isExclusive, isReversed) = (isExclusive, isReversed)
    builder.append(
      KernelStep("cumulative sum", reads: [x], writes: [y]) { context in
        let (xs, ys) = (context.pointer(x), context.pointer(y))
        for line in 0..<lines.count {
          let start = lines.start(line, extent: lines.extent)
          var sum = 0.0
          for step in 0..<lines.extent {
            let place = start + (isReversed ? lines.extent - 1 - step : step) * lines.inner
            if isExclusive { ys[place] = Float(sum) }
            sum += Double(xs[place])
            if !isExclusive { ys[place] = Float(sum) }
          }
        }
      })
  }
}

extension TopK: ExecutablePrimitive {
  /// Repeated insertion: k is small where this is used.
  func emit(_ node: Node, _ results: [Value], in builder: inout PlanBuilder) throws(PlanError) {
    let x = try builder.dense(node.operands[0])
    let values = builder.tensor(node.resultTypes[0])
    let indices = builder.tensor(node.resultTypes[1])
    builder.place(results[0], values)
    builder.place(results[1], indices)
    let lines = Lines(x.shape, axis: axis)
    let (k, largest) = (k, largest)
    builder.append(
      KernelStep("top k", reads: [x], writes: [values, indices]) { context in
        let (xs, vs, places) = (context.pointer(x), context.pointer(values), context.integers(indices))
        for line in 0..<lines.count {
          let source = lines.start(line, extent: lines.extent)
          let target = lines.start(line, extent: k)
          for index in 0..<lines.extent {
            let value = xs[source + index * lines.inner]
            var rank = min(index, k)
            func isBefore(_ other: Float) -> Bool { largest ? value > other : value < other }
            while rank > 0, isBefore(vs[target + (rank - 1) * lines.inner]) {
              if rank < k {
                vs[target + rank * lines.inner] = vs[target + (rank - 1) * lines.inner]
                places[target + rank * lines.inner] = places[target + (rank - 1) * lines.inner]
              }
              rank -= 1
            }
            guard rank < k else { continue }
            vs[target + rank * lines.inner] = value
            places[target + rank * lines.inner] = Int32(index)
          }
        }
      })
  }
}
