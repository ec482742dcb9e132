/// What running a schedule on several cores took.
package struct ScheduleResult: Hashable, Sendable {
  /// All cores together: the longest run, the sums of energies, counts and causes.
  package var total: SimulationResult
  /// Each core for itself, over the cycles of the whole run.
  package var cores: [SimulationResult]

  /// The cycle in which the last of some instructions of a core completes.
  package func end(of instructions: Range<Int>, on core: Int) -> Int {
    cores[core].timeline[instructions].reduce(0) { max($0, $1.end) }
  }

  package init(total: SimulationResult, cores: [SimulationResult]) {
    self.total = total
    self.cores = cores
  }
}
