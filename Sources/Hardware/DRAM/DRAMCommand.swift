/// A command on a DRAM channel's command bus, by its JEDEC name.
package enum DRAMCommand: UInt8, Hashable, Sendable, CaseIterable {
  /// ACT: opens a row of a bank.
  case activate
  /// PRE: closes the row of a bank.
  case precharge
  /// PREA: closes the rows of all banks.
  case prechargeAll
  /// RD: reads one burst of the open row.
  case read
  /// WR: writes one burst of the open row.
  case write
  /// RDA: reads one burst, then closes the row.
  case readAutoPrecharge
  /// WRA: writes one burst, then closes the row.
  case writeAutoPrecharge
  /// REFab: refreshes all banks, which must be closed.
  case refresh

  /// The JEDEC mnemonic.
  package var mnemonic: String {
    switch self {
    case .activate: "ACT"
    case .precharge: "PRE"
    case .prechargeAll: "PREA"
    case .read: "RD"
    case .write: "WR"
    case .readAutoPrecharge: "RDA"
    case .writeAutoPrecharge: "WRA"
    case .refresh: "REF"
    }
  }
}
