package import Hardware
import Measures

extension HardwareModel {
  /// The machine in one line: array, clock, on-chip and main memory.
  package var headline: String {
    let format = array.formats.first.map { " \($0.name.rawValue)" } ?? ""
    let onChip = Bytes(cores * scratchpads.reduce(0) { $0 + $1.capacity.count })
    let several = cores > 1 ? "\(cores) × " : ""
    return
      "\(several)\(array.shape)\(format) \(array.kind.title) at \(clock), \(onChip) SRAM, \(memory.headline)"
  }
}

extension MACArray {
  /// "32×32", or "4×16×16" with the pixels of a dot-product block first.
  package var shape: String { pixels > 1 ? "\(pixels)×\(rows)×\(columns)" : "\(rows)×\(columns)" }
}

extension MACArray.Kind {
  /// The kind as it is read in a sentence.
  var title: String {
    switch self {
    case .systolic: "systolic array"
    case .dotProduct: "dot-product array"
    case .rowStationary: "row-stationary array"
    }
  }
}

extension MainMemory {
  /// "lpddr4-3200 at 12.8 GB/s".
  var headline: String {
    switch self {
    case .dram(let system):
      "\(system.channels) × \(system.standard.name) (\(system.peakBandwidth) peak)"
    case .pipe(let pipe): "memory of \(pipe.bandwidth)"
    }
  }
}

extension DRAMStandard {
  /// The part in one line: name, bandwidth and size of a channel.
  package var headline: String {
    "\(name), \(channelBandwidth) and \(Bytes(banks * rows * rowBytes)) a channel"
  }
}
