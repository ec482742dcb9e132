package import Measures

/// Energy per action, and static power: each number with its source.
package struct EnergyTable: Hashable, Sendable {
  /// A number and where it comes from.
  package struct Sourced<Amount: Quantity>: Hashable, Sendable {
    package var amount: Amount
    package var source: String
    package init(_ amount: Amount, source: String) {
      self.amount = amount
      self.source = source
    }
  }

  /// One multiply-accumulate, by operand format.
  package var mac: [OperandFormat.Name: Sourced<Joules>]
  /// Clocking one cell for one cycle of a running array, busy or idle.
  package var arrayCellCycle: Sourced<Joules>
  /// Reading one word, by scratchpad index.
  package var scratchpadRead: [Sourced<Joules>]
  /// Writing one word, by scratchpad index.
  package var scratchpadWrite: [Sourced<Joules>]
  /// One element in the vector unit, by class.
  package var vectorElement: [VectorClass: Sourced<Joules>]
  /// Moving one byte over the DMA's bus.
  package var dmaByte: Sourced<Joules>
  /// Issuing one instruction.
  package var instruction: Sourced<Joules>
  /// Moving one byte through a ``MainMemory/pipe(_:)``; DRAM brings its own numbers.
  package var memoryByte: Sourced<Joules>
  /// Leakage and clock power of the chip, by component, in the order of the file.
  package var staticPower: [StaticPower]

  package struct StaticPower: Hashable, Sendable {
    package var component: Component
    package var power: Sourced<Watts>
    package init(component: Component, power: Sourced<Watts>) {
      self.component = component
      self.power = power
    }
  }

  package init(
    mac: [OperandFormat.Name: Sourced<Joules>], arrayCellCycle: Sourced<Joules>,
    scratchpadRead: [Sourced<Joules>],
    scratchpadWrite: [Sourced<Joules>], vectorElement: [VectorClass: Sourced<Joules>],
    dmaByte: Sourced<Joules>,
    instruction: Sourced<Joules>, memoryByte: Sourced<Joules>, staticPower: [StaticPower]
  ) {
    self.mac = mac
    self.arrayCellCycle = arrayCellCycle
    self.scratchpadRead = scratchpadRead
    self.scratchpadWrite = scratchpadWrite
    self.vectorElement = vectorElement
    self.dmaByte = dmaByte
    self.instruction = instruction
    self.memoryByte = memoryByte
    self.staticPower = staticPower
  }
}

/// A component of the machine that uses energy.
package enum Component: String, Hashable, Sendable, CaseIterable {
  case array, scratchpad, vector, dma, cache, dram, sequencer, other
}
