import FoundationEssentials
import Glibc
import Synchronization

/// Simulations that were done, by row and machine: in memory, and in a file that outlives an interrupted run.
///
/// A line is appended as soon as a simulation ends. As a fit asks for the same simulations in the same order each time, one
/// that starts again finds what it had and goes on where it was.
package final class SimulationStore: Sendable {
  private struct State {
    var predictions: [String: Prediction] = [:]
    var simulated = 0
    var reused = 0
  }
  private let state = Mutex(State())
  private let path: String?

  /// - Parameter path: The file; nil to keep simulations in memory only. Lines that cannot be read are skipped.
  package init(path: String? = nil) {
    self.path = path
    guard let path, let data = FileManager.default.contents(atPath: path) else { return }
    let lines = String(decoding: data, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: true)
    state.withLock { state in
      for line in lines {
        let fields = line.split(separator: " ").map(String.init)
        guard fields.count >= 5, fields.last == ".", let cycles = Int(fields[1]) else { continue }
        let numbers = fields[2..<(fields.count - 1)].compactMap { Double($0) }
        guard numbers.count == fields.count - 3 else { continue }
        state.predictions[fields[0]] = Prediction(
          cycles: cycles, seconds: numbers[0], joules: numbers[1], actions: Array(numbers[2...]))
      }
    }
  }

  func prediction(_ key: String) -> Prediction? {
    state.withLock { state in
      let found = state.predictions[key]
      if found != nil { state.reused += 1 }
      return found
    }
  }

  func add(_ prediction: Prediction, _ key: String) {
    state.withLock { state in
      state.predictions[key] = prediction
      state.simulated += 1
      guard let path else { return }
      let numbers = ([prediction.seconds, prediction.joules] + prediction.actions).map { "\($0)" }
      let line = "\(key) \(prediction.cycles) \(numbers.joined(separator: " ")) .\n"
      append(line, to: path)
    }
  }

  /// Simulations that were run, and those that were known.
  package var counts: (simulated: Int, reused: Int) { state.withLock { ($0.simulated, $0.reused) } }

  /// What cannot be written is simulated again next time.
  private func append(_ line: String, to path: String) {
    if let handle = fopen(path, "a") {
      fputs(line, handle)
      fclose(handle)
    }
  }
}
