/// Bursts under way between the DMA and main memory, oldest first.
struct BurstRing {
  /// One burst under way.
  struct Slot {
    var instruction = 0
    /// Accesses of main memory that have not completed.
    var accessesLeft = 0
    /// The core cycle at which the last completed access ended.
    var arrival = 0
    /// Words of the scratchpad that the burst completes, and the first of them.
    var words = 0
    var firstWord = 0
    /// Whether the burst is the last of its transfer.
    var isLast = false
    /// Next access to hand to the memory, and the end; in units of the access size.
    var nextAccess = 0
    var endAccess = 0
  }

  private var slots: [Slot]
  private(set) var head = 0
  private(set) var count = 0

  init(capacity: Int) { slots = Array(repeating: Slot(), count: max(1, capacity)) }

  var isFull: Bool { count == slots.count }
  var isEmpty: Bool { count == 0 }
  var capacity: Int { slots.count }

  /// The slot number that the next append will use.
  var nextIndex: Int { (head + count) % slots.count }

  mutating func append(_ slot: Slot) {
    slots[nextIndex] = slot
    count += 1
  }

  mutating func removeFirst() {
    head = head + 1 == slots.count ? 0 : head + 1
    count -= 1
  }

  subscript(index: Int) -> Slot {
    @inline(__always) _read { yield slots[index] }
    @inline(__always) _modify { yield &slots[index] }
  }
}
