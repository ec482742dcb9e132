import FoundationEssentials
import Hardware

/// Mappings of earlier compilations in a folder, one file for each machine.
///
/// Keys are FNV-1a hashes of the problem and of the parts of the machine that matter to it; a file that cannot be read
/// is treated as empty and written anew. Entries that no longer fit are ignored.
package struct MappingCache: Sendable {
  /// Changes whenever the search or its cost model would choose otherwise.
  static let version = 8

  private let folder: String
  private var entries: [UInt64: ArrayMapping] = [:]
  private var isRead = false
  private var isChanged = false
  private var machineKey: UInt64 = 0

  package init(folder: String) { self.folder = folder }

  mutating func mapping(for problem: ArrayProblem, on machine: Target) -> ArrayMapping? {
    read(machine)
    return entries[key(problem)]
  }

  mutating func store(_ mapping: ArrayMapping, for problem: ArrayProblem, on machine: Target) {
    read(machine)
    entries[key(problem)] = mapping
    isChanged = true
  }

  private func key(_ problem: ArrayProblem) -> UInt64 { stableHash("\(problem)") }

  private var path: String { "\(folder)/\(String(machineKey, radix: 16)).mappings" }

  private mutating func read(_ machine: Target) {
    guard !isRead else { return }
    isRead = true
    let model = machine.model
    let relevant: [Any] = [
      Self.version, machine.parts, model.clock, model.array, model.scratchpads, model.dma, model.memory,
      model.caches,
      model.vector.lanes,
      model.vector.pipelineCycles, model.sequencer,
      VectorClass.allCases.map { model.vector.cyclesPerStep[$0] ?? 1 },
    ]
    machineKey = stableHash("\(relevant)")
    guard let data = FileManager.default.contents(atPath: path) else { return }
    for line in String(decoding: data, as: UTF8.self).split(separator: "\n") {
      let fields = line.split(separator: " ").map(String.init)
      guard fields.count == 11, let key = UInt64(fields[0], radix: 16),
        let dataflow = Dataflow(rawValue: fields[1]),
        let order = ArrayMapping.Order(rawValue: fields[2])
      else { continue }
      let numbers = fields[3...].compactMap { Int($0) }
      guard numbers.count == 8, numbers.prefix(5).allSatisfy({ $0 > 0 }), numbers.allSatisfy({ $0 >= 0 })
      else { continue }
      entries[key] = ArrayMapping(
        dataflow: dataflow, order: order, rowTile: numbers[0], columnTile: numbers[1],
        channelTile: numbers[2],
        reductionTile: numbers[3], positionTile: numbers[4], inputSlots: numbers[5], rightSlots: numbers[6],
        accumulatorSlots: numbers[7])
    }
  }

  /// Writes the entries if there are new ones; a folder that cannot be written leaves the cache as it was.
  func save() {
    guard isChanged else { return }
    var text = ""
    for (key, mapping) in entries.sorted(by: { $0.key < $1.key }) {
      text += "\(String(key, radix: 16)) \(mapping.dataflow.rawValue) \(mapping.order.rawValue)"
      for number in [
        mapping.rowTile, mapping.columnTile, mapping.channelTile, mapping.reductionTile, mapping.positionTile,
        mapping.inputSlots,
        mapping.rightSlots, mapping.accumulatorSlots,
      ] { text += " \(number)" }
      text += "\n"
    }
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try? Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
  }
}

/// The FNV-1a hash of a text (Fowler, Noll, Vo; draft-eastlake-fnv), equal in every run.
func stableHash(_ text: String) -> UInt64 {
  var hash: UInt64 = 0xcbf2_9ce4_8422_2325
  for byte in text.utf8 {
    hash ^= UInt64(byte)
    hash = hash &* 0x0000_0100_0000_01b3
  }
  return hash
}
