import CKernels

extension ConvolutionShape {
  /// Whether Winograd's transforms make this convolution cheaper: on one core 1.1 times at 16 channels, 1.5 at 64, 1.7 at
  /// 128, transforms included.
  var isWinograd: Bool { window.isWinograd(outputs: outputs) && groups == 1 }

  /// The same for the gradient of the weights, whose sums of 16 numbers for each pair of channels must stay in caches.
  var isWinogradForWeights: Bool {
    isWinograd && window.batch >= 4 && window.channels >= 64 && outputs >= 64 && outputs <= 256
  }
}

extension jk_window {
  func isWinograd(outputs: Int) -> Bool {
    isPlane && kernel_height == 3 && kernel_width == 3 && stride_height == 1 && stride_width == 1
      && dilation_height == 1 && dilation_width == 1 && channels % 16 == 0 && outputs % 16 == 0
      && out_height >= 4 && out_width >= 4
  }
}

extension PlanBuilder {
  /// Adds a convolution of `x` over transformed tiles; `w` are the weights of the forward convolution in any
  /// layout, and the operations are those of the definition.
  mutating func appendWinograd(
    _ label: String, _ window: jk_window, outputs: Int, _ x: TensorView, _ w: TensorView, _ y: TensorView,
    transposed: Bool, _ operands: FinishOperands? = nil
  ) {
    let size = withUnsafePointer(to: window) { jk_winograd_workspace($0, outputs) }
    let weights = buffer(16 * window.channels * outputs)
    let workspace = buffer(threads * size)
    let (forwardOutputs, forwardInputs) = (w.shape[0], w.shape[1])
    append(
      KernelStep("transform of weights", reads: [w], writes: [], workspace: [weights]) { context in
        w.withWeightSteps {
          jk_winograd_weights(
            context.pointer(weights), context.pointer(w), $0, forwardOutputs, forwardInputs,
            transposed ? 1 : 0)
        }
      })
    let bands = window.bands(threads: threads)
    append(
      KernelStep(
        label, reads: [x] + (operands?.views ?? []), writes: [y], readsWorkspace: [weights],
        workspace: [workspace],
        operations: 2 * window.positions * outputs * window.taps * window.channels
      ) { context in
        let (xs, ys, weights) = (context.pointer(x), context.pointer(y), context.pointer(weights))
        let images = context.pointer(workspace)
        context.pool.run(window.batch * bands) { task, worker in
          let (image, rows) = window.band(task, of: bands)
          withUnsafePointer(to: window.rows(rows)) {
            jk_winograd(
              ys + window.positions(before: rows, image) * outputs,
              xs + image * window.pixels * window.channels,
              weights, images + worker * size, $0, outputs, 0)
          }
          operands?.apply(
            context, ys, rows: window.positions(of: rows, image), outputs: outputs)
        }
      })
  }

  /// Adds the gradient of the weights over transformed tiles: partial sums over parts of the batch, then their sum.
  mutating func appendWinogradWeights(
    _ window: jk_window, outputs: Int, _ x: TensorView, _ g: TensorView, _ w: TensorView
  ) {
    let image = withUnsafePointer(to: window) { jk_winograd_workspace($0, outputs) }
    let (count, inputs) = (16 * window.channels * outputs, window.channels)
    // The number of parts does not depend on the number of threads, so the sum does not either.
    let parts = min(8, window.batch)
    let partial = buffer(parts * count)
    let workspace = buffer(threads * image)
    append(
      KernelStep(
        "winograd weight gradient", reads: [x, g], writes: [w], workspace: [partial, workspace],
        operations: 2 * window.positions * w.count
      ) { context in
        let (xs, gs, sums) = (context.pointer(x), context.pointer(g), context.pointer(partial))
        let images = context.pointer(workspace)
        context.pool.run(parts) { task, worker in
          (sums + task * count).update(repeating: 0, count: count)
          for index in part(task, of: parts, window.batch) {
            withUnsafePointer(to: window) {
              jk_winograd_sums(sums + task * count, xs, gs, images + worker * image, $0, outputs, index)
            }
          }
        }
        for task in 1..<max(1, parts) { jk_axpy(sums, sums + task * count, 1, count) }
        jk_winograd_restore(context.pointer(w), sums, outputs, inputs)
      })
  }
}
