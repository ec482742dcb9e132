import Compiler
import Hardware
import Measures
import Simulator

/// What the simulator says of a row on a machine.
package struct Prediction: Hashable, Sendable {
  package var cycles: Int
  package var seconds: Double
  package var joules: Double
  /// How often each priced action happened, in the order of ``EnergyActions/keys(of:)``.
  var actions: [Double]

  /// The prediction of a measured quantity, in its unit.
  package func value(of quantity: MeasuredQuantity) -> Double {
    switch quantity {
    case .latency: seconds
    case .cycles: Double(cycles)
    case .energy: joules
    case .power: seconds == 0 ? 0 : joules / seconds
    }
  }

  /// Compiles and simulates a row.
  /// - Throws: `CompileError` or `SimulationError`.
  init(_ row: Measurement, on model: HardwareModel) throws {
    let schedule = try row.schedule(on: model)
    let machine = Machine(model)
    let result =
      row.isWarm
      ? try machine.run(schedule.programs[0], isWarm: true) : try machine.run(schedule).total
    cycles = result.cycles
    seconds = result.latency.value
    joules = result.energy.value
    actions = EnergyActions.counts(EnergyActions.keys(of: model), of: result, schedule.programs, on: model)
  }

  /// The same run with a share of the multiply-accumulates gated off: they take their time, but no energy.
  func leavingOut(_ share: Double, on model: HardwareModel) -> Prediction {
    guard share > 0 else { return self }
    var prediction = self
    for (index, key) in EnergyActions.keys(of: model).enumerated() where key.hasPrefix("energy.mac.") {
      let gated = actions[index] * share
      prediction.actions[index] -= gated
      prediction.joules -= gated * (EnergyActions.price(of: key, on: model) ?? 0)
    }
    return prediction
  }

  init(cycles: Int, seconds: Double, joules: Double, actions: [Double]) {
    self.cycles = cycles
    self.seconds = seconds
    self.joules = joules
    self.actions = actions
  }
}
