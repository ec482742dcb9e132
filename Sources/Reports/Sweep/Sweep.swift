package import Measures

/// Networks on the variants of one machine: every combination of the values that some of its keys take.
package struct Sweep: Sendable {
  /// The machine that is varied.
  package var hardware: String
  /// The keys that vary, in the order of the columns.
  package var keys: [String]
  /// All points, networks outermost, then the values in the order in which they were given.
  package var points: [Point]
  package var provenance: Provenance

  package init(hardware: String, keys: [String], points: [Point], provenance: Provenance) {
    self.hardware = hardware
    self.keys = keys
    self.points = points
    self.provenance = provenance
  }

  /// One network on one variant.
  package struct Point: Hashable, Sendable {
    /// The network as the command line names it.
    package var network: String
    /// The values of ``Sweep/keys``, as they were written.
    package var values: [String]
    /// Digests of the network and of the variant, by which a finished point is known again.
    package var networkSHA256: String
    package var modelSHA256: String
    /// nil until the point has run.
    package var outcome: Outcome?

    package init(
      network: String, values: [String], networkSHA256: String, modelSHA256: String, outcome: Outcome? = nil
    ) {
      self.network = network
      self.values = values
      self.networkSHA256 = networkSHA256
      self.modelSHA256 = modelSHA256
      self.outcome = outcome
    }

    package var figures: Figures? {
      if case .figures(let figures) = outcome { figures } else { nil }
    }
  }

  /// How a point ended.
  package enum Outcome: Hashable, Sendable {
    case figures(Figures)
    /// With the exit code that a run of this point alone would have, and what was wrong.
    case failed(status: Int32, finding: String)
  }

  /// What a sweep keeps of a run.
  package struct Figures: Hashable, Sendable {
    package var cycles: Int
    package var latency: Seconds
    package var energy: Joules
    package var averagePower: Watts
    package var peakPower: Watts
    package var macUtilization: Double
    package var macs: Int
    package var memoryReadBytes: Int
    package var memoryWriteBytes: Int
    package var scratchpadPeakBytes: Int
    package var format: String

    package init(_ run: RunSummary) {
      cycles = run.cycles
      latency = run.latency
      energy = run.energy
      averagePower = run.averagePower
      peakPower = run.peakPower
      macUtilization = run.macUtilization
      macs = run.network.macs
      memoryReadBytes = run.memoryReadBytes
      memoryWriteBytes = run.memoryWriteBytes
      scratchpadPeakBytes = run.scratchpadPeakBytes
      format = run.format
    }

    init(
      cycles: Int, latency: Seconds, energy: Joules, averagePower: Watts, peakPower: Watts,
      macUtilization: Double, macs: Int, memoryReadBytes: Int, memoryWriteBytes: Int,
      scratchpadPeakBytes: Int, format: String
    ) {
      self.cycles = cycles
      self.latency = latency
      self.energy = energy
      self.averagePower = averagePower
      self.peakPower = peakPower
      self.macUtilization = macUtilization
      self.macs = macs
      self.memoryReadBytes = memoryReadBytes
      self.memoryWriteBytes = memoryWriteBytes
      self.scratchpadPeakBytes = scratchpadPeakBytes
      self.format = format
    }
  }

  /// The networks, in order of first appearance.
  package var networks: [String] {
    var names: [String] = []
    for point in points where names.last != point.network && !names.contains(point.network) {
      names.append(point.network)
    }
    return names
  }

  /// The keys without the sections that do not tell them apart: "rows" for "array.rows".
  var shortKeys: [String] {
    let parts = keys.map { $0.split(separator: ".") }
    return keys.indices.map { index in
      for count in 1...max(1, parts[index].count) {
        let short = parts[index].suffix(count)
        let others = keys.indices.filter { $0 != index && parts[$0].suffix(count) == short }
        if others.isEmpty { return short.joined(separator: ".") }
      }
      return keys[index]
    }
  }

  /// Indices of the points that no other point of the same network beats in latency and energy.
  package var front: Set<Int> {
    var members: Set<Int> = []
    for network in networks {
      let candidates = points.indices.filter { points[$0].network == network && points[$0].figures != nil }
      let coordinates = candidates.map { index in
        points[index].figures.map { [$0.latency.value, $0.energy.value] } ?? []
      }
      members.formUnion(ParetoFront(of: coordinates).members.map { candidates[$0] })
    }
    return members
  }

  /// The exit code of the first point that failed, or 0.
  package var status: Int32 {
    for point in points {
      if case .failed(let status, _) = point.outcome { return status }
    }
    return 0
  }
}
