/// What the cores of a machine execute side by side: a program each, and what they hand over to each other.
package struct CoreSchedule: Hashable, Sendable {
  /// The program of each core; cores beyond the last one have nothing to do.
  package var programs: [Program]
  package var handovers: [Handover]

  package init(programs: [Program], handovers: [Handover] = []) {
    self.programs = programs
    self.handovers = handovers
  }

  /// An instruction of one core that may start only after one of another core has completed and the news has crossed
  /// the interconnect.
  package struct Handover: Hashable, Sendable {
    package var giver: Place
    package var taker: Place

    package init(from giver: Place, to taker: Place) {
      self.giver = giver
      self.taker = taker
    }
  }

  /// An instruction of a core.
  package struct Place: Hashable, Sendable {
    package var core: Int
    package var instruction: Int

    package init(core: Int, instruction: Int) {
      self.core = core
      self.instruction = instruction
    }
  }
}

extension Program {
  /// A program that does nothing, for a core without work; its one layer takes what the core costs all the same.
  package static func idle(format: OperandFormat.Name) -> Program {
    var program = Program(name: "idle", format: format)
    program.layers = [Layer(name: "idle", operatorName: "none", macs: 0, mapping: "a core without work")]
    return program
  }

  /// The program with everything it keeps in main memory moved up by `bytes`.
  package func movedUp(by bytes: Int) -> Program {
    var program = self
    for index in program.transfers.indices { program.transfers[index].address += bytes }
    return program
  }
}
