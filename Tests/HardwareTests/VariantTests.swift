import Hardware
import Measures
import Testing

/// A machine's variants, and the voltage at which it runs.
@Suite struct VariantTests {
  private func message(_ machine: String, _ overrides: String...) -> String {
    do throws(HardwareError) {
      _ = try ShippedFiles.library.model(machine, overrides: overrides)
      return ""
    } catch {
      return error.description
    }
  }

  @Test func `a variant sets its keys, and settings behind it go on top`() throws {
    let board = try ShippedFiles.library.model("dpu-b4096", overrides: ["variant=zcu102"])
    #expect(board.cores == 3)
    #expect(abs(board.clock.value - 281e6) < 1e3)
    let changed = try ShippedFiles.library.model(
      "dpu-b4096", overrides: ["variant=zcu102", "cores=2"])
    #expect(changed.cores == 2)
    #expect(changed.clock == board.clock)
  }

  @Test func `a factor multiplies what stands under the key when it is applied`() throws {
    let model = try ShippedFiles.library.model(
      "dpu-b4096", overrides: ["dma.clock=100 MHz", "variant=zcu102"])
    #expect(abs(model.dma.clock.value - 93.6667e6) < 1)
    // Lanes are whole: 29 × 0.625 is 18.1.
    #expect(
      try ShippedFiles.library.model("dpu-b4096", overrides: ["vector.lanes=29", "variant=ultra96"]).vector
        .lanes
        == 18)
    let bus = try ShippedFiles.library.model("dpu-b4096", overrides: ["dma.bus=×2"])
    #expect(bus.dma.busBytes == 64)
    #expect(
      try ShippedFiles.library.model("edge", overrides: ["energy.mac.int8=×2"]).energy.mac[.int8]?
        .amount == Joules(0.1044e-12))
  }

  @Test func `the smaller engine of the Ultra96 has the parallelism of its manual`() throws {
    let model = try ShippedFiles.library.model("dpu-b4096", overrides: ["variant=ultra96"])
    // 8 pixels × 10 input channels × 10 output channels, two operations each: B1600.
    #expect(2 * model.array.macsPerCycle == 1600)
    #expect(model.vector.lanes == 10)
  }

  @Test(arguments: ShippedFiles.library.names)
  func `every variant of a shipped machine is a machine`(name: String) throws {
    for variant in try ShippedFiles.library.model(name).variants {
      _ = try ShippedFiles.library.model(name, overrides: ["variant=\(variant.name)"])
    }
  }

  @Test func `what is wrong with a variant is said`() {
    #expect(
      message("dpu-b4096", "variant=zcu103") == """
        --set variant=zcu103: there is no variant 'zcu103'; expected zcu104, zcu102 or ultra96; did you mean 'zcu104'?
        """)
    #expect(
      message("edge", "variant=fast") == """
        --set variant=fast: the machine has no variants; expected a section 'variants'; set its keys one by one
        """)
    #expect(
      message("edge", "clock=×fast") == """
        --set clock=×fast: '×fast' is no factor; expected a number above 0 behind ×; write for example '×1.5'
        """)
    #expect(
      message("edge", "name=×2") == """
        --set name=×2: 'edge' cannot be multiplied; expected a number with or without a unit; set the value itself
        """)
    #expect(
      message("edge", "sequencer.network=×2") == """
        --set sequencer.network=×2: there is no number to multiply; expected a key that the file gives; set the value \
        itself
        """)
    #expect(
      message("edge", "variants={fast: {clok: 1 GHz}}") == """
        --set variants={fast: {clok: 1 GHz}}: variants.fast: 'clok' is not a key of a hardware file; expected a dotted \
        key such as 'dma.clock'; did you mean 'clock'?
        """)
  }

  @Test func `energies of actions grow with the square of the voltage, static power as its exponent says`()
    throws
  {
    let nominal = try ShippedFiles.library.model("gap9-ne16")
    let other = try ShippedFiles.library.model("gap9-ne16", overrides: ["voltage.supply=1.3 V"])
    #expect(nominal.energyAtSupply == nominal.energy)
    let (before, after) = (nominal.energyAtSupply, other.energyAtSupply)
    #expect(after.mac[.int8]?.amount == before.mac[.int8].map { $0.amount * 4 })
    #expect(after.scratchpadRead[0].amount == before.scratchpadRead[0].amount * 4)
    #expect(after.memoryByte.amount == before.memoryByte.amount * 4)
    #expect(abs(after.staticPower[0].power.amount / before.staticPower[0].power.amount - 8) < 1e-9)
  }

  @Test func `only the components on the supply follow it`() throws {
    let model = try ShippedFiles.library.model(
      "gap9-ne16", overrides: ["voltage.supply=1.3 V", "voltage.components=[array]"])
    #expect(model.energyAtSupply.mac[.int8]?.amount == model.energy.mac[.int8].map { $0.amount * 4 })
    #expect(model.energyAtSupply.dmaByte.amount == model.energy.dmaByte.amount)
    #expect(model.energyAtSupply.memoryByte.amount == model.energy.memoryByte.amount)
  }

  @Test func `a voltage without the one at which energies hold is refused`() {
    #expect(
      message("edge", "voltage.supply=0.9 V") == """
        --set voltage.supply=0.9 V: voltage.supply: the voltage at which the energies hold is not known; expected \
        'voltage.nominal'; add 'nominal: 0.8 V' to the section 'voltage'
        """)
  }

  @Test func `variants do not change what a machine is`() throws {
    let model = try ShippedFiles.library.model("dpu-b4096")
    var bare = model
    bare.variants = []
    #expect(model.fingerprint == bare.fingerprint)
    #expect(try HardwareModel.decode(yaml: model.yaml(), file: "again.yaml").variants == model.variants)
  }
}
