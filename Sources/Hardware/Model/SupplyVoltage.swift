package import Measures

/// The voltage at which a machine runs, and how its energies follow from those at another one.
///
/// An action charges and discharges capacitances, which takes an energy in proportion to the square of the voltage. Static
/// power is the voltage times a leakage current that grows with it (drain-induced barrier lowering), together a power of
/// the voltage over the small range in which logic runs.
/// Source: Weste and Harris, CMOS VLSI Design, 4th edition, 2011, sections 5.2 and 5.3.
package struct SupplyVoltage: Hashable, Sendable {
  /// The voltage at which the energies of the file hold; 0 V where it is not known.
  package var nominal: Volts
  /// The voltage at which the machine runs; 0 V for ``nominal``.
  package var supply: Volts
  /// The power of the voltage with which static power grows.
  package var staticExponent: Double
  /// The components on this supply; energies of all others stay as they are.
  package var components: [Component]

  package init(
    nominal: Volts = .zero, supply: Volts = .zero, staticExponent: Double = Self.usualStaticExponent,
    components: [Component] = Self.onChip
  ) {
    self.nominal = nominal
    self.supply = supply
    self.staticExponent = staticExponent
    self.components = components
  }

  /// Voltage times a leakage current in proportion to it.
  package static let usualStaticExponent = 2.0

  /// Everything but main memory, which has a supply of its own.
  package static let onChip: [Component] = Component.allCases.filter { $0 != .dram }

  private var ratio: Double {
    nominal.value > 0 && supply.value > 0 ? supply.value / nominal.value : 1
  }

  /// What an action of a component takes, as a multiple of its energy at the nominal voltage.
  package func actionFactor(of component: Component) -> Double {
    components.contains(component) ? ratio * ratio : 1
  }

  /// The static power of a component, as a multiple of that at the nominal voltage.
  package func staticFactor(of component: Component) -> Double {
    guard components.contains(component), ratio != 1 else { return 1 }
    return power(ratio, staticExponent)
  }
}

extension HardwareModel {
  /// The energies at the voltage at which the machine runs.
  package var energyAtSupply: EnergyTable {
    guard voltage.supply.value > 0, voltage.supply != voltage.nominal else { return energy }
    func scaled(_ price: EnergyTable.Sourced<Joules>, _ component: Component) -> EnergyTable.Sourced<Joules> {
      .init(price.amount * voltage.actionFactor(of: component), source: price.source)
    }
    var table = energy
    table.mac = energy.mac.mapValues { scaled($0, .array) }
    table.arrayCellCycle = scaled(energy.arrayCellCycle, .array)
    table.scratchpadRead = energy.scratchpadRead.map { scaled($0, .scratchpad) }
    table.scratchpadWrite = energy.scratchpadWrite.map { scaled($0, .scratchpad) }
    table.vectorElement = energy.vectorElement.mapValues { scaled($0, .vector) }
    table.dmaByte = scaled(energy.dmaByte, .dma)
    table.instruction = scaled(energy.instruction, .sequencer)
    table.memoryByte = scaled(energy.memoryByte, .dram)
    table.staticPower = energy.staticPower.map { entry in
      EnergyTable.StaticPower(
        component: entry.component,
        power: .init(
          entry.power.amount * voltage.staticFactor(of: entry.component), source: entry.power.source))
    }
    return table
  }

  /// The caches with their energies at the voltage at which the machine runs.
  package var cachesAtSupply: [Cache] {
    let factor = voltage.actionFactor(of: .cache)
    guard factor != 1 else { return caches }
    return caches.map { cache in
      var cache = cache
      cache.accessEnergy.amount = cache.accessEnergy.amount * factor
      cache.lineEnergy.amount = cache.lineEnergy.amount * factor
      return cache
    }
  }
}
