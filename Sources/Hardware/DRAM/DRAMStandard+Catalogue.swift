extension DRAMStandard {
  /// The standards that come with the toolkit, by name.
  package static var all: [DRAMStandard] {
    [.ddr4_2400, .ddr4_3200, .hbm2, .hbm2_2000, .lpddr4_3200, .lpddr5_6400]
  }
}
