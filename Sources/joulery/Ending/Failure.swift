import Calibration
import Compiler
import Datasets
import Formats
import FoundationEssentials
import Glibc
import Graphs
import Hardware
import Networks
import Reports
import Simulator
import Studies
import Training

/// An end that is not success: what to tell people, and a number for scripts.
struct Failure: Error {
  /// Exit codes, after sysexits.h.
  enum Status: Int32 {
    case usage = 64
    case badInput = 65
    case notFound = 66
    case unsupported = 69
    case `internal` = 70
    case output = 74
    case interrupted = 75
  }

  var status: Status
  /// What is wrong, one finding each.
  var findings: [String]

  init(_ status: Status, _ findings: String...) {
    self.status = status
    self.findings = findings
  }

  private init(_ status: Status, _ diagnostics: [Diagnostic]) {
    self.status = status
    findings = diagnostics.map(\.description)
  }

  /// What an error of any room means at the command line.
  init(_ error: any Error) {
    switch error {
    case let error as Failure: self = error
    case let error as HardwareError:
      let isUsage = error.diagnostics.allSatisfy { $0.place.source.hasPrefix("--set") }
      self.init(error.kind == .notFound ? .notFound : isUsage ? .usage : .badInput, error.diagnostics)
    case let error as StudyError: self.init(Self.status(of: error), error.diagnostics)
    case let error as CalibrationError:
      let isUsage = error.diagnostics.allSatisfy { $0.place.source.hasPrefix("--") }
      self.init(error.kind == .unsupported ? .unsupported : isUsage ? .usage : .badInput, error.diagnostics)
    case let error as FormatError:
      let isUsage = error.diagnostics.allSatisfy { $0.place.source.hasPrefix("--") }
      self.init(isUsage ? .usage : .badInput, error.diagnostics)
    case let error as DatasetError: self.init(error.isMissing ? .notFound : .badInput, error.description)
    case let error as PlanError: self.init(.badInput, error.description)
    case let error as ONNXError: self.init(Self.status(of: error), error.description)
    case let error as ONNXExportError: self.init(Self.status(of: error), error.description)
    case let error as CompileError:
      self.init(error.kind == .unsupported ? .unsupported : .badInput, error.description)
    case let error as ShapeError: self.init(.badInput, error.description)
    case let error as PlanError: self.init(.unsupported, error.description)
    default:
      self.init(.internal, "\(error); this is a fault of joulery, please report it with the command line")
    }
  }

  private static func status(of error: StudyError) -> Status {
    switch error.kind {
    case .notFound: .notFound
    case .badInput, .badStore: .badInput
    case .unwritable: .output
    }
  }

  private static func status(of error: ONNXError) -> Status {
    switch error {
    case .unreadable: .notFound
    case .unsupported: .unsupported
    case .binding, .unboundInputs: .usage
    case .malformed, .version, .invalidNodes: .badInput
    }
  }

  private static func status(of error: ONNXExportError) -> Status {
    switch error {
    case .inexpressible, .tooLarge: .unsupported
    case .missingValues: .usage
    case .value: .badInput
    }
  }

  /// Writes the findings to standard error and ends the process.
  ///
  /// At once: other threads may still read a file whose digest nobody will ask for, and must not meet libraries that
  /// are being taken down.
  func exit() -> Never {
    report()
    _exit(status.rawValue)
  }

  /// Writes the findings to standard error.
  ///
  /// They quote names from files of others: control characters, but for line breaks, do not reach the terminal.
  func report() {
    let style = TerminalStyle(width: 100, usesColor: false, usesUnicode: true)
    for finding in findings {
      let lines = finding.split(separator: "\n", omittingEmptySubsequences: false)
      StandardError.write("error: \(lines.map { style.printable(String($0)) }.joined(separator: "\n"))\n")
    }
  }
}
