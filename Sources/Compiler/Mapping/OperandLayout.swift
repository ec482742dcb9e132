/// How many bytes a part of a tensor takes, and in which runs it lies in main memory.
package struct OperandLayout: Hashable, Sendable {
  var isInterleaved: Bool
  var channels: Int
  var block: Int
  var blockBytes: Int
  var lastBlockBytes: Int
  var wordBytes: Int
  var bits: Int
  var columns: Int

  init(_ tensor: StoredTensor) {
    isInterleaved = tensor.isInterleaved
    channels = tensor.channels
    block = tensor.block
    blockBytes = tensor.blockBytes
    lastBlockBytes = tensor.lastBlockBytes
    wordBytes = tensor.wordBytes
    bits = tensor.bits
    columns = tensor.columns
  }

  /// Bytes of `channels` channels over a grid; the last, narrower block is assumed to be among them where they fill
  /// the tensor.
  func bytes(rows: Int, columns: Int, channels count: Int) -> Int {
    if isInterleaved { return rows * (columns * channels * bits).dividedUp(by: 8).roundedUp(to: wordBytes) }
    let blocks = count.dividedUp(by: block)
    return rows * columns
      * (count >= channels ? (blocks - 1) * blockBytes + lastBlockBytes : blocks * blockBytes)
  }

  /// Bytes of one contiguous run of a tile.
  func run(rows: Int, columns count: Int, ofColumns whole: Int) -> Int {
    if isInterleaved { return bytes(rows: count == whole ? rows : 1, columns: count, channels: channels) }
    return (count == whole ? rows : 1) * count * blockBytes
  }
}
