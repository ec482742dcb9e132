import Foundation

/// A run of SCALE-Sim 3.0.0 as it was kept: its topology, its settings, and its reports.
struct SCALESimReport {
  typealias Row = [String: String]
  let folder: URL
  let rows: Int
  let columns: Int
  let dataflow: String
  /// What `array.sparsity` has to be: "none", "layers", "rows:8".
  let sparsity: String
  let seed: UInt32
  let topology: [Row]
  let compute: [Row]
  let access: [Row]
  /// Empty for dense runs.
  let storage: [Row]

  var cells: Int { rows * columns }

  init(_ folder: URL) throws {
    self.folder = folder
    var settings: [String: String] = [:]
    for line in try String(contentsOf: folder.appending(path: "used.cfg"), encoding: .utf8).split(
      separator: "\n")
    {
      let parts = line.split(whereSeparator: { $0 == ":" || $0 == "=" }).map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      if parts.count == 2 { settings[parts[0]] = parts[1] }
    }
    func number(_ key: String) throws -> Int {
      guard let value = settings[key].flatMap({ Int($0) }) else { throw CocoaError(.fileReadCorruptFile) }
      return value
    }
    rows = try number("ArrayHeight")
    columns = try number("ArrayWidth")
    dataflow = settings["Dataflow"] ?? ""
    seed = UInt32(try number("RandomNumberGeneratorSeed"))
    let isSparse = settings["SparsitySupport"]?.lowercased() == "true"
    let isByRow = settings["OptimizedMapping"]?.lowercased() == "true"
    sparsity = isSparse ? isByRow ? "rows:\(try number("BlockSize"))" : "layers" : "none"
    topology = try Self.table(folder.appending(path: "topology.csv"))
    compute = try Self.table(folder.appending(path: "COMPUTE_REPORT.csv"))
    access = try Self.table(folder.appending(path: "DETAILED_ACCESS_REPORT.csv"))
    storage = (try? Self.table(folder.appending(path: "SPARSE_REPORT.csv"))) ?? []
  }

  private static func table(_ file: URL) throws -> [Row] {
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map {
        $0.trimmingCharacters(in: .whitespaces)
      }
    }
    guard let heading = lines.first else { return [] }
    return lines.dropFirst().map { line in
      Row(zip(heading, line), uniquingKeysWith: { first, _ in first })
    }
  }

  /// Weights of a layer along the reduction, and filters.
  func extents(of layer: Int) -> (reduction: Int, filters: Int)? {
    func number(_ key: String) -> Int? { topology[layer][key].flatMap { Int($0) } }
    if let k = number("K"), let n = number("N") { return (k, n) }
    guard let height = number("Filter Height"), let width = number("Filter Width"),
      let channels = number("Channels"), let filters = number("Num Filter")
    else { return nil }
    return (height * width * channels, filters)
  }

  /// The weights that are not zero in SCALE-Sim's draw of densities by row: `numpy.random.randint(1, B // 2 + 1)` for
  /// each filter, of which then that many of every B weights are kept.
  func drawnWeights(reduction: Int, filters: Int) -> Int? {
    guard let block = Int(sparsity.dropFirst("rows:".count)) else { return nil }
    var generator = MersenneTwister(seed: seed)
    var total = 0
    for _ in 0..<filters {
      let kept = generator.next(below: block / 2) + 1
      total += reduction / block * kept + min(kept, reduction % block)
    }
    return total
  }
}

/// MT19937 (Matsumoto and Nishimura, TOMACS 8(1), 1998) as numpy's RandomState seeds and draws from it.
struct MersenneTwister {
  private var state: [UInt32]
  private var index = 624

  init(seed: UInt32) {
    state = [seed]
    for position in 1..<624 {
      let last = state[position - 1]
      state.append(1_812_433_253 &* (last ^ (last >> 30)) &+ UInt32(position))
    }
  }

  mutating func next() -> UInt32 {
    if index == 624 {
      for position in 0..<624 {
        let bits = (state[position] & 0x8000_0000) | (state[(position + 1) % 624] & 0x7FFF_FFFF)
        state[position] = state[(position + 397) % 624] ^ (bits >> 1) ^ (bits & 1 == 0 ? 0 : 0x9908_B0DF)
      }
      index = 0
    }
    var bits = state[index]
    index += 1
    bits ^= bits >> 11
    bits ^= (bits << 7) & 0x9D2C_5680
    bits ^= (bits << 15) & 0xEFC6_0000
    return bits ^ (bits >> 18)
  }

  /// A number below `limit`: draws are masked, and thrown away if they are too large.
  mutating func next(below limit: Int) -> Int {
    let mask = UInt32.max >> UInt32(limit <= 1 ? 32 : UInt32(limit - 1).leadingZeroBitCount)
    while true {
      let draw = Int(next() & mask)
      if draw < limit { return draw }
    }
  }
}
