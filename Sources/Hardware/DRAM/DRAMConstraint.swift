/// One line of a DRAM standard's timing table: how long after a command another must wait.
package struct DRAMConstraint: Hashable, Sendable {
  /// What the two commands share.
  package enum Scope: Hashable, Sendable, CaseIterable {
    case bank, bankGroup, channel
  }

  package var scope: Scope
  package var preceding: [DRAMCommand]
  package var following: [DRAMCommand]
  /// Command-clock cycles between them.
  package var distance: Int
  /// Which of the preceding commands counts: 1 the last, 4 the fourth last (tFAW).
  package var window: Int

  package init(
    _ scope: Scope, _ preceding: [DRAMCommand], _ following: [DRAMCommand], distance: Int, window: Int = 1
  ) {
    self.scope = scope
    self.preceding = preceding
    self.following = following
    self.distance = distance
    self.window = window
  }
}
