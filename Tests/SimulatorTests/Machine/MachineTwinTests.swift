import Hardware
import Measures
import Simulator
import TestSupport
import Testing

@Suite("Jumping between events changes nothing")
struct MachineTwinTests {
  @Test func `random programs end alike to the cycle whether cycles are stepped or jumped`() throws {
    for seed in 0..<1500 {
      var dice = Dice(state: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15)
      let machine = RandomMachine.machine(&dice)
      let program = RandomMachine.program(&dice)
      let fast = try Machine(machine).run(program)
      let slow = try Machine(machine).run(program, stepsEveryCycle: true)
      #expect(fast == slow, "seed \(seed)")
      try #require(fast.cycles == slow.cycles, "seed \(seed)")
    }
  }

  @Test func `the causes add up and the three sums of energy agree`() throws {
    for seed in 0..<400 {
      var dice = Dice(state: UInt64(seed) &* 0xD1B5_4A32_D192_ED03)
      let machine = RandomMachine.machine(&dice)
      let result = try Machine(machine).run(RandomMachine.program(&dice))
      #expect(result.arrayCyclesByCause.reduce(0) { $0 + $1.cycles } == result.cycles, "seed \(seed)")
      let byLayer = result.layers.reduce(0.0) { $0 + $1.energy.value }
      let window = Double(result.power.windowCycles) / result.clock.value
      var integral = 0.0
      for (index, watts) in result.power.watts.enumerated() {
        let rest = result.latency.value - Double(index) * window
        integral += watts.value * min(window, rest)
      }
      let total = result.energy.value
      #expect(abs(byLayer - total) <= 1e-9 * total, "seed \(seed)")
      #expect(abs(integral - total) <= 1e-9 * total, "seed \(seed)")
      #expect(result.layers.allSatisfy { $0.cyclesByCause.allSatisfy { $0.cycles >= 0 } }, "seed \(seed)")
    }
  }
}
