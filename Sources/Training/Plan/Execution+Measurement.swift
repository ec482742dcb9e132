import Glibc
import Graphs
import Measures

/// How long runs of a plan took.
package struct RunTimes: Hashable, Sendable {
  /// Seconds on the clock of each run.
  package var wall: [Double]
  /// Seconds that all threads of the process computed during each run, waiting in a loop included.
  package var processor: [Double]
}

extension Execution {
  /// Runs the plan several times and returns how long each run took.
  package func times(of runs: Int) -> RunTimes {
    var times = RunTimes(wall: [], processor: [])
    for _ in 0..<runs {
      let (wall, processor) = (seconds(CLOCK_MONOTONIC), seconds(CLOCK_PROCESS_CPUTIME_ID))
      run()
      times.wall.append(seconds(CLOCK_MONOTONIC) - wall)
      times.processor.append(seconds(CLOCK_PROCESS_CPUTIME_ID) - processor)
    }
    return times
  }

  /// Sets all inputs to random numbers: reals with mean 0 and variance 1, integers to what they may index, classes of
  /// `classes` where they index nothing.
  package func fillInputs(seed: UInt64, classes: Int) throws {
    var random = RandomStream(seed: seed)
    for (index, input) in plan.inputs.enumerated() {
      let count = input.type.count
      if input.type.elementType.isInteger {
        let bound = plan.indexBounds[index] ?? classes
        try write((0..<count).map { _ in random.below(bound) }, toInput: index)
      } else {
        try write((0..<count).map { _ in Float((random.uniform() * 2 - 1) * 1.7320508) }, toInput: index)
      }
    }
  }
}

func seconds(_ clock: clockid_t) -> Double {
  var time = timespec()
  clock_gettime(clock, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
