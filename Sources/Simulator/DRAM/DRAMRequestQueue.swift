/// The requests a DRAM channel's controller chooses among, in order of age, with the state of every bank's row.
///
/// Requests lie in fixed slots, linked by age over all and within their bank. Each bank knows its oldest read and write
/// to the open row, and four sets say which banks want which kind of command, so that choosing looks at each bank once
/// and at no request.
struct DRAMRequestQueue: ~Copyable {
  struct Slot {
    var row: Int32
    var column: Int32
    var tag: Int32
    var bank: Int32
    /// Place in the order of all requests.
    var order: Int
    /// Columns that had issued, plus requests older than this one, when it came: the younger ones that passed it since
    /// are the columns issued beyond.
    var columnsIfNotPassed: Int
    var arrival: Int
    var nextInBank: Int32
    var previousInBank: Int32
    var nextInAge: Int32
    var previousInAge: Int32
    /// Activates issued for it.
    var activates: Int32
    var isWrite: Bool
    var wasPrecharged: Bool
  }

  struct Bank {
    /// -1 when closed.
    var openRow: Int32
    var oldest: Int32
    var youngest: Int32
    var oldestReadHit: Int32
    var oldestWriteHit: Int32
  }

  static let none: Int32 = -1

  let capacity: Int
  let bankCount: Int
  let slots: UnsafeMutablePointer<Slot>
  let banks: UnsafeMutablePointer<Bank>
  private(set) var oldest = none
  private var youngest = none
  private var firstFree: Int32 = 0
  /// Requests in the queue, those yet to arrive included.
  private(set) var count = 0
  /// Requests that have arrived.
  private(set) var arrivedCount = 0
  /// Columns issued since the beginning.
  private(set) var columnsIssued = 0
  private var nextOrder = 0
  /// The requests yet to arrive, by arrival, linked by age.
  private(set) var nextArrival = none
  private var lastArrival = none
  /// Banks with a read of the open row, a write of it, a closed row wanted, and a row in the way.
  private(set) var readHits: UInt64 = 0
  private(set) var writeHits: UInt64 = 0
  private(set) var wantActivate: UInt64 = 0
  private(set) var wantPrecharge: UInt64 = 0
  private(set) var open: UInt64 = 0

  init(capacity: Int, banks bankCount: Int) {
    self.capacity = capacity
    self.bankCount = bankCount
    slots = .allocate(capacity: capacity)
    banks = .allocate(capacity: bankCount)
    for index in 0..<capacity {
      let next = index + 1 == capacity ? Self.none : Int32(index + 1)
      (slots + index).initialize(
        to: Slot(
          row: 0, column: 0, tag: 0, bank: 0, order: 0, columnsIfNotPassed: 0, arrival: 0,
          nextInBank: Self.none,
          previousInBank: Self.none, nextInAge: next, previousInAge: Self.none, activates: 0, isWrite: false,
          wasPrecharged: false))
    }
    banks.initialize(
      repeating: Bank(
        openRow: Self.none, oldest: Self.none, youngest: Self.none, oldestReadHit: Self.none,
        oldestWriteHit: Self.none),
      count: bankCount)
  }

  deinit {
    slots.deallocate()
    banks.deallocate()
  }

  /// Younger requests that went before the oldest one since it came.
  @inline(__always)
  var timesOldestWasPassed: Int { columnsIssued &- slots[Int(oldest)].columnsIfNotPassed }

  /// Takes a place for a request; `arrive(_:)` or `await(_:)` must follow.
  mutating func take(bank: Int, row: Int, column: Int, isWrite: Bool, tag: Int32, arrival: Int) -> Int32 {
    let index = firstFree
    let slot = slots + Int(index)
    firstFree = slot.pointee.nextInAge
    count &+= 1
    slot.pointee.row = Int32(truncatingIfNeeded: row)
    slot.pointee.column = Int32(truncatingIfNeeded: column)
    slot.pointee.tag = tag
    slot.pointee.bank = Int32(truncatingIfNeeded: bank)
    slot.pointee.arrival = arrival
    slot.pointee.isWrite = isWrite
    slot.pointee.activates = 0
    slot.pointee.wasPrecharged = false
    return index
  }

  /// Puts a request behind those that will arrive later.
  mutating func await(_ index: Int32) {
    slots[Int(index)].nextInAge = Self.none
    if lastArrival == Self.none { nextArrival = index } else { slots[Int(lastArrival)].nextInAge = index }
    lastArrival = index
  }

  /// Lets the next awaited request arrive.
  mutating func arriveNext() {
    let index = nextArrival
    nextArrival = slots[Int(index)].nextInAge
    if nextArrival == Self.none { lastArrival = Self.none }
    arrive(index)
  }

