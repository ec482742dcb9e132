import CKernels

extension ConvolutionShape {
  /// Whether the kernel without patches takes this convolution.
  ///
  /// It keeps sums in registers over all taps, vectors of 16 outputs wide, and works on images or on bands of few. Above 90 % of a core's peak at all channel counts.
  var isDirect: Bool {
    groups == 1 && window.isPlane && outputs % 16 == 0 && window.taps > 1
      && window.batch * window.out_height >= 4
  }

  /// Whether it takes this convolution of one tap, too: matrix products of few channels are what OpenBLAS is slow at.
  var isDirectPointwise: Bool {
    groups == 1 && window.isPointwise && window.isPlane && outputs % 16 == 0 && window.batch >= 4
      && max(window.channels, outputs) <= 128
  }

  /// The same for the gradient of the weights, which is split over images only.
  var isDirectForWeights: Bool { isDirect && window.batch >= 4 }

  /// The convolution over gradients that gives the gradient of the input: the same taps, reversed; nil where strides or
  /// much padding make it another operation.
  var transposedWindow: jk_window? {
    guard groups == 1, window.isPlane, window.channels % 16 == 0, window.batch * window.height >= 4,
      window.taps > 1 || isDirectPointwise,
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
  /// Into how many bands of rows each image is split, so that a few images occupy all threads; each result is the same
  /// whatever their number.
  func bands(threads: Int) -> Int {
    let wanted = 4 * threads
    return batch >= wanted ? 1 : max(1, min((out_height + 1) / 2, (wanted + batch - 1) / batch))
  }

  /// The image and the rows, an even number but for the last, of one of `batch` · `bands` tasks.
  func band(_ task: Int, of bands: Int) -> (image: Int, rows: Range<Int>) {
    let pairs = part(task % bands, of: bands, (out_height + 1) / 2)
    return (task / bands, 2 * pairs.lowerBound..<min(out_height, 2 * pairs.upperBound))
  }

  /// The window of some rows of positions.
  func rows(_ rows: Range<Int>) -> jk_window {
    var window = self
    window.out_height = rows.count
    window.padding_height -= rows.lowerBound * stride_height
    return window
  }

  func positions(before rows: Range<Int>, _ image: Int) -> Int {
    (image * out_height + rows.lowerBound) * out_width
  }

  /// The numbers of all positions of some rows of an image.
  func positions(of rows: Range<Int>, _ image: Int) -> Range<Int> {
    let first = positions(before: rows, image)
    return first..<first + rows.count * out_width
  }

  /// Whether there is no depth.
  var isPlane: Bool {
    depth == 1 && out_depth == 1 && kernel_depth == 1 && padding_depth == 0
  }
}

extension TensorView {
  /// Calls a function of the C kernels with the steps of weights along outputs, inputs, rows and columns of the kernel.
  func withWeightSteps<Result>(_ body: (UnsafePointer<Int>) -> Result) -> Result {
    let last = strides.count - 1
    let steps = (strides[0], strides[1], last > 2 ? strides[last - 1] : 0, last > 1 ? strides[last] : 0)
    return withUnsafePointer(to: steps) {
      $0.withMemoryRebound(to: Int.self, capacity: 4) { body($0) }
    }
  }
}

extension PlanBuilder {
  /// Adds a convolution of `x` without patches; `w` are the weights of the forward convolution in any layout.
  mutating func appendDirect(
    _ label: String, _ window: jk_window, outputs: Int, _ x: TensorView, _ w: TensorView, _ y: TensorView,
    transposed: Bool, _ operands: FinishOperands? = nil
  ) {
    if window.isWinograd(outputs: outputs) {
      appendWinograd(
        transposed ? "winograd input gradient" : "winograd convolution", window, outputs: outputs, x, w, y,
        transposed: transposed, operands)
      return
    }
    let size = withUnsafePointer(to: window) { jk_direct_workspace($0) }
    let weights = buffer(w.count)
    let workspace = buffer(threads * size)
    let forwardOutputs = w.shape[0]
    let arranged = KernelStep("arrangement of weights", reads: [w], writes: [], workspace: [weights]) {
      context in
      w.withWeightSteps {
        jk_arrange_weights(
          context.pointer(weights), context.pointer(w), $0, forwardOutputs, window.kernel_height,
          window.kernel_width, w.shape[1], transposed ? 1 : 0)
      }
    }
    append(arranged)
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
            jk_direct(
              ys + window.positions(before: rows, image) * outputs,
              xs + image * window.pixels * window.channels,
              weights, images + worker * size, $0, outputs, 0)
          }
          operands?.apply(
            context, ys, rows: window.positions(of: rows, image), outputs: outputs)
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
