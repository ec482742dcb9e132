/// A machine-independent loop nest: what an operation computes and moves, not how.
package enum Work: Hashable, Sendable {
  case matrixProduct(MatrixProductNest)
  case convolution(ConvolutionNest)
  case elementwise(ElementwiseNest)
  case reduction(ReductionNest)
  case movement(MovementNest)
  case gather(GatherNest)

  /// Multiply-accumulate operations of matrix products and convolutions; the others have none.
  package var macs: Int {
    switch self {
    case .matrixProduct(let nest): nest.macs
    case .convolution(let nest): nest.macs
    default: 0
    }
  }
}

/// `batch` products `[m, k] × [k, n] → [m, n]`.
///
/// Operand 0 is the left matrix, operand 1 the right one.
package struct MatrixProductNest: Hashable, Sendable {
  package var batch: Int
  package var m: Int
  package var k: Int
  package var n: Int
  /// Whether all products of the batch share the right operand (a weight matrix).
  package var sharesRight: Bool
  package var macs: Int { batch * m * k * n }

  package init(batch: Int, m: Int, k: Int, n: Int, sharesRight: Bool) {
    self.batch = batch
    self.m = m
    self.k = k
    self.n = n
    self.sharesRight = sharesRight
  }
}

/// A convolution over `[batch, inputChannels, input…] ⋆ [outputChannels, inputChannels / groups, kernel…]`.
///
/// One-dimensional convolutions have height 1; three-dimensional ones fold their depth loops into `batch` and `kernel.depth`.
package struct ConvolutionNest: Hashable, Sendable {
  package var batch: Int
  package var groups: Int
  package var inputChannels: Int
  package var outputChannels: Int
  /// Extents as (height, width); depth folds into `batch`.
  package var input: Extent
  package var output: Extent
  package var kernel: Extent
  /// Kernel depth of a three-dimensional convolution, else 1.
  package var kernelDepth: Int
  package var stride: Extent
  package var dilation: Extent
  /// Padding before the first row and column.
  package var padding: Extent
  /// Whether this is the transposed form: each *input* pixel meets every kernel position.
  package var isTransposed: Bool

  /// A height and a width.
  package struct Extent: Hashable, Sendable {
    package var height: Int
    package var width: Int
    package init(_ height: Int, _ width: Int) {
      self.height = height
      self.width = width
    }
    package var area: Int { height * width }
  }

  package var macs: Int {
    let pixels = isTransposed ? input.area : output.area
    let perPixel = (inputChannels / groups) * kernel.area * kernelDepth * outputChannels
    return batch * pixels * perPixel
  }

  package init(
    batch: Int, groups: Int, inputChannels: Int, outputChannels: Int, input: Extent, output: Extent,
    kernel: Extent, kernelDepth: Int = 1, stride: Extent, dilation: Extent, padding: Extent,
    isTransposed: Bool = false
  ) {
    self.batch = batch
    self.groups = groups
    self.inputChannels = inputChannels
    self.outputChannels = outputChannels
    self.input = input
    self.output = output
    self.kernel = kernel
    self.kernelDepth = kernelDepth
    self.stride = stride
    self.dilation = dilation
    self.padding = padding
    self.isTransposed = isTransposed
  }
}

/// One function applied to every element of the result.
package struct ElementwiseNest: Hashable, Sendable {
  package var function: ScalarFunction
  /// Elements of the result.
  package var elements: Int
  /// Tensor operands that are read for each element (constants of one element do not count).
  package var operands: Int

  package init(_ function: ScalarFunction, elements: Int, operands: Int) {
    self.function = function
    self.elements = elements
    self.operands = operands
  }
}

/// `inputs` elements combined into `outputs` results by an associative function.
package struct ReductionNest: Hashable, Sendable {
  package var function: ScalarFunction
  package var inputs: Int
  package var outputs: Int

  package init(_ function: ScalarFunction, inputs: Int, outputs: Int) {
    self.function = function
    self.inputs = inputs
    self.outputs = outputs
  }
}

/// Elements copied from one place to another in a regular pattern.
package struct MovementNest: Hashable, Sendable {
  package var elements: Int
  /// Length in elements of the longest run that stays contiguous in source and destination.
  package var run: Int

  package init(elements: Int, run: Int) {
    self.elements = elements
    self.run = run
  }
}

/// Elements fetched from, or written to, places given by an index tensor.
package struct GatherNest: Hashable, Sendable {
  /// Number of indices.
  package var indices: Int
  /// Contiguous elements fetched for each index.
  package var run: Int
  /// Whether the operation scatters (writes by index) rather than gathers.
  package var scatters: Bool

  package init(indices: Int, run: Int, scatters: Bool = false) {
    self.indices = indices
    self.run = run
    self.scatters = scatters
  }
}

/// A function of one element, or of two: what a lane of a vector unit computes.
package enum ScalarFunction: String, Hashable, Sendable, CaseIterable {
  case copy, negate, absolute, sign, not, floor, ceiling, round, clamp, relu
  case add, subtract, multiply, minimum, maximum, compare, logic, select, multiplyAdd
  case divide, reciprocal, squareRoot, remainder, power
  case exponential, logarithm, sigmoid, tanh, erf, gelu, silu, softplus, mish, elu, sine, cosine
  case hardSigmoid, hardSwish, leakyReLU
  case cast, quantize, dequantize
}
