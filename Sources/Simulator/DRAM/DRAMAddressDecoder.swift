package import Hardware

/// Where a byte address lies in a DRAM system.
package struct DRAMLocation: Hashable, Sendable {
  package var channel: Int
  /// The flat bank index in the channel: bank group × banks per group + bank.
  package var bank: Int
  package var row: Int
  /// The column access in the row: bytes from the row's start ÷ bytes of an access.
  package var column: Int

  package init(channel: Int, bank: Int, row: Int, column: Int) {
    self.channel = channel
    self.bank = bank
    self.row = row
    self.column = column
  }
}

/// Cuts byte addresses into channel, bank, row and column.
///
/// Above the byte in an access every map cuts the channel and then the bank group, so that consecutive accesses go to
/// all channels and, in each, alternate bank groups: tCCD_S instead of tCCD_L lies between them, as in real
/// controllers. The map's name gives the order of what is left:
///
/// | map, most significant first | a stream … |
/// |---|---|
/// | row, bank, column, group, channel | stays in one row of each group, opens the next bank's while it reads (best) |
/// | row, column, bank, group, channel | touches all banks all the time; all rows change together |
/// | bank, row, column, group, channel | meets the next row in the bank it is in: a conflict per row |
///
/// Numbers that are powers of two are cut by shifts, others by division. Addresses wrap at the system's capacity.
package struct DRAMAddressDecoder: Sendable {
  /// One field of an address.
  private struct Field {
    var size: Int
    /// log2 of the size, or -1.
    var shift: Int

    init(_ size: Int) {
      self.size = size
      shift = size.nonzeroBitCount == 1 ? size.trailingZeroBitCount : -1
    }

    /// Takes the field from the low end of what is left of an address.
    @inline(__always)
    func cut(from rest: inout Int) -> Int {
      if shift >= 0 {
        let value = rest & (size &- 1)
        rest = rest &>> shift
        return value
      }
      let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: size)
      rest = quotient
      return remainder
    }
  }

  private let map: AddressMap
  private let access: Field
  private let channel: Field
  private let group: Field
  private let bank: Field
  private let row: Field
  private let column: Field

  /// - Precondition: all extents of the system are positive.
  package init(system: DRAMSystem) {
    let standard = system.standard
    map = system.addressMap
    access = Field(standard.accessBytes)
    channel = Field(system.channels)
    group = Field(standard.bankGroups)
    bank = Field(standard.banksPerGroup)
    row = Field(standard.rows)
    column = Field(standard.columns)
  }

  /// The place of a byte; constant time.
  @inline(__always)
  package func decode(_ address: Int) -> DRAMLocation {
    var rest = address
    _ = access.cut(from: &rest)
    let channel = channel.cut(from: &rest)
    let group = group.cut(from: &rest)
    let (bank, row, column): (Int, Int, Int)
    switch map {
    case .rowBankColumnChannel:
      column = self.column.cut(from: &rest)
      bank = self.bank.cut(from: &rest)
      row = self.row.cut(from: &rest)
    case .rowColumnBankChannel:
      bank = self.bank.cut(from: &rest)
      column = self.column.cut(from: &rest)
      row = self.row.cut(from: &rest)
    case .bankRowColumnChannel:
      column = self.column.cut(from: &rest)
      row = self.row.cut(from: &rest)
      bank = self.bank.cut(from: &rest)
    }
    return DRAMLocation(channel: channel, bank: group &* self.bank.size &+ bank, row: row, column: column)
  }

  /// The address of the first byte of a column access: the inverse of ``decode(_:)``.
  package func encode(_ location: DRAMLocation) -> Int {
    let (group, bank) = location.bank.quotientAndRemainder(dividingBy: self.bank.size)
    let fields: [(value: Int, size: Int)] =
      switch map {
      case .rowBankColumnChannel:
        [(location.row, row.size), (bank, self.bank.size), (location.column, column.size)]
      case .rowColumnBankChannel:
        [(location.row, row.size), (location.column, column.size), (bank, self.bank.size)]
      case .bankRowColumnChannel:
        [(bank, self.bank.size), (location.row, row.size), (location.column, column.size)]
      }
    let above = fields.reduce(0) { $0 * $1.size + $1.value }
    return ((above * self.group.size + group) * channel.size + location.channel) * access.size
  }
}
