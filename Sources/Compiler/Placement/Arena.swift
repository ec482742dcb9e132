/// Addresses in one scratchpad for buffers that live over ranges of layers.
struct Arena: Sendable {
  struct Block: Hashable, Sendable {
    var address: Int
    var bytes: Int
    /// First and last layer that uses it.
    var first: Int
    var last: Int
  }

  let capacity: Int
  let alignment: Int
  private(set) var blocks: [Block] = []

  init(capacity: Int, alignment: Int) {
    self.capacity = capacity / alignment * alignment
    self.alignment = alignment
  }

  /// Reserves `bytes` over a range of layers in the smallest gap that holds them, or returns nil.
  ///
  /// Complexity: linear in the blocks, plus sorting those that live at the same time.
  mutating func place(bytes: Int, first: Int, last: Int) -> Int? {
    let bytes = bytes.roundedUp(to: alignment)
    let neighbours = blocks.filter { $0.first <= last && first <= $0.last }.sorted {
      ($0.address, $0.bytes) < ($1.address, $1.bytes)
    }
    var best: (address: Int, slack: Int)?
    var cursor = 0
    func consider(_ end: Int) {
      let slack = end - cursor - bytes
      if slack >= 0, best.map({ slack < $0.slack }) ?? true { best = (cursor, slack) }
    }
    for neighbour in neighbours {
      if neighbour.address > cursor { consider(neighbour.address) }
      cursor = max(cursor, neighbour.address + neighbour.bytes)
    }
    consider(capacity)
    guard let best else { return nil }
    blocks.append(Block(address: best.address, bytes: bytes, first: first, last: last))
    return best.address
  }

  /// Forgets the newest blocks down to `count`.
  mutating func rewind(to count: Int) { blocks.removeLast(blocks.count - count) }

  /// Bytes in use at a layer.
  func used(at layer: Int) -> Int {
    blocks.reduce(0) { $0 + ($1.first <= layer && layer <= $1.last ? $1.bytes : 0) }
  }
}
