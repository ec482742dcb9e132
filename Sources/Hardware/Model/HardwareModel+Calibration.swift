import Formats
import Records

extension HardwareModel {
  /// Digest of all numbers of the machine; names, summary, variants, sources and calibration do not count.
  package var fingerprint: String {
    var machine = self
    machine.name = "machine"
    machine.summary = "machine"
    machine.sources = []
    machine.variants = []
    machine.calibration = CalibrationNotes()
    machine.energy = energy.withoutSources
    return sha256(of: Array(machine.yaml().utf8))
  }

  /// How the machine was fitted and how far off it is, for every report; "uncalibrated" when it was not.
  package var calibrationStatement: String {
    guard let outcome = calibration.outcome else { return "uncalibrated" }
    guard outcome.fingerprint == fingerprint else {
      return "uncalibrated: changed after its calibration on \(outcome.measurements)"
    }
    return "calibrated on \(outcome.measurements); error held out: \(outcome.heldOutError); "
      + "fitted: \(outcome.fitError)"
  }
}

extension CalibrationNotes {
  /// The section as it stands in a hardware file.
  package func yaml() -> String {
    YAMLWriter.document(
      .unplaced(.mapping([YAMLNode.entry("calibration", CalibrationNotes.record.codec.encode(self))])))
  }
}

extension EnergyTable {
  /// The same numbers, as if they came from nowhere.
  fileprivate var withoutSources: EnergyTable {
    func bare<Amount>(_ sourced: Sourced<Amount>) -> Sourced<Amount> {
      Sourced(sourced.amount, source: "a number")
    }
    return EnergyTable(
      mac: mac.mapValues(bare), arrayCellCycle: bare(arrayCellCycle),
      scratchpadRead: scratchpadRead.map(bare),
      scratchpadWrite: scratchpadWrite.map(bare), vectorElement: vectorElement.mapValues(bare),
      dmaByte: bare(dmaByte), instruction: bare(instruction), memoryByte: bare(memoryByte),
      // Their order in the file is a matter of taste.
      staticPower: Component.allCases.flatMap { component in
        staticPower.filter { $0.component == component }.map {
          StaticPower(component: component, power: bare($0.power))
        }
      })
  }
}
