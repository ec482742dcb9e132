import Formats
import Hardware
import Measures
import Testing

/// The machines and parts that come with the toolkit.
@Suite struct PresetTests {
  @Test(arguments: ShippedFiles.library.names)
  func `a shipped machine loads, and reads back from its own encoding`(name: String) throws {
    let model = try ShippedFiles.library.model(name)
    #expect(model.name == name)
    #expect(try HardwareModel.decode(yaml: model.yaml(), file: "again.yaml") == model)
  }

  @Test func `the shipped DRAM parts are the standards of the catalogue`() throws {
    #expect(ShippedFiles.library.names(in: "dram") == DRAMStandard.all.map(\.name).sorted())
    for standard in DRAMStandard.all {
      let file = "dram/\(standard.name).yaml"
      var part = try DRAMStandard.decode(yaml: ShippedFiles.text(file), file: file)
      for (written, computed) in zip(part.energy.amounts, standard.energy.amounts) {
        #expect(abs(written - computed) <= 1e-6 * computed)
      }
      part.energy = standard.energy
      #expect(part == standard)
      #expect(try DRAMStandard.decode(yaml: standard.yaml(), file: file) == standard)
    }
  }
}

extension DRAMStandard.Energy {
  fileprivate var amounts: [Double] {
    [activatePrecharge.value, readPerByte.value, writePerByte.value, refresh.value, standby.value]
  }
}
