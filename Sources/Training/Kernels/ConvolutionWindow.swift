import CKernels
import Graphs

/// The layout in which windows slide: `[batch, spatial…, channels]`, for weights `[outputs, kernel…, channels]`.
func channelsLast(_ rank: Int) -> [Int] { [0] + Array(2..<rank) + [1] }

extension jk_window {
  /// The windows of a convolution or pooling; missing spatial axes have extent 1.
  init(
    input: [Int], output: [Int], kernel: [Int], strides: [Int], padding: [Padding], dilations: [Int]
  ) {
    self.init()
    func last(_ values: [Int], _ missing: Int) -> (Int, Int, Int) {
      let all = Array(repeating: missing, count: 3 - values.count) + values
      return (all[0], all[1], all[2])
    }
    batch = input[0]
    channels = input[1]
    (depth, height, width) = last(Array(input.dropFirst(2)), 1)
    (out_depth, out_height, out_width) = last(Array(output.dropFirst(2)), 1)
    (kernel_depth, kernel_height, kernel_width) = last(kernel, 1)
    (stride_depth, stride_height, stride_width) = last(strides, 1)
    (padding_depth, padding_height, padding_width) = last(padding.map(\.before), 0)
    (dilation_depth, dilation_height, dilation_width) = last(dilations, 1)
    group_start = 0
    group_channels = channels
  }

  var taps: Int { kernel_depth * kernel_height * kernel_width }
  var positions: Int { batch * out_depth * out_height * out_width }
  var pixels: Int { depth * height * width }
  /// Whether patches are the pixels themselves.
  var isPointwise: Bool {
    taps == 1 && stride_depth == 1 && stride_height == 1 && stride_width == 1 && padding_depth == 0
      && padding_height == 0 && padding_width == 0 && out_depth == depth && out_height == height
      && out_width == width
  }
}
