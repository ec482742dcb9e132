import CKernels

extension ConvolutionShape {
  /// Whether the kernel that holds vectors of 16 channels in registers takes this depthwise convolution.
  var isDirectDepthwise: Bool { window.isPlane && window.channels % 16 == 0 }

  /// The depthwise convolution over gradients that gives the gradient of the input: the same taps, reversed; nil where
  /// strides or much padding make it another operation.
  fileprivate var transposedDepthwise: ConvolutionShape? {
    guard isDirectDepthwise, window.stride_height == 1, window.stride_width == 1 else { return nil }
    var transposed = self
    let (up, left) = (
      window.dilation_height * (window.kernel_height - 1) - window.padding_height,
      window.dilation_width * (window.kernel_width - 1) - window.padding_width
    )
    guard up >= 0, left >= 0 else { return nil }
    (transposed.window.padding_height, transposed.window.padding_width) = (up, left)
    (transposed.window.height, transposed.window.out_height) = (window.out_height, window.height)
    (transposed.window.width, transposed.window.out_width) = (window.out_width, window.width)
    return transposed
  }
}

extension PlanBuilder {
  /// Depthwise weights `[channels, 1, kernel…]` laid out as `[taps, channels]`, first or last tap first.
  private mutating func tapsFirst(_ w: TensorView, isReversed: Bool = false) -> TensorView {
    let taps = Array(2..<w.shape.count)
    var view = w
    if isReversed {
      for axis in taps {
        view.offset += (w.shape[axis] - 1) * w.strides[axis]
        view.strides[axis] = -w.strides[axis]
      }
    }
    return dense(view, order: taps + [1, 0])
  }

  mutating func appendDepthwise(
    _ shape: ConvolutionShape, _ x: TensorView, _ w: TensorView, _ y: TensorView,
    _ operands: FinishOperands? = nil
  ) {
    let weights = tapsFirst(w)
    guard !shape.isDirectDepthwise else {
      appendDirectDepthwise("depthwise convolution", shape, x, weights, y, operands)
      return
    }
    append(
      KernelStep(
        "depthwise convolution", reads: [x, weights] + (operands?.views ?? []), writes: [y],
        operations: shape.operations
      ) {
        context in
        let (xs, ws, ys) = (context.pointer(x), context.pointer(weights), context.pointer(y))
        let rows = shape.window.batch * shape.window.out_depth * shape.window.out_height
        let parts = min(16, rows)
        context.pool.run(parts) { task, _ in
          let range = part(task, of: parts, rows)
          withUnsafePointer(to: shape.window) {
            jk_depthwise(ys, xs, ws, $0, range.lowerBound, range.count)
          }
          let width = shape.window.out_width
          operands?.apply(
            context, ys, rows: range.lowerBound * width..<range.upperBound * width, outputs: shape.outputs)
        }
      })
  }

  private mutating func appendDirectDepthwise(
    _ label: String, _ shape: ConvolutionShape, _ x: TensorView, _ weights: TensorView, _ y: TensorView,
    _ operands: FinishOperands? = nil
  ) {
    let window = shape.window
    let size = withUnsafePointer(to: window) { jk_direct_workspace($0) }
    let workspace = buffer(threads * size)
    let bands = window.bands(threads: threads)
    append(
      KernelStep(
        label, reads: [x, weights] + (operands?.views ?? []), writes: [y], workspace: [workspace],
        operations: shape.operations
      ) { context in
        let (xs, ws, ys) = (context.pointer(x), context.pointer(weights), context.pointer(y))
        let images = context.pointer(workspace)
        context.pool.run(window.batch * bands) { task, worker in
          let (image, rows) = window.band(task, of: bands)
          let first = window.positions(before: rows, image)
          withUnsafePointer(to: window.rows(rows)) { band in
            let (y, own) = (ys + first * window.channels, images + worker * size)
            let x = xs + image * window.pixels * window.channels
            guard let operands else { return jk_depthwise_direct(y, x, ws, own, band, 0, nil) }
            withUnsafePointer(to: operands.kernel(context, row: first, outputs: window.channels)) {
              jk_depthwise_direct(y, x, ws, own, band, 0, $0)
            }
          }
        }
      })
  }

  mutating func appendDepthwiseInput(
    _ shape: ConvolutionShape, _ g: TensorView, _ w: TensorView, _ x: TensorView
  ) {
    if let transposed = shape.transposedDepthwise {
      appendDirectDepthwise("depthwise input gradient", transposed, g, tapsFirst(w, isReversed: true), x)
      return
    }
    let weights = tapsFirst(w)
    append(
      KernelStep("depthwise input gradient", reads: [g, weights], writes: [x], operations: shape.operations) {
        context in
        let (gs, ws, xs) = (context.pointer(g), context.pointer(weights), context.pointer(x))
        context.pool.run(shape.window.batch) { image, _ in
          withUnsafePointer(to: shape.window) { jk_depthwise_input(xs, gs, ws, $0, image, 1) }
        }
      })
  }

  /// Partial sums over parts of the batch, whose number does not depend on that of the threads, then their sum.
  mutating func appendDepthwiseWeights(
    _ shape: ConvolutionShape, _ x: TensorView, _ g: TensorView, _ w: TensorView
  ) {
    let window = shape.window
    let (count, parts) = (w.count, min(8, window.batch))
    let partial = buffer(parts * count)
    let image = withUnsafePointer(to: window) { jk_direct_workspace($0) }
    let isDirect = shape.isDirectDepthwise
    let workspace = buffer(isDirect ? threads * image : 1)
    append(
      KernelStep(
        "depthwise weight gradient", reads: [x, g], writes: [w], workspace: [partial, workspace],
        operations: shape.operations
      ) { context in
        let (xs, gs, ws) = (context.pointer(x), context.pointer(g), context.pointer(w))
        let (sums, images) = (context.pointer(partial), context.pointer(workspace))
        context.pool.run(parts) { task, worker in
          let range = part(task, of: parts, window.batch)
          (sums + task * count).update(repeating: 0, count: count)
          withUnsafePointer(to: window) { window in
            guard isDirect else {
              jk_depthwise_weights(sums + task * count, xs, gs, window, range.lowerBound, range.count)
              return
            }
            for index in range {
              jk_depthwise_direct_weights(
                sums + task * count, xs, gs, images + worker * image, window, index)
            }
          }
        }
        ws.update(from: sums, count: count)
        for task in 1..<max(1, parts) { jk_axpy(ws, sums + task * count, 1, count) }
      })
  }
}
