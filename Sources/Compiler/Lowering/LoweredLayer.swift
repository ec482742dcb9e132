import Hardware

/// A layer with its operands as stored tensors and its loops as numbers.
struct LoweredLayer: Sendable {
  var name: String
  var operatorName: String
  var macs: Int
  /// Ways to run it, of which the mapping search takes the fastest.
  var alternatives: [LayerWork]
  /// Tensors that are read and the one that is written.
  var inputs: [Int]
  var output: Int
}

/// Work of one layer for one of the units.
enum LayerWork: Hashable, Sendable {
  case array(ArrayWork)
  case vector(VectorWork)
}

/// A tensor that the elementwise part reads beside the main operand.
struct FurtherOperand: Hashable, Sendable {
  enum Form: Hashable, Sendable {
    /// Element for element like the result.
    case sameAsResult(GridView)
    /// Few elements that repeat; they are read once and held.
    case repeated
  }
  var tensor: Int
  var form: Form
}

/// A product on the array: the same loops for each item (group of channels, head, matrix of a batch).
struct ArrayWork: Hashable, Sendable {
  /// Where an item's operands and result start, relative to the grids.
  struct Item: Hashable, Sendable {
    var inputChannel = 0
    var inputPixel = 0
    var rightChannel = 0
    var rightPixel = 0
    var outputChannel = 0
    var outputPixel = 0
  }

  var shape: ArrayShape
  var input: GridView
  /// The right operand where it is a tensor of the run; nil for weights.
  var right: GridView?
  /// Whether the right tensor has the reduction on its pixels (else on its channels).
  var rightReducesPixels = false
  var output: GridView
  var further: [FurtherOperand]
  var items: [Item]
  var recipe: VectorRecipe
}

/// The loops of one item, independent of where its operands lie.
struct ArrayShape: Hashable, Sendable {
  /// Images that share the stationary operand.
  var images: Int
  /// The grid that the array streams over: output pixels, or input pixels of a transposed convolution.
  var rows: Int
  var columns: Int
  var inputRows: Int
  var inputColumns: Int
  var kernelRows = 1
  var kernelColumns = 1
  var kernelDepth = 1
  var strideRows = 1
  var strideColumns = 1
  var dilationRows = 1
  var dilationColumns = 1
  var paddingRows = 0
  var paddingColumns = 0
  /// Whether each input pixel meets every kernel position once.
  var isTransposed = false
  /// Output pixels that one streamed pixel makes side by side, as if they were channels: the squares of a transposed
  /// convolution's stride.
  var phases = 1
  /// Channels of the reduction and of the result, of one item.
  var channels: Int
  var outputChannels: Int
  var outputRows: Int
  var outputColumns: Int
  /// Useful multiply-accumulates of one item, all images.
  var macs: Int
  /// Whether several kernel positions share a fold.
  var packsKernel = false
  /// Channels of a depthwise convolution on an array that has a mode for it, else 0.
  var depthwiseChannels = 0
  /// Channels of one tile of a grouped convolution whose groups lie on the diagonal of one matrix, else 0.
  var diagonalChannels = 0
  /// Whether items start between two blocks of channels.
  var isMisaligned = false
  /// Which of the weights are stored and multiplied.
  var storage = WeightStorage.dense
  /// Bytes for each output channel that travel with the weights.
  var biasBytes = 0

  /// Whether the channels of a result's tile are those of its operand's tile.
  var isChannelwise: Bool { depthwiseChannels > 0 || diagonalChannels > 0 }
  var kernelPositions: Int { kernelRows * kernelColumns * kernelDepth }
  var pixels: Int { rows * columns }

  /// Input rows that a range of streamed rows reads, clipped to the image.
  func inputRows(for range: Range<Int>) -> Range<Int> {
    Self.reach(
      range, stride: strideRows, kernel: kernelRows, dilation: dilationRows, padding: paddingRows,
      extent: inputRows)
  }
  func inputColumns(for range: Range<Int>) -> Range<Int> {
    Self.reach(
      range, stride: strideColumns, kernel: kernelColumns, dilation: dilationColumns, padding: paddingColumns,
      extent: inputColumns)
  }
  /// Output rows that a range of streamed rows completes.
  func outputRows(for range: Range<Int>) -> Range<Int> { Self.share(range, of: rows, output: outputRows) }
  func outputColumns(for range: Range<Int>) -> Range<Int> {
    Self.share(range, of: columns, output: outputColumns)
  }

  private static func share(_ range: Range<Int>, of extent: Int, output: Int) -> Range<Int> {
    guard extent != output else { return range }
    return range.lowerBound * output / extent..<range.upperBound * output / extent
  }

  static func reach(
    _ range: Range<Int>, stride: Int, kernel: Int, dilation: Int, padding: Int, extent: Int
  ) -> Range<Int> {
    let low = min(max(0, range.lowerBound * stride - padding), extent - 1)
    let high = min(extent, (range.upperBound - 1) * stride - padding + dilation * (kernel - 1) + 1)
    return low..<max(low + 1, high)
  }
}

/// Work of the vector unit.
struct VectorWork: Hashable, Sendable {
  enum Shape: Hashable, Sendable {
    /// Result and operand have the same grid.
    case pointwise
    /// A window slides over the operand.
    case window(ArrayShape)
    /// The result has fewer pixels, fewer channels or both.
    case reduction
    /// Elements change places in runs; whether they fill the result's grid, or bytes between its blocks.
    case movement(elements: Int, run: Int, isRegular: Bool)
  }

  var shape: Shape
  var recipe: VectorRecipe
  /// The operand; nil for movements, which read `moved`.
  var input: GridView?
  /// Tensors of a movement with the share of each that is read, in bytes from its start.
  var moved: [MovedTensor] = []
  var further: [FurtherOperand] = []
  var output: GridView
  /// Weights of a depthwise window, in bytes.
  var weightBytes = 0

  struct MovedTensor: Hashable, Sendable {
    var tensor: Int
    /// The part that is read, where it is a plain grid.
    var grid: GridView?
    /// First byte.
    var offset: Int
    /// Bytes that are read, in `pieces` runs that lie evenly over `span` bytes.
    var bytes: Int
    var pieces = 1
    var span = 0
  }
}
