import Formats
import Hardware
import Measures

/// The parameters that a fit may change where neither the user nor the file names any.
///
/// Ranges are wide on purpose: what is a matter of taste is how far a vendor's figure may lie from what a program sees.
enum UsualParameters {
  /// The ranges for a machine: of its times, and of its energies where `withEnergy`.
  static func ranges(for template: HardwareTemplate, timing: Bool, energy: Bool) -> [ParameterRange] {
    (timing ? timingRanges(template) : []) + (energy ? energyRanges(template.model) : [])
  }

  private static func timingRanges(_ template: HardwareTemplate) -> [ParameterRange] {
    var ranges: [ParameterRange] = []
    func add(_ key: String, _ bounds: (Double) -> (Double, Double)) {
      guard let number = template.number(at: key) else { return }
      let (lower, upper) = bounds(number.value)
      ranges.append(
        ParameterRange(key: key, lower: number.with(lower).text, upper: number.with(upper).text))
    }
    // Effective bandwidth: of the pipe, or of the bus in front of the DRAM.
    if case .pipe = template.model.memory {
      add("memory.pipe.bandwidth") { ($0 / 5, $0 * 1.5) }
      add("memory.pipe.latency") { ($0 / 10, $0 * 20) }
    } else {
      add("dma.clock") { ($0 / 5, $0 * 1.5) }
    }
    add("dma.latency") { (0, max(200, $0 * 10)) }
    add("dma.outstanding") { (1, max(64, $0 * 4)) }
    add("dma.setup") { (0, max(500, $0 * 10)) }
    add("sequencer.issue") { (0, max(100, $0 * 10)) }
    add("sequencer.layer") { (0, max(20_000, $0 * 10)) }
    add("sequencer.network") { (0, max(200_000, $0 * 10)) }
    // Bubbles between folds and operands that come late look like a lower rate of the array.
    if let format = template.model.array.formats.first {
      add("array.formats.\(format.name.rawValue).rate") { ($0 / 4, 1) }
    }
    add("array.minimum-fold") { (1, max(32, $0 * 4)) }
    add("array.pipeline") { (0, max(64, $0 * 4)) }
    for name in VectorClass.allCases.map(\.rawValue) {
      add("vector.cycles-per-step.\(name)") { (1, max(16, $0 * 4)) }
    }
    return ranges
  }

  private static func energyRanges(_ model: HardwareModel) -> [ParameterRange] {
    EnergyActions.keys(of: model).compactMap { key in
      let amount = EnergyActions.price(of: key, on: model)
      guard let amount, amount > 0 else { return nil }
      let number = WrittenNumber(key.hasPrefix("energy.static-power") ? .power : .energy, amount)
      return ParameterRange(
        key: key, lower: number.with(0).text, upper: number.with(amount * 20).text, spread: 1)
    }
      + [ParameterRange(key: EnergyActions.clockKey, lower: "0 W", upper: "1 kW", spread: 1)].filter { _ in
        EnergyActions.price(of: EnergyActions.clockKey, on: model) == nil
      }
  }
}
