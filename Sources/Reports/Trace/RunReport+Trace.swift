import Formats
import Hardware
import Measures
import Simulator

extension RunReport {
  /// Writes the run as a Perfetto trace, piece by piece, to `sink`.
  ///
  /// A track per unit has a slice per instruction; counters show power by component, memory bandwidth and scratchpad
  /// occupancy. Times are nanoseconds from the first issue.
  ///
  /// - Complexity: O(instructions); the memory that is used does not grow with them.
  package func writeTrace(to sink: @escaping ([UInt8]) throws -> Void) throws {
    var writer = TraceWriter(sink: sink)
    let machine = try writer.addTrack(title)
    if cores.isEmpty {
      try writeUnits(of: CoreRun(program: program, result: result), to: &writer, below: machine)
    }
    for (index, core) in cores.enumerated() {
      let track = try writer.addTrack("Core \(index)", parent: machine)
      try writeUnits(of: core, to: &writer, below: track)
    }
    try writePower(to: &writer, below: machine)
    try writeOccupancy(to: &writer, below: machine)
    try writer.finish()
  }

  private func nanoseconds(_ cycle: Int) -> UInt64 {
    UInt64(max(0, (Double(cycle) * 1e9 / result.clock.value).rounded()))
  }

  /// One track for each unit; work that overlaps within a unit goes on to a second one, as slices must not cross.
  private func writeUnits(
    of core: CoreRun, to writer: inout TraceWriter, below machine: TraceWriter.Track
  ) throws {
    let program = core.program
    for kind in Instruction.Kind.allCases {
      var lanes: [(track: TraceWriter.Track, end: Int)] = []
      for (instruction, timing) in zip(program.instructions, core.result.timeline)
      where instruction.kind == kind {
        let lane: Int
        if let free = lanes.firstIndex(where: { $0.end <= timing.start }) {
          lane = free
        } else {
          let name = lanes.isEmpty ? kind.title : "\(kind.title) (\(lanes.count + 1))"
          lanes.append((try writer.addTrack(name, parent: machine), 0))
          lane = lanes.count - 1
        }
        lanes[lane].end = max(timing.end, timing.start + 1)
        let layer = Int(instruction.layer)
        try writer.addSlice(
          program.layers.indices.contains(layer) ? program.layers[layer].name : "launch",
          on: lanes[lane].track,
          from: nanoseconds(timing.start), to: nanoseconds(timing.end),
          details: [("cycles", timing.end - timing.start)] + details(of: instruction, in: program))
      }
    }
  }

  /// What an instruction works on, as numbers beside its slice.
  private func details(of instruction: Instruction, in program: Program) -> [(name: String, value: Int)] {
    let payload = Int(instruction.payload)
    switch instruction.kind {
    case .load, .store:
      guard program.transfers.indices.contains(payload) else { return [] }
      return [("bytes", program.transfers[payload].bytes)]
    case .array:
      guard program.arrayTiles.indices.contains(payload) else { return [] }
      let tile = program.arrayTiles[payload]
      return [("m", tile.m), ("k", tile.k), ("n", tile.n), ("macs", tile.macs)]
    case .vector:
      guard program.vectorTiles.indices.contains(payload) else { return [] }
      return [("elements", program.vectorTiles[payload].elements)]
    }
  }

  private func writePower(to writer: inout TraceWriter, below machine: TraceWriter.Track) throws {
    let power = result.power
    let total = try writer.addCounter("Power", unit: "W", parent: machine)
    let used = Component.allCases.indices.filter { index in
      power.wattsByComponent.contains { index < $0.count && $0[index] > .zero }
    }
    let parts = try used.map { index in
      try writer.addCounter("Power: \(Component.allCases[index].title)", unit: "W", parent: machine)
    }
    let bandwidth = try writer.addCounter("Memory bandwidth", unit: "GB/s", parent: machine)
    for window in power.watts.indices {
      let start = nanoseconds(window * power.windowCycles)
      try writer.addValue(power.watts[window].value, of: total, at: start)
      for (part, component) in zip(parts, used) where window < power.wattsByComponent.count {
        try writer.addValue(power.wattsByComponent[window][component].value, of: part, at: start)
      }
      if window < power.memoryBytes.count {
        let cycles = min(power.windowCycles, result.cycles - window * power.windowCycles)
        let seconds = Double(max(1, cycles)) / result.clock.value
        try writer.addValue(Double(power.memoryBytes[window]) / seconds / 1e9, of: bandwidth, at: start)
      }
    }
    let end = nanoseconds(result.cycles)
    for counter in [total] + parts + [bandwidth] { try writer.addValue(0, of: counter, at: end) }
  }

  private func writeOccupancy(to writer: inout TraceWriter, below machine: TraceWriter.Track) throws {
    for series in occupancy {
      let counter = try writer.addCounter("Occupancy: \(series.name)", unit: "B", parent: machine)
      for step in series.steps {
        try writer.addValue(Double(step.bytes), of: counter, at: nanoseconds(step.cycle))
      }
      try writer.addValue(0, of: counter, at: nanoseconds(result.cycles))
    }
  }
}

extension Instruction.Kind {
  /// The unit as a reader meets it.
  package var title: String {
    switch self {
    case .load: "DMA load"
    case .store: "DMA store"
    case .array: "MAC array"
    case .vector: "Vector unit"
    }
  }
}
