package import Hardware

/// The timing state of a DRAM channel: for every bank, bank group and the channel the earliest cycle of each command.
///
/// The device under test of the timing table: ``earliest(_:bank:)`` probes and changes nothing, ``issue(_:bank:at:)``
/// records a command and moves the registers its lines of the table name. Both take constant time.
package struct DRAMTimingRegisters: ~Copyable {
  /// Commands that share their gates; reads and writes wait alike with and without auto-precharge.
  enum Gate: Int {
    case activate, precharge, read, write, prechargeAll, refresh
  }

  private struct Update {
    var distance: Int
    var scope: DRAMConstraint.Scope
    var gate: Int
  }

  /// A constraint on the n-th last command: a ring of issue cycles for each place of the scope.
  private struct Window {
    var update: Update
    var length: Int
    var firstRing: Int
    var firstCursor: Int
  }

  /// Registers of one place, padded to a power of two.
  private static let stride = 8
  private static let commands = DRAMCommand.allCases.count

  private let banks: Int
  private let groups: Int
  private let registerCount: Int
  /// Banks first, then bank groups, then the channel.
  private let registers: UnsafeMutablePointer<Int>
  /// First register of each bank's group.
  private let groupBase: UnsafeMutablePointer<Int>
  private let channelBase: Int
  private let updates: UnsafeMutablePointer<Update>
  /// Where the updates of each command start; one more at the end.
  private let updateStart: UnsafeMutablePointer<Int>
  private let windows: UnsafeMutablePointer<Window>
  private let windowStart: UnsafeMutablePointer<Int>
  private let rings: UnsafeMutablePointer<Int>
  private let cursors: UnsafeMutablePointer<Int>

  package init(_ standard: DRAMStandard) {
    banks = standard.banks
    groups = standard.bankGroups
    let places = banks + groups + 1
    registerCount = places * Self.stride
    registers = .allocate(capacity: registerCount)
    registers.initialize(repeating: 0, count: registerCount)
    channelBase = (banks + groups) * Self.stride
    groupBase = .allocate(capacity: banks)
    for bank in 0..<banks {
      groupBase[bank] = (banks + bank / standard.banksPerGroup) * Self.stride
    }

    var allUpdates: [Update] = []
    var allWindows: [Window] = []
    var updateStarts = [0]
    var windowStarts = [0]
    var ringCount = 0
    var cursorCount = 0
    for command in DRAMCommand.allCases {
      for constraint in standard.constraints where constraint.preceding.contains(command) {
        for gate in Self.gates(of: constraint.following) {
          let update = Update(distance: constraint.distance, scope: constraint.scope, gate: gate.rawValue)
          guard constraint.window > 1 else {
            allUpdates.append(update)
            continue
          }
          allWindows.append(
            Window(update: update, length: constraint.window, firstRing: ringCount, firstCursor: cursorCount))
          ringCount += places * constraint.window
          cursorCount += places
        }
      }
      updateStarts.append(allUpdates.count)
      windowStarts.append(allWindows.count)
    }
    updates = Self.buffer(of: allUpdates)
    windows = Self.buffer(of: allWindows)
    updateStart = Self.buffer(of: updateStarts)
    windowStart = Self.buffer(of: windowStarts)
    rings = Self.buffer(of: Array(repeating: Int.min / 4, count: ringCount))
    cursors = Self.buffer(of: Array(repeating: 0, count: cursorCount))
  }

  deinit {
    registers.deallocate()
    groupBase.deallocate()
    updates.deallocate()
    updateStart.deallocate()
    windows.deallocate()
    windowStart.deallocate()
    rings.deallocate()
    cursors.deallocate()
  }

  /// The earliest cycle at which a command may issue; `bank` is of no matter for commands to all banks.
  package func earliest(_ command: DRAMCommand, bank: Int) -> Int {
    earliest(Self.gate(of: command), bank: bank)
  }

  /// Records that a command issues; the cycle must not be before ``earliest(_:bank:)`` (checked in debug builds).
  ///
  /// `bank` is -1 for a command to all banks.
  package mutating func issue(_ command: DRAMCommand, bank: Int, at cycle: Int) {
    let gate = Self.gate(of: command)
    assert(
      cycle >= (bank < 0 ? earliestInChannel(gate) : earliest(gate, bank: bank)),
      "\(command.mnemonic) is too early")
    let index = Int(command.rawValue)
    for position in updateStart[index]..<updateStart[index + 1] {
      apply(updates[position], bank: bank, at: cycle + updates[position].distance)
    }
    for position in windowStart[index]..<windowStart[index + 1] {
      let window = windows[position]
      let place = base(of: window.update.scope, bank: bank) / Self.stride
      let ring = rings + window.firstRing + place * window.length
      let cursor = cursors + window.firstCursor + place
      ring[cursor.pointee] = cycle
      cursor.pointee = cursor.pointee + 1 == window.length ? 0 : cursor.pointee + 1
      apply(window.update, bank: bank, at: ring[cursor.pointee] + window.update.distance)
    }
  }

  @inline(__always)
  func earliest(_ gate: Gate, bank: Int) -> Int {
    let ofBank = registers[bank &* Self.stride &+ gate.rawValue]
    let ofGroup = registers[groupBase[bank] &+ gate.rawValue]
    return max(max(ofBank, ofGroup), registers[channelBase &+ gate.rawValue])
  }

  /// The earliest cycle of a command to all banks.
  @inline(__always)
  func earliestInChannel(_ gate: Gate) -> Int { registers[channelBase &+ gate.rawValue] }

  @inline(__always)
  private func apply(_ update: Update, bank: Int, at cycle: Int) {
    let register = registers + (base(of: update.scope, bank: bank) &+ update.gate)
    register.pointee = max(register.pointee, cycle)
  }

  @inline(__always)
  private func base(of scope: DRAMConstraint.Scope, bank: Int) -> Int {
    switch scope {
    case .bank: bank &* Self.stride
    case .bankGroup: groupBase[bank]
    case .channel: channelBase
    }
  }

  private static func gate(of command: DRAMCommand) -> Gate {
    switch command {
    case .activate: .activate
    case .precharge: .precharge
    case .read, .readAutoPrecharge: .read
    case .write, .writeAutoPrecharge: .write
    case .prechargeAll: .prechargeAll
    case .refresh: .refresh
    }
  }

  /// The gates of several commands, each once, in the order of the list.
  private static func gates(of commands: [DRAMCommand]) -> [Gate] {
    commands.map(gate(of:)).reduce(into: []) { gates, gate in
      if !gates.contains(gate) { gates.append(gate) }
    }
  }

  private static func buffer<Element>(of elements: [Element]) -> UnsafeMutablePointer<Element> {
    let buffer = UnsafeMutablePointer<Element>.allocate(capacity: max(elements.count, 1))
    buffer.initialize(from: elements, count: elements.count)
    return buffer
  }
}
