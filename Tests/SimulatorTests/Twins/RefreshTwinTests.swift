import Hardware
import Simulator
import Testing

@Suite("DRAM refreshes as its slow twin does")
struct RefreshTwinTests {
  @Test(arguments: DRAMStandard.all)
  func `over several refresh intervals the commands are the same`(standard: DRAMStandard) {
    var random = TestRandom(state: 5)
    let system = DRAMSystem.testing(standard)
    let interval = standard.timing.refreshInterval
    var arrival = 0
    let requests = (0..<40).map { _ in
      arrival += Int.random(in: 0..<interval / 4, using: &random)
      return DRAMTestRequest(
        bank: Int.random(in: 0..<standard.banks, using: &random), row: Int.random(in: 0..<2, using: &random),
        isWrite: Bool.random(using: &random), arrival: arrival)
    }
    let twin = simulateTwin(requests, on: system)
    let fast = simulate(requests, on: system)
    #expect(fast.firstDifference(from: twin) == nil)
    #expect(twin.commands(.refresh).count >= 3)
  }
}
