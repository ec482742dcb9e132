import Foundation

/// A process that works on a study, told apart from a later one to which the system gave the same number.
package struct WorkerIdentity: Hashable, Sendable {
  /// The process's number and when it began, in ticks since the machine started; 0 where that is not known.
  private let process: Int32
  private let start: Int

  private static let processBits = 22

  /// The process that asks.
  package static var own: WorkerIdentity {
    let process = ProcessInfo.processInfo.processIdentifier
    return WorkerIdentity(process: process, start: startTime(of: process) ?? 0)
  }

  private init(process: Int32, start: Int) {
    self.process = process
    self.start = start
  }

  /// What ``number`` of a process gave.
  package init(_ number: Int) {
    process = Int32(truncatingIfNeeded: number & (1 << Self.processBits - 1))
    start = number >> Self.processBits
  }

  /// How the store names it.
  package var number: Int { start << Self.processBits | Int(process) }

  /// Whether the process still runs, and is the same one.
  package var isAlive: Bool {
    guard process > 0, kill(process, 0) == 0 else { return false }
    // Without a start the number has to do.
    return start == 0 || Self.startTime(of: process) == start
  }

  /// The 22nd field of `/proc/PID/stat`; the second one, the program's name, may hold anything up to the last parenthesis.
  private static func startTime(of process: Int32) -> Int? {
    guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
      let end = text.lastIndex(of: ")")
    else { return nil }
    let fields = text[text.index(after: end)...].split(separator: " ")
    return fields.count > 19 ? Int(fields[19]) : nil
  }
}
