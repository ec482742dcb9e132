import Hardware

/// Cuts a transfer into the DMA's bursts, in address order of its runs.
struct BurstCursor {
  /// One burst: contiguous bytes in main memory and where they lie in the packed copy.
  struct Burst {
    var address: Int
    var bytes: Int
    /// Bytes of the packed copy before this burst.
    var packedOffset: Int
  }

  private let transfer: Transfer
  private let burstBytes: Int
  private var inner = 0
  private var outer = 0
  private var offset = 0
  private var packed = 0

  init(_ transfer: Transfer, burstBytes: Int) {
    self.transfer = transfer
    self.burstBytes = burstBytes
    if transfer.bytes <= 0 { outer = transfer.outerCount }
  }

  var isAtEnd: Bool { outer >= transfer.outerCount }

  /// The next burst; call only while not at the end.
  mutating func next() -> Burst {
    let address =
      transfer.address + outer * transfer.outerStride + inner * transfer.innerStride + offset
    let length = min(transfer.runBytes - offset, burstBytes - address % burstBytes)
    let burst = Burst(address: address, bytes: length, packedOffset: packed)
    packed += length
    offset += length
    if offset == transfer.runBytes {
      offset = 0
      inner += 1
      if inner == transfer.innerCount {
        inner = 0
        outer += 1
      }
    }
    return burst
  }
}
