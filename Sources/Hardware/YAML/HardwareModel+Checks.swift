import Formats
import Measures

extension HardwareModel {
  /// What does not fit together although each value alone is right, at the places of the keys concerned.
  func findings(places: [String: Place], root: Place) -> [Diagnostic] {
    let checks: [(HardwareModel) -> [Mismatch]] = [
      { $0.roleMismatches }, { $0.bankMismatches }, { $0.arrayMismatches }, { $0.accessMismatches },
      { $0.accumulatorMismatches }, { $0.burstMismatches }, { $0.cacheMismatches }, { $0.dramMismatches },
      { $0.energyMismatches }, { $0.voltageMismatches }, { $0.weightMismatches }, { $0.variantMismatches },
      { $0.sourceMismatches }, { $0.calibrationMismatches },
    ]
    return checks.flatMap { $0(self) }.map { mismatch in
      var keys = mismatch.key.split(separator: ".")
      var place = places[mismatch.key]
      while place == nil, keys.popLast() != nil { place = places[keys.joined(separator: ".")] }
      return Diagnostic(
        at: place ?? root, "\(mismatch.key): \(mismatch.finding)", expected: mismatch.expectation,
        remedy: mismatch.remedy)
    }
  }
}

/// Values that contradict each other.
private struct Mismatch {
  var key: String
  var finding: String
  var expectation: String?
  var remedy: String?

  init(_ key: String, _ finding: String, expected expectation: String? = nil, remedy: String? = nil) {
    self.key = key
    self.finding = finding
    self.expectation = expectation
    self.remedy = remedy
  }
}

extension HardwareModel {
  /// Each role is held by exactly one memory.
  fileprivate var roleMismatches: [Mismatch] {
    var found: [Mismatch] = []
    for role in Scratchpad.Role.allCases {
      let holders = scratchpads.filter { $0.roles.contains(role) }.map(\.name)
      if holders.isEmpty {
        found.append(
          Mismatch(
            "scratchpads", "no memory holds the \(role.rawValue)", expected: "exactly one",
            remedy: "add '\(role.rawValue)' to the roles of one of them"))
      } else if holders.count > 1 {
        found.append(
          Mismatch(
            "scratchpads", "\(listed(holders, joining: "and")) hold the \(role.rawValue)",
            expected: "exactly one",
            remedy: "remove '\(role.rawValue)' from the others"))
      }
    }
    return found
  }

  /// The banks are full rows of words.
  fileprivate var bankMismatches: [Mismatch] {
    scratchpads.filter { $0.capacity.count % ($0.banks * $0.wordBytes) != 0 }.map { memory in
      Mismatch(
        "scratchpads.\(memory.name).capacity",
        "\(memory.capacity.exactText) are not a whole number of words in each of \(memory.banks) banks",
        expected: "a multiple of \(Bytes(memory.banks * memory.wordBytes).exactText)")
    }
  }

  /// Dataflows and extents suit the kind of array.
  fileprivate var arrayMismatches: [Mismatch] {
    var found: [Mismatch] = []
    let fitting: [Dataflow] =
      switch array.kind {
      case .systolic: [.weightStationary, .outputStationary, .inputStationary]
      // The reduction is in space: outputs do not stay in the multipliers.
      case .dotProduct: [.weightStationary]
      case .rowStationary: [.rowStationary]
      }
    for dataflow in array.dataflows where !fitting.contains(dataflow) {
      found.append(
        Mismatch(
          "array.dataflows", "a \(array.kind.rawValue) array does not run \(dataflow.rawValue)",
          expected: listed(fitting.map(\.rawValue))))
    }
    if array.pixels > 1, array.kind != .dotProduct {
      found.append(
        Mismatch("array.pixels", "a \(array.kind.rawValue) array has one pixel per cycle", expected: "1"))
    }
    if array.passes != nil, array.kind != .rowStationary {
      found.append(
        Mismatch(
          "array.passes", "sums of a \(array.kind.rawValue) array do not travel in passes", expected: "none",
          remedy: "leave array.passes out"))
    }
    if array.preloadRowsPerCycle > array.rows {
      found.append(
        Mismatch(
          "array.preload-rows-per-cycle", "\(array.preloadRowsPerCycle) is more than the array's rows",
          expected: "at most \(array.rows)"))
    }
    if array.drain == .bus, array.dataflows.contains(.outputStationary),
      array.kind != .systolic || array.overlapsFolds
    {
      found.append(
        Mismatch(
          "array.drain",
          "a bus takes results only from a systolic array whose folds do not overlap",
          expected: "shifted", remedy: "set array.drain to shifted"))
    }
    let names = array.formats.map(\.name.rawValue)
    for (index, name) in names.enumerated() where names[..<index].contains(name) {
      found.append(
        Mismatch("array.formats", "the format \(name) is given twice", remedy: "remove one of them"))
    }
    return found
  }

