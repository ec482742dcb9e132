import Hardware
package import Measures

/// Times below which no run can go: what must be computed and moved, at the machine's peak.
package struct TimeBounds: Hashable, Sendable {
  /// Multiply-accumulates at the peak of the unit that does them, in the format of the program.
  package var compute: Seconds
  /// Weights, inputs and outputs of the run, each once, at the peak of main memory and of the bus to it.
  package var bandwidth: Seconds
  /// The same with what comes back, or leaves, because it does not fit on the chip.
  package var capacity: Seconds

  /// What binds a run from below.
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case compute, bandwidth, capacity
  }

  /// The bound that is the largest; the capacity counts only where it says more than the bandwidth.
  package var binding: Kind {
    compute >= max(bandwidth, capacity) ? .compute : capacity > bandwidth ? .capacity : .bandwidth
  }

  /// No run is faster than this.
  package var largest: Seconds { max(compute, max(bandwidth, capacity)) }

  /// How many times the largest bound a run took; nil where nothing binds it.
  package func ratio(of time: Seconds) -> Double? {
    largest > .zero ? time / largest : nil
  }
}

/// The peaks of a machine, as its file gives them.
struct MachinePeaks: Hashable, Sendable {
  /// Multiply-accumulates per second of the array in the program's format.
  var arrayRate: Double
  /// Multiply-accumulates per second of the vector unit, should it do them.
  var vectorRate: Double
  /// Bytes per second of main memory, both ways together.
  var memoryRate: Double
  /// Bytes per second of the bus to it, each way.
  var busRate: Double

  init(_ model: HardwareModel, format: OperandFormat.Name) {
    let share = model.array.formats.first { $0.name == format }?.rate ?? 1
    arrayRate = Double(model.array.macsPerCycle) * model.clock.value * share
    let cycles = Double(max(1, model.vector.cyclesPerStep.values.min() ?? 1))
    vectorRate = Double(model.vector.lanes) / cycles * model.clock.value
    // Caches may hold what is read, and keep what is written: then only the bus to them binds.
    memoryRate = model.caches.isEmpty ? model.memory.peakBandwidth.value : .infinity
    busRate = Double(model.dma.busBytes) * model.dma.clock.value
  }

  /// The bounds of work of which the vector unit does `vectorMACs` and the array the rest.
  func bounds(of demand: Demand, vectorMACs: Int) -> TimeBounds {
    let array = Double(demand.macs - vectorMACs) / max(1, arrayRate)
    let vector = Double(vectorMACs) / max(1, vectorRate)
    let reads = demand.readBytes + demand.spilledReadBytes
    let writes = demand.writeBytes + demand.spilledWriteBytes
    return TimeBounds(
      compute: Seconds(max(array, vector)),
      bandwidth: seconds(demand.unavoidableBytes, demand.readBytes, demand.writeBytes),
      capacity: seconds(demand.leastBytes, reads, writes))
  }

  private func seconds(_ bytes: Int, _ reads: Int, _ writes: Int) -> Seconds {
    Seconds(max(Double(bytes) / max(1, memoryRate), Double(max(reads, writes)) / max(1, busRate)))
  }
}
