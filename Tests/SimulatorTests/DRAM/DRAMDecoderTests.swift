import Hardware
import Measures
import Simulator
import Testing

@Suite struct `DRAM addresses` {
  static func system(_ standard: DRAMStandard, channels: Int, map: AddressMap) -> DRAMSystem {
    DRAMSystem(standard: standard, channels: channels, addressMap: map)
  }

  @Test(arguments: DRAMStandard.all, AddressMap.allCases)
  func `decode to a place and back`(standard: DRAMStandard, map: AddressMap) {
    var random = TestRandom(state: 5)
    for channels in [1, 2, 3, 8, 32] {
      let system = Self.system(standard, channels: channels, map: map)
      let decoder = DRAMAddressDecoder(system: system)
      for _ in 0..<500 {
        let address = Int.random(in: 0..<system.capacity.count, using: &random)
        let place = decoder.decode(address)
        #expect(place.channel < channels && place.bank < standard.banks)
        #expect(place.row < standard.rows && place.column < standard.columns)
        #expect(decoder.encode(place) == address / standard.accessBytes * standard.accessBytes)
      }
    }
  }

  @Test(arguments: AddressMap.allCases)
  func `reach every place of a small system exactly once`(map: AddressMap) {
    var standard = DRAMStandard.ddr4_3200
    standard.rows = 6
    standard.rowBytes = 640
    standard.banksPerGroup = 3
    let system = Self.system(standard, channels: 3, map: map)
    let decoder = DRAMAddressDecoder(system: system)
    let accesses = system.capacity.count / standard.accessBytes
    let places = Set((0..<accesses).map { decoder.decode($0 * standard.accessBytes) })
    #expect(places.count == accesses)
  }

  @Test(arguments: AddressMap.allCases)
  func `alternate channels, then bank groups`(map: AddressMap) {
    let system = Self.system(.ddr4_3200, channels: 2, map: map)
    let decoder = DRAMAddressDecoder(system: system)
    let places = (0..<8).map { decoder.decode($0 * 64) }
    #expect(places.map(\.channel) == [0, 1, 0, 1, 0, 1, 0, 1])
    #expect(places.map { $0.bank / 4 } == [0, 0, 1, 1, 2, 2, 3, 3])
  }

  @Test func `change the row where the map says so`() {
    let bytesPerRowOfGroups = 4 * 8192
    func decode(_ address: Int, _ map: AddressMap) -> DRAMLocation {
      DRAMAddressDecoder(system: Self.system(.ddr4_3200, channels: 1, map: map)).decode(address)
    }
    #expect(
      decode(bytesPerRowOfGroups, .rowBankColumnChannel)
        == DRAMLocation(channel: 0, bank: 1, row: 0, column: 0))
    #expect(
      decode(bytesPerRowOfGroups, .bankRowColumnChannel)
        == DRAMLocation(channel: 0, bank: 0, row: 1, column: 0))
    #expect(decode(4 * 64, .rowColumnBankChannel) == DRAMLocation(channel: 0, bank: 1, row: 0, column: 0))
    #expect(decode(16 * 64, .rowColumnBankChannel) == DRAMLocation(channel: 0, bank: 0, row: 0, column: 1))
    #expect(
      decode(4 * bytesPerRowOfGroups, .rowColumnBankChannel)
        == DRAMLocation(channel: 0, bank: 0, row: 1, column: 0))
  }

  @Test func `wrap at the capacity`() {
    let system = Self.system(.hbm2, channels: 3, map: .rowBankColumnChannel)
    let decoder = DRAMAddressDecoder(system: system)
    #expect(decoder.decode(system.capacity.count + 96) == decoder.decode(96))
  }
}