  /// The memories deliver in one cycle what the array takes in one cycle.
  fileprivate var accessMismatches: [Mismatch] {
    guard array.kind != .rowStationary, let format = array.formats.first else { return [] }
    let needs: [(Scratchpad.Role, bits: Int, what: String)] = [
      (.activations, array.rows * array.pixels * format.name.bits, "one activation for each row"),
      (.weights, array.columns * array.preloadRowsPerCycle * format.name.bits, "one row of weights"),
      (
        .accumulators, array.columns * array.pixels * format.accumulatorBytes * 8,
        "one accumulator for each column"
      ),
    ]
    return needs.compactMap { role, bits, what in
      guard let memory = scratchpads.first(where: { $0.roles.contains(role) }) else { return nil }
      let needed = (bits + 7) / 8
      let width = memory.banks * memory.wordBytes
      guard needed > width else { return nil }
      return Mismatch(
        "scratchpads.\(memory.name).word",
        "\(memory.banks) banks of \(Bytes(memory.wordBytes).exactText) deliver \(Bytes(width).exactText) per cycle, and "
          + "\(what) takes \(Bytes(needed).exactText)",
        expected: "banks × word of at least \(Bytes(needed).exactText)", remedy: "add banks or widen the word"
      )
    }
  }

  /// The accumulators hold at least one fold.
  fileprivate var accumulatorMismatches: [Mismatch] {
    guard let format = array.formats.first,
      let memory = scratchpads.first(where: { $0.roles.contains(.accumulators) })
    else { return [] }
    let resultRows = array.dataflows.contains(.outputStationary) && array.kind == .systolic ? array.rows : 1
    let needed = resultRows * array.columns * array.pixels * format.accumulatorBytes
    guard memory.capacity.count < needed else { return [] }
    return [
      Mismatch(
        "scratchpads.\(memory.name).capacity",
        "\(memory.capacity.exactText) do not hold the results of one fold (\(Bytes(needed).exactText))",
        expected: "at least \(Bytes(needed).exactText)")
    ]
  }

  /// The controller can tell the banks apart, and refresh leaves time to serve requests.
  fileprivate var dramMismatches: [Mismatch] {
    guard case .dram(let system) = memory else { return [] }
    var found: [Mismatch] = []
    let standard = system.standard
    if standard.banks > DRAMStandard.mostBanks {
      found.append(
        Mismatch(
          "memory.dram.banks-per-group",
          "\(standard.bankGroups) groups of \(standard.banksPerGroup) are \(standard.banks) banks",
          expected: "at most \(DRAMStandard.mostBanks) banks in a channel",
          remedy: "describe ranks or pseudo-channels as channels of their own"))
    }
    let interval = standard.timing.refreshInterval
    if interval > 0, interval < standard.leastRefreshInterval {
      found.append(
        Mismatch(
          "memory.dram.timing.refresh-interval",
          "a refresh every \(Cycles(interval)) may leave no time to serve requests",
          expected: "0 (no refresh), or at least four times the longest distance of the timing: "
            + "\(Cycles(standard.leastRefreshInterval))"))
    }
    return found
  }

  /// Bursts are whole bus cycles, and whole accesses of the DRAM; rows are whole accesses.
  fileprivate var burstMismatches: [Mismatch] {
    var found: [Mismatch] = []
    if dma.burstBytes % dma.busBytes != 0 {
      found.append(
        Mismatch(
          "dma.burst", "\(Bytes(dma.burstBytes).exactText) are not a whole number of bus cycles",
          expected: "a multiple of \(Bytes(dma.busBytes).exactText)"))
    }
    if dma.storeBurstBytes > 0, dma.burstBytes % dma.storeBurstBytes != 0 {
      found.append(
        Mismatch(
          "dma.store-burst",
          "\(Bytes(dma.storeBurstBytes).exactText) do not divide bursts of \(Bytes(dma.burstBytes).exactText)",
          expected: "a part of 'burst'",
          remedy: "set dma.store-burst to 0 for bursts as long as those of loads"))
    }
    guard case .dram(let system) = memory else { return found }
    let access = system.standard.accessBytes
    if dma.burstBytes % access != 0 {
      found.append(
        Mismatch(
          "dma.burst",
          "\(Bytes(dma.burstBytes).exactText) are not a whole number of \(system.standard.name) accesses",
          expected: "a multiple of \(Bytes(access).exactText)"))
    }
    if system.standard.rowBytes % access != 0 {
      found.append(
        Mismatch(
          "memory.dram.row",
          "\(Bytes(system.standard.rowBytes).exactText) are not a whole number of accesses",
          expected: "a multiple of \(Bytes(access).exactText)"))
    }
    return found
  }

