import CKernels
import Graphs

/// A linear map along one axis, as a sparse matrix: which elements each result is blended of.
///
/// Resizing and padding by copies are such maps on some axes, one after the other; their adjoints are the transposes.
struct AxisBlend: Hashable, Sendable {
  var axis: Int
  /// The extent before.
  var source: Int
  /// The extent after.
  var target: Int
  /// For each result the first of its entries, and the end of all.
  var starts: [Int]
  var sources: [Int]
  var weights: [Float]

  init(axis: Int, source: Int, target: Int, entries: [[(index: Int, weight: Double)]]) {
    (self.axis, self.source, self.target) = (axis, source, target)
    starts = [0]
    sources = []
    weights = []
    for row in entries {
      for entry in row {
        sources.append(entry.index)
        weights.append(Float(entry.weight))
      }
      starts.append(sources.count)
    }
  }

  var transposed: AxisBlend {
    var entries: [[(index: Int, weight: Double)]] = Array(repeating: [], count: source)
    for row in 0..<target {
      for entry in starts[row]..<starts[row + 1] {
        entries[sources[entry]].append((row, Double(weights[entry])))
      }
    }
    return AxisBlend(axis: axis, source: target, target: source, entries: entries)
  }
}

extension PlanBuilder {
  /// Adds one step for each map, or a copy of the operand where there is none.
  mutating func emitBlends(_ blends: [AxisBlend], _ node: Node, _ result: Value) throws(PlanError) {
    var x = try dense(node.operands[0])
    let isInteger = x.isInteger
    if isInteger, !blends.isEmpty { x = real(x) }
    for blend in blends {
      let source = x
      var shape = x.shape
      shape[blend.axis] = blend.target
      let y = tensor(TensorType(shape))
      let outer = shape[..<blend.axis].reduce(1, *)
      let run = shape[(blend.axis + 1)...].reduce(1, *)
      append(
        KernelStep("blend", reads: [source], writes: [y]) { context in
          let (xs, ys) = (context.pointer(source), context.pointer(y))
          let parts = min(16, outer)
          context.pool.run(parts) { task, _ in
            for block in part(task, of: parts, outer) {
              for row in 0..<blend.target {
                let line = ys + (block * blend.target + row) * run
                line.update(repeating: 0, count: run)
                for entry in blend.starts[row]..<blend.starts[row + 1] {
                  jk_axpy(
                    line, xs + (block * blend.source + blend.sources[entry]) * run, blend.weights[entry], run)
                }
              }
            }
          }
        })
      x = y
    }
    place(result, isInteger && !blends.isEmpty ? rounded(x, to: node.resultTypes[0]) : x)
  }
}

extension Resize: ExecutablePrimitive {
  func emit(_ node: Node, _ results: [Value], in builder: inout PlanBuilder) throws(PlanError) {
    try builder.emitBlends(blends(from: builder.graph.type(of: node.operands[0]).shape), node, results[0])
  }

  /// The maps of the axes that change.
  fileprivate func blends(from source: [Int]) -> [AxisBlend] {
    shape.indices.filter { changes($0, of: source) }.map { axis in
      let extent = source[axis]
      return AxisBlend(
        axis: axis, source: extent, target: shape[axis],
        entries: (0..<shape[axis]).map { index in
          inside(taps(at: coordinate(index, axis, from: extent)), extent)
        })
    }
  }

  /// The place in the operand of an index of the result.
  private func coordinate(_ index: Int, _ axis: Int, from source: Int) -> Double {
    let scale = scales?[axis] ?? Double(shape[axis]) / Double(source)
    // The extent before it was rounded down.
    let target = Double(source) * scale
    switch coordinates {
    case .halfPixel: return (Double(index) + 0.5) / scale - 0.5
    case .halfPixelSymmetric:
      let offset = Double(source) / 2 * (1 - Double(shape[axis]) / target)
      return offset + (Double(index) + 0.5) / scale - 0.5
    case .pytorchHalfPixel: return shape[axis] > 1 ? (Double(index) + 0.5) / scale - 0.5 : 0
    case .alignCorners: return shape[axis] > 1 ? Double(index) * Double(source - 1) / (target - 1) : 0
    case .asymmetric: return Double(index) / scale
    }
  }

