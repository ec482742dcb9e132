package import Hardware
import Measures

/// Programs for several cores, compiled to run side by side.
package struct CompiledSchedule: Sendable {
  package var schedule: CoreSchedule
  /// What a user should know of the translation, one sentence each.
  package var notes: [String]
  /// Where each of several networks runs, in the order in which they were given; empty for one network.
  package var places: [Place] = []

  /// The core of a network, and its instructions among those of the core.
  package struct Place: Hashable, Sendable {
    package var core: Int
    package var instructions: Range<Int>
  }

  package init(schedule: CoreSchedule, notes: [String]) {
    self.schedule = schedule
    self.notes = notes
  }

  /// Programs that know nothing of each other, each with its own part of main memory; program `i` runs on core
  /// `i mod cores`, after those that came to this core before.
  ///
  /// - Throws: ``CompileError`` where they do not fit into main memory together.
  package init(
    sideBySide compiled: [GraphCompiler.Result], on model: HardwareModel
  ) throws(CompileError) {
    var programs: [Program] = []
    var places: [Place] = []
    var end = 0
    for (index, result) in compiled.enumerated() {
      let program = result.program.movedUp(by: end)
      end += result.mainMemoryBytes.roundedUp(to: DMAEngine.pageBytes)
      let core = index % model.cores
      if index < model.cores { programs.append(program) } else { programs[core].append(program) }
      let last = programs[core].instructions.count
      places.append(Place(core: core, instructions: last - program.instructions.count..<last))
    }
    try MainMemoryCheck(model.memory).check(
      end, network: compiled.map(\.program.name).joined(separator: " + "))
    var notes: [String] = []
    for note in compiled.flatMap(\.notes) where !notes.contains(note) { notes.append(note) }
    self.init(schedule: CoreSchedule(programs: programs), notes: notes)
    self.places = places
  }
}