  /// Caches are whole sets of lines, lines are whole accesses, and all levels have the same lines.
  fileprivate var cacheMismatches: [Mismatch] {
    var found: [Mismatch] = []
    let access =
      switch memory {
      case .dram(let system): system.standard.accessBytes
      case .pipe: min(64, dma.burstBytes)
      }
    if cores > 1, !caches.isEmpty {
      found.append(
        Mismatch(
          "caches", "caches stand before the main memory that \(cores) cores share", expected: "one core",
          remedy: "set cores to 1, or leave the caches out"))
    }
    for (index, cache) in caches.enumerated() {
      let key = "caches.\(cache.name)"
      if caches[..<index].contains(where: { $0.name == cache.name }) {
        found.append(
          Mismatch("caches", "two caches are called '\(excerpt(cache.name))'", expected: "different names"))
      }
      if cache.capacity.count % (cache.ways * cache.lineBytes) != 0 {
        found.append(
          Mismatch(
            "\(key).capacity", "\(cache.capacity.exactText) are not a whole number of sets",
            expected: "a multiple of \(Bytes(cache.ways * cache.lineBytes).exactText)"))
      }
      if cache.lineBytes % access != 0 {
        found.append(
          Mismatch(
            "\(key).line",
            "\(Bytes(cache.lineBytes).exactText) are not a whole number of accesses of main memory",
            expected: "a multiple of \(Bytes(access).exactText)"))
      }
      if cache.lineBytes != caches[0].lineBytes {
        found.append(
          Mismatch(
            "\(key).line", "\(Bytes(cache.lineBytes).exactText) differ from the lines of '\(caches[0].name)'",
            expected: Bytes(caches[0].lineBytes).exactText))
      }
      if case .dram(let system) = memory, system.queueDepth < cache.lineBytes / access {
        found.append(
          Mismatch(
            "memory.queue-depth", "\(system.queueDepth) places do not take a line of '\(cache.name)'",
            expected: "at least \(cache.lineBytes / access)"))
      }
    }
    return found
  }

  /// Every action that can happen has an energy.
  fileprivate var energyMismatches: [Mismatch] {
    var found = array.formats.map(\.name).filter { energy.mac[$0] == nil }.map { name in
      Mismatch(
        "energy.mac", "the energy of a MAC in \(name.rawValue) is missing",
        expected: "one for each format of the array",
        remedy: "add '\(name.rawValue): {value: 0.2 pJ, source: …}'")
    }
    if case .pipe = memory, energy.memoryByte == EnergyTable.noMemoryByte {
      found.append(
        Mismatch(
          "energy", "the energy of moving a byte through the memory's pipe is missing",
          expected: "'memory-byte'",
          remedy: "add 'memory-byte: {value: 30 pJ, source: …}'"))
    }
    return found
  }

  /// Energies can be scaled only from a voltage that is known.
  fileprivate var voltageMismatches: [Mismatch] {
    guard voltage.supply.value > 0, voltage.nominal.value == 0 else { return [] }
    return [
      Mismatch(
        "voltage.supply", "the voltage at which the energies hold is not known",
        expected: "'voltage.nominal'", remedy: "add 'nominal: 0.8 V' to the section 'voltage'")
    ]
  }

  /// Variants set keys that exist.
  fileprivate var variantMismatches: [Mismatch] {
    variants.flatMap { variant in
      variant.settings.filter { HardwareKeys.entry(for: $0.key) == nil }.map { setting in
        Mismatch(
          "variants.\(variant.name)", "'\(excerpt(setting.key))' is not a key of a hardware file",
          expected: "a dotted key such as 'dma.clock'",
          remedy: HardwareKeys.suggestion(for: setting.key).map { "did you mean '\($0)'?" })
      }
    }
  }

  /// Each core has its turns, or all have the same.
  fileprivate var weightMismatches: [Mismatch] {
    let weights = interconnect.weights
    guard !weights.isEmpty, weights.count != cores else { return [] }
    return [
      Mismatch(
        "interconnect.weights",
        "there are \(weights.count) weights and \(cores) \(cores == 1 ? "core" : "cores")",
        expected: "one weight for each core", remedy: "remove the key for equal turns")
    ]
  }

  /// Every source note is about a key that exists.
  fileprivate var sourceMismatches: [Mismatch] {
    sources.filter { HardwareKeys.entry(for: $0.key) == nil }.map { note in
      Mismatch(
        "sources.\(note.key)", "'\(excerpt(note.key))' is not a key of a hardware file",
        expected: "a key or a section",
        remedy: HardwareKeys.suggestion(for: note.key).map { "did you mean '\($0)'?" })
    }
  }

  /// Ranges of a calibration are those of keys that exist.
  fileprivate var calibrationMismatches: [Mismatch] {
    calibration.parameters.filter { HardwareKeys.entry(for: $0.key) == nil }.map { range in
      Mismatch(
        "calibration.parameters.\(range.key)", "'\(excerpt(range.key))' is not a key of a hardware file",
        expected: "a key that is a number",
        remedy: HardwareKeys.suggestion(for: range.key).map { "did you mean '\($0)'?" })
    }
  }
}
