package import Hardware

/// One line of a DRAM channel's command log.
package struct DRAMCommandRecord: Hashable, Sendable {
  package var cycle: Int
  package var command: DRAMCommand
  /// The flat bank index; -1 for a command to all banks.
  package var bank: Int
  /// The row opened or accessed; -1 for a command without one.
  package var row: Int

  package init(cycle: Int, command: DRAMCommand, bank: Int, row: Int) {
    self.cycle = cycle
    self.command = command
    self.bank = bank
    self.row = row
  }
}