  /// Taps beyond the edges moved to the edge, or left out and the others scaled to the sum 1.
  private func inside(_ taps: [(index: Int, weight: Double)], _ extent: Int) -> [(index: Int, weight: Double)]
  {
    guard excludesOutside else { return taps.map { (min(max($0.index, 0), extent - 1), $0.weight) } }
    let kept = taps.filter { (0..<extent).contains($0.index) }
    let sum = kept.reduce(0) { $0 + $1.weight }
    return kept.map { ($0.index, $0.weight / sum) }
  }

  /// The elements around a place, with their weights; a cubic kernel is that of Keys 1981, doi:10.1109/TASSP.1981.1163711.
  private func taps(at place: Double) -> [(index: Int, weight: Double)] {
    let low = place.rounded(.down)
    let (first, t) = (Int(low), place - low)
    switch mode {
    case .nearest(.floor): return [(first, 1)]
    case .nearest(.ceiling): return [(Int(place.rounded(.up)), 1)]
    case .nearest(.halfDown): return [(Int((place - 0.5).rounded(.up)), 1)]
    case .nearest(.halfUp): return [(Int((place + 0.5).rounded(.down)), 1)]
    case .linear: return [(first, 1 - t), (first + 1, t)]
    case .cubic(let a):
      func weight(_ distance: Double) -> Double {
        distance <= 1
          ? ((a + 2) * distance - (a + 3)) * distance * distance + 1
          : ((a * distance - 5 * a) * distance + 8 * a) * distance - 4 * a
      }
      return (-1...2).map { (first + $0, weight(abs(Double($0) - t))) }
    }
  }
}

extension ResizeGradient: ExecutablePrimitive {
  func emit(_ node: Node, _ results: [Value], in builder: inout PlanBuilder) throws(PlanError) {
    try builder.emitBlends(resize.blends(from: shape).reversed().map(\.transposed), node, results[0])
  }
}

extension Pad: ExecutablePrimitive {
  func emit(_ node: Node, _ results: [Value], in builder: inout PlanBuilder) throws(PlanError) {
    guard case .constant(let number) = mode else {
      try builder.emitBlends(blends(from: builder.graph.type(of: node.operands[0]).shape), node, results[0])
      return
    }
    let source = try builder.view(node.operands[0])
    let target = builder.tensor(node.resultTypes[0], order: source.order)
    let fill = target.isInteger ? Float(bitPattern: UInt32(bitPattern: Int32(number))) : Float(number)
    builder.append(FillStep(view: target, value: fill))
    builder.appendCopy(
      of: source, to: target.sliced(starts: before, steps: before.map { _ in 1 }, shape: source.shape))
    builder.place(results[0], target)
  }

  /// Copies of elements at the edges, for the modes that have some.
  fileprivate func blends(from shape: [Int]) -> [AxisBlend] {
    shape.indices.filter { before[$0] + after[$0] > 0 }.map { axis in
      let (extent, target) = (shape[axis], before[axis] + shape[axis] + after[axis])
      return AxisBlend(
        axis: axis, source: extent, target: target,
        entries: (0..<target).map { index in
          let place = index - before[axis]
          if (0..<extent).contains(place) { return [(place, 1)] }
          switch mode {
          case .constant: return []
          case .edge: return [(min(max(place, 0), extent - 1), 1)]
          case .wrap: return [((place + extent) % extent, 1)]
          case .reflection: return [(place < 0 ? -place : 2 * (extent - 1) - place, 1)]
          }
        })
    }
  }
}

extension PadGradient: ExecutablePrimitive {
  func emit(_ node: Node, _ results: [Value], in builder: inout PlanBuilder) throws(PlanError) {
    try builder.emitBlends(pad.blends(from: shape).reversed().map(\.transposed), node, results[0])
  }
}
