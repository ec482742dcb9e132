/// A tensor as it lies in main memory or in a scratchpad.
///
/// Blocked: `[group][block of channels][row][column][channel in block]`, so that one access of the array is one run of
/// words and a tile of full rows is one run for each block. Interleaved, for few channels: `[row][column][channel]`.
struct StoredTensor: Hashable, Sendable {
  /// Where the tensor comes from and must be at the end.
  enum Origin: Hashable, Sendable {
    case input, constant, intermediate, output
  }

  var name: String
  var origin: Origin
  /// Groups of channels (heads of an attention, for instance), each padded to whole blocks.
  var groups: Int
  /// Channels of one group.
  var channels: Int
  var rows: Int
  var columns: Int
  /// Bits of one element.
  var bits: Int
  /// Channels of a block.
  var block: Int
  var wordBytes: Int
  var isInterleaved: Bool

  init(
    name: String, origin: Origin, groups: Int = 1, channels: Int, rows: Int, columns: Int, bits: Int,
    block: Int,
    wordBytes: Int
  ) {
    self.name = name
    self.origin = origin
    self.groups = groups
    self.channels = channels
    self.rows = rows
    self.columns = columns
    self.bits = bits
    self.block = block
    self.wordBytes = wordBytes
    isInterleaved = groups == 1 && channels * bits * 2 <= wordBytes * 8
  }

  var pixels: Int { rows * columns }
  var blocksPerGroup: Int { isInterleaved ? 1 : channels.dividedUp(by: block) }
  /// Distance of two groups on the channel axis.
  var paddedChannels: Int { blocksPerGroup * block }
  /// Bytes of one pixel in a full block.
  var blockBytes: Int { (block * bits).dividedUp(by: 8).roundedUp(to: wordBytes) }
  /// Bytes of one pixel in the last block of a group.
  var lastBlockBytes: Int {
    ((channels - (blocksPerGroup - 1) * block) * bits).dividedUp(by: 8).roundedUp(to: wordBytes)
  }
  var planeBytes: Int { pixels * blockBytes }
  var groupBytes: Int { pixels * ((blocksPerGroup - 1) * blockBytes + lastBlockBytes) }
  /// Bytes of one row of an interleaved tensor.
  var interleavedRowBytes: Int { (columns * channels * bits).dividedUp(by: 8).roundedUp(to: wordBytes) }
  var bytes: Int { isInterleaved ? rows * interleavedRowBytes : groups * groupBytes }
}

/// A box of a tensor: a range of channels of one group, and a grid of pixels.
struct TensorRegion: Hashable, Sendable {
  /// First channel, counted over all groups with their padding.
  var channel: Int
  var channelCount: Int
  /// First pixel.
  var pixel: Int
  var rows: Int
  /// Distance of two rows in pixels.
  var rowStride: Int
  var columns: Int
}

/// Up to three nested loops of contiguous runs, relative to the start of a tensor.
struct RunPattern: Hashable, Sendable {
  var offset: Int
  var run: Int
  var innerCount = 1
  var innerStride = 0
  var outerCount = 1
  var outerStride = 0
  var bytes: Int { run * innerCount * outerCount }
}

extension StoredTensor {
  /// Byte offset of a pixel in the block of a channel.
  func offset(channel: Int, pixel: Int) -> Int {
    guard !isInterleaved else {
      return pixel / max(1, columns) * interleavedRowBytes
        + ((pixel % max(1, columns)) * channels * bits / 8) / wordBytes * wordBytes
    }
    let group = channel / paddedChannels
    let block = (channel % paddedChannels) / self.block
    let isLast = block == blocksPerGroup - 1
    return group * groupBytes + block * planeBytes + pixel * (isLast ? lastBlockBytes : blockBytes)
  }

  /// The runs that a region occupies: one pattern, or two where the last block is narrower than the others.
  func runs(of region: TensorRegion) -> [RunPattern] {
    let start = offset(channel: region.channel, pixel: region.pixel)
    if isInterleaved {
      if region.columns == columns || region.rows == 1 && region.rowStride >= columns {
        let bytes =
          region.columns == columns
          ? region.rows * interleavedRowBytes
          : (region.columns * channels * bits).dividedUp(by: 8).roundedUp(to: wordBytes)
        return [RunPattern(offset: start, run: bytes)]
      }
      let width = (region.columns * channels * bits).dividedUp(by: 8).roundedUp(to: wordBytes)
      return [
        RunPattern(
          offset: start, run: width, innerCount: region.rows,
          innerStride: region.rowStride.dividedUp(by: max(1, columns)) * interleavedRowBytes)
      ]
    }
    let (first, last) = blockRange(of: region)
    let isDense = region.rowStride == region.columns || region.rows == 1
    if isDense, region.rows * region.columns == pixels {
      return [RunPattern(offset: start, run: bytes(of: region))]
    }
    var patterns: [RunPattern] = []
    let endsGroup = last == blocksPerGroup && lastBlockBytes != blockBytes
    let full = last - first - (endsGroup ? 1 : 0)
    func append(count: Int, width: Int, offset: Int) {
      if isDense {
        patterns.append(
          RunPattern(
            offset: offset, run: region.rows * region.columns * width, innerCount: count,
            innerStride: planeBytes))
      } else {
        patterns.append(
          RunPattern(
            offset: offset, run: region.columns * width, innerCount: region.rows,
            innerStride: region.rowStride * width, outerCount: count, outerStride: planeBytes))
      }
    }
    if full > 0 { append(count: full, width: blockBytes, offset: start) }
    if endsGroup {
      let channel = region.channel / paddedChannels * paddedChannels + (last - 1) * block
      append(count: 1, width: lastBlockBytes, offset: offset(channel: channel, pixel: region.pixel))
    }
    return patterns
  }

  /// The blocks of its group that a region touches.
  func blockRange(of region: TensorRegion) -> (first: Int, last: Int) {
    let inGroup = region.channel % paddedChannels
    return (inGroup / block, min(blocksPerGroup, (inGroup + region.channelCount).dividedUp(by: block)))
  }

  /// Bytes of a region, padding to words included.
  func bytes(of region: TensorRegion) -> Int {
    if isInterleaved {
      return region.rows
        * (region.columns * channels * bits).dividedUp(by: 8).roundedUp(to: wordBytes)
    }
    let (first, last) = blockRange(of: region)
    let pixels = region.rows * region.columns
    let endsGroup = last == blocksPerGroup
    return pixels * ((last - first - (endsGroup ? 1 : 0)) * blockBytes + (endsGroup ? lastBlockBytes : 0))
  }
}
