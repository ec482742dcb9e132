package import Training

/// How fast the engine runs a piece of work on this computer, and where the time goes.
package struct EngineReport: Sendable {
  /// "training step of resnet20, batch 128".
  package var title: String
  package var network: NetworkIdentity
  package var kind: String
  package var batch: Int
  package var threads: Int
  package var compileSeconds: Double
  /// The same once more in the same process.
  package var recompileSeconds: Double
  package var times: RunTimes
  package var profile: Profile
  /// Floating-point operations of a run: twice the multiply-accumulates of the graph.
  package var operations: Int
  /// Bytes of the arena.
  package var arenaBytes: Int
  /// Nil where nobody measured.
  package var limits: MachineLimits?
  package var provenance: Provenance

  package init(
    title: String, network: NetworkIdentity, kind: String, batch: Int, threads: Int, compileSeconds: Double,
    recompileSeconds: Double,
    times: RunTimes, profile: Profile, operations: Int, arenaBytes: Int, limits: MachineLimits?,
    provenance: Provenance
  ) {
    self.title = title
    self.network = network
    self.kind = kind
    self.batch = batch
    self.threads = threads
    self.compileSeconds = compileSeconds
    self.recompileSeconds = recompileSeconds
    self.times = times
    self.profile = profile
    self.operations = operations
    self.arenaBytes = arenaBytes
    self.limits = limits
    self.provenance = provenance
  }

  package var fastest: Double { times.wall.min() ?? 0 }

  package var median: Double {
    let sorted = times.wall.sorted()
    return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
  }

  package var fastestProcessor: Double { times.processor.min() ?? 0 }

  /// Operations a second of the fastest run.
  package var rate: Double { fastest > 0 ? Double(operations) / fastest : 0 }
}
