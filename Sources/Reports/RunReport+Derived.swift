import Hardware
package import Measures
package import Simulator

extension RunReport {
  /// Bytes read from main memory.
  package var memoryReadBytes: Int { result.counts.memoryReadBytes }
  /// Bytes written to main memory.
  package var memoryWriteBytes: Int { result.counts.memoryWriteBytes }

  /// Layers whose causes add up to the most cycles first; equals keep the order of the program.
  package var costliestLayers: [LayerResult] {
    result.layers.enumerated()
      .sorted { left, right in
        let (a, b) = (left.element.totalCycles, right.element.totalCycles)
        return a == b ? left.offset < right.offset : a > b
      }
      .map(\.element)
  }

  /// The most multiply-accumulates per second in the program's number format.
  package var peakRate: Double {
    let model = hardware.model
    let share = model.array.formats.first { $0.name == program.format }?.rate ?? 1
    return Double(model.array.macsPerCycle * result.cores) * model.clock.value * share
  }

  /// A cause with the cycles it took, the largest first; causes without cycles are left out.
  package var causesBySize: [CauseCycles] { result.arrayCyclesByCause.bySize }

  /// The run in one sentence: how long, how much energy, and what to look at first.
  package var verdict: String {
    let causes = result.arrayCyclesByCause
    let computing = causes.first { $0.cause == .compute }?.cycles ?? 0
    let share = percent(computing, of: result.arrayCycles)
    let arrays =
      result.cores > 1 ? "the arrays compute in \(share) of their" : "the array computes in \(share) of its"
    var text = "One run takes \(result.latency) and \(result.energy); \(arrays) cycles"
    if let wait = causes.filter({ $0.cause != .compute }).bySize.first {
      text +=
        "; most of the rest, \(percent(wait.cycles, of: result.arrayCycles)), goes to \(wait.cause.phrase)"
    }
    return text + "."
  }
}

extension LayerResult {
  /// The layer's share of the run: the sum of its causes.
  package var totalCycles: Int { cyclesByCause.reduce(0) { $0 + $1.cycles } }

  /// The cause that took most of the layer's cycles; the first declared among equals.
  package var mainCause: CycleCause? { cyclesByCause.bySize.first?.cause }

  /// The layer's share of the run in seconds; of the cores that worked on it, the average.
  package func duration(at clock: Hertz) -> Seconds {
    Seconds(Double(totalCycles) / Double(cores) / clock.value)
  }
}

extension [CauseCycles] {
  /// The largest first, equals in declaration order, those without cycles left out.
  package var bySize: [CauseCycles] {
    filter { $0.cycles > 0 }.enumerated()
      .sorted { left, right in
        left.element.cycles == right.element.cycles
          ? left.offset < right.offset : left.element.cycles > right.element.cycles
      }
      .map(\.element)
  }
}
