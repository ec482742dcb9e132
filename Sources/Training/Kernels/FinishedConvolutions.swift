import CKernels
import Graphs

/// The operands of a ``ConvolutionFinish`` in a plan.
struct FinishOperands: Sendable {
  var finish: ConvolutionFinish
  /// One number for each output.
  var bias: TensorView?
  /// Laid out as the results.
  var addend: TensorView?

  var views: [TensorView] { [bias, addend].compactMap { $0 } }

  /// What a kernel gets that writes rows of `outputs` elements from `row` on.
  func kernel(_ context: StepContext, row: Int, outputs: Int) -> jk_finish {
    jk_finish(
      bias: bias.map { UnsafePointer(context.pointer($0)) },
      addend: addend.map { UnsafePointer(context.pointer($0) + row * outputs) }, low: finish.low,
      high: finish.high)
  }

  /// Finishes rows that a kernel has just written; `y` is the first of all rows.
  func apply(_ context: StepContext, _ y: UnsafeMutablePointer<Float>, rows: Range<Int>, outputs: Int) {
    withUnsafePointer(to: kernel(context, row: rows.lowerBound, outputs: outputs)) {
      jk_finish_rows(y + rows.lowerBound * outputs, $0, rows.count, outputs)
    }
  }
}

extension FinishedConvolution: ExecutablePrimitive {
  func emit(_ node: Node, _ results: [Value], in builder: inout PlanBuilder) throws(PlanError) {
    let type = node.resultTypes[0]
    let order = channelsLast(type.rank)
    let x = try builder.dense(node.operands[0], order: order)
    let stored = try builder.view(node.operands[1])
    var operands = FinishOperands(finish: finish)
    if finish.hasBias { operands.bias = try builder.dense(node.operands[2]) }
    if finish.hasAddend {
      operands.addend = try builder.dense(node.operands[finish.hasBias ? 3 : 2], order: order)
    }
    let y = builder.tensor(type, order: order)
    builder.place(results[0], y)
    let shape = ConvolutionShape(
      window: jk_window(
        input: x.shape, output: type.shape, kernel: Array(stored.shape.dropFirst(2)),
        strides: convolution.strides, padding: convolution.padding, dilations: convolution.dilations),
      groups: convolution.groups, outputs: type.shape[1])
    if shape.isDepthwise {
      builder.appendDepthwise(shape, x, stored, y, operands)
    } else if shape.isDirect, shape.patch <= 256 || (shape.isWinograd && shape.window.positions > 256) {
      builder.appendDirect(
        "direct convolution", shape.window, outputs: shape.outputs, x, stored, y, transposed: false, operands)
    } else if shape.groups == 1 {
      builder.appendPacked(shape, x, builder.dense(stored, order: order), y, operands)
    } else {
      builder.appendPatches(shape, x, builder.dense(stored, order: order), y, operands)
    }
  }
}

/// How a convolution with weights in panels is split over threads.
private struct PackedParts {
  /// Whether all patches are made before the products, which then split outputs: weights are read once.
  var makesPatchesFirst: Bool
  var rows: Int
  var columns: Int

  init(_ shape: ConvolutionShape, threads: Int) {
    let (positions, wanted) = (shape.window.positions, 2 * threads)
    let panels = (shape.outputs + 31) / 32
    // What is smaller is read by all threads: inputs or weights.
    let splitsOutputs = positions < shape.outputs && panels >= wanted
    makesPatchesFirst = splitsOutputs && !shape.window.isPointwise
    if splitsOutputs {
      (rows, columns) = (1, wanted)
    } else {
      // A part of 96 rows meets each panel often enough, and its patches, of 128 KiB at most, stay in the cache.
      let height = max(12, min(96, shape.window.isPointwise ? 96 : 32768 / max(1, shape.patch)))
      let parts = max(min(wanted, positions), (positions + height - 1) / height)
      (rows, columns) = ((parts + threads - 1) / threads * threads, 1)
    }
  }
}

extension PlanBuilder {
  /// Adds a convolution with weights in panels: products of rows of `x`, or of patches, with panels, and the finish.
  fileprivate mutating func appendPacked(
    _ shape: ConvolutionShape, _ x: TensorView, _ w: TensorView, _ y: TensorView, _ operands: FinishOperands
  ) {
    let (positions, outputs, patch) = (shape.window.positions, shape.outputs, shape.patch)
    let panels = buffer(jk_panels_size(outputs, patch))
    append(
      KernelStep("packing of weights", reads: [w], writes: [], workspace: [panels]) { context in
        jk_pack_panels(context.pointer(panels), context.pointer(w), outputs, patch)
      })
    let parts = PackedParts(shape, threads: threads)
    let isPointwise = shape.window.isPointwise
    let height = (positions + parts.rows - 1) / parts.rows
    let size = isPointwise || parts.makesPatchesFirst ? 0 : height * patch
    let workspace = buffer(parts.makesPatchesFirst ? positions * patch : threads * size)
    let window = shape.window(group: 0)
    append(
      KernelStep(
        "packed convolution", reads: [x] + operands.views, writes: [y], readsWorkspace: [panels],
        workspace: [workspace], operations: shape.operations
      ) { context in
        let (xs, ys, panels) = (context.pointer(x), context.pointer(y), context.pointer(panels))
        let patches = context.pointer(workspace)
        if parts.makesPatchesFirst {
          let bands = min(positions, parts.columns)
          context.pool.run(bands) { task, _ in
            let rows = part(task, of: bands, positions)
            withUnsafePointer(to: window) {
              jk_patches(patches + rows.lowerBound * patch, xs, $0, rows.lowerBound, rows.count)
            }
          }
        }
        context.pool.run(parts.rows * parts.columns) { task, worker in
          let rows = part(task / parts.columns, of: parts.rows, positions)
          let blocks = part(task % parts.columns, of: parts.columns, (outputs + 31) / 32)
          let columns = blocks.lowerBound * 32..<min(outputs, blocks.upperBound * 32)
          var source = UnsafePointer(isPointwise ? xs + rows.lowerBound * window.channels : patches)
          if size > 0 {
            let own = patches + worker * size
            withUnsafePointer(to: window) { jk_patches(own, xs, $0, rows.lowerBound, rows.count) }
            source = UnsafePointer(own)
          }
          withUnsafePointer(to: operands.kernel(context, row: rows.lowerBound, outputs: outputs)) {
            jk_packed_product(
              ys + rows.lowerBound * outputs, outputs, source, patch, panels, rows.count, patch,
              columns.lowerBound, columns.upperBound, $0)
          }
        }
      })
  }
}