  /// Makes a request the youngest of the queue and of its bank.
  mutating func arrive(_ index: Int32) {
    let slot = slots + Int(index)
    let bank = banks + Int(slot.pointee.bank)
    slot.pointee.order = nextOrder
    nextOrder &+= 1
    slot.pointee.columnsIfNotPassed = columnsIssued &+ arrivedCount
    arrivedCount &+= 1
    slot.pointee.nextInAge = Self.none
    slot.pointee.previousInAge = youngest
    if youngest == Self.none { oldest = index } else { slots[Int(youngest)].nextInAge = index }
    youngest = index
    slot.pointee.nextInBank = Self.none
    slot.pointee.previousInBank = bank.pointee.youngest
    if bank.pointee.youngest == Self.none {
      bank.pointee.oldest = index
    } else {
      slots[Int(bank.pointee.youngest)].nextInBank = index
    }
    bank.pointee.youngest = index
    if slot.pointee.row == bank.pointee.openRow {
      if slot.pointee.isWrite {
        if bank.pointee.oldestWriteHit == Self.none { bank.pointee.oldestWriteHit = index }
      } else {
        if bank.pointee.oldestReadHit == Self.none { bank.pointee.oldestReadHit = index }
      }
    }
    sort(Int(slot.pointee.bank))
  }

  /// Removes a request to the open row whose column command issues; it must be the oldest of its kind there.
  mutating func remove(_ index: Int32) {
    let slot = slots + Int(index)
    let bank = banks + Int(slot.pointee.bank)
    columnsIssued &+= 1
    count &-= 1
    arrivedCount &-= 1
    let (older, younger) = (slot.pointee.previousInAge, slot.pointee.nextInAge)
    if older == Self.none { oldest = younger } else { slots[Int(older)].nextInAge = younger }
    if younger == Self.none { youngest = older } else { slots[Int(younger)].previousInAge = older }
    let (olderInBank, youngerInBank) = (slot.pointee.previousInBank, slot.pointee.nextInBank)
    if olderInBank == Self.none {
      bank.pointee.oldest = youngerInBank
    } else {
      slots[Int(olderInBank)].nextInBank = youngerInBank
    }
    if youngerInBank == Self.none {
      bank.pointee.youngest = olderInBank
    } else {
      slots[Int(youngerInBank)].previousInBank = olderInBank
    }
    let nextHit = firstHit(from: youngerInBank, row: bank.pointee.openRow, isWrite: slot.pointee.isWrite)
    if slot.pointee.isWrite {
      bank.pointee.oldestWriteHit = nextHit
    } else {
      bank.pointee.oldestReadHit = nextHit
    }
    slot.pointee.nextInAge = firstFree
    firstFree = index
    sort(Int(slot.pointee.bank))
  }

  /// Opens the row that the bank's oldest request wants.
  mutating func openRow(bank index: Int) {
    let bank = banks + index
    let slot = slots + Int(bank.pointee.oldest)
    slot.pointee.activates &+= 1
    let row = slot.pointee.row
    bank.pointee.openRow = row
    bank.pointee.oldestReadHit = firstHit(from: bank.pointee.oldest, row: row, isWrite: false)
    bank.pointee.oldestWriteHit = firstHit(from: bank.pointee.oldest, row: row, isWrite: true)
    open |= 1 &<< UInt64(index)
    sort(index)
  }

  /// Closes a bank's row.
  mutating func closeRow(bank index: Int) {
    banks[index].openRow = Self.none
    banks[index].oldestReadHit = Self.none
    banks[index].oldestWriteHit = Self.none
    open &= ~(1 &<< UInt64(index))
    sort(index)
  }

  @inline(__always)
  private func firstHit(from first: Int32, row: Int32, isWrite: Bool) -> Int32 {
    var index = first
    while index != Self.none {
      let slot = slots + Int(index)
      if slot.pointee.row == row, slot.pointee.isWrite == isWrite { return index }
      index = slot.pointee.nextInBank
    }
    return Self.none
  }

  /// Puts a bank into the sets it belongs to.
  @inline(__always)
  private mutating func sort(_ index: Int) {
    let bank = banks[index]
    let bit: UInt64 = 1 &<< UInt64(index)
    let isWanted = bank.oldest != Self.none
    let isOpen = bank.openRow != Self.none
    let hasRead = bank.oldestReadHit != Self.none
    let hasWrite = bank.oldestWriteHit != Self.none
    readHits = (readHits & ~bit) | (hasRead ? bit : 0)
    writeHits = (writeHits & ~bit) | (hasWrite ? bit : 0)
    wantActivate = (wantActivate & ~bit) | (isWanted && !isOpen ? bit : 0)
    wantPrecharge = (wantPrecharge & ~bit) | (isWanted && isOpen && !hasRead && !hasWrite ? bit : 0)
  }
}
