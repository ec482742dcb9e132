/// A view that a unit can walk: groups of contiguous channels over images of rows of adjacent pixels.
struct GridView: Hashable, Sendable {
  var tensor: Int
  var channel: Int
  var groups: Int
  var groupStride: Int
  /// Channels of one group.
  var channels: Int
  var pixel: Int
  var images: Int
  var imageStride: Int
  var rows: Int
  var rowStride: Int
  var columns: Int

  /// The pixel extents of a grid.
  struct Extents: Hashable, Sendable {
    var images: Int
    var rows: Int
    var columns: Int
    var pixels: Int { images * rows * columns }
  }

  var extents: Extents { Extents(images: images, rows: rows, columns: columns) }

  /// The grid of a view of `tensor` whatever its axes mean, with given pixel extents; nil if it is not that regular.
  init?(_ view: TensorView, of tensor: StoredTensor, extents: Extents? = nil) {
    let loops = view.axes.flatMap { $0 }
    let channelLoops = loops.filter { $0.direction == .channel }
    let pixelLoops = loops.filter { $0.direction == .pixel }
    self.init(view, of: tensor, channelLoops: channelLoops, pixelLoops: pixelLoops, extents: extents)
  }

  init?(
    _ view: TensorView, of tensor: StoredTensor, channelLoops: [TensorView.Factor],
    pixelLoops: [TensorView.Factor],
    extents: Extents?
  ) {
    let channelChain = TensorView.simplified(channelLoops.sorted { $0.stride > $1.stride })
    switch channelChain.count {
    case 0: (groups, groupStride, channels) = (1, 0, 1)
    case 1 where channelChain[0].stride == 1: (groups, groupStride, channels) = (1, 0, channelChain[0].extent)
    case 1: (groups, groupStride, channels) = (channelChain[0].extent, channelChain[0].stride, 1)
    case 2 where channelChain[1].stride == 1:
      (groups, groupStride, channels) = (
        channelChain[0].extent, channelChain[0].stride, channelChain[1].extent
      )
    default: return nil
    }
    if tensor.isInterleaved {
      guard view.channelOffset == 0, groups == 1, channels == tensor.channels else { return nil }
    } else {
      guard view.channelOffset % tensor.block == 0, groupStride % tensor.block == 0 else { return nil }
      guard channels <= tensor.paddedChannels - view.channelOffset % tensor.paddedChannels else { return nil }
    }
    let chain = TensorView.simplified(pixelLoops.sorted { $0.stride > $1.stride })
    let total = chain.reduce(1) { $0 * $1.extent }
    let natural: Extents
    if let extents {
      guard extents.pixels == total else { return nil }
      natural = extents
    } else if chain.count <= 1 {
      let isWhole = (chain.first?.stride ?? 1) == 1 && total % tensor.columns == 0
      natural =
        isWhole
        ? Extents(images: 1, rows: total / tensor.columns, columns: tensor.columns)
        : Extents(images: 1, rows: total, columns: 1)
    } else if chain.count == 2 {
      natural =
        chain[1].stride == 1
        ? Extents(images: 1, rows: chain[0].extent, columns: chain[1].extent)
        : Extents(images: chain[0].extent, rows: chain[1].extent, columns: 1)
    } else if chain.count == 3, chain[2].stride == 1 {
      natural = Extents(images: chain[0].extent, rows: chain[1].extent, columns: chain[2].extent)
    } else {
      return nil
    }
    let flat = TensorView(tensor: 0, axes: [chain])
    guard let split = flat.reshaped(to: [natural.images, natural.rows, natural.columns]) else { return nil }
    var strides: [Int] = []
    for axis in split.axes {
      guard !axis.isEmpty else {
        strides.append(0)
        continue
      }
      guard let loop = TensorView.merged(axis) else { return nil }
      strides.append(loop.stride)
    }
    guard natural.columns == 1 || strides[2] == 1 else { return nil }
    if tensor.isInterleaved {
      guard natural.columns == tensor.columns || total == 1, view.pixelOffset % tensor.columns == 0 else {
        return nil
      }
    }
    self.tensor = view.tensor
    channel = view.channelOffset
    pixel = view.pixelOffset
    images = natural.images
    rows = natural.rows
    columns = natural.columns
    imageStride = strides[0]
    rowStride = natural.rows == 1 ? natural.columns : strides[1]
  }

  /// All of a tensor.
  init(whole tensor: StoredTensor, index: Int) {
    self.tensor = index
    channel = 0
    groups = tensor.groups
    groupStride = tensor.groups > 1 ? tensor.paddedChannels : 0
    channels = tensor.channels
    pixel = 0
    images = 1
    imageStride = 0
    rows = tensor.rows
    rowStride = tensor.columns
    columns = tensor.columns
  }

  /// A part of one group of the grid.
  func region(
    group: Int, channels range: Range<Int>, image: Int, rows rowRange: Range<Int>,
    columns columnRange: Range<Int>
  ) -> TensorRegion {
    TensorRegion(
      channel: channel + group * groupStride + range.lowerBound, channelCount: range.count,
      pixel: pixel + image * imageStride + rowRange.lowerBound * rowStride + columnRange.lowerBound,
      rows: rowRange.count, rowStride: rowStride, columns: columnRange.count)
  }
}
