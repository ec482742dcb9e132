package import Hardware
import Measures

/// A program that a machine cannot execute.
package struct SimulationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The instruction's index.
  package var instruction: Int
  /// The core whose program holds it, where there are several.
  package var core: Int?
  package var found: String
  package var expected: String

  package var description: String {
    "\(core.map { "core \($0), " } ?? "")instruction \(instruction): found \(found), expected \(expected); the program does not fit the machine it runs on"
  }
}

extension CoreSchedule {
  /// Checks what the machine relies on: a core for each program, sound programs, handovers between instructions that
  /// exist.
  package func validate(for model: HardwareModel) throws(SimulationError) {
    guard programs.count <= model.cores else {
      throw SimulationError(
        instruction: 0, core: model.cores, found: "\(programs.count) programs",
        expected: "at most one for each of \(model.cores) cores")
    }
    guard model.cores == 1 || model.caches.isEmpty else {
      throw SimulationError(
        instruction: 0, found: "caches before a memory that \(model.cores) cores share",
        expected: "one core, or no caches")
    }
    for (core, program) in programs.enumerated() {
      do throws(SimulationError) {
        try program.validate(for: model)
      } catch {
        var placed = error
        if model.cores > 1 { placed.core = core }
        throw placed
      }
    }
    for handover in handovers {
      for place in [handover.giver, handover.taker] {
        let count = programs.indices.contains(place.core) ? programs[place.core].instructions.count : 0
        guard (0..<count).contains(place.instruction), handover.giver.core != handover.taker.core else {
          throw SimulationError(
            instruction: place.instruction, core: place.core, found: "a handover from or to here",
            expected: "two instructions of different cores")
        }
      }
    }
  }
}

extension Program {
  /// Checks what the machine relies on: indices in range, dependencies on earlier instructions, memories that exist.
  package func validate(for model: HardwareModel) throws(SimulationError) {
    for (index, instruction) in instructions.enumerated() {
      func check(_ condition: Bool, _ found: String, _ expected: String) throws(SimulationError) {
        if !condition { throw SimulationError(instruction: index, found: found, expected: expected) }
      }
      let payloads =
        switch instruction.kind {
        case .load, .store: transfers.count
        case .array: arrayTiles.count
        case .vector: vectorTiles.count
        }
      try check(
        instruction.payload >= 0 && Int(instruction.payload) < payloads, "payload \(instruction.payload)",
        "0 ..< \(payloads)")
      try check(
        instruction.layer >= 0 && Int(instruction.layer) < layers.count, "layer \(instruction.layer)",
        "0 ..< \(layers.count)")
      for position in 0..<Int(instruction.dependencyCount) {
        let dependency = Int(dependencies[Int(instruction.firstDependency) + position])
        try check(
          dependency >= 0 && dependency < index, "a dependency on instruction \(dependency)",
          "an earlier instruction")
      }
      switch instruction.kind {
      case .load, .store:
        let transfer = transfers[Int(instruction.payload)]
        try check(
          transfer.bytes > 0 && transfer.address >= 0,
          "a transfer of \(transfer.bytes) bytes at \(transfer.address)",
          "at least one byte")
        try check(
          model.scratchpads.indices.contains(transfer.memory), "scratchpad \(transfer.memory)",
          "0 ..< \(model.scratchpads.count)")
        let end = transfer.scratchpadAddress + transfer.bytes
        try check(
          transfer.scratchpadAddress >= 0 && end <= model.scratchpads[transfer.memory].capacity.count,
          "bytes up to \(end) of '\(model.scratchpads[transfer.memory].name)'",
          "at most \(model.scratchpads[transfer.memory].capacity)")
      case .array:
        let tile = arrayTiles[Int(instruction.payload)]
        try check(
          tile.m > 0 && tile.k > 0 && tile.n > 0, "a tile \(tile.m)×\(tile.k)×\(tile.n)", "extents ≥ 1")
        for pattern in [tile.activations, tile.weights, tile.output] {
          try check(
            pattern.memory < model.scratchpads.count, "scratchpad \(pattern.memory)",
            "0 ..< \(model.scratchpads.count)")
        }
      case .vector:
        let tile = vectorTiles[Int(instruction.payload)]
        try check(tile.elements > 0, "\(tile.elements) elements", "at least 1")
        for pattern in [tile.firstOperand, tile.secondOperand, tile.result] {
          try check(
            pattern.memory < model.scratchpads.count, "scratchpad \(pattern.memory)",
            "0 ..< \(model.scratchpads.count)")
        }
      }
    }
  }
}
