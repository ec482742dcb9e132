package import Hardware
import Measures

/// An NPU that runs programs: the cycle-level simulator.
///
/// The machine knows no neural network; a ten-instruction program is as good as a compiled one.
package struct Machine: Sendable {
  package let model: HardwareModel

  package init(_ model: HardwareModel) { self.model = model }

  /// Runs a program from reset to the completion of its last instruction.
  ///
  /// - Parameters:
  ///   - program: Instructions whose dependencies name earlier instructions.
  ///   - stepsEveryCycle: Visit every cycle instead of jumping from event to event; slow, with the same result.
  /// - Throws: ``SimulationError`` for a program that the machine cannot execute.
  /// - Complexity: O(events), with an event for each DMA burst, fold, instruction and bank conflict.
  package func run(
    _ program: Program, stepsEveryCycle: Bool = false
  ) throws(SimulationError) -> SimulationResult {
    try program.validate(for: model)
    var run = MachineRun(model: model, program: program, stepsEveryCycle: stepsEveryCycle)
    defer { run.deallocate() }
    run.run()
    return run.result()
  }
}
