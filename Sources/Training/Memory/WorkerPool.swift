import CKernels
import Dispatch
import Synchronization

/// Threads that wait for work: the caller and `count` − 1 others share the tasks of one job after the other.
///
/// Each thread begins with its own run of tasks, so that what a kernel leaves in a core's caches meets the next kernel there,
/// and then takes over what others have not begun.
///
/// A waiting thread spins for a while, since the next kernel mostly follows within microseconds, then sleeps.
final class WorkerPool: @unchecked Sendable {
  /// The number of threads, the caller among them.
  let count: Int
  /// The next task of each thread's run, one in each cache line.
  private let nextTasks: UnsafeMutablePointer<Atomic<Int>>
  private static let line = 16
  private let finished = Atomic<Int>(0)
  private let job = Atomic<Int>(0)
  private let sleepers = Atomic<Int>(0)
  private let wake = DispatchSemaphore(value: 0)
  private let isStopping = Atomic<Bool>(false)
  // Written by the caller before it publishes a job, read by the others after they have seen it.
  private var taskCount = 0
  private var body: UnsafeRawPointer?

  private static let spins = 20_000

  init(count: Int) {
    self.count = max(1, count)
    nextTasks = .allocate(capacity: max(1, count) * Self.line)
    for index in 0..<max(1, count) * Self.line { (nextTasks + index).initialize(to: Atomic(0)) }
    for worker in 1..<max(1, count) {
      // Until `stop` the thread keeps the pool alive.
      DispatchQueue(label: "worker \(worker)").async { self.serve(worker) }
    }
  }

  deinit {
    nextTasks.deinitialize(count: count * Self.line)
    nextTasks.deallocate()
  }

  /// Ends the threads; no job may be running.
  func stop() {
    isStopping.store(true, ordering: .sequentiallyConsistent)
    job.add(1, ordering: .sequentiallyConsistent)
    for _ in 1..<max(1, count) { wake.signal() }
  }

  /// Runs `body(task, worker)` for all tasks and returns when they are done.
  func run(_ tasks: Int, _ body: (_ task: Int, _ worker: Int) -> Void) {
    guard count > 1, tasks > 1 else {
      for task in 0..<tasks { body(task, 0) }
      return
    }
    withoutActuallyEscaping(body) { escaping in
      withUnsafePointer(to: escaping) { pointer in
        self.body = UnsafeRawPointer(pointer)
        taskCount = tasks
        finished.store(0, ordering: .relaxed)
        for worker in 0..<count {
          nextTasks[worker * Self.line].store(part(worker, of: count, tasks).lowerBound, ordering: .relaxed)
        }
        job.add(1, ordering: .sequentiallyConsistent)
        for _ in 0..<sleepers.exchange(0, ordering: .sequentiallyConsistent) { wake.signal() }
        work(0)
        while finished.load(ordering: .acquiring) < count - 1 { jk_pause() }
      }
    }
  }

  private func work(_ worker: Int) {
    guard let body else { return }
    let call = body.assumingMemoryBound(to: ((Int, Int) -> Void).self)
    for distance in 0..<count {
      let owner = (worker + distance) % count
      let end = part(owner, of: count, taskCount).upperBound
      while true {
        let task = nextTasks[owner * Self.line].add(1, ordering: .relaxed).oldValue
        guard task < end else { break }
        call.pointee(task, worker)
      }
    }
  }

  private func serve(_ worker: Int) {
    var seen = 0
    while true {
      var spin = 0
      while job.load(ordering: .acquiring) == seen {
        spin += 1
        if spin < Self.spins {
          jk_pause()
        } else {
          sleepers.add(1, ordering: .sequentiallyConsistent)
          // A job that came before this thread was counted sends no signal; one signal too many later does no harm.
          if job.load(ordering: .sequentiallyConsistent) == seen { wake.wait() }
          spin = 0
        }
      }
      seen += 1
      if isStopping.load(ordering: .sequentiallyConsistent) { return }
      work(worker)
      finished.add(1, ordering: .releasing)
    }
  }
}
