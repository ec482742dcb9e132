package import Hardware
package import Simulator

/// Everything that is said about one simulated run: what ran, on what, with which outcome, and how to get it again.
package struct RunReport: Sendable {
  package var network: NetworkIdentity
  package var hardware: HardwareIdentity
  package var program: Program
  package var result: SimulationResult
  /// What the network needs at least of the machine; nil where nobody has worked it out.
  package var demand: ProgramDemand?
  package var provenance: Provenance
  /// What each core did, where the machine has several; empty for one.
  package var cores: [CoreRun] = []
  /// The networks that ran at once, where there are several.
  package var tenants: [Tenant] = []

  package init(
    network: NetworkIdentity, hardware: HardwareIdentity, program: Program, result: SimulationResult,
    demand: ProgramDemand? = nil, provenance: Provenance
  ) {
    self.network = network
    self.hardware = hardware
    self.program = program
    self.result = result
    self.demand = demand
    self.provenance = provenance
  }

  /// "resnet18 on edge".
  package var title: String { "\(network.name) on \(hardware.name)" }
}

/// The network of a run.
package struct NetworkIdentity: Hashable, Sendable {
  package var name: String
  /// Digest of the file, or of the built-in network's canonical form; lower-case hexadecimal.
  package var sha256: String
  /// Multiply-accumulate operations of one run.
  package var macs: Int
  /// Elements of all trained parameters.
  package var parameters: Int

  package init(name: String, sha256: String, macs: Int, parameters: Int) {
    self.name = name
    self.sha256 = sha256
    self.macs = macs
    self.parameters = parameters
  }
}

/// The machine of a run.
package struct HardwareIdentity: Hashable, Sendable {
  package var name: String
  /// Digest of the YAML file; lower-case hexadecimal.
  package var sha256: String
  /// Digest of the whole machine, with its shared parts and overrides, in its canonical YAML.
  package var modelSHA256: String
  /// What the command line changed: "array.rows=16".
  package var overrides: [String]
  package var model: HardwareModel

  package init(name: String, sha256: String, modelSHA256: String, overrides: [String], model: HardwareModel) {
    self.name = name
    self.sha256 = sha256
    self.modelSHA256 = modelSHA256
    self.overrides = overrides
    self.model = model
  }
}

/// How a report came about, so that it can be trusted and made again.
package struct Provenance: Hashable, Sendable {
  package var version: String
  package var commandLine: String
  /// How the machine's parameters were fitted and how far off they are; "uncalibrated" when they were not.
  package var calibration: String
  /// What the reader must know to read the numbers right: "a float32 network, simulated as int8".
  package var notes: [String]

  package init(
    version: String, commandLine: String, calibration: String = "uncalibrated", notes: [String] = []
  ) {
    self.version = version
    self.commandLine = commandLine
    self.calibration = calibration
    self.notes = notes
  }
}
