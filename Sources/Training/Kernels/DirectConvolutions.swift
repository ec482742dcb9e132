import CKernels

extension ConvolutionShape {
  /// Whether the kernel without patches takes this convolution.
  ///
  /// It keeps sums in registers over all taps, vectors of 16 outputs wide, and works on whole images, so that few images
  /// would leave threads idle. Above 90 % of a core's peak at all channel counts.
  var isDirect: Bool {
    groups == 1 && window.isPlane && outputs % 16 == 0 && window.batch >= 4 && window.taps > 1
  }

  /// The convolution over gradients that gives the gradient of the input: the same taps, reversed; nil where strides or
  /// much padding make it another operation.
  var transposedWindow: jk_window? {
    guard groups == 1, window.isPlane, window.channels % 16 == 0, window.batch >= 4, window.taps > 1,
      window.stride_height == 1, window.stride_width == 1
    else { return nil }
    var transposed = window
    transposed.padding_height = window.dilation_height * (window.kernel_height - 1) - window.padding_height
    transposed.padding_width = window.dilation_width * (window.kernel_width - 1) - window.padding_width
    guard transposed.padding_height >= 0, transposed.padding_width >= 0 else { return nil }
    (transposed.height, transposed.out_height) = (window.out_height, window.height)
    (transposed.width, transposed.out_width) = (window.out_width, window.width)
    transposed.channels = outputs
    transposed.group_channels = outputs
    return transposed
  }
}

extension jk_window {
  /// Whether there is no depth.
  fileprivate var isPlane: Bool {
    depth == 1 && out_depth == 1 && kernel_depth == 1 && padding_depth == 0
  }
}

extension PlanBuilder {
  /// Adds a convolution of `x` without patches; `w` is `[outputs, taps…, inputs]` of the forward convolution.
  mutating func appendDirect(
    _ label: String, _ window: jk_window, outputs: Int, _ x: TensorView, _ w: TensorView, _ y: TensorView,
    transposed: Bool
  ) {
    let image = withUnsafePointer(to: window) { jk_direct_workspace($0) }
    let arranged = buffer(w.count)
    let workspace = buffer(threads * image)
    let forwardOutputs = w.shape[0]
    append(
      KernelStep(
        label, reads: [x, w], writes: [y], workspace: [arranged, workspace],
        operations: 2 * window.positions * outputs * window.taps * window.channels
      ) { context in
        let (xs, ys, weights) = (context.pointer(x), context.pointer(y), context.pointer(arranged))
        let images = context.pointer(workspace)
        jk_arrange_weights(
          weights, context.pointer(w), forwardOutputs, window.taps, w.shape[1], transposed ? 1 : 0)
        context.pool.run(window.batch) { index, worker in
          withUnsafePointer(to: window) {
            jk_direct(ys, xs, weights, images + worker * image, $0, outputs, index)
          }
        }
      })
  }

  /// Adds the gradient of the weights without patches: partial sums over parts of the batch, then their sum.
  mutating func appendDirectWeights(
    _ window: jk_window, outputs: Int, _ x: TensorView, _ g: TensorView, _ w: TensorView
  ) {
    let image = withUnsafePointer(to: window) { jk_direct_workspace($0) }
    let (count, inputs) = (w.count, window.channels)
    // The number of parts does not depend on the number of threads, so the sum does not either.
    let parts = min(8, window.batch)
    let partial = buffer(parts * count)
    let workspace = buffer(threads * image)
    append(
      KernelStep(
        "direct weight gradient", reads: [x, g], writes: [w], workspace: [partial, workspace],
        operations: 2 * window.positions * count
      ) { context in
        let (xs, gs, sums) = (context.pointer(x), context.pointer(g), context.pointer(partial))
        let images = context.pointer(workspace)
        context.pool.run(parts) { task, worker in
          (sums + task * count).update(repeating: 0, count: count)
          for index in part(task, of: parts, window.batch) {
            withUnsafePointer(to: window) {
              jk_direct_weights(sums + task * count, xs, gs, images + worker * image, $0, outputs, index)
            }
          }
        }
        for task in 1..<max(1, parts) { jk_axpy(sums, sums + task * count, 1, count) }
        jk_restore_weights(context.pointer(w), sums, outputs, window.taps, inputs)
      })
  }
}
