import CKernels
import Graphs

/// A convolution of channels-last images as products of blocks of patches with the weights.
///
/// A block of patches stays in the second-level cache of the thread that makes and multiplies it.
struct ConvolutionShape: Sendable {
  var window: jk_window
  var groups: Int
  var outputs: Int

  var groupInputs: Int { window.channels / groups }
  var groupOutputs: Int { outputs / groups }
  /// Elements of a patch of one group.
  var patch: Int { window.taps * groupInputs }
  /// One weight for each channel and tap.
  var isDepthwise: Bool { groups == window.channels && outputs == groups && groups > 1 }

  /// Floating-point operations of the convolution, and of each of its gradients.
  var operations: Int { 2 * window.positions * outputs * patch }

  /// Positions whose patches take about 256 KiB.
  var block: Int { max(16, min(4096, 65536 / max(1, patch))) }

  func window(group: Int) -> jk_window {
    var window = window
    window.group_start = group * groupInputs
    window.group_channels = groupInputs
    return window
  }
}

extension Convolution: ExecutablePrimitive {
  func emit(_ node: Node, _ results: [Value], in builder: inout PlanBuilder) throws(PlanError) {
    let type = node.resultTypes[0]
    if type.elementType.isInteger {
      return try builder.emitIntegers(self, node, results[0], zeroPoints: (0, 0), requantization: nil)
    }
    let order = channelsLast(type.rank)
    let x = try builder.dense(node.operands[0], order: order)
    let stored = try builder.view(node.operands[1])
    let y = builder.tensor(type, order: order)
    let shape = ConvolutionShape(
      window: jk_window(
        input: x.shape, output: type.shape, kernel: Array(stored.shape.dropFirst(2)), strides: strides,
        padding: padding,
        dilations: dilations), groups: groups, outputs: type.shape[1])
    builder.place(results[0], y)
    if shape.isDepthwise {
      builder.appendDepthwise(shape, x, stored, y)
      return
    }
    if shape.isDirect || shape.isDirectPointwise {
      builder.appendDirect(
        "direct convolution", shape.window, outputs: shape.outputs, x, stored, y, transposed: false)
      return
    }
    builder.appendPatches(shape, x, builder.dense(stored, order: order), y)
  }
}

extension PlanBuilder {
  /// Adds a convolution as products of blocks of patches with the weights, by OpenBLAS.
  mutating func appendPatches(
    _ shape: ConvolutionShape, _ x: TensorView, _ w: TensorView, _ y: TensorView,
    _ operands: FinishOperands? = nil
  ) {
    let patches = shape.window.isPointwise && shape.groups == 1 ? 0 : shape.block * shape.patch
    let workspace = buffer(threads * patches)
    append(
      KernelStep(
        "convolution", reads: [x, w] + (operands?.views ?? []), writes: [y], workspace: [workspace],
        operations: shape.operations
      ) { context in
        shape.forward(
          context.pointer(x), context.pointer(w), context.pointer(y), context.pointer(workspace), context.pool
        ) { rows in
          operands?.apply(
            context, context.pointer(y), rows: rows, outputs: shape.outputs)
        }
      })
  }
}

extension ConvolutionShape {
  func forward(
    _ x: UnsafePointer<Float>, _ w: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>,
    _ workspace: UnsafeMutablePointer<Float>, _ pool: WorkerPool, finish: (_ rows: Range<Int>) -> Void
  ) {
    let positions = window.positions
    let isDirect = window.isPointwise && groups == 1
    let blocks = (positions + block - 1) / block
    pool.run(blocks) { task, worker in
      let first = task * block
      let count = min(block, positions - first)
      for group in 0..<groups {
        var source = x + first * window.channels
        if !isDirect {
          let patches = workspace + worker * block * patch
          withUnsafePointer(to: self.window(group: group)) { jk_patches(patches, x, $0, first, count) }
          source = UnsafePointer(patches)
        }
        product(
          m: count, n: groupOutputs, k: patch, source, .rows(patch), w + group * groupOutputs * patch,
          .columns(patch), y + first * outputs + group * groupOutputs, leading: outputs)
      }
      finish(first..<first + count)
    }
  }

  func inputGradient(
    _ g: UnsafePointer<Float>, _ w: UnsafePointer<Float>, _ x: UnsafeMutablePointer<Float>,
    _ workspace: UnsafeMutablePointer<Float>, _ pool: WorkerPool
  ) {
    let perImage = window.positions / window.batch
    if window.isPointwise && groups == 1 {
      let blocks = (window.positions + block - 1) / block
      pool.run(blocks) { task, _ in
        let first = task * block
        product(
          m: min(block, window.positions - first), n: patch, k: outputs, g + first * outputs, .rows(outputs),
          w,
          .rows(patch), x + first * window.channels, leading: patch)
      }
      return
    }
    let size = window.pixels * window.channels
    pool.run(window.batch) { image, worker in
      (x + image * size).update(repeating: 0, count: size)
      let patches = workspace + worker * perImage * patch
      for group in 0..<groups {
        product(
          m: perImage, n: patch, k: groupOutputs, g + image * perImage * outputs + group * groupOutputs,
          .rows(outputs), w + group * groupOutputs * patch, .rows(patch), patches, leading: patch)
        withUnsafePointer(to: self.window(group: group)) { window in
          jk_add_patches(x, patches, window, image, 1)
        }
      }
    }
  }

