import Dispatch
import Synchronization

/// The batches of a training in order, made ahead by a thread of their own.
///
/// Since a batch depends on its place alone, these are the same bytes as without that thread.
package final class BatchLoader: Sendable {
  private struct State {
    var epoch: Int
    var position: Int
    var order: [[Int]]
    var ready: [TrainingBatch] = []
  }

  private let batches: Batches
  private let state: Mutex<State>
  private let isBackground: Bool
  private let queue = DispatchQueue(label: "joulery.batches")
  private let available = DispatchSemaphore(value: 0)

  /// Starts at a batch of an epoch; `depth` batches are made ahead, with 0 each is made when it is asked for.
  package init(_ batches: Batches, epoch: Int, position: Int, depth: Int = 2) {
    self.batches = batches
    isBackground = depth > 0
    state = Mutex(State(epoch: epoch, position: position, order: batches.order(epoch: epoch)))
    for _ in 0..<depth { prepare() }
  }

  /// The next batch.
  package func next() -> TrainingBatch {
    guard isBackground else { return make() }
    available.wait()
    let batch = state.withLock { $0.ready.removeFirst() }
    prepare()
    return batch
  }

  private func prepare() {
    // A serial queue keeps the order; it holds the loader until its batches are made.
    queue.async { [self] in
      let batch = make()
      state.withLock { $0.ready.append(batch) }
      available.signal()
    }
  }

  private func make() -> TrainingBatch {
    let (indices, epoch, position) = state.withLock { state in
      let place = (state.order[state.position], state.epoch, state.position)
      state.position += 1
      if state.position == state.order.count {
        state.epoch += 1
        state.position = 0
        state.order = batches.order(epoch: state.epoch)
      }
      return place
    }
    return batches.augmentedBatch(indices, epoch: epoch, position: position)
  }
}
