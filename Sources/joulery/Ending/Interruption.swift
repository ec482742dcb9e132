import Dispatch
import FoundationEssentials
import Glibc
import Synchronization

/// Ends the process on Ctrl-C, SIGTERM or SIGHUP without leaving temporary files behind.
///
/// Work that can be resumed asks for the first signal itself, with ``isRequested``, and ends by itself; the second signal
/// ends it as the first one ends other work.
final class Interruption: Sendable {
  private let temporaries = Mutex<[String]>([])
  private let keep = Mutex<(@Sendable () -> String)?>(nil)
  private let requests = Atomic(0)
  /// How many signals the work is told of before one ends it.
  private let patience: Int
  /// Kept alive here and touched by nobody after `init`.
  private nonisolated(unsafe) let sources: [any DispatchSourceSignal]

  /// Starts to listen; the signals no longer end the process by themselves.
  init(isResumable: Bool = false) {
    patience = isResumable ? 1 : 0
    sources = [SIGINT, SIGTERM, SIGHUP].map { number in
      signal(number, SIG_IGN)
      return DispatchSource.makeSignalSource(signal: number, queue: .global(qos: .userInteractive))
    }
    for source in sources {
      source.setEventHandler { [weak self] in self?.receive() }
      source.resume()
    }
  }

  /// Whether resumable work shall come to its end.
  var isRequested: Bool { requests.load(ordering: .relaxed) > 0 }

  private func receive() {
    guard requests.add(1, ordering: .relaxed).newValue > patience else { return }
    end()
  }

  /// Remembers a file that must not outlive an interrupted run.
  func protect(_ path: String) { temporaries.withLock { $0.append(path) } }

  /// Forgets a file that has got its final name, or is gone.
  func release(_ path: String) { temporaries.withLock { $0.removeAll { $0 == path } } }

  /// Has `keep` save what is worth keeping before the process ends, and say what became of it; nil to keep nothing.
  func onEnd(_ keep: (@Sendable () -> String)?) { self.keep.withLock { $0 = keep } }

  private func end() {
    let message = keep.withLock { $0?() } ?? "interrupted; nothing was written"
    // The lock stays held to the end: no new temporary file can be started behind our back.
    temporaries.withLock { paths in
      for path in paths { unlink(path) }
      StandardError.write(
        "\(StandardError.isTerminal ? "\r\u{1B}[K" : "")error: \(message)\n")
      _exit(Failure.Status.interrupted.rawValue)
    }
  }
}