  /// The number of partial sums of weight gradients; it does not depend on the number of threads.
  var parts: Int { max(1, min(8, window.positions / max(1, block))) }

  func weightGradient(
    _ x: UnsafePointer<Float>, _ g: UnsafePointer<Float>, _ w: UnsafeMutablePointer<Float>,
    _ workspace: UnsafeMutablePointer<Float>, _ partial: UnsafeMutablePointer<Float>, _ pool: WorkerPool
  ) {
    let isDirect = window.isPointwise && groups == 1
    let count = outputs * patch
    pool.run(parts) { task, worker in
      let sums = partial + task * count
      let range = part(task, of: parts, window.positions)
      for first in stride(from: range.lowerBound, to: range.upperBound, by: block) {
        let length = min(block, range.upperBound - first)
        for group in 0..<groups {
          var source = x + first * window.channels
          if !isDirect {
            let patches = workspace + worker * block * patch
            withUnsafePointer(to: self.window(group: group)) { jk_patches(patches, x, $0, first, length) }
            source = UnsafePointer(patches)
          }
          product(
            m: groupOutputs, n: patch, k: length, g + first * outputs + group * groupOutputs,
            .columns(outputs), source,
            .rows(patch), sums + group * groupOutputs * patch, leading: patch,
            accumulates: first > range.lowerBound)
        }
      }
    }
    w.update(from: partial, count: count)
    for task in 1..<max(1, parts) { jk_axpy(w, partial + task * count, 1, count) }
  }
}

extension MatrixLayout {
  /// A dense row-major matrix, or rows that are parts of longer lines.
  static func rows(_ leading: Int) -> MatrixLayout { MatrixLayout(isTransposed: false, leading: leading) }
  /// The transpose of such a matrix.
  static func columns(_ leading: Int) -> MatrixLayout { MatrixLayout(isTransposed: true, leading: leading) }

  private init(isTransposed: Bool, leading: Int) {
    self.isTransposed = isTransposed
    self.leading = leading
  }
}

extension ConvolutionInputGradient: ExecutablePrimitive {
  func emit(_ node: Node, _ results: [Value], in builder: inout PlanBuilder) throws(PlanError) {
    let type = node.resultTypes[0]
    let order = channelsLast(type.rank)
    let g = try builder.dense(node.operands[0], order: order)
    let stored = try builder.view(node.operands[1])
    let x = builder.tensor(type, order: order)
    let shape = ConvolutionShape(
      window: jk_window(
        input: type.shape, output: g.shape, kernel: Array(stored.shape.dropFirst(2)), strides: strides,
        padding: padding,
        dilations: dilations), groups: groups, outputs: g.shape[1])
    builder.place(results[0], x)
    if shape.isDepthwise {
      builder.appendDepthwiseInput(shape, g, stored, x)
      return
    }
    if let window = shape.transposedWindow {
      builder.appendDirect(
        "direct input gradient", window, outputs: shape.window.channels, g, stored, x, transposed: true)
      return
    }
    let w = builder.dense(stored, order: order)
    let perImage = shape.window.positions / shape.window.batch
    let workspace = builder.buffer(builder.threads * perImage * shape.patch)
    builder.append(
      KernelStep(
        "convolution input gradient", reads: [g, w], writes: [x], workspace: [workspace],
        operations: shape.operations
      ) { context in
        shape.inputGradient(
          context.pointer(g), context.pointer(w), context.pointer(x), context.pointer(workspace), context.pool
        )
      })
  }
}

extension ConvolutionWeightGradient: ExecutablePrimitive {
  func emit(_ node: Node, _ results: [Value], in builder: inout PlanBuilder) throws(PlanError) {
    let type = node.resultTypes[0]
    let order = channelsLast(type.rank)
    let x = try builder.dense(node.operands[0], order: order)
    let g = try builder.dense(node.operands[1], order: order)
    let shape = ConvolutionShape(
      window: jk_window(
        input: x.shape, output: g.shape, kernel: kernel, strides: strides, padding: padding,
        dilations: dilations),
      groups: groups, outputs: g.shape[1])
    if shape.isDepthwise {
      let w = builder.tensor(type, order: Array(2..<type.rank) + [1, 0])
      builder.place(results[0], w)
      builder.appendDepthwiseWeights(shape, x, g, w)
      return
    }
    let w = builder.tensor(type, order: order)
    if shape.isWinogradForWeights {
      builder.place(results[0], w)
      builder.appendWinogradWeights(shape.window, outputs: shape.outputs, x, g, w)
      return
    }
    if shape.isDirectForWeights || shape.isDirectPointwise {
      builder.place(results[0], w)
      builder.appendDirectWeights(shape.window, outputs: shape.outputs, x, g, w)
      return
    }
    let workspace = builder.buffer(builder.threads * shape.block * shape.patch)
    let partial = builder.buffer(shape.parts * type.count)
    builder.place(results[0], w)
    builder.append(
      KernelStep(
        "convolution weight gradient", reads: [x, g], writes: [w], workspace: [workspace, partial],
        operations: shape.operations
      ) { context in
        shape.weightGradient(
          context.pointer(x), context.pointer(g), context.pointer(w), context.pointer(workspace),
          context.pointer(partial), context.pool)
      })
  }
}
