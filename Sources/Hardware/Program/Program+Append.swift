extension Program {
  /// Puts another program behind this one: none of it starts before all of this one has completed.
  package mutating func append(_ other: Program) {
    let counts = (
      instructions: Int32(instructions.count), transfers: Int32(transfers.count),
      arrayTiles: Int32(arrayTiles.count), vectorTiles: Int32(vectorTiles.count), layers: Int32(layers.count)
    )
    // The last of each unit stands for all before it.
    let last = Instruction.Kind.allCases.compactMap { kind in
      instructions.lastIndex { $0.kind == kind }.map { Int32($0) }
    }
    name += " + " + other.name
    layers += other.layers
    transfers += other.transfers
    arrayTiles += other.arrayTiles
    vectorTiles += other.vectorTiles
    for instruction in other.instructions {
      let payload: Int32 =
        switch instruction.kind {
        case .load, .store: counts.transfers
        case .array: counts.arrayTiles
        case .vector: counts.vectorTiles
        }
      let first = Int(instruction.firstDependency)
      let inner = other.dependencies[first..<first + Int(instruction.dependencyCount)]
      append(
        instruction.kind, payload: Int(instruction.payload + payload),
        layer: Int(instruction.layer + counts.layers),
        after: inner.isEmpty ? last : inner.map { $0 + counts.instructions })
    }
    occupancy += other.occupancy.map {
      OccupancyStep(instruction: $0.instruction + counts.instructions, memory: $0.memory, bytes: $0.bytes)
    }
    scratchpadPeakBytes = max(scratchpadPeakBytes, other.scratchpadPeakBytes)
  }
}
