import Calibration
import Compiler
import Formats
import FoundationEssentials
import Hardware
import Reports
import Simulator

/// A machine as the user named it, read.
struct HardwareSource {
  var identity: HardwareIdentity

  /// Reads a machine by name or path and applies overrides such as `array.rows=32`.
  init(_ nameOrPath: String, overrides: [String], library: HardwareLibrary) throws {
    let path = try library.path(of: nameOrPath)
    let model = try library.model(path, overrides: overrides)
    let bytes = FileManager.default.contents(atPath: path).map { Array($0) } ?? []
    identity = HardwareIdentity(
      name: model.name, sha256: sha256(of: bytes), modelSHA256: sha256(of: Array(model.yaml().utf8)),
      overrides: overrides, model: model)
  }

  /// What the reader of a report must know of the machine.
  var notes: [String] {
    guard identity.model.array.counting == .scaleSim else { return [] }
    return ["cycles and accesses of layers counted as SCALE-Sim 3.0.0 prints them (array.counting)"]
  }
}

/// One run from a network and a machine to a report.
struct Simulation {
  var network: NetworkSource
  var hardware: HardwareSource
  /// How to tile each layer; empty to let the compiler choose.
  var mappings: [ExplicitMapping] = []
  /// Whether caches begin as an earlier run of the same program leaves them.
  var isWarm = false
  /// Mappings found by earlier runs; nil to search for all of them.
  var cache: MappingCache?
  var status: StatusLine

  /// Compiles and simulates.
  func run() throws -> RunReport {
    let model = hardware.identity.model
    status.show("compiling \(network.identity.name) for \(model.name)")
    let (program, demand, notes) = try compile(for: model)
    status.show(
      "simulating \(program.instructions.count) instructions of \(network.identity.name) on \(model.name)")
    let provenance = Provenance.ofThisProcess(
      notes: network.notes + notes + hardware.notes + warmNotes, calibration: model.calibrationStatement)
    defer { status.clear() }
    guard model.cores == 1 else {
      let schedule = CoreSchedule(programs: [program])
      return RunReport(
        network: network.identity, hardware: hardware.identity, schedule: schedule,
        result: try Machine(model).run(schedule), provenance: provenance)
    }
    return RunReport(
      network: network.identity, hardware: hardware.identity, program: program,
      result: try Machine(model).run(program, isWarm: isWarm), demand: demand, provenance: provenance)
  }

  private var warmNotes: [String] {
    isWarm ? ["caches and known pages begin as an earlier run of the same program left them (--warm)"] : []
  }

  private func compile(for model: HardwareModel) throws -> (Program, ProgramDemand, notes: [String]) {
    let compiler = GraphCompiler(for: model, cache: cache)
    if !mappings.isEmpty {
      let program = try ExplicitCompiler(for: model).compile(network.graph, as: mappings)
      return (program, try compiler.demand(of: network.graph), [])
    }
    let compiled = try compiler.compile(network.graph)
    return (compiled.program, compiled.demand, compiled.notes)
  }
}

extension Provenance {
  /// Of the command line that is running.
  static func ofThisProcess(notes: [String] = [], calibration: String = "uncalibrated") -> Provenance {
    let words = ["joulery"] + CommandLine.arguments.dropFirst().map(quotedForShell)
    return Provenance(
      version: Joulery.version, commandLine: words.joined(separator: " "), calibration: calibration,
      notes: notes)
  }
}

/// A word as a shell reads it back.
private func quotedForShell(_ word: String) -> String {
  let isPlain =
    !word.isEmpty
    && word.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_./=:,+@%".contains($0)) }
  return isPlain
    ? word
    : "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
}

extension MappingCache {
  /// The user's cache; nil where there is no home.
  static var ofUser: MappingCache? { cacheFolder.map { MappingCache(folder: $0) } }
}

extension SimulationStore {
  /// The simulations of a calibration in the user's cache, by program, machine and measurements; they are what an
  /// interrupted one goes on from.
  convenience init(ofUserFor texts: [String]) {
    guard let folder = cacheFolder.map({ "\($0)/calibrations" }) else {
      self.init()
      return
    }
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let target = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    let file = (try? FileManager.default.attributesOfItem(atPath: target)) ?? [:]
    let identity = "\(Joulery.version) \(file[.size] ?? 0) \(file[.modificationDate] ?? 0)"
    let key = sha256(of: Array(([identity] + texts).joined(separator: "\n").utf8)).prefix(24)
    self.init(path: "\(folder)/\(key).simulations")
  }
}

/// Where the program keeps what it can make again: `JOULERY_CACHE`, or `joulery` in `XDG_CACHE_HOME` or `~/.cache`.
private var cacheFolder: String? {
  let environment = ProcessInfo.processInfo.environment
  func folder(_ name: String) -> String? { environment[name].flatMap { $0.hasPrefix("/") ? $0 : nil } }
  return folder("JOULERY_CACHE") ?? folder("XDG_CACHE_HOME").map { "\($0)/joulery" }
    ?? folder("HOME").map { "\($0)/.cache/joulery" }
}
