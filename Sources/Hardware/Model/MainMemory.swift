package import Measures

/// The memory beyond the chip.
package enum MainMemory: Hashable, Sendable {
  /// DRAM simulated command by command.
  case dram(DRAMSystem)
  /// A pipe of fixed latency and bandwidth (flash, or a DRAM of which nothing else is known).
  case pipe(MemoryPipe)

  /// The most bytes per second that can cross, both directions together.
  package var peakBandwidth: BytesPerSecond {
    switch self {
    case .dram(let system): system.peakBandwidth
    case .pipe(let pipe): pipe.bandwidth
    }
  }
}

/// A memory of fixed latency and bandwidth.
package struct MemoryPipe: Hashable, Sendable {
  package var bandwidth: BytesPerSecond
  package var latency: Seconds

  package init(bandwidth: BytesPerSecond, latency: Seconds) {
    self.bandwidth = bandwidth
    self.latency = latency
  }
}

/// DRAM channels of one standard behind a controller each.
package struct DRAMSystem: Hashable, Sendable {
  package var standard: DRAMStandard
  package var channels: Int
  package var addressMap: AddressMap
  package var rowPolicy: RowPolicy
  /// Requests the controller of one channel can choose among.
  package var queueDepth: Int
  /// Younger requests that may go before the oldest one until nothing may hold it back any more (starvation bound).
  ///
  /// Twice the queue depth lets reads and writes gather into long batches, which a bus that turns needs; below it every
  /// turn comes early (a mixed stream on DDR4-3200 reaches 87 % of the peak with 64, 69 % with 16).
  package var hitCap: Int

  package enum RowPolicy: String, Hashable, Sendable, CaseIterable {
    case open, closed
  }

  /// Bytes that all channels hold; addresses lie below.
  package var capacity: Bytes { Bytes(channels * standard.banks * standard.rows * standard.rowBytes) }
  package var peakBandwidth: BytesPerSecond {
    BytesPerSecond(standard.channelBandwidth.value * Double(channels))
  }

  package init(
    standard: DRAMStandard, channels: Int, addressMap: AddressMap, rowPolicy: RowPolicy = .open,
    queueDepth: Int = 32,
    hitCap: Int = 64
  ) {
    self.standard = standard
    self.channels = channels
    self.addressMap = addressMap
    self.rowPolicy = rowPolicy
    self.queueDepth = queueDepth
    self.hitCap = hitCap
  }
}

/// The order in which the fields of an address are cut, most significant first.
///
/// In every map the bank group lies below the named fields and above the channel, and the byte in a burst below all, so
/// that consecutive accesses alternate channels and bank groups.
package enum AddressMap: String, Hashable, Sendable, CaseIterable {
  case rowBankColumnChannel = "row-bank-column-channel"
  case rowColumnBankChannel = "row-column-bank-channel"
  case bankRowColumnChannel = "bank-row-column-channel"
}
