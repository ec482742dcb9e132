import COpenBLAS
import Glibc

/// What this machine reaches at most, measured: the yardstick for kernels.
package struct MachineLimits: Hashable, Sendable {
  /// Floating-point operations a second of large matrix products on all threads.
  package var productRate: Double
  /// Bytes a second that a copy of memory beyond the caches reads and writes.
  package var copyRate: Double

  /// Takes about a fifth of a second.
  package static func measured(threads: Int, repetitions: Int = 5) -> MachineLimits {
    jk_openblas_load()
    let pool = WorkerPool(count: threads)
    defer { pool.stop() }
    let size = 512
    let words = 8 << 20
    let arena = UnsafeMutablePointer<Float>.allocate(capacity: max(3 * size * size * threads, 2 * words))
    defer { arena.deallocate() }
    arena.initialize(repeating: 0.5, count: max(3 * size * size * threads, 2 * words))
    func best(_ body: () -> Void) -> Double {
      body()
      return (0..<repetitions).reduce(Double.infinity) { shortest, _ in
        min(shortest, measure(body))
      }
    }
    let product = best {
      pool.run(threads) { task, _ in
        let a = arena + 3 * size * size * task
        for _ in 0..<4 {
          Training.product(
            m: size, n: size, k: size, a, .rows(size), a + size * size, .rows(size), a + 2 * size * size,
            leading: size)
        }
      }
    }
    let copy = best {
      pool.run(threads) { task, _ in
        let range = part(task, of: threads, words)
        (arena + words + range.lowerBound).update(from: arena + range.lowerBound, count: range.count)
      }
    }
    let operations = 4 * 2 * size * size * size * threads
    return MachineLimits(productRate: Double(operations) / product, copyRate: Double(8 * words) / copy)
  }
}

/// Seconds that a function takes.
func measure(_ body: () -> Void) -> Double {
  let start = seconds(CLOCK_MONOTONIC)
  body()
  return seconds(CLOCK_MONOTONIC) - start
}
