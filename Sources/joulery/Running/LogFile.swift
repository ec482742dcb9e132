import Formats
import Glibc
import Training

/// A file of one JSON document a line, written as things happen.
final class LogFile {
  private let descriptor: Int32
  private let path: String

  init(at path: String, appends: Bool) throws {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | (appends ? O_APPEND : O_TRUNC), 0o644)
    guard descriptor >= 0 else { throw LogFile.failure(path) }
  }

  deinit { close(descriptor) }

  /// Writes a step, and the epoch that it ended.
  func write(_ record: TrainingRun.StepRecord, seconds: Double) throws {
    try write([
      "event": "step", "step": .integer(record.step), "epoch": .integer(record.epoch + 1),
      "loss": .number(Double(record.loss)), "learning_rate": .number(record.learningRate),
      "seconds": .number(seconds),
    ])
    guard let epoch = record.finishedEpoch, case .object(let members) = epoch.json else { return }
    let head: [JSONValue.Member] = [
      .init("event", "epoch"), .init("epoch", .integer(record.epoch + 1)), .init("seconds", .number(seconds)),
    ]
    try write(.object(head + members))
  }

  private func write(_ document: JSONValue) throws {
    let bytes = Array((document.line + "\n").utf8)
    var offset = 0
    while offset < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress! + offset, bytes.count - offset)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Self.failure(path) }
      offset += count
    }
  }

  private static func failure(_ path: String) -> Failure {
    Failure(.output, "\(path): cannot be written: \(String(cString: strerror(errno)))")
  }
}
