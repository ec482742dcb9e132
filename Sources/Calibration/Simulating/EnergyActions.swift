import Hardware
import Measures
import Simulator

/// The actions that a machine's energy table prices, by the keys of their prices.
enum EnergyActions {
  /// Power that flows all the time and belongs to no unit: clock tree and leakage.
  static let clockKey = "energy.static-power.other"

  /// The keys of all prices of a machine, in the order of a hardware file.
  static func keys(of model: HardwareModel) -> [String] {
    var keys = OperandFormat.Name.allCases.filter { model.energy.mac[$0] != nil }.map {
      "energy.mac.\($0.rawValue)"
    }
    keys.append("energy.array-cell-cycle")
    for memory in model.scratchpads {
      keys += ["energy.scratchpads.\(memory.name).read", "energy.scratchpads.\(memory.name).write"]
    }
    keys += VectorClass.allCases.map { "energy.vector.\($0.rawValue)" }
    keys += ["energy.dma-byte", "energy.instruction"]
    if case .pipe = model.memory { keys.append("energy.memory-byte") }
    let powers = model.energy.staticPower.map { "energy.static-power.\($0.component.rawValue)" }
    return keys + powers + (powers.contains(clockKey) ? [] : [clockKey])
  }

  /// What an action costs on a machine, in joules or watts; nil where the machine has no such price.
  static func price(of key: String, on model: HardwareModel) -> Double? {
    let path = key.split(separator: ".").map(String.init)
    let last = path[path.count - 1]
    switch path[1] {
    case "mac": return OperandFormat.Name(rawValue: last).flatMap { model.energy.mac[$0]?.amount.value }
    case "array-cell-cycle": return model.energy.arrayCellCycle.amount.value
    case "scratchpads":
      guard let index = model.scratchpads.firstIndex(where: { $0.name == path[2] }) else { return nil }
      return (last == "read" ? model.energy.scratchpadRead : model.energy.scratchpadWrite)[index].amount.value
    case "vector": return VectorClass(rawValue: last).flatMap { model.energy.vectorElement[$0]?.amount.value }
    case "dma-byte": return model.energy.dmaByte.amount.value
    case "instruction": return model.energy.instruction.amount.value
    case "memory-byte": return model.energy.memoryByte.amount.value
    case "static-power":
      return model.energy.staticPower.first { $0.component.rawValue == last }?.power.amount.value
    default: return nil
    }
  }

  /// How often each action of `keys` happened in a run, seconds for static powers, so that their sum over the prices of the
  /// file is the energy: an action at a higher voltage than that of the prices counts for more than one.
  static func counts(
    _ keys: [String], of result: SimulationResult, _ programs: [Program], on model: HardwareModel
  ) -> [Double] {
    keys.map { factor(of: $0, on: model) }.elementwiseProduct(bare(keys, of: result, programs, on: model))
  }

  /// What an action takes at the machine's voltage, as a multiple of its price.
  private static func factor(of key: String, on model: HardwareModel) -> Double {
    let path = key.split(separator: ".").map(String.init)
    switch path[1] {
    case "mac", "array-cell-cycle": return model.voltage.actionFactor(of: .array)
    case "scratchpads": return model.voltage.actionFactor(of: .scratchpad)
    case "vector": return model.voltage.actionFactor(of: .vector)
    case "dma-byte": return model.voltage.actionFactor(of: .dma)
    case "instruction": return model.voltage.actionFactor(of: .sequencer)
    case "memory-byte": return model.voltage.actionFactor(of: .dram)
    case "static-power":
      return Component(rawValue: path[path.count - 1]).map { model.voltage.staticFactor(of: $0) } ?? 1
    default: return 1
    }
  }

  private static func bare(
    _ keys: [String], of result: SimulationResult, _ programs: [Program], on model: HardwareModel
  ) -> [Double] {
    let counts = result.counts
    let elements = vectorElements(of: programs)
    let format = programs.first?.format.rawValue
    return keys.map { key in
      let path = key.split(separator: ".").map(String.init)
      let last = path[path.count - 1]
      switch path[1] {
      case "mac": return last == format ? Double(counts.macs) : 0
      case "array-cell-cycle": return Double(counts.arrayCellCycles)
      case "scratchpads":
        guard let index = model.scratchpads.firstIndex(where: { $0.name == path[2] }) else { return 0 }
        return Double((last == "read" ? counts.scratchpadReads : counts.scratchpadWrites)[index])
      case "vector": return VectorClass(rawValue: last).flatMap { elements[$0] } ?? 0
      case "dma-byte": return Double(counts.dmaBytes)
      case "instruction": return Double(counts.instructions)
      case "memory-byte": return Double(counts.memoryReadBytes + counts.memoryWriteBytes)
      case "static-power":
        // What is beyond the cores is there once.
        let isShared = last == Component.other.rawValue || last == Component.dram.rawValue
        return result.latency.value * Double(isShared ? 1 : model.cores)
      default: return 0
      }
    }
  }

  private static func vectorElements(of programs: [Program]) -> [VectorClass: Double] {
    var elements: [VectorClass: Double] = [:]
    for program in programs {
      for instruction in program.instructions where instruction.kind == .vector {
        let tile = program.vectorTiles[Int(instruction.payload)]
        for name in tile.classes { elements[name, default: 0] += Double(tile.elements) }
      }
    }
    return elements
  }
}

extension [Double] {
  fileprivate func elementwiseProduct(_ other: [Double]) -> [Double] { zip(self, other).map { $0 * $1 } }
}
